"""The check `url`: web and e-mail addresses are those of the source.

Source: `docs/orthography.md`, section 21.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.checks.text import EMAIL, URL, may_have_address
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

_URL = re.compile(URL)
_ADDRESS = re.compile(f"{URL}|{EMAIL}")


def compare_addresses(source: str, text: str) -> tuple[list[str], list[str]]:
    """Return the addresses of a source that a text lacks, and those of the text that the source does not have."""
    if not (may_have_address(text) or may_have_address(source)):
        return [], []
    found, wanted = Counter(_addresses(text)), Counter(_addresses(source))
    return sorted((wanted - found).elements()), sorted((found - wanted).elements())


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
    missing, extra = compare_addresses(form.source.raw, raw)
    if not (missing or extra):
        return
    place = raw.find(extra[0]) if extra else -1
    correct = missing[0] if len(missing) == len(extra) == 1 else None
    edits = ((place, place + len(extra[0]), correct),) if extra else ()
    yield Hit(describe_difference(missing, extra), edits, raw=True)


def _addresses(raw: str) -> list[str]:
    return (_ADDRESS if "@" in raw else _URL).findall(raw)


RULES = (Rule("url", Severity.ERROR, _find),)
