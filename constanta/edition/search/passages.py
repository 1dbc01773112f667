"""The passage of a text that a query is about, with its words marked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from constanta.edition.stemming.languages import stem as find_stem
from constanta.edition.stemming.words import find_initial, find_words

LENGTH = 240
"""How many characters a passage has, about three lines."""

MAX_SCANNED = 20_000
"""How many characters of a text are looked through for a passage."""

ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; `marked` where it is a word that was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word that was looked for stands in a text, and its stem."""

    start: int
    end: int
    stem: str


def find_places(text: str, lang: str, stems: Collection[str]) -> list[Place]:
    """Return where a text in NFC has words with some stems."""
    initials = {find_initial(stem[:1]) for stem in stems}
    return [
        Place(match.start(), match.end(), found)
        for match in find_words(text[:MAX_SCANNED])
        if find_initial((word := match.group())[0]) in initials and (found := _stem(lang, word)) in stems
    ]


_stem = lru_cache(maxsize=2048)(find_stem)


def mark_words(
    text: str, places: Sequence[Place], start: int = 0, end: int | None = None
) -> tuple[Part, ...]:
    """Return a piece of a text, in parts, with the words at some places marked."""
    end = len(text) if end is None else end
    parts, last = [], start
    for place in places:
        if start <= place.start and place.end <= end:
            parts += [Part(text[last : place.start]), Part(text[place.start : place.end], marked=True)]
            last = place.end
    parts.append(Part(text[last:end]))
    return tuple(part for part in parts if part.text)


def cut_passage(text: str, places: Sequence[Place]) -> tuple[Part, ...]:
    """Return the piece of a text with the most different words that were looked for, the first of equal ones."""
    start, end = _find_piece(text, places)
    parts = mark_words(text, places, start, end)
    before = (Part(f"{ELLIPSIS} "),) if start > 0 else ()
    after = (Part(f" {ELLIPSIS}"),) if end < len(text) else ()
    return (*before, *parts, *after)


def _find_piece(text: str, places: Sequence[Place]) -> tuple[int, int]:
    if len(text) <= LENGTH:
        return 0, len(text)
    first = max(range(len(places)), key=lambda n: len(_reach(places, n)), default=None)
    if first is None:
        return 0, _word_end(text, LENGTH)
    word = places[first]
    earliest = min(max(0, word.start - LENGTH // 4), len(text) - LENGTH)
    start = text.find(" ", earliest, word.start) + 1 or earliest if earliest else 0
    return start, _word_end(text, max(start + LENGTH, word.end))


def _reach(places: Sequence[Place], first: int) -> set[str]:
    """Return the stems that one passage shows if it begins shortly before a place."""
    limit = places[first].start + LENGTH * 3 // 4
    found = set()
    for place in places[first:]:
        if place.end > limit:
            break
        found.add(place.stem)
    return found


def _word_end(text: str, position: int) -> int:
    """Return the end of the last whole word before a position."""
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", 0, position)
    return space if space > position // 2 else position
