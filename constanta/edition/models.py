"""The content database: derived from files, disposable, and only read while it is served.

A list is a *scope* (`publications`, `publications/topic/x/2025`, `in/be/publications`, `topics/x`). The place of a document in a scope is
stored, counted from the oldest, so that any page of a list of any length is one index range, and a new publication at
the end moves no other row.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa

from constanta.edition.statement import encode_json

metadata = sa.MetaData()

document_table = sa.Table(
    "document",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # The name of its file within the folder of documents.
    sa.Column("path", sa.String, nullable=False, unique=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("slug", sa.String, nullable=False),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("sort_key", sa.String, nullable=False),
    sa.Column("date", sa.String),
    sa.Column("original", sa.String),
    sa.Column("archived", sa.Boolean, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("available", sa.JSON, nullable=False),
    # Of its files (see `sources`).
    sa.Column("digest", sa.String, nullable=False),
    sa.UniqueConstraint("kind", "slug"),
)
"""What is known of a document in every language, and from what it was built."""

rendition_table = sa.Table(
    "rendition",
    metadata,
    sa.Column("document_id", sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("lang", sa.String, primary_key=True),
    sa.Column("title", sa.String, nullable=False),
    sa.Column("title_lang", sa.String),
    sa.Column("title_reason", sa.String),
    sa.Column("summary", sa.String, nullable=False),
    sa.Column("summary_lang", sa.String),
    sa.Column("summary_reason", sa.String),
    sa.Column("state", sa.String, nullable=False),
    # The last one: SQLite reads all of a long text to find what stands after it.
    sa.Column("body", sa.JSON, nullable=False),
)
"""A document as the pages of one language show it; `*_lang` is null where a text is in that language."""

listing_table = sa.Table(
    "listing",
    metadata,
    sa.Column("scope", sa.String, primary_key=True),
    sa.Column("document_id", sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The place of a document in a scope, from 1 for the oldest; `listing` makes its indexes."""

scope_table = sa.Table(
    "scope",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
)
"""How many documents a scope has, so that no request counts them."""

meta_table = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
"""What the database says of itself: its schema and the languages it was built for."""


def open_engine(path: Path, *, writable: bool = False, immutable: bool = False) -> sa.Engine:
    """Return an engine for a content database.

    Everything in it comes from files, so a writer trades durability for speed; a crash costs a rebuild, never content.
    Where it is immutable, which nobody may write to any more, SQLite locks nothing: a small read takes a third of the time.
    """
    mode = {"mode": "rwc"} if writable else {"mode": "ro", "immutable": f"{immutable:d}"}
    url = sa.URL.create("sqlite", database=path.absolute().as_uri(), query={**mode, "uri": "true"})
    # The parameters may be what a reader looks for; they must not stand in the log of an error.
    engine = sa.create_engine(url, json_serializer=encode_json, hide_parameters=True)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        if writable:
            connection.execute("PRAGMA synchronous = OFF")
        else:
            # KiB: each thread of a worker has a connection of its own, and the system keeps the file in memory anyway.
            connection.execute("PRAGMA cache_size = -256")

    return engine
