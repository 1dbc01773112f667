"""The order of documents in lists."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from constanta.content.records import Document, Kind
from constanta.edition.models import DocumentRow, ListingRow, ScopeRow

_LAST = 99_999


def sort_key(document: Document) -> str:
    """Return what orders a document within a list, the lowest first: by its day, then its position, then its slug.

    Lists are read from the end, so a document without any date stands last and position 1 before position 2.
    """
    return f"{document.ordered_by.isoformat()} {_LAST - document.position:05} {document.slug}"


def scopes_of(document: Document) -> list[str]:
    """Return the lists in which a document stands: they depend on nothing but the document itself."""
    if document.withdrawn:
        return []
    years = document.date.years if document.date and document.kind is Kind.PUBLICATION else ()
    scopes = [document.kind.value, *(f"{document.kind}/{year}" for year in years)]
    scopes += [f"{Kind.AREA}/{area}" for area in document.areas]
    if document.kind in {Kind.PUBLICATION, Kind.PROJECT}:
        scopes += [f"{Kind.TOPIC}/{topic}" for topic in document.topics]
    if document.kind is Kind.PUBLICATION:
        for topic in document.topics:
            scopes.append(topic_scope(topic))
            scopes += [f"{topic_scope(topic)}/{year}" for year in years]
    return scopes


def topic_scope(slug: str) -> str:
    """Return the name of the list of a topic's publications."""
    return f"{Kind.PUBLICATION}/topic/{slug}"


def replace_listing(session: Session, document_id: int, scopes: Iterable[str]) -> None:
    """Put a document into exactly these lists; `number_scopes` gives it its places."""
    session.execute(sa.delete(ListingRow).where(ListingRow.document_id == document_id))
    rows = [{"scope": scope, "document_id": document_id, "place": 0} for scope in dict.fromkeys(scopes)]
    if rows:
        session.execute(sa.insert(ListingRow), rows)


def number_scopes(session: Session, scopes: Iterable[str]) -> None:
    """Count the places of some lists anew, and how many documents each has."""
    for scope in sorted(scopes):
        session.execute(_NUMBER, {"numbered": scope})
        size = session.scalar(sa.select(sa.func.count()).where(ListingRow.scope == scope))
        session.execute(sa.delete(ScopeRow).where(ScopeRow.name == scope))
        if size:
            session.add(ScopeRow(name=scope, size=size))
            session.flush()


_numbered = (
    sa.select(
        ListingRow.document_id,
        sa.func.row_number().over(order_by=DocumentRow.sort_key).label("number"),
    )
    .join(DocumentRow, DocumentRow.id == ListingRow.document_id)
    .where(ListingRow.scope == sa.bindparam("numbered"))
    .subquery()
)
_NUMBER = (
    sa.update(ListingRow)
    .where(
        ListingRow.scope == sa.bindparam("numbered"),
        ListingRow.document_id == _numbered.c.document_id,
        ListingRow.place != _numbered.c.number,
    )
    .values(place=_numbered.c.number)
    .execution_options(synchronize_session=False)
)
