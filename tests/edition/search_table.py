"""What the tests of search share: a database of texts, and the tables of queries with what each must find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from constanta.edition.models import document_table, metadata, open_engine, rendition_table
from constanta.edition.search.find import Answer, search
from constanta.edition.search.index import Entry, Indexer, make_entries
from constanta.edition.search.query import parse_query
from constanta.locales import SITE_LANGUAGES

DATA = Path(__file__).parent.parent / "data" / "search"


@dataclass(frozen=True)
class Writing:
    """A document in one language: its title, summary and body, and the dictionary forms of its words."""

    texts: tuple[str, ...]
    lemmas: frozenset[str]


@dataclass(frozen=True)
class Table:
    """The documents and queries of a language; a query names the dictionary forms of what is looked for."""

    documents: tuple[Writing, ...]
    queries: Mapping[str, frozenset[str]]

    def relevant(self, query: str) -> set[int]:
        """Return the numbers, from 1, of the documents that a query must find."""
        wanted = self.queries[query]
        return {number for number, document in enumerate(self.documents, 1) if wanted <= document.lemmas}


def read_table(lang: str) -> Table:
    """Return the table in `tests/data/search/<lang>.txt`."""
    text = (DATA / f"{lang}.txt").read_text(encoding="utf-8")
    _, documents, queries = text.replace("[queries]", "[documents]").split("[documents]\n")[-3:]
    return Table(
        tuple(
            Writing(tuple(part.strip() for part in left.split(" | ")), frozenset(right.split()))
            for left, right in _lines(documents)
        ),
        {left: frozenset(right.split()) for left, right in _lines(queries)},
    )


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            left, _, right = line.rpartition(" =")
            yield left.strip(), right


class Shelf:
    """A content database that is filled without files."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(folder / "content.db", writable=True)
        metadata.create_all(self.engine)

    def put(self, lang: str, documents: Iterable[tuple[str, ...]]) -> None:
        """Put in documents that are in one language only: title, summary and body each."""
        with self.engine.begin() as connection:
            indexer = Indexer(connection)
            first = (connection.scalar(sa.select(sa.func.max(document_table.c.id))) or 0) + 1
            for number, texts in enumerate(documents, first):
                indexer.add(number, add_document(connection, number, lang, *texts))
            indexer.finish()

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        """Open it for reading."""
        with self.engine.connect() as connection:
            yield connection

    def search(self, typed: str, *languages: str, number: int = 1, size: int = 100) -> Answer:
        """Return what is found, for readers of the first language."""
        with self.open() as connection:
            answer = search(connection, parse_query(typed), languages, number, size)
        assert answer is not None
        return answer

    def find(self, typed: str, *languages: str) -> list[int]:
        """Return the numbers of the documents that are found, in their order."""
        return [
            int(result.card.slug.removeprefix("document-"))
            for group in self.search(typed, *languages).groups
            for result in group.results
        ]


def add_document(
    connection: sa.Connection, number: int, lang: str, title: str, summary: str = "", body: str = ""
) -> list[Entry]:
    """Store a document, with a rendition in each language of the site that shows it as it is; return its entries."""
    document = {
        "id": number,
        "path": f"publications/document-{number}.md",
        "kind": "publications",
        "slug": f"document-{number}",
        "lang": lang,
        "sort_key": f"2025-01-01 {number:05}",
        "archived": False,
        "withdrawn": False,
        "topics": [],
        "areas": [],
        "scopes": [],
        "available": {shown: "source" if shown == lang else "missing" for shown in SITE_LANGUAGES},
        "digest": "",
    }
    renditions = [_rendition(shown, lang, title, summary, body) for shown in SITE_LANGUAGES]
    connection.execute(sa.insert(document_table), document)
    connection.execute(sa.insert(rendition_table), [{"document_id": number, **row} for row in renditions])
    return make_entries(document, renditions)


def _rendition(shown: str, lang: str, title: str, summary: str, body: str) -> dict[str, Any]:
    source = None if shown == lang else lang
    reason = "missing" if source else None
    attribute = f' lang="{source}"' if source else ""
    return {
        "lang": shown,
        "title": title,
        "title_lang": source,
        "title_reason": reason,
        "summary": summary,
        "summary_lang": source,
        "summary_reason": reason,
        "body": [{"html": f"<p{attribute}>{body}</p>", "lang": source, "reason": reason}],
        "state": "missing" if source else "source",
    }
