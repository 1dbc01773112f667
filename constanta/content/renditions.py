"""What pages show of a document: texts, each with its language, and how much of them is translated.

It needs neither Markdown nor catalogs, so that the site can serve editions without loading what builds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Availability(StrEnum):
    """How much of a document stands in a language.

    A document is *outdated* in a language where all of it had been translated and its source has changed since, in no more
    than half of its messages; after a larger change it is *partial* or *missing*.
    """

    SOURCE = "source"
    COMPLETE = "complete"
    PARTIAL = "partial"
    OUTDATED = "outdated"
    MISSING = "missing"


WHOLE = frozenset({Availability.SOURCE, Availability.COMPLETE, Availability.OUTDATED})
"""The states of a document that was wholly written in a language or wholly translated into it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as a page shows it.

    Attributes:
        text: The text.
        lang: Its language where that is not the page's; None where it is.
        reason: Why it is not in the page's language: `missing` or `outdated`; None where it is.
    """

    text: str
    lang: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive blocks of a body, as HTML, that are in one language for one reason."""

    html: str
    lang: str | None = None
    reason: str | None = None
