"""Which stemmer a word is for: by the language of the text, and by the letters of the word."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from constanta.edition.stemming import belarusian, english, russian
from constanta.edition.stemming.words import MAX_WORD, fold, fold_words, is_latin

_SPELLINGS: Mapping[str, Sequence[tuple[str, str]]] = MappingProxyType(
    {"be": (("и", "і"), ("ъ", ""), ("щ", "шч")), "ru": (("і", "и"),)}
)
"""How the keyboard of the other language writes each."""

_STEMMERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"be": belarusian.stem, "ru": russian.stem, "en": english.stem}
)
_CYRILLIC = frozenset({"be", "ru"})


def spell(lang: str, word: str) -> str:
    """Return a folded word, or several, in the alphabet of a language."""
    for letter, own in _SPELLINGS.get(lang, ()):
        word = word.replace(letter, own)
    return word


def stem(lang: str, word: str) -> str:
    """Return the stem of a word as it stands in a text of a language.

    Latin words in Cyrillic texts are taken for English; words of a language without a stemmer stay as they are.
    """
    return _stem(lang, spell(lang, fold(word)))


def read_words(lang: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """Return words of a text as the index spells them, each with its stem; empty where nothing of it counts."""
    if not words:
        return []
    # A word that is not too long comes out of a second folding as it was.
    return [
        (spelled, _stem(lang, spelled) if len(spelled) <= MAX_WORD else stem(lang, spelled))
        for spelled in spell(lang, "\n".join(fold_words(words))).split("\n")
    ]


def _stem(lang: str, spelled: str) -> str:
    if lang in _CYRILLIC and is_latin(spelled):
        return english.stem(spelled)
    stemmer = _STEMMERS.get(lang)
    return stemmer(spelled) if stemmer and len(spelled) > 2 else spelled
