"""The check `dash`: a long dash between words, a short one without spaces between numbers.

Source: printing practice; `docs/orthography.md`, section 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from constanta.catalogs.checks.rules import SITE, Form, Hit, Rule
from constanta.catalogs.checks.text import MARK, NBSP, NEAR
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

_SPACES = f" {NBSP}"
_WORTH_LOOKING = re.compile(rf"[—–―‒]|--|[{_SPACES}]-|-[{_SPACES}]|\d-\d")
_DASH = re.compile(rf"(?P<before>[{_SPACES}]*)(?P<dash>[—–―‒-]+)(?P<after>[{_SPACES}]*)")
_NUMBER = rf"\d{{1,2}}:\d{{2}}|\d+(?:[{NBSP}]\d{{3}})*(?:[.,]\d+)?"
_NUMBER_BEFORE = re.compile(rf"(?<![\w.,/:+–-])(?:{_NUMBER})$")
_NUMBER_AFTER = re.compile(rf"(?:{_NUMBER})(?![\w/:–-]|[.,]\d)")
_CODE_BEFORE = re.compile(
    rf"(?:[№#§]|(?<!\w)(?:ISBN|ISSN|DOI|тэл|тел|індэкс|индекс|код|артыкул|[A-Z]{{2,}}))\.?:?[{_SPACES}]*$"
)
_DASHES, _SHORT, _HYPHEN = "—–―‒-", "–‒", "-"
_OPENING, _CLOSING = frozenset('«„“"(['), frozenset('»“”")]')
_BETWEEN_WORDS = sentence(
    "Between words stands a long dash (—) with a no-break space before it and a space after it."
)
_BETWEEN_NUMBERS = sentence("Between numbers stands a short dash (–) without spaces.")


def _find(form: Form) -> Iterator[Hit]:
    masked = form.masked
    if not _WORTH_LOOKING.search(masked):
        return
    for match in _DASH.finditer(masked):
        left = masked[max(0, match.start() - NEAR) : match.start()]
        right = masked[match.end() : match.end() + NEAR]
        if not left or left[-1] == "\n" or (left[-1] in _OPENING and right[:1] in _CLOSING):
            continue  # a dash that opens a line, or the sign itself: “---”
        if left[-1] in _SPACES:
            continue  # the spaces before it belong to the dash before them
        hit = _check_range(match, left, right)
        if hit is None and form.language != "en":
            hit = _check_words(match, left[-1], right[:1])
        elif hit is None and len(match["dash"]) > 1 and not _is_option(match, right[:1]):
            hit = _hit(sentence("Write a dash (—) instead of hyphens."), match, "—")
        if hit:
            yield hit


def _hit(text: Sentence, match: re.Match[str], right: str | None) -> Hit:
    return Hit(text, ((*match.span(), right),))


def _is_option(match: re.Match[str], after: str) -> bool:
    """Return whether two hyphens begin an option of a command (`--fix`)."""
    begins = match["dash"] == "--" and bool(match["before"]) and not match["after"]
    return begins and after.isascii() and after.isalpha()


# --- between numbers -----------------------------------------------------------------------------------------------


def _check_range(match: re.Match[str], left: str, right: str) -> Hit | None:
    before, after = _NUMBER_BEFORE.search(left), _NUMBER_AFTER.match(right)
    if before is None or after is None or _CODE_BEFORE.search(left[: before.start()]):
        return None
    if not _is_range(before.group(), after.group()):
        return None
    return None if match.group() == "–" else _hit(_BETWEEN_NUMBERS, match, "–")


def _is_range(first: str, last: str) -> bool:
    """Return whether two numbers can be the ends of a range: the second is greater, and no sum after a year."""
    if ":" in first or ":" in last:
        return ":" in first and ":" in last
    if len(first) == 4 and first[:2] in {"18", "19", "20"}:
        return len(last) == 4 and last > first
    return _value(first) < _value(last)


def _value(number: str) -> float:
    return float(re.sub(f"[{NBSP}]", "", number).replace(",", "."))


# --- between words -------------------------------------------------------------------------------------------------


def _check_words(match: re.Match[str], left: str, right: str) -> Hit | None:
    dash, before, after = match["dash"], match["before"], match["after"]
    if len(dash) > 1:
        wrong = not _is_option(match, right)
    elif dash == _HYPHEN:
        wrong = bool(before and after)
    elif dash in _SHORT:
        wrong = bool(before or after) and right not in {"", "\n"}
    else:
        wrong = not _is_long_dash_right(before, after, left, right)
    return _hit(_BETWEEN_WORDS, match, _corrected(match, left, right)) if wrong else None


def _is_long_dash_right(before: str, after: str, left: str, right: str) -> bool:
    if " " in before or len(before) > 1:
        return False
    if not before and left not in '«„“"([':
        return False
    return bool(after) or not (right.isalnum() or right in {MARK, "«", "„"})


def _corrected(match: re.Match[str], left: str, right: str) -> str | None:
    """Return the dash with its spaces; None where dashes follow each other and nobody can tell what is meant."""
    if left in _DASHES or (right and right in _DASHES):
        return None
    before = "" if left in _OPENING else "\u00a0"
    after = " " if match["after"] or right.isalnum() or right in {MARK, "«", "„"} else ""
    return before + "—" + (after if right not in {"", "\n"} else "")


RULES = (Rule("dash", Severity.ERROR, _find, SITE, frozenset("—–―‒-")),)
