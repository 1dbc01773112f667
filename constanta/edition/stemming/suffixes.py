"""Taking inflectional endings off words, by the endings of a language.

An ending is taken off where enough of the word is left. Then follow, as long as there are any, the *inner* endings: those
that a form without an ending may seem to have. “Праграм” is the bare stem of “праграма”, but ends like a dative plural;
taking “-ам” off all forms keeps them together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MIN_STEM = 3
"""How many letters of a word always stay."""


_Group = Mapping[str, Sequence[tuple[int, frozenset[str]]]]
"""Endings by their last letter, then by how many letters they have, the longest first: so only few are looked for."""


@dataclass(frozen=True, slots=True)
class Endings:
    """The endings of a language.

    Attributes:
        vowels: The letters of which every stem has one.
        outer: The inflectional endings.
        inner: Those that forms without an ending may seem to have.
        cautious: Those of either kind that leave at least one letter more, as many short words end like them.
    """

    vowels: frozenset[str]
    outer: _Group
    inner: _Group
    cautious: frozenset[str]


def make_endings(vowels: str, outer: str, inner: str, cautious: str = "") -> Endings:
    """Return the endings of a language, from words separated by spaces."""
    return Endings(
        frozenset(vowels), _group(outer.split()), _group(inner.split()), frozenset(cautious.split())
    )


def _group(endings: Sequence[str]) -> _Group:
    groups: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for ending in endings:
        groups[ending[-1]][len(ending)].add(ending)
    return {
        last: [(size, frozenset(sizes[size])) for size in sorted(sizes, reverse=True)]
        for last, sizes in groups.items()
    }


def strip_endings(word: str, endings: Endings) -> tuple[str, str]:
    """Return the stem of a word, and the ending that stood right after it (or nothing)."""
    last = _find(word, endings.outer, endings)
    stem = word.removesuffix(last)
    while ending := _find(stem, endings.inner, endings):
        stem, last = stem.removesuffix(ending), ending
    return stem, last


def _find(word: str, group: _Group, endings: Endings) -> str:
    """Return the longest of some endings that can be taken off a word, or nothing."""
    for size, candidates in group.get(word[-1:], ()):
        ending = word[-size:]
        if ending not in candidates:
            continue
        rest = word[:-size]
        least = MIN_STEM + (ending in endings.cautious)
        if len(rest) >= least and not endings.vowels.isdisjoint(rest):
            return ending
    return ""
