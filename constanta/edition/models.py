"""The content database: derived from files, disposable, and only read while it is served.

A list is a *scope* (`publications`, `publications/topic/x/2025`, `in/be/publications`, `topics/x`). The place of a document in a scope is
stored, counted from the oldest, so that any page of a list of any length is one index range, and a new publication at
the end moves no other row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from constanta.edition.statement import encode_json


class Base(DeclarativeBase):
    """The tables of the content database."""


class DocumentRow(Base):
    """What is known of a document in every language, and from what it was built.

    `path` is the name of its file within the folder of documents; `digest` is that of its files (see `sources`).
    """

    __tablename__ = "document"
    __table_args__ = (sa.UniqueConstraint("kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    slug: Mapped[str]
    lang: Mapped[str]
    sort_key: Mapped[str]
    date: Mapped[str | None]
    original: Mapped[str | None]
    archived: Mapped[bool]
    withdrawn: Mapped[bool]
    topics: Mapped[list[str]] = mapped_column(sa.JSON)
    areas: Mapped[list[str]] = mapped_column(sa.JSON)
    scopes: Mapped[list[str]] = mapped_column(sa.JSON)
    available: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    digest: Mapped[str]


class RenditionRow(Base):
    """A document as the pages of one language show it; `*_lang` is null where a text is in that language."""

    __tablename__ = "rendition"

    document_id: Mapped[int] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True
    )
    lang: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    title_lang: Mapped[str | None]
    title_reason: Mapped[str | None]
    summary: Mapped[str]
    summary_lang: Mapped[str | None]
    summary_reason: Mapped[str | None]
    state: Mapped[str]
    # The last one: SQLite reads all of a long text to find what stands after it.
    body: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)


class ListingRow(Base):
    """The place of a document in a scope, from 1 for the oldest; `listing` makes its indexes."""

    __tablename__ = "listing"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(default=0)


class ScopeRow(Base):
    """How many documents a scope has, so that no request counts them."""

    __tablename__ = "scope"

    name: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]


class MetaRow(Base):
    """What the database says of itself: its schema and the languages it was built for."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


def open_engine(path: Path, *, writable: bool = False, immutable: bool = False) -> sa.Engine:
    """Return an engine for a content database.

    Everything in it comes from files, so a writer trades durability for speed; a crash costs a rebuild, never content.
    Where it is immutable, which nobody may write to any more, SQLite locks nothing: a small read takes a third of the time.
    """
    mode = "rwc" if writable else f"ro&immutable={immutable:d}"
    # The parameters may be what a reader looks for; they must not stand in the log of an error.
    engine = sa.create_engine(
        f"sqlite:///file:{path}?mode={mode}&uri=true", json_serializer=encode_json, hide_parameters=True
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        if writable:
            connection.execute("PRAGMA synchronous = OFF")
        else:
            # KiB: each thread of a worker has a connection of its own, and the system keeps the file in memory anyway.
            connection.execute("PRAGMA cache_size = -256")

    return engine
