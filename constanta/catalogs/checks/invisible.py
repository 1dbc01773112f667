"""The check `invisible`: characters that nobody sees and that break searching, hyphenation and direction.

Source: `docs/orthography.md`, section 21.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from constanta.catalogs.checks.rules import Form, Hit, Rule
from constanta.catalogs.checks.scripts import script_of
from constanta.catalogs.checks.text import CYRILLIC, INVISIBLE
from constanta.catalogs.findings import Severity
from constanta.errors import sentence

_INVISIBLE = re.compile(f"[{''.join(sorted(INVISIBLE))}]+")
_STRESS = re.compile(f"(?<=[{CYRILLIC}])[\u0300\u0301]+")
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
        found = set(match.group()) - _allowed(form.language)
        if found and not _joins_emoji(raw, match):
            code = ", ".join(f"U+{ord(character):04X}" for character in sorted(found))
            text = sentence("An invisible character (%(code)s) stands here; delete it.", code=code)
            yield Hit(text, ((*match.span(), ""),), raw=True)
    for match in _STRESS.finditer(raw):
        yield Hit(sentence("A stress mark stands here; delete it."), ((*match.span(), ""),), raw=True)
    if not unicodedata.is_normalized("NFC", raw):
        text = sentence(
            "A letter is put together from parts (as й from и and a breve); type it again as one letter."
        )
        yield Hit(text, ((0, len(raw), unicodedata.normalize("NFC", raw)),), raw=True)


def _allowed(language: str) -> frozenset[str]:
    script = script_of(language)
    joiners = _JOINERS if script in _WITH_JOINERS else frozenset()
    return joiners | (_DIRECTIONS if script in _FROM_THE_RIGHT else frozenset())


def _joins_emoji(raw: str, match: re.Match[str]) -> bool:
    before, after = raw[: match.start()][-1:], raw[match.end() :][:1]
    return match.group() == "\u200d" and before >= _FIRST_SYMBOL and after >= _FIRST_SYMBOL


RULES = (Rule("invisible", Severity.ERROR, _find),)
