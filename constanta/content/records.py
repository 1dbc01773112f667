"""The records that documents are read into: what is known of a document before any translation."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a document is; its value is the name of its folder under `content/`."""

    PUBLICATION = "publications"
    PROJECT = "projects"
    AREA = "areas"
    PAGE = "pages"
    TOPIC = "topics"


_POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Moment:
    """A year, a month or a day: an ISO 8601 calendar date at the precision that is known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first_day(self) -> dt.date:
        """The first day that it covers."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> dt.date:
        """The last day that it covers."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or monthrange(self.year, month)[1])


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as far as it is known, or a range of such dates (ISO 8601: `2021-12/2022-01`)."""

    start: Moment
    end: Moment

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.start != self.end

    @property
    def last_day(self) -> dt.date:
        """The day by which a document with this date is ordered."""
        return self.end.last_day

    @property
    def years(self) -> range:
        """Every year that it touches."""
        return range(self.start.year, self.end.year + 1)

    def __str__(self) -> str:
        return f"{_text(self.start)}/{_text(self.end)}" if self.is_range else _text(self.start)


def _text(moment: Moment) -> str:
    day = moment.first_day.isoformat()
    return day if moment.day else day[:7] if moment.month else day[:4]


def parse_moment(text: str) -> Moment:
    """Return the year, month or day that `text` names.

    Raises:
        ValueError: It is not `2025`, `2025-03` or `2025-03-20`, or there is no such day.
    """
    match = _POINT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    year, month, day = (int(part) if part else None for part in match.groups())
    moment = Moment(year or 0, month, day)
    _ = moment.first_day, moment.last_day
    return moment


def parse_day(text: str) -> dt.date:
    """Return the day that `text` names.

    Raises:
        ValueError: It is not of the form `2025-03-20`, or there is no such day.
    """
    moment = parse_moment(text)
    if moment.day is None:
        raise ValueError(text)
    return moment.first_day


def parse_partial_date(text: str) -> PartialDate:
    """Return the date or range that `text` names.

    Raises:
        ValueError: An end is no date, or the range ends before it begins.
    """
    first, slash, second = text.partition("/")
    start = parse_moment(first)
    end = parse_moment(second) if slash else start
    if end.last_day < start.first_day:
        raise ValueError(text)
    return PartialDate(start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One Markdown file: a publication, a special project, an area of work, a plain page or a topic.

    Attributes:
        path: The file it was read from.
        kind: What it is.
        slug: Its name in addresses, the same in all languages, unique within its kind.
        lang: The tag of its source language.
        title: Plain text.
        summary: Plain text; empty where it has none.
        body: CommonMark; empty where it has none.
        body_line: The line of the file in which the body begins, from 1.
        date: When it was published, as far as known.
        order: The day by which it is ordered; never shown.
        position: Its place among documents that have no date, from 1.
        topics: The slugs of its topics.
        areas: The slugs of the areas of work that list it besides those of its topics.
        original: The address of the work itself.
        archived: Whether it is out of date; its page says so.
        withdrawn: Whether it was taken back; its address answers 410 and nothing lists it.
    """

    path: Path
    kind: Kind
    slug: str
    lang: str
    title: str
    summary: str = ""
    body: str = ""
    body_line: int = 1
    date: PartialDate | None = None
    order: dt.date | None = None
    position: int = 0
    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    original: str | None = None
    archived: bool = False
    withdrawn: bool = False

    @property
    def name(self) -> str:
        """What identifies it among all documents: `publications/some-slug`."""
        return f"{self.kind}/{self.slug}"

    @property
    def ordered_by(self) -> dt.date:
        """The day by which lists order it, the newest first; a document without any date comes last."""
        return self.order or (self.date.last_day if self.date else dt.date.min)
