"""Lists as the content database has them: their pages, their numbers, and the ways to narrow them down.

What an answer stands on is noted by name (see `tracking`): `scope …` for the members and the order of a list, `years …`
for the years that it has, `card …`, `article …` and `line …` for a document in a language (see `documents`), `addresses` for
which pages there are. `build.Update` names what has changed in the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from constanta.content.records import Kind
from constanta.content.renditions import Text
from constanta.edition.documents import Card, find_cards
from constanta.edition.listing import topic_scope, whole_scope
from constanta.edition.models import document_table, listing_table, scope_table
from constanta.edition.statement import Statement
from constanta.edition.tracking import LIMIT, note_reads, remember, remembered


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


_COUNT = Statement(sa.select(scope_table.c.size).where(scope_table.c.name == sa.bindparam("scope")))


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
    sa.select(scope_table.c.name, scope_table.c.size).where(
        scope_table.c.name.between(sa.bindparam("first"), sa.bindparam("last"))
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


_newest = sa.select(listing_table.c.document_id).where(
    listing_table.c.scope == scope_table.c.name, listing_table.c.place == scope_table.c.size
)
_here = listing_table.alias()
_place = sa.select(_here.c.place).where(
    _here.c.scope == sa.bindparam("scope"),
    _here.c.document_id == _newest.correlate(scope_table).scalar_subquery(),
)
_BEGINNINGS = Statement(
    sa.select(scope_table.c.name, _place.scalar_subquery().label("place")).where(
        scope_table.c.name.between(sa.bindparam("first"), sa.bindparam("last"))
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
    sa.select(document_table.c.kind, document_table.c.slug, document_table.c.sort_key)
    .where(document_table.c.kind != Kind.TOPIC.value, sa.not_(document_table.c.withdrawn))
    .order_by(document_table.c.kind, document_table.c.slug)
)


def iterate_addresses(connection: sa.Connection) -> Iterator[tuple[Kind, str, str]]:
    """Yield the kind and slug of every document that has a page of its own, and what orders it in lists."""
    note_reads(["addresses"])
    for kind, slug, order in _ADDRESSES.iterate(connection):
        yield Kind(kind), slug, order


_NEWEST = Statement(
    sa.select(document_table.c.sort_key)
    .join(listing_table, listing_table.c.document_id == document_table.c.id)
    .where(
        listing_table.c.scope == sa.bindparam("scope"),
        (sa.bindparam("total") - listing_table.c.place) % sa.bindparam("size") == 0,
    )
    .order_by(listing_table.c.place.desc())
)


@remembered
def list_newest(connection: sa.Connection, scope: str, size: int) -> tuple[str, ...]:
    """Return what orders the newest document on each page of a list; one empty text where the list is empty."""
    total = count(connection, scope)
    newest = _NEWEST.values(connection, scope=str(scope), total=total, size=size)
    return tuple(newest) or ("",)


_MEMBERS = Statement(
    sa.select(listing_table.c.document_id)
    .where(
        listing_table.c.scope == sa.bindparam("scope"),
        listing_table.c.place.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(listing_table.c.place.desc())
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
