"""The check `quotes`: « » outside and „ “ inside in Belarusian and Russian, “ ” and ‘ ’ in English.

Source: CLDR (the delimiters of the languages); `docs/orthography.md`, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from constanta.catalogs.checks.abbreviations import ends_in_abbreviation
from constanta.catalogs.checks.rules import SITE, Form, Hit, Rule
from constanta.catalogs.checks.text import CYRILLIC
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

_LETTER = f"A-Za-z{CYRILLIC}"
# Straight and single marks are quotation marks only where they are no apostrophes.
_MARK = re.compile(
    rf"[«»„“”\"‟]|(?<![\w])['‘‚‹]|[‹›]|(?<![{_LETTER}])['’](?![\w])|(?<=[{_LETTER}\d.,!?…])['’](?![\w])"
)
# A text about the marks themselves: “…”, («), (").
_MENTION = re.compile(r"[«„“\"‘'](?:…|\.\.\.)[»“”\"’']|[(\[][«»„“”\"‘’'][)\]]")
_CODE = re.compile(r'"[^"]*[();={}][^"]*"')
_PAIRS = {"en": ("“", "”", "‘", "’")}
_CYRILLIC_PAIRS = ("«", "»", "„", "“")
_STOP_INSIDE = re.compile(r"(?<![.!?…])([.,])(»)")
_STRAY_APOSTROPHES = frozenset("'’‘")


@dataclass(slots=True)
class _Mark:
    """A quotation mark: where it stands, whether it opens, and what should stand there."""

    place: int
    found: str
    opens: bool
    right: str = ""


def _find(form: Form) -> Iterator[Hit]:
    masked = form.masked
    pair = _PAIRS.get(form.language, _CYRILLIC_PAIRS)
    marks = _read_marks(_without_code(_MENTION.sub(_blank, masked), form.source.masked))
    if not marks:
        return
    closed = _pair_up(marks, pair)
    wrong = [mark for mark in marks if mark.found != mark.right]
    if not closed:
        yield _unbalanced(marks)
    elif wrong:
        yield Hit(_advice(form.language), tuple((m.place, m.place + 1, m.right) for m in wrong))
    if form.language != "en":
        yield from _find_stops(masked)


def _read_marks(masked: str) -> list[_Mark]:
    marks = [_Mark(m.start(), m.group(), _opens(masked, m)) for m in _MARK.finditer(masked)]
    return _without_apostrophes(marks)


def _without_code(masked: str, source: str) -> str:
    """Return a text without the commands in straight marks that it has from its source."""
    if '"' not in masked:
        return masked
    return _CODE.sub(lambda match: _blank(match) if match.group() in source else match.group(), masked)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _opens(masked: str, match: re.Match[str]) -> bool:
    """Return whether a mark opens: by what it is, or, for those that can be either, by what stands around it."""
    mark = match.group()
    if mark in "«„‚‹":
        return True
    if mark in "»›":
        return False
    before, after = masked[match.start() - 1 : match.start()], masked[match.end() : match.end() + 1]
    return (
        (not before or before.isspace() or before in "([—–-/«„“\"'‘") and bool(after) and not after.isspace()
    )


def _without_apostrophes(marks: list[_Mark]) -> list[_Mark]:
    """Leave out single marks that close nothing: apostrophes at the end of a word (asylum seekers’ rights)."""
    kept: list[_Mark] = []
    waiting = 0
    last_closing = max((m.place for m in marks if m.found in _STRAY_APOSTROPHES and not m.opens), default=-1)
    for mark in marks:
        if mark.found in _STRAY_APOSTROPHES:
            if mark.opens and mark.place > last_closing:
                continue
            if not mark.opens and waiting == 0:
                continue
            waiting += 1 if mark.opens else -1
        kept.append(mark)
    return kept


def _pair_up(marks: list[_Mark], pair: tuple[str, str, str, str]) -> bool:
    """Write into each mark what should stand there by its depth; return whether all are closed."""
    depth = 0
    for mark in marks:
        if not mark.opens:
            depth -= 1
        if depth < 0 or depth > 1:
            return False
        mark.right = pair[2 * depth + (0 if mark.opens else 1)]
        if mark.opens:
            depth += 1
    return depth == 0


def _unbalanced(marks: list[_Mark]) -> Hit:
    depth = 0
    odd = marks[-1]
    for mark in marks:
        depth += 1 if mark.opens else -1
        if depth < 0:
            odd = mark
            break
    text = sentence("A quotation mark has no partner: one is missing, or one turns the wrong way.")
    return Hit(text, ((odd.place, odd.place + 1, None),))


def _advice(language: str) -> Sentence:
    if language == "en":
        return sentence("English quotation marks are “…” and, inside them, ‘…’.")
    return sentence("Quotation marks are «…» and, inside them, „…“.")


def _find_stops(masked: str) -> Iterator[Hit]:
    for match in _STOP_INSIDE.finditer(masked):
        if match[1] == "." and ends_in_abbreviation(masked[: match.start(2)]):
            continue
        after = masked[match.end() : match.end() + 1]
        right = None if after in {".", ",", "!", "?", "…"} else match[2] + match[1]
        yield Hit(
            sentence("The full stop or comma stands after the closing mark."), ((*match.span(), right),)
        )


_QUOTES = frozenset("«»„“”\"'‘’‚‹›‟")

RULES = (Rule("quotes", Severity.ERROR, _find, SITE, _QUOTES),)
