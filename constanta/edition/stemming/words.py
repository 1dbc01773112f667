"""Texts to words, and the spelling in which words are compared.

What does not distinguish words for a reader is folded: case, ё and е, ў and у (which alternate by the sound before them:
orthography of 2008, § 15), every apostrophe, stress marks, soft hyphens. Texts are in NFC, so that й, ё and ў are one letter each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

APOSTROPHES = "'’ʼ‘`´′"
_IGNORED = "\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f"
# One class repeated is four times as fast as alternatives repeated.
_WORD = re.compile(rf"[^\W_]+(?:(?:[{_IGNORED}]|[{APOSTROPHES}](?=[^\W_]))[^\W_]*)*")
_DROPPED = re.compile(rf"[{_IGNORED}{APOSTROPHES}]")
_LATIN = "abcehikmoptxy"
_CYRILLIC = str.maketrans(_LATIN, "авсенікмортху")
_MIXED = re.compile(rf"^(?=.*[а-яіўё])[а-яіўё{_LATIN}]*[{_LATIN}][а-яіўё{_LATIN}]*$", re.MULTILINE)

_ALTERNATING = str.maketrans("оявищ", "аеуіш")

MAX_WORD = 64
"""How many characters of a word count; no language of the site has longer ones."""


def compose(text: str) -> str:
    """Return a text in NFC, with spaces for the control characters that SQLite and HTML cannot hold."""
    return _CONTROL.sub(" ", unicodedata.normalize("NFC", text))


_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


def find_words(text: str) -> Iterator[re.Match[str]]:
    """Yield where the words of a text in NFC stand."""
    return _WORD.finditer(text)


def list_words(text: str) -> list[str]:
    """Return the words of a text in NFC, as they stand there."""
    words: list[str] = []
    for chunk in text.split():
        if chunk.isalpha():
            words.append(chunk)  # most are, and need no pattern
        else:
            words += _WORD.findall(chunk)
    return words


def split_words(text: str) -> list[str]:
    """Return the words of a text in NFC, folded."""
    return [folded for folded in fold_words(list_words(text)) if folded]


def fold(word: str) -> str:
    """Return a word as it is compared."""
    return fold_words([word])[0]


def fold_words(words: Sequence[str]) -> list[str]:
    """Return words as they are compared; all at once, for one long text is folded far faster than many short ones."""
    if not words:
        return []
    lines = "\n".join([word[:MAX_WORD] for word in words])
    folded = _DROPPED.sub("", lines.casefold()).replace("ё", "е").replace("ў", "у")
    return _MIXED.sub(lambda match: match.group().translate(_CYRILLIC), folded).split("\n")


@lru_cache(maxsize=4096)
def find_initial(letter: str) -> str:
    """Return what stands for all letters with which forms and spellings of one word, and its stem, may begin.

    Words that begin otherwise need not be compared: в and у, о and а, е and я alternate in stems; и and і, Latin and
    Cyrillic letters stand for each other in spellings.
    """
    return unicodedata.normalize("NFD", letter.casefold())[:1].translate(_CYRILLIC).translate(_ALTERNATING)


def is_latin(word: str) -> bool:
    """Return whether a folded word is written in Latin letters."""
    return word[:1] < "\u0250"
