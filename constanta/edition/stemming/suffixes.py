"""Taking inflectional endings off words, by the endings of a language.

An ending is taken off where enough of the word is left. Then follow, as long as there are any, the *inner* endings: those
that a form without an ending may seem to have. “Праграм” is the bare stem of “праграма”, but ends like a dative plural;
taking “-ам” off all forms keeps them together.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

MIN_STEM = 3
"""How many letters of a word always stay."""


@dataclass(frozen=True, slots=True)
class Endings:
    """The endings of a language.

    Attributes:
        vowels: The letters of which every stem has one.
        outer: The inflectional endings.
        inner: Those that forms without an ending may seem to have.
        cautious: Those of either kind that leave at least one letter more, as many short words end like them.
        longest: How many letters the longest of them has.
    """

    vowels: frozenset[str]
    outer: frozenset[str]
    inner: frozenset[str]
    cautious: frozenset[str]
    longest: int


def make_endings(vowels: str, outer: str, inner: str, cautious: str = "") -> Endings:
    """Return the endings of a language, from words separated by spaces."""
    longest = max(map(len, outer.split() + inner.split()))
    return Endings(
        frozenset(vowels),
        frozenset(outer.split()),
        frozenset(inner.split()),
        frozenset(cautious.split()),
        longest,
    )


def strip_endings(word: str, endings: Endings) -> tuple[str, str]:
    """Return the stem of a word, and the ending that stood right after it (or nothing)."""
    last = _find(word, endings.outer, endings)
    stem = word.removesuffix(last)
    while ending := _find(stem, endings.inner, endings):
        stem, last = stem.removesuffix(ending), ending
    return stem, last


def _find(word: str, candidates: Container[str], endings: Endings) -> str:
    """Return the longest of some endings that can be taken off a word, or nothing."""
    for size in range(min(endings.longest, len(word) - MIN_STEM), 0, -1):
        ending = word[-size:]
        if ending not in candidates:
            continue
        rest = word[:-size]
        least = MIN_STEM + (ending in endings.cautious)
        if len(rest) >= least and not endings.vowels.isdisjoint(rest):
            return ending
    return ""
