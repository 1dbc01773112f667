"""Documents as the content database has them: as cards in lists, as articles on their own pages, as lines of whole lists.

What is read is noted by name (see `queries`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from constanta.content.records import Kind, PartialDate, parse_partial_date
from constanta.content.renditions import Availability, Run, Text
from constanta.edition.models import document_table, listing_table, rendition_table
from constanta.edition.statement import Statement
from constanta.edition.tracking import LIMIT, note_reads, remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A document as it stands in a list."""

    kind: Kind
    slug: str
    lang: str
    title: Text
    summary: Text
    date: PartialDate | None
    archived: bool
    availability: Availability
    available: Mapping[str, Availability]
    """How much of it stands in each language, by tag."""
    topics: tuple[str, ...]
    day: str
    """The day that orders the document (ISO 8601), for feeds, which need one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Card):
    """A document as it stands on its own page."""

    body: tuple[Run, ...]
    original: str | None
    withdrawn: bool


_CARD_COLUMNS = (
    document_table.c.kind,
    document_table.c.slug,
    document_table.c.lang,
    document_table.c.date,
    document_table.c.archived,
    sa.type_coerce(document_table.c.topics, sa.String).label("topics"),
    sa.type_coerce(document_table.c.available, sa.String).label("available"),
    document_table.c.sort_key,
    rendition_table.c.title,
    rendition_table.c.title_lang,
    rendition_table.c.title_reason,
    rendition_table.c.summary,
    rendition_table.c.summary_lang,
    rendition_table.c.summary_reason,
    rendition_table.c.state,
)


_ARTICLE = Statement(
    sa.select(*_CARD_COLUMNS, document_table.c.original, document_table.c.withdrawn, rendition_table.c.body)
    .join(rendition_table, rendition_table.c.document_id == document_table.c.id)
    .where(
        document_table.c.kind == sa.bindparam("kind"),
        document_table.c.slug == sa.bindparam("slug"),
        rendition_table.c.lang == sa.bindparam("lang"),
    )
)


def find_article(connection: sa.Connection, kind: Kind, slug: str, lang: str) -> Article | None:
    """Return a document as it stands on its own page, or None where there is none."""
    return _find_topic(connection, slug, lang) if kind is Kind.TOPIC else _find(connection, kind, slug, lang)


@remembered
def _find_topic(connection: sa.Connection, slug: str, lang: str) -> Article | None:
    """Return a topic: it stands on every page of its list."""
    return _find(connection, Kind.TOPIC, slug, lang)


def _find(connection: sa.Connection, kind: Kind, slug: str, lang: str) -> Article | None:
    note_reads([f"article {kind}/{slug} {lang}"])
    rows = _ARTICLE.rows(connection, kind=kind.value, slug=slug, lang=lang)
    if not rows:
        return None
    row = rows[0]
    return Article(
        **_card_values(row),
        body=tuple(Run(**run) for run in row.body),
        original=row.original,
        withdrawn=row.withdrawn,
    )


_LINE_COLUMNS = (
    document_table.c.slug,
    document_table.c.date,
    sa.type_coerce(document_table.c.topics, sa.String).label("topics"),
    rendition_table.c.title,
    rendition_table.c.title_lang,
    rendition_table.c.summary,
    rendition_table.c.summary_lang,
    rendition_table.c.state,
)
LINE = frozenset(column.key for column in _LINE_COLUMNS)
"""What the whole list of a kind says of a document."""

_LINES = Statement(
    sa.select(*_LINE_COLUMNS)
    .join(listing_table, listing_table.c.document_id == document_table.c.id)
    .join(rendition_table, rendition_table.c.document_id == document_table.c.id)
    .where(listing_table.c.scope == sa.bindparam("scope"), rendition_table.c.lang == sa.bindparam("lang"))
    .order_by(listing_table.c.place.desc())
)


def iterate_lines(connection: sa.Connection, kind: Kind, lang: str) -> Iterator[Any]:
    """Yield what the whole list of a kind says of each document, the newest first: rows, for there are too many for cards.

    Its columns are `slug`, `date` (ISO 8601, a range with a slash, or None), `topics` (for `read_topics`), `title`,
    `title_lang`, `summary`, `summary_lang` and `state`.
    """
    note_reads([f"scope {kind}"])
    for row in _LINES.iterate(connection, scope=kind.value, lang=lang):
        note_reads([f"line {kind}/{row.slug} {lang}"])
        yield row


_numbers = sa.func.json_each(sa.bindparam("numbers")).table_valued("value")
_NUMBERED = Statement(
    sa.select(document_table.c.id, *_CARD_COLUMNS)
    .join(rendition_table, rendition_table.c.document_id == document_table.c.id)
    .where(
        document_table.c.id.in_(sa.select(_numbers.c.value)), rendition_table.c.lang == sa.bindparam("lang")
    )
)


def find_cards(connection: sa.Connection, numbers: Iterable[int], lang: str) -> dict[int, Card]:
    """Return documents as they stand in lists, by their numbers in the database."""
    rows = _NUMBERED.iterate(connection, numbers=json.dumps([*numbers]), lang=lang)
    return {row.id: Card(**_card_values(row)) for row in rows}


# An enumeration takes ten times as long to find its member.
_KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
_STATES: Mapping[str, Availability] = {state.value: state for state in Availability}

# What a document says in all languages, and in most cases others say as well.
_read_date = lru_cache(LIMIT)(parse_partial_date)


@lru_cache(LIMIT)
def read_topics(text: str) -> tuple[str, ...]:
    """Return the topics of a document."""
    return tuple(json.loads(text))


@lru_cache(LIMIT)
def _read_states(text: str) -> Mapping[str, Availability]:
    return {tag: _STATES[state] for tag, state in json.loads(text).items()}


def _card_values(row: Any) -> dict[str, Any]:
    return {
        "kind": _KINDS[row.kind],
        "slug": row.slug,
        "lang": row.lang,
        "title": Text(row.title, row.title_lang, row.title_reason),
        "summary": Text(row.summary, row.summary_lang, row.summary_reason),
        "date": _read_date(row.date) if row.date else None,
        "archived": row.archived,
        "availability": _STATES[row.state],
        "available": _read_states(row.available),
        "topics": read_topics(row.topics),
        "day": _NO_DAY if row.sort_key.startswith(_UNDATED) else row.sort_key[:10],
    }


_UNDATED = dt.date.min.isoformat()
"""How the key that orders a document without a date begins."""

_NO_DAY = "1970-01-01"
"""What stands in feeds for its day."""
