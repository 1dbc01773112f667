"""The index: stems to documents (SQLite's FTS5), and the vocabulary that queries are read with.

Every language has a full-text table of its own, whose rows are documents. The tables are contentless: they hold stems only,
and no text a second time; passages are cut from the stored renditions. A row can be taken out only by giving its words once
more, so they are made from the same stored renditions; `VERSION` stands for how.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from importlib.metadata import version
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from constanta.content.records import Kind
from constanta.edition.models import Base, DocumentRow, RenditionRow
from constanta.edition.search.texts import Texts, gather_texts
from constanta.edition.stemming.languages import spell, stem
from constanta.edition.stemming.latin import make_key
from constanta.edition.stemming.words import split_words

VERSION = f"1-{version('snowballstemmer')}-{unicodedata.unidata_version}"
"""What the words of an index depend on besides the texts; an index of another version is built anew."""


class LanguageRow(Base):
    """A language that documents say anything in, and how many do."""

    __tablename__ = "search_language"

    lang: Mapped[str] = mapped_column(primary_key=True)
    documents: Mapped[int]


class StemRow(Base):
    """A stem of a language, its key for Latin spellings, and in how many documents it stands."""

    __tablename__ = "search_stem"
    __table_args__ = (sa.Index("search_stem_key", "lang", "key"), {"sqlite_with_rowid": False})

    lang: Mapped[str] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    documents: Mapped[int]


class WordRow(Base):
    """A word as it stands in texts of a language, for prefixes; and in how many documents."""

    __tablename__ = "search_word"
    __table_args__ = ({"sqlite_with_rowid": False},)

    lang: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    stem: Mapped[str]
    documents: Mapped[int]


def table_of(lang: str) -> sa.TableClause:
    """Return the full-text table of a language; its last column takes FTS5's own commands and queries."""
    name = f"{_PREFIX}{lang.replace('-', '_').lower()}"
    columns = ("rowid", "title", "summary", "body", name)
    return sa.table(name, *(sa.column(column) for column in columns))


def drop_index(connection: sa.Connection) -> None:
    """Remove the full-text tables, which are not among the tables that SQLAlchemy knows."""
    for name in sa.inspect(connection).get_table_names():
        if name.startswith(_PREFIX):
            connection.execute(sa.text(f"DROP TABLE IF EXISTS {name}"))


_PREFIX = "search_text_"

_RENDITIONS = (
    sa.select(*RenditionRow.__table__.columns)
    .where(RenditionRow.document_id == sa.bindparam("id"))
    .order_by(RenditionRow.lang)
)


class Indexer:
    """Keeps the index in step with the documents of a session; `finish` writes the vocabulary."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._languages: Counter[str] = Counter()
        self._stems: Counter[tuple[str, str]] = Counter()
        self._words: Counter[tuple[str, str]] = Counter()
        self._tables: set[str] = set()

    def add(self, document: DocumentRow) -> None:
        """Take in a document as its renditions are stored."""
        for lang, texts in self._texts(document).items():
            self._make_table(lang)
            self._session.execute(table_of(lang).insert(), self._columns(document.id, lang, texts, 1))

    def remove(self, document: DocumentRow) -> None:
        """Take out a document whose renditions are still stored as they were when it was taken in."""
        for lang, texts in self._texts(document).items():
            table = table_of(lang)
            columns = {table.name: "delete", **self._columns(document.id, lang, texts, -1)}
            self._session.execute(table.insert(), columns)

    def finish(self) -> None:
        """Write how the vocabulary has changed."""
        stems = [
            {"lang": lang, "stem": text, "key": make_key(text), "documents": change}
            for (lang, text), change in self._stems.items()
        ]
        words = [
            {"lang": lang, "word": text, "stem": stem(lang, text), "documents": change}
            for (lang, text), change in self._words.items()
        ]
        languages = [{"lang": lang, "documents": change} for lang, change in self._languages.items()]
        for model, rows in ((LanguageRow, languages), (StemRow, stems), (WordRow, words)):
            if rows:
                _count(self._session, model, rows)

    def _texts(self, document: DocumentRow) -> dict[str, Texts]:
        if document.withdrawn or document.kind == Kind.TOPIC:
            return {}
        rows = self._session.execute(_RENDITIONS, {"id": document.id}).mappings()
        return gather_texts(RenditionRow(**row) for row in rows)

    def _columns(self, number: int, lang: str, texts: Texts, change: int) -> dict[str, int | str]:
        """Return the row of a document, and count its words."""
        fields = [[spell(lang, word.text) for word in split_words(text)] for text in texts.fields]
        stems = {word: stem(lang, word) for word in chain.from_iterable(fields)}
        self._languages[lang] += change
        for word in stems:
            self._words[lang, word] += change
        for found in set(stems.values()):
            self._stems[lang, found] += change
        title, summary, body = (" ".join(stems[word] for word in field) for field in fields)
        return {"rowid": number, "title": title, "summary": summary, "body": body}

    def _make_table(self, lang: str) -> None:
        """Make the full-text table of a language; its tokenizer only splits at spaces, as words are made here."""
        if lang not in self._tables:
            self._session.execute(
                sa.text(
                    f"CREATE VIRTUAL TABLE IF NOT EXISTS {table_of(lang).name} "
                    "USING fts5(title, summary, body, content='', tokenize='ascii')"
                )
            )
            self._tables.add(lang)


def _count(
    session: Session, model: type[LanguageRow | StemRow | WordRow], rows: list[dict[str, Any]]
) -> None:
    """Add to the numbers of documents; what stands in none any more is removed."""
    insert = sqlite.insert(model)
    keys = list(model.__table__.primary_key)
    add = {"documents": model.documents + insert.excluded.documents}
    session.execute(insert.on_conflict_do_update(index_elements=keys, set_=add), rows)
    if any(row["documents"] < 0 for row in rows):
        session.execute(sa.delete(model).where(model.documents <= 0))
