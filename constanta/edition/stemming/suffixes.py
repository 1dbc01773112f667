"""Taking inflectional endings off words, by the endings of a language.

An ending is taken off where enough of the word is left. Then follow, as long as there are any, the *inner* endings: those
that a form without an ending may seem to have. “Праграм” is the bare stem of “праграма”, but ends like a dative plural;
taking “-ам” off all forms keeps them together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MIN_STEM = 3
"""How many letters of a word always stay."""


@dataclass(frozen=True, slots=True)
class Endings:
    """The endings of a language.

    Attributes:
        vowels: The letters of which every stem has one.
        outer: The inflectional endings, the longest first.
        inner: Those that forms without an ending may seem to have, the longest first.
        cautious: Those of either kind that leave at least one letter more, as many short words end like them.
    """

    vowels: frozenset[str]
    outer: tuple[str, ...]
    inner: tuple[str, ...]
    cautious: frozenset[str] = frozenset()


def make_endings(vowels: str, outer: str, inner: str, cautious: str = "") -> Endings:
    """Return the endings of a language, from words separated by spaces."""
    return Endings(frozenset(vowels), _sorted(outer), _sorted(inner), frozenset(cautious.split()))


def _sorted(endings: str) -> tuple[str, ...]:
    return tuple(sorted(set(endings.split()), key=len, reverse=True))


def strip_endings(word: str, endings: Endings) -> tuple[str, str]:
    """Return the stem of a word, and the ending that stood right after it (or nothing)."""
    last = _find(word, endings.outer, endings)
    stem = word.removesuffix(last)
    while ending := _find(stem, endings.inner, endings):
        stem, last = stem.removesuffix(ending), ending
    return stem, last


def _find(word: str, candidates: Iterable[str], endings: Endings) -> str:
    for ending in candidates:
        rest = word.removesuffix(ending)
        least = MIN_STEM + (ending in endings.cautious)
        if rest != word and len(rest) >= least and not endings.vowels.isdisjoint(rest):
            return ending
    return ""
