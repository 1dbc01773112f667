"""Every read of the content database.

What an answer stands on is noted by name (see `tracking`): `scope …` for the members and the order of a list, `years …`
for the years that it has, `card …` and `article …` for a document in a language, `addresses` for which pages there are.
`build.Update` names what has changed in the same words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from constanta.content.records import Kind, PartialDate, parse_partial_date
from constanta.content.renditions import Availability, Run, Text
from constanta.edition.listing import topic_scope, whole_scope
from constanta.edition.models import DocumentRow, ListingRow, RenditionRow, ScopeRow
from constanta.edition.statement import Statement
from constanta.edition.tracking import LIMIT, note_reads, remember, remembered


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
    """The day that orders the document (ISO 8601), for feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Card):
    """A document as it stands on its own page."""

    body: tuple[Run, ...]
    original: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Attributes:
        cards: Its documents, the newest first.
        number: Which page it is, from 1.
        pages: How many pages there are; 1 where the list is empty.
        total: How many documents the list has.
    """

    cards: tuple[Card, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow a list down: a year or a topic, and how many documents it leaves."""

    value: str
    label: Text
    total: int


_CARD_COLUMNS = (
    DocumentRow.kind,
    DocumentRow.slug,
    DocumentRow.lang,
    DocumentRow.date,
    DocumentRow.archived,
    sa.type_coerce(DocumentRow.topics, sa.String).label("topics"),
    sa.type_coerce(DocumentRow.available, sa.String).label("available"),
    DocumentRow.sort_key,
    RenditionRow.title,
    RenditionRow.title_lang,
    RenditionRow.title_reason,
    RenditionRow.summary,
    RenditionRow.summary_lang,
    RenditionRow.summary_reason,
    RenditionRow.state,
)


