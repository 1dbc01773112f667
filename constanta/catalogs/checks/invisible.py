"""The check `invisible`: characters that nobody sees and that break searching, hyphenation, direction and feeds.

Source: `docs/orthography.md`, section 21.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.checks.scripts import script_of
from constanta.catalogs.checks.text import CYRILLIC, INVISIBLE, UNKNOWN
from constanta.catalogs.findings import Severity
from constanta.errors import Sentence, sentence

_INVISIBLE = re.compile(f"[{''.join(sorted(INVISIBLE))}]+")
_UNKNOWN = re.compile(f"[{UNKNOWN}]+")
_STRESS = re.compile(f"(?<=[{CYRILLIC}])[\u0300\u0301]+")
_LOST = "\ufffd"
_JOINERS = frozenset("\u200c\u200d")
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e")
_WITH_JOINERS = frozenset({"Arab", "Beng", "Deva", "Khmr", "Knda", "Mlym", "Mymr", "Sinh", "Telu"})
_FROM_THE_RIGHT = frozenset({"Arab", "Hebr", "Syrc", "Thaa"})
_FIRST_SYMBOL = "\u2190"
"""From here on Unicode has arrows, signs and emoji rather than letters of the site's languages."""


def _find(form: Form) -> Iterator[Hit]:
    if form.text.normal:
        return
    raw = form.text.raw
    for match in _INVISIBLE.finditer(raw):
        found = set(match.group()) - _allowed(form.language) - ({"\r"} & set(form.source.raw))
        if found and not _joins_emoji(raw, match):
            yield _invisible(raw, match, found)
    for match in _UNKNOWN.finditer(raw):
        found = set(match.group()) - (set(form.source.raw) - {_LOST})
        if found:
            text = sentence(
                "This character (%(code)s) was damaged, or only one font has it; type again what should stand here.",
                code=_codes(found),
            )
            yield Hit(text, ((*match.span(), None),), raw=True)
    for match in _STRESS.finditer(raw):
        yield Hit(sentence("A stress mark stands here; delete it."), ((*match.span(), ""),), raw=True)
    if not unicodedata.is_normalized("NFC", raw):
        text = sentence(
            "A letter is put together from parts (as й from и and a breve); type it again as one letter."
        )
        yield Hit(text, ((0, len(raw), unicodedata.normalize("NFC", raw)),), raw=True)


def _invisible(raw: str, match: re.Match[str], found: set[str]) -> Hit:
    """Hit characters to delete; those that parted words or lines give way to a space where there is none beside them."""
    around = raw[: match.start()][-1:], raw[match.end() :][:1]
    if any(map(str.isspace, found)) and all(around) and not any(map(str.isspace, around)):
        text = sentence(
            "An invisible character (%(code)s) stands here; write a space or a line break instead.",
            code=_codes(found),
        )
        return Hit(text, ((*match.span(), " "),), raw=True)
    return Hit(describe_invisible(found), ((*match.span(), ""),), raw=True)


def describe_invisible(characters: Iterable[str]) -> Sentence:
    """Return what is said of characters to delete."""
    return sentence("An invisible character (%(code)s) stands here; delete it.", code=_codes(characters))


def _codes(characters: Iterable[str]) -> str:
    return ", ".join(f"U+{ord(character):04X}" for character in sorted(characters))


def _allowed(language: str) -> frozenset[str]:
    script = script_of(language)
    joiners = _JOINERS if script in _WITH_JOINERS else frozenset()
    return joiners | (_DIRECTIONS if script in _FROM_THE_RIGHT else frozenset())


def _joins_emoji(raw: str, match: re.Match[str]) -> bool:
    before, after = raw[: match.start()][-1:], raw[match.end() :][:1]
    return match.group() == "\u200d" and before >= _FIRST_SYMBOL and after >= _FIRST_SYMBOL


RULES = (Rule("invisible", Severity.ERROR, _find),)
