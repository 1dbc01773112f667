"""What a reader typed, made safe and split into the words to look for."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from constanta.edition.stemming.common import COMMON_WORDS
from constanta.edition.stemming.words import compose, split_words

MAX_LENGTH = 200
"""How many characters of a query count."""

MAX_WORDS = 10
"""How many words of a query count."""

_UNSEEN = {"Cc", "Cn", "Co", "Cs"}
"""The Unicode categories that a query is cleaned of: controls, what is not assigned."""

_INSIDE_WORDS = "Cf"
"""The category of soft hyphens and marks of direction: they come along when a word is copied, and divide nothing."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it is understood.

    Attributes:
        text: What was typed, without what cannot be seen, at most `MAX_LENGTH` characters.
        words: The words to look for, with the punctuation that stands at them: on another keyboard it may be letters.
        shortened: Whether more was typed than counts.
    """

    text: str
    words: tuple[str, ...]
    shortened: bool


def parse_query(typed: str) -> Query:
    """Return any text as a query; there is no syntax, so nothing can be wrong with it."""
    start = compose(typed.lstrip()[: 2 * MAX_LENGTH])
    kept = (c for c in start if unicodedata.category(c) != _INSIDE_WORDS)
    seen = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in kept)
    text = " ".join(seen.split())
    words = [chunk for chunk in text[:MAX_LENGTH].split() if split_words(chunk)]
    telling = [chunk for chunk in words if not COMMON_WORDS.issuperset(split_words(chunk))]
    shortened = len(typed.strip()) > 2 * MAX_LENGTH or len(text) > MAX_LENGTH or len(telling) > MAX_WORDS
    return Query(text[:MAX_LENGTH], tuple((telling or words)[:MAX_WORDS]), shortened)