_ARTICLE = Statement(
    sa.select(*_CARD_COLUMNS, DocumentRow.original, DocumentRow.withdrawn, RenditionRow.body)
    .join(RenditionRow, RenditionRow.document_id == DocumentRow.id)
    .where(
        DocumentRow.kind == sa.bindparam("kind"),
        DocumentRow.slug == sa.bindparam("slug"),
        RenditionRow.lang == sa.bindparam("lang"),
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


def list_page(connection: sa.Connection, scope: str, lang: str, number: int, size: int) -> Page | None:
    """Return one page of a list, or None where the list has no such page; page 1 always exists."""
    total = count(connection, scope)
    pages = max(1, -(-total // size))
    if not 1 <= number <= pages:
        return None
    last = total - (number - 1) * size
    cards = tuple(_cards(connection, scope, lang, last - size + 1, last))
    return Page(cards, number, pages, total)


@remembered
def list_latest(connection: sa.Connection, scope: str, lang: str, size: int) -> tuple[Card, ...]:
    """Return the newest documents of a list."""
    total = count(connection, scope)
    return tuple(_cards(connection, scope, lang, total - size + 1, total))


_COUNT = Statement(sa.select(ScopeRow.size).where(ScopeRow.name == sa.bindparam("scope")))


@remembered
def count(connection: sa.Connection, scope: str) -> int:
    """Return how many documents a list has."""
    note_reads([f"scope {scope}"])
    return sum(_COUNT.values(connection, scope=str(scope)))


def list_years(connection: sa.Connection, scope: str, narrowed: str) -> list[Choice]:
    """Return the years of a list of publications, the newest first, with their numbers in a narrower list."""
    everywhere, here = _year_sizes(connection, scope), _year_sizes(connection, narrowed)
    return [Choice(year, Text(year), here.get(year, 0)) for year in sorted(everywhere, reverse=True)]


_YEARS = Statement(
    sa.select(ScopeRow.name, ScopeRow.size).where(
        ScopeRow.name.between(sa.bindparam("first"), sa.bindparam("last"))
    )
)


@remembered
def _year_sizes(connection: sa.Connection, scope: str) -> dict[str, int]:
    return _read_years(_YEARS, connection, scope)


def _read_years(statement: Statement, connection: sa.Connection, scope: str) -> dict[str, int]:
    """Return what a statement says of the years of a list."""
    note_reads([f"years {scope}"])
    rows = statement.iterate(connection, scope=scope, first=f"{scope}/0", last=f"{scope}/9999~")
    found = {name.removeprefix(f"{scope}/"): value for name, value in rows}
    return {year: value for year, value in found.items() if year.isdigit()}


_newest = sa.select(ListingRow.document_id).where(
    ListingRow.scope == ScopeRow.name, ListingRow.place == ScopeRow.size
)
_here = sa.orm.aliased(ListingRow)
_place = sa.select(_here.place).where(
    _here.scope == sa.bindparam("scope"),
    _here.document_id == _newest.correlate(ScopeRow).scalar_subquery(),
)
_BEGINNINGS = Statement(
    sa.select(ScopeRow.name, _place.scalar_subquery().label("place")).where(
        ScopeRow.name.between(sa.bindparam("first"), sa.bindparam("last"))
    )
)
"""Two look-ups for each year: as a join, SQLite would go through the whole list."""


@remembered
def find_years(connection: sa.Connection, scope: str) -> dict[str, int]:
    """Return how many documents of a topic's list stand before the newest one of each of its years.

    A document without a date may stand anywhere and has no year, so the numbers of the years alone do not say it.
    """
    total, places = count(connection, scope), _read_years(_BEGINNINGS, connection, scope)
    return {year: total - place for year, place in places.items()}


@remembered
def list_topics(connection: sa.Connection, lang: str, *, translated: bool = False) -> list[Choice]:
    """Return the topics in their order, with the number of their publications, of all or of those in `lang`."""
    topics = list_latest(connection, Kind.TOPIC, lang, count(connection, Kind.TOPIC))
    return [
        Choice(
            topic.slug,
            topic.title,
            count(
                connection,
                whole_scope(topic_scope(topic.slug), lang) if translated else topic_scope(topic.slug),
            ),
        )
        for topic in topics
    ]


_ADDRESSES = Statement(
    sa.select(DocumentRow.kind, DocumentRow.slug, DocumentRow.sort_key)
    .where(DocumentRow.kind != Kind.TOPIC.value, sa.not_(DocumentRow.withdrawn))
    .order_by(DocumentRow.kind, DocumentRow.slug)
)


def iterate_addresses(connection: sa.Connection) -> Iterator[tuple[Kind, str, str]]:
    """Yield the kind and slug of every document that has a page of its own, and what orders it in lists."""
    note_reads(["addresses"])
    for kind, slug, order in _ADDRESSES.iterate(connection):
        yield Kind(kind), slug, order


_NEWEST = Statement(
    sa.select(DocumentRow.sort_key)
    .join(ListingRow, ListingRow.document_id == DocumentRow.id)
    .where(
        ListingRow.scope == sa.bindparam("scope"),
        (sa.bindparam("total") - ListingRow.place) % sa.bindparam("size") == 0,
    )
    .order_by(ListingRow.place.desc())
)


@remembered
def list_newest(connection: sa.Connection, scope: str, size: int) -> tuple[str, ...]:
    """Return what orders the newest document on each page of a list; one empty text where the list is empty."""
    total = count(connection, scope)
    newest = _NEWEST.values(connection, scope=str(scope), total=total, size=size)
    return tuple(newest) or ("",)


_MEMBERS = Statement(
    sa.select(ListingRow.document_id)
    .where(
        ListingRow.scope == sa.bindparam("scope"),
        ListingRow.place.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(ListingRow.place.desc())
)


def _cards(connection: sa.Connection, scope: str, lang: str, first: int, last: int) -> list[Card]:
    """Return the cards at some places of a list, from the last place down; a card stands in many lists."""
    members = _MEMBERS.values(connection, scope=str(scope), first=first, last=last)
    known: dict[tuple[int, str], Card] = remember(connection, "cards", dict)
    if len(known) > LIMIT:
        known.clear()
    missing = [number for number in members if (number, lang) not in known]
    if missing:
        found = find_cards(connection, missing, lang)
        known.update(((number, lang), card) for number, card in found.items())
    cards = [known[number, lang] for number in members if (number, lang) in known]
    note_reads(f"card {card.kind}/{card.slug} {lang}" for card in cards)
    return cards


_LINES = Statement(
    sa.select(
        DocumentRow.slug,
        DocumentRow.date,
        sa.type_coerce(DocumentRow.topics, sa.String).label("topics"),
        RenditionRow.title,
        RenditionRow.title_lang,
        RenditionRow.summary,
        RenditionRow.summary_lang,
        RenditionRow.state,
    )
    .join(ListingRow, ListingRow.document_id == DocumentRow.id)
    .join(RenditionRow, RenditionRow.document_id == DocumentRow.id)
    .where(ListingRow.scope == sa.bindparam("scope"), RenditionRow.lang == sa.bindparam("lang"))
    .order_by(ListingRow.place.desc())
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
    sa.select(DocumentRow.id, *_CARD_COLUMNS)
    .join(RenditionRow, RenditionRow.document_id == DocumentRow.id)
    .where(DocumentRow.id.in_(sa.select(_numbers.c.value)), RenditionRow.lang == sa.bindparam("lang"))
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
        "day": row.sort_key[:10],
    }
