"""Texts to words, and the spelling in which words are compared.

What does not distinguish words for a reader is folded: case, ё and е, ў and у (which alternate by the sound before them:
orthography of 2008, § 15), every apostrophe, stress marks, soft hyphens. Texts are in NFC, so that й, ё and ў are one letter each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

APOSTROPHES = "'’ʼ‘`´′"
_IGNORED = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_IGNORED}]|[{APOSTROPHES}](?=[^\W_]))*")
_DROPPED = re.compile(rf"[{_IGNORED}{APOSTROPHES}]")
_FOLDED = str.maketrans("ёў", "еу")
_LATIN = "abcehikmoptxy"
_CYRILLIC = str.maketrans(_LATIN, "авсенікмортху")
_MIXED = re.compile(rf"(?=.*[а-яіўё])[а-яіўё{_LATIN}]*[{_LATIN}][а-яіўё{_LATIN}]*")

MAX_WORD = 64
"""How many characters of a word count; no language of the site has longer ones."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: how it is compared, and where it stands."""

    text: str
    start: int
    end: int


def compose(text: str) -> str:
    """Return a text in NFC, with spaces for the control characters that SQLite and HTML cannot hold."""
    return unicodedata.normalize("NFC", text).translate(_CONTROL)


_CONTROL = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)], " ")


def split_words(text: str) -> Iterator[Word]:
    """Yield the words of a text that is in NFC."""
    for match in _WORD.finditer(text):
        word = fold(match.group())
        if word:
            yield Word(word, match.start(), match.end())


def fold(word: str) -> str:
    """Return a word as it is compared."""
    folded = _DROPPED.sub("", word[:MAX_WORD].casefold()).translate(_FOLDED)
    return folded.translate(_CYRILLIC) if _MIXED.fullmatch(folded) else folded


def is_latin(word: str) -> bool:
    """Return whether a folded word is written in Latin letters."""
    return word[:1] < "\u0250"
