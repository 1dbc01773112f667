"""The check `url`: web and e-mail addresses are those of the source.

Source: `docs/orthography.md`, section 21.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.checks.text import EMAIL, TARGET, URL, may_have_address, unescape
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

# An address without a scheme is one where a path follows the name of a host.
_HOST = r"(?<![\w@./:-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/[^\s<>\"«»“”„`]*[^\s<>\"«»“”„`.,;:!?…)\]'’*_]"
_URL = re.compile(f"{URL}|{_HOST}")
_ADDRESS = re.compile(f"{URL}|{EMAIL}|{_HOST}")


def compare_addresses(source: str, text: str, *, markdown: bool) -> tuple[list[str], list[str]]:
    """Return the addresses of a source that a text lacks, and those of the text that the source does not have.

    They are compared as readers see them. Where links lead in Markdown is not among them: that is a mark of the text (see
    `inline_marks`), and may have a word right behind it.
    """
    shown = _show(text, markdown=markdown), _show(source, markdown=markdown)
    if not any(may_have_address(each) or "/" in each for each in shown):
        return [], []
    found, wanted = map(Counter, map(_addresses, shown))
    return sorted((wanted - found).elements()), sorted((found - wanted).elements())


def _show(text: str, *, markdown: bool) -> str:
    if markdown and "](" in text:
        text = _TARGET.sub("]", text)
    if markdown and "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return unescape(text) if "&" in text else text


_TARGET = re.compile(TARGET)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def describe_difference(missing: list[str], extra: list[str]) -> Sentence:
    """Return what a translator should do about addresses that are not those of the source."""
    if missing and extra:
        return sentence(
            "The source has %(missing)s, the translation %(extra)s; copy addresses unchanged.",
            missing=", ".join(missing),
            extra=", ".join(extra),
        )
    if missing:
        return sentence("The address %(missing)s is missing; copy it unchanged.", missing=", ".join(missing))
    return sentence("The address %(extra)s is not in the source; take it out.", extra=", ".join(extra))


def _find(form: Form) -> Iterator[Hit]:
    raw = form.text.raw
    missing, extra = compare_addresses(form.source.raw, raw, markdown=form.markdown)
    if not (missing or extra):
        return
    place = raw.find(extra[0]) if extra else -1
    correct = missing[0] if len(missing) == len(extra) == 1 else None
    edits = ((place, place + len(extra[0]), correct),) if place >= 0 else ()
    yield Hit(describe_difference(missing, extra), edits, raw=True)


def _addresses(raw: str) -> list[str]:
    return (_ADDRESS if "@" in raw else _URL).findall(raw)


RULES = (Rule("url", Severity.ERROR, _find),)
