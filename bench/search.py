"""Measures search over synthetic documents in three languages: how fast answers come, and how large the index is.

.venv/bin/python -m bench.search --documents 100000 --database /tmp/search.db

The database is made on the first run (some minutes for 100,000 documents) and used again afterwards. Queries are what readers
ask: one to three words in any of their forms, from the most frequent words to the rarest, some with the wrong keyboard
layout, in łacinka, cut short, or not there at all.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.content import Story, make_story
from constanta.edition.models import Base, DocumentRow, RenditionRow, open_engine
from constanta.edition.search.index import Indexer

LANGUAGES = ("be", "ru", "en")


def make_database(path: Path, documents: int) -> None:
    """Write a content database with the texts of synthetic documents, without files and Markdown between."""
    engine = open_engine(path, writable=True)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        indexer = Indexer(session)
        for number in range(1, documents + 1):
            row = _add_story(session, number)
            indexer.add(row)
            session.expunge_all()
        indexer.finish()
        session.commit()
    engine.dispose()


def _add_story(session: Session, number: int) -> DocumentRow:
    story = make_story(number)
    document = story.document
    row = DocumentRow(
        id=number,
        path=str(document.path),
        kind=document.kind.value,
        slug=document.slug,
        lang=document.lang,
        sort_key=str(document.date),
        date=str(document.date),
        archived=False,
        withdrawn=False,
        topics=list(document.topics),
        areas=[],
        scopes=[],
        available={document.lang: "source", **story.states},
        stamp="",
        digest="synthetic",
    )
    session.add(row)
    session.flush()
    session.add_all(_rendition(story, number, lang) for lang in LANGUAGES)
    session.flush()
    return row


def _rendition(story: Story, number: int, lang: str) -> RenditionRow:
    """Return a rendition as a build would make it, as far as search looks at it."""
    source = story.document.lang
    state = story.states.get(lang, "source")
    whole = state in {"source", "complete"}
    head = None if whole or state in {"partial", "outdated"} else source
    body = None if whole or state == "outdated" else source
    shown = story.texts[head or lang]
    blocks = story.texts[body or lang].blocks
    attribute = f' lang="{body}"' if body else ""
    html = "\n".join(f"<p{attribute}>{block}</p>" for block in blocks)
    return RenditionRow(
        document_id=number,
        lang=lang,
        title=shown.title,
        title_lang=head,
        summary=shown.summary,
        summary_lang=head,
        body=[{"html": html, "lang": body, "reason": state if body else None}],
        state=state,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search over synthetic documents.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--database", type=Path, default=Path("/tmp/constanta-search.db"))
    options = parser.parse_args()
    if not options.database.exists():
        make_database(options.database, options.documents)


if __name__ == "__main__":
    main()
