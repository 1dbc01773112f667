"""The order of documents in lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import product

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from constanta.content.records import Document, Kind
from constanta.edition.models import document_table, listing_table, scope_table
from constanta.edition.statement import Statement, execute_many

_LAST = 99_999

Move = tuple[Collection[str], Collection[str]]
"""The lists of a document, before and after."""


def sort_key(document: Document) -> str:
    """Return what orders a document within a list, the lowest first: by its day, then its position, then its slug.

    Lists are read from the end, so a document without any date stands last and position 1 before position 2. No two
    documents have the same key: an area lists publications and projects, which may share a slug.
    """
    return f"{document.ordered_by.isoformat()} {_LAST - document.position:05} {document.slug} {document.kind}"


def scopes_of(document: Document, whole: Iterable[str] = ()) -> list[str]:
    """Return the lists in which a document stands: they depend on nothing but the document and its translations.

    Args:
        document: The document.
        whole: The tags of the languages in which all of it can be read.
    """
    if document.withdrawn:
        return []
    scopes = [f"{area_scope(area)}/named" for area in document.areas]
    if document.kind in {Kind.PUBLICATION, Kind.PROJECT}:
        scopes += [f"{Kind.TOPIC}/{topic}" for topic in document.topics]
    scopes += _browsed_scopes(document)
    return [*scopes, *(whole_scope(scope, lang) for lang in whole for scope in scopes)]


def _browsed_scopes(document: Document) -> list[str]:
    """Return the lists of its kind: all, and of publications each topic and year.

    A document is listed in every year that it covers, but in a topic's list it has one place, and so the one year in
    which that place lies.
    """
    if document.kind is not Kind.PUBLICATION:
        return [document.kind.value]
    topics = [topic_scope(topic) for topic in document.topics]
    lists = [document.kind.value, *topics]
    if document.date:
        lists += [f"{document.kind}/{year}" for year in document.date.years]
        lists += [f"{topic}/{document.ordered_by.isoformat()[:4]}" for topic in topics]
    return lists


def topic_scope(slug: str) -> str:
    """Return the name of the list of a topic's publications."""
    return f"{Kind.PUBLICATION}/topic/{slug}"


def area_scope(slug: str) -> str:
    """Return the name of the list of an area's publications and projects."""
    return f"{Kind.AREA}/{slug}"


def whole_scope(scope: str, lang: str) -> str:
    """Return the name of the part of a list that can be read wholly in a language."""
    return f"in/{lang}/{scope}"


def move_documents(connection: sa.Connection, moves: Mapping[int, Move]) -> None:
    """Take documents, by their ids, out of lists and into others; `number_scopes` gives them their places."""
    left = (
        {"left": scope, "document": number}
        for number, (before, after) in moves.items()
        for scope in dict.fromkeys(before)
        if scope not in after
    )
    entered = (
        {"scope": scope, "document_id": number, "place": 0}
        for number, (before, after) in moves.items()
        for scope in dict.fromkeys(after)
        if scope not in before
    )
    execute_many(connection, _LEAVE, left)
    execute_many(connection, _MOVE_IN, entered)


def enter_documents(connection: sa.Connection) -> None:
    """Put all documents into lists that are still empty, at their places, in one statement."""
    connection.execute(_ENTER)


def gather_areas(connection: sa.Connection, touched: Collection[str]) -> set[str]:
    """Bring the areas' lists up to date: each has the documents of the area's topics and those that name the area.

    So has the part of each that can be read wholly in a language.

    Args:
        connection: The connection.
        touched: The lists and documents that have changed, by their names.

    Returns:
        The lists that may have changed by it.
    """
    named: dict[str, list[str]] = {name: [] for name in touched if _AREA.fullmatch(name)}
    for slug, topics in _AREAS.iterate(connection):
        scope = area_scope(slug)
        named[scope] = [f"{scope}/named", *(f"{Kind.TOPIC}/{topic}" for topic in topics)]
    sources, gathered = dict(named), set[str]()
    languages: Mapping[str, str] = next(iter(_ANY.values(connection)), {})
    for area, names in named.items():
        whole = {whole_scope(area, lang): [whole_scope(name, lang) for name in names] for lang in languages}
        sources |= whole
        lists = {area: names, **whole}
        gathered |= {scope for scope, parts in lists.items() if not {area, *parts}.isdisjoint(touched)}
    for scope in sorted(gathered):  # in any other order the bytes would differ from run to run
        members = sa.select(listing_table.c.document_id).where(listing_table.c.scope.in_(sources[scope]))
        connection.execute(
            sa.delete(listing_table).where(
                listing_table.c.scope == scope, listing_table.c.document_id.not_in(members)
            )
        )
        rows = members.add_columns(sa.literal(scope), sa.literal(0))
        connection.execute(
            insert(listing_table)
            .from_select(["document_id", "scope", "place"], rows)
            .on_conflict_do_nothing()
        )
    return gathered


