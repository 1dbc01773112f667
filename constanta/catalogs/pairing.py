"""Which changed message stands in the place of which: by order between unchanged neighbours, never by likeness alone.

Texts are compared only inside one gap between two neighbours that did not change, and cheaply, by the words they share:
comparing every changed message with every old one costs the square of their number and finds “recognised as extremist”
for “not recognised as extremist” in another place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from constanta.catalogs.po import Key, Source

SAME_PLACE = 0.1
"""The likeness (0 to 1) below which two texts have practically nothing in common, even alone in one place."""

SAME_GAP = 0.25
"""The likeness that a pair needs where several texts could stand in the place."""

MOVED_GAP = 0.5
"""The likeness that a pair needs where the neighbours before and after were themselves moved."""

SOLE_CONTEXTS = frozenset({"title", "summary"})
"""The contexts of which a document has one message: a new title is the old one changed, whatever it says."""

_MAX_CELLS = 4096
_CHUNK = 48
_WORD = re.compile(r"\w+")
_STEM = 6

Pairs = list[tuple[int, int]]


def pair_in_place(old: Sequence[Source], new: Sequence[Source], anchors: Mapping[Key, Key]) -> dict[Key, Key]:
    """Return, for each new source that has one, the old source that stood in its place.

    `old` and `new` are the sources of one context in the order of their files; `anchors` leads from the key of each new
    source that is known to its key among the old ones. Takes linear time but for sorting.
    """
    known = set(anchors.values())
    old_gaps, rank = _gaps([source.key for source in old], known)
    new_gaps, order = _gaps([source.key for source in new], set(anchors))
    ranks = [rank[anchors[key]] for key in order]
    sole = len(old) == len(new) == 1 and old[0].msgctxt in SOLE_CONTEXTS
    pairs: dict[Key, Key] = {}
    moved: list[tuple[list[int], int, int]] = []
    for number, gap in enumerate(new_gaps):
        after = ranks[number - 1] + 1 if number else 0
        before = ranks[number] if number < len(ranks) else len(ranks)
        if after != before:
            moved.append((gap, after, before))
            continue
        alone = len(gap) == len(old_gaps[after]) == 1
        floor = 0.0 if sole else SAME_PLACE if alone else SAME_GAP
        _take(pairs, old, new, old_gaps[after], gap, floor)
    for gap, after, before in moved:
        for place in (after, before):
            _take(pairs, old, new, old_gaps[place], gap, MOVED_GAP)
    return pairs


def _gaps(keys: Sequence[Key], anchors: set[Key]) -> tuple[list[list[int]], dict[Key, int]]:
    """Return the places between each two anchors, before the first and after the last, and the anchors in order."""
    gaps: list[list[int]] = [[]]
    rank: dict[Key, int] = {}
    for index, key in enumerate(keys):
        if key in anchors:
            rank[key] = len(rank)
            gaps.append([])
        else:
            gaps[-1].append(index)
    return gaps, rank


def _take(
    pairs: dict[Key, Key],
    old: Sequence[Source],
    new: Sequence[Source],
    old_gap: list[int],
    new_gap: list[int],
    floor: float,
) -> None:
    """Add the pairs of one gap, and take what is paired out of the gaps."""
    if not old_gap or not new_gap:
        return
    old_words = [_words(old[index].msgid) for index in old_gap]
    new_words = [_words(new[index].msgid) for index in new_gap]
    found = list(_align(old_words, new_words, floor))
    for i, j in found:
        pairs[new[new_gap[j]].key] = old[old_gap[i]].key
    for i in sorted((i for i, _ in found), reverse=True):
        del old_gap[i]
    for j in sorted((j for _, j in found), reverse=True):
        del new_gap[j]


def _words(text: str) -> frozenset[str]:
    """Return the words of a text without case and endings; numbers stay whole."""
    words = _WORD.findall(text.casefold())
    return frozenset(word[:_STEM] if word.isalpha() else word for word in words) or frozenset(text)


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share (0 to 1) of two texts' words that both have, longer words counting for more."""
    total = sum(map(len, first)) + sum(map(len, second))
    return 2 * sum(map(len, first & second)) / total if total else 1.0


def _align(
    old: Sequence[frozenset[str]], new: Sequence[frozenset[str]], floor: float
) -> Iterator[tuple[int, int]]:
    """Yield the pairs, in rising order on both sides, that are most alike in sum."""
    if len(old) * len(new) <= _MAX_CELLS:
        yield from _align_small(old, new, floor)
        return
    landmarks = _landmarks(old, new)
    if not landmarks:
        yield from _align_chunks(old, new, floor)
        return
    before = (0, 0)
    for i, j in [*landmarks, (len(old), len(new))]:
        for a, b in _align(old[before[0] : i], new[before[1] : j], floor):
            yield before[0] + a, before[1] + b
        if i < len(old) and likeness(old[i], new[j]) >= floor:
            yield i, j
        before = (i + 1, j + 1)


def _align_small(
    old: Sequence[frozenset[str]], new: Sequence[frozenset[str]], floor: float
) -> Iterator[tuple[int, int]]:
    """Needleman and Wunsch's alignment, where only pairs above the floor count."""
    width = len(new) + 1
    best = [[0.0] * width for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(new) - 1, -1, -1):
            alike = likeness(old[i], new[j])
            joined = alike + 1e-9 + below[j + 1] if alike >= floor else 0.0
            row[j] = max(below[j], row[j + 1], joined)
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1


def _landmarks(old: Sequence[frozenset[str]], new: Sequence[frozenset[str]]) -> Pairs:
    """Return pairs in rising order that share a word which stands once on each side (patience diff, by words)."""
    rare_old, rare_new = _rare(old), _rare(new)
    votes = Counter((i, rare_new[word]) for word, i in rare_old.items() if word in rare_new)
    best: dict[int, int] = {}
    for (i, j), _ in votes.most_common():
        best.setdefault(i, j)
    return longest_rising(sorted(best.items()))


def _rare(texts: Sequence[frozenset[str]]) -> dict[str, int]:
    count = Counter(word for words in texts for word in words)
    return {word: index for index, words in enumerate(texts) for word in words if count[word] == 1}


def longest_rising(pairs: Pairs) -> Pairs:
    """Return a longest part of pairs, sorted by their first, whose seconds rise too."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int | None] = []
    for index, (_, second) in enumerate(pairs):
        place = bisect_left(ends, second)
        before.append(tails[place - 1] if place else None)
        ends[place : place + 1] = [second]
        tails[place : place + 1] = [index]
    chain: Pairs = []
    last = tails[-1] if tails else None
    while last is not None:
        chain.append(pairs[last])
        last = before[last]
    return chain[::-1]


def _align_chunks(
    old: Sequence[frozenset[str]], new: Sequence[frozenset[str]], floor: float
) -> Iterator[tuple[int, int]]:
    """Align piece by piece, so that texts without landmarks cost linear time."""
    pieces = max(len(old), len(new)) // _CHUNK + 1
    for piece in range(pieces):
        i, j = len(old) * piece // pieces, len(new) * piece // pieces
        ends = len(old) * (piece + 1) // pieces, len(new) * (piece + 1) // pieces
        for a, b in _align_small(old[i : ends[0]], new[j : ends[1]], floor):
            yield i + a, j + b
