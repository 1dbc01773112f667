"""Which stemmer a word is for: by the language of the text, and by the letters of the word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from constanta.edition.stemming import belarusian, english, russian
from constanta.edition.stemming.words import fold, is_latin

_SPELLINGS: Mapping[str, dict[int, str]] = MappingProxyType(
    {"be": str.maketrans({"и": "і", "ъ": "", "щ": "шч"}), "ru": str.maketrans({"і": "и"})}
)
"""How the keyboard of the other language writes each."""

_STEMMERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"be": belarusian.stem, "ru": russian.stem, "en": english.stem}
)
_CYRILLIC = frozenset({"be", "ru"})


def spell(lang: str, word: str) -> str:
    """Return a folded word in the alphabet of a language."""
    return word.translate(_SPELLINGS[lang]) if lang in _SPELLINGS else word


def stem(lang: str, word: str) -> str:
    """Return the stem of a word as it stands in a text of a language.

    Latin words in Cyrillic texts are taken for English; words of a language without a stemmer stay as they are.
    """
    spelled = spell(lang, fold(word))
    if lang in _CYRILLIC and is_latin(spelled):
        return english.stem(spelled)
    stemmer = _STEMMERS.get(lang)
    return stemmer(spelled) if stemmer and len(spelled) > 2 else spelled