_AREA = re.compile(rf"{Kind.AREA}/[^/]+")
_AREAS = Statement(
    sa.select(document_table.c.slug, document_table.c.topics).where(document_table.c.kind == Kind.AREA.value)
)
_ANY = Statement(sa.select(document_table.c.available).limit(1))


def number_scopes(connection: sa.Connection, scopes: Iterable[str]) -> None:
    """Count the places of some lists anew."""
    _execute_for(connection, scopes, [_NUMBER])


def count_scopes(connection: sa.Connection, scopes: Iterable[str]) -> None:
    """Count how many documents some lists have; make the indexes if there are none yet."""
    _execute_for(connection, scopes, [_FORGET_SIZES, _COUNT_SIZES])
    for make in _INDEXES:  # rows take three times as long to write where there are indexes already
        connection.execute(make)


def _execute_for(
    connection: sa.Connection, scopes: Iterable[str], statements: Iterable[sa.Executable]
) -> None:
    names = sorted(scopes)
    for statement, start in product(statements, range(0, len(names), _CHUNK)):
        connection.execute(statement, {"names": names[start : start + _CHUNK]})


_CHUNK = 500
"""How many lists a statement is given at once: SQLite binds a limited number of values."""

_names: sa.BindParameter[str] = sa.bindparam("names", expanding=True)
_numbered = (
    sa.select(
        listing_table.c.scope,
        listing_table.c.document_id,
        sa.func.row_number()
        .over(partition_by=listing_table.c.scope, order_by=document_table.c.sort_key)
        .label("number"),
    )
    .join(document_table, document_table.c.id == listing_table.c.document_id)
    .where(listing_table.c.scope.in_(_names))
    .subquery()
)
_NUMBER = (
    sa.update(listing_table)
    .where(
        listing_table.c.scope == _numbered.c.scope,
        listing_table.c.document_id == _numbered.c.document_id,
        listing_table.c.place != _numbered.c.number,
    )
    .values(place=_numbered.c.number)
)
_LEAVE = sa.delete(listing_table).where(
    listing_table.c.scope == sa.bindparam("left"), listing_table.c.document_id == sa.bindparam("document")
)
_scope = sa.func.json_each(document_table.c.scopes).table_valued("value")
_rank = sa.func.dense_rank().over(partition_by=_scope.c.value, order_by=document_table.c.sort_key)
_ENTER = (
    sa.insert(listing_table)
    .prefix_with("OR IGNORE")  # a document that names a list twice stands in it once
    .from_select(
        ["scope", "document_id", "place"],
        sa.select(_scope.c.value, document_table.c.id, _rank).join_from(document_table, _scope, sa.true()),
    )
)
_INDEXES = (
    sa.text("CREATE INDEX IF NOT EXISTS listing_place ON listing (scope, place)"),
    sa.text("CREATE INDEX IF NOT EXISTS listing_document ON listing (document_id)"),
)
_MOVE_IN = sa.insert(listing_table)
_FORGET_SIZES = sa.delete(scope_table).where(scope_table.c.name.in_(_names))
_COUNT_SIZES = sa.insert(scope_table).from_select(
    [scope_table.c.name, scope_table.c.size],
    sa.select(listing_table.c.scope, sa.func.count())
    .where(listing_table.c.scope.in_(_names))
    .group_by(listing_table.c.scope)
    .order_by(listing_table.c.scope),
)
