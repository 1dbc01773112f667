"""Content databases of any number of publications, made without files and Markdown between: building one takes much longer.

Their lists and their index of words are as large as `flask publish` makes them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.content import LANGUAGES, TOPICS
from bench.search import make_database
from constanta.content.records import Document, Kind, parse_partial_date
from constanta.content.renditions import WHOLE
from constanta.edition.listing import (
    count_scopes,
    gather_areas,
    move_documents,
    number_scopes,
    scopes_of,
    sort_key,
)
from constanta.edition.models import document_table, listing_table, open_engine, rendition_table
from constanta.settings import ROOT

AREA = "everything"
_CHUNK = 5000


def make_content(path: Path, documents: int) -> None:
    """Write the content database, unless it is there as this program makes it."""
    made = path.with_name("made-by")
    program = _digest_program()
    if made.exists() and made.read_text() == program:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    print(f"Making a content database of {documents:,} publications …", flush=True)
    make_database(path, documents)
    engine = open_engine(path, writable=True)
    with engine.begin() as connection:
        _add_frames(connection, documents)
        _list_documents(connection)
    engine.dispose()
    made.write_text(program)


def _digest_program() -> str:
    """Return what changes with the code that makes the database."""
    edition = ROOT / "constanta" / "edition"
    files = [edition / "models.py", edition / "listing.py", *sorted((edition / "search").rglob("*.py"))]
    files += [ROOT / "bench" / "content.py", ROOT / "bench" / "search.py", Path(__file__)]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _add_frames(connection: sa.Connection, documents: int) -> None:
    """Add the topics, and an area that has one of them."""
    topics: list[tuple[Kind, str, str, list[str]]] = [
        (Kind.TOPIC, f"topic-{number:02}", f"Topic {number}", []) for number in range(1, TOPICS + 1)
    ]
    area = (Kind.AREA, AREA, "Everything", ["topic-01"])
    for row_id, (kind, slug, title, named) in enumerate([*topics, area], documents + 1):
        states = {lang: "source" if lang == "en" else "missing" for lang in LANGUAGES}
        row = {"id": row_id, "path": f"{kind}/{slug}.md", "kind": kind.value, "slug": slug, "lang": "en"}
        row |= {"sort_key": "", "archived": False, "withdrawn": False, "topics": named, "areas": []}
        connection.execute(
            sa.insert(document_table), {**row, "scopes": [], "available": states, "digest": "synthetic"}
        )
        renditions = [_title(row_id, lang, title, state) for lang, state in states.items()]
        connection.execute(sa.insert(rendition_table), renditions)


def _title(row_id: int, lang: str, title: str, state: str) -> dict[str, Any]:
    shown = None if lang == "en" else "en"
    row = {"document_id": row_id, "lang": lang, "title": title, "title_lang": shown, "title_reason": None}
    return row | {"summary": "", "summary_lang": None, "summary_reason": None, "body": [], "state": state}


def _list_documents(connection: sa.Connection) -> None:
    """Put all documents into their lists, and count the lists."""
    rows = connection.execute(sa.select(document_table.c.id, *_LISTED)).all()
    for start in range(0, len(rows), _CHUNK):
        chunk = {row.id: _document(row) for row in rows[start : start + _CHUNK]}
        states = {row.id: row.available for row in rows[start : start + _CHUNK]}
        scopes = {
            row_id: scopes_of(document, [lang for lang, state in states[row_id].items() if state in WHOLE])
            for row_id, document in chunk.items()
        }
        connection.execute(
            sa.update(document_table).where(document_table.c.id == sa.bindparam("number")),
            [
                {"number": row_id, "sort_key": sort_key(document), "scopes": scopes[row_id]}
                for row_id, document in chunk.items()
            ],
        )
        move_documents(connection, {row_id: ((), lists) for row_id, lists in scopes.items()})
    area = f"{Kind.AREA}/{AREA}"
    gather_areas(connection, {area})
    names = connection.scalars(sa.select(listing_table.c.scope).distinct()).all()
    number_scopes(connection, names)
    count_scopes(connection, names)


_LISTED = (
    document_table.c.kind,
    document_table.c.slug,
    document_table.c.date,
    document_table.c.topics,
    document_table.c.available,
)


def _document(row: Any) -> Document:
    return Document(
        path=Path(),
        kind=Kind(row.kind),
        slug=row.slug,
        lang="en",
        title="",
        date=parse_partial_date(row.date) if row.date else None,
        topics=tuple(row.topics),
    )
