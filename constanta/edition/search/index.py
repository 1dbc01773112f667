"""The index: stems to documents (SQLite's FTS5), and the vocabulary that queries are read with.

Every language has a full-text table of its own, whose rows are documents. The tables are contentless: they hold stems only,
and no text a second time; passages are cut from the stored renditions. A row can be taken out only by giving its words once
more, so they are made from the same stored renditions; `VERSION` stands for how.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from itertools import chain
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from constanta.content.records import Kind
from constanta.edition.models import metadata
from constanta.edition.search.texts import Texts, gather_texts
from constanta.edition.statement import execute_many
from constanta.edition.stemming.languages import read_words
from constanta.edition.stemming.latin import make_key
from constanta.edition.stemming.words import list_words

VERSION = f"{version('pystemmer')}-{unicodedata.unidata_version}"
"""What the words of an index depend on besides the texts and the program; an index of another version is built anew."""


language_table = sa.Table(
    "search_language",
    metadata,
    sa.Column("lang", sa.String, primary_key=True),
    sa.Column("documents", sa.Integer, nullable=False),
)
"""A language that documents say anything in, and how many do."""

stem_table = sa.Table(
    "search_stem",
    metadata,
    sa.Column("lang", sa.String, primary_key=True),
    sa.Column("stem", sa.String, primary_key=True),
    sa.Column("key", sa.String, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
    # With all that is read by a key in the index, SQLite prefers it to looking through a whole language.
    sa.Index("search_stem_key", "lang", "key", "documents"),
    sqlite_with_rowid=False,
)
"""A stem of a language, its key for Latin spellings, and in how many documents it stands."""

word_table = sa.Table(
    "search_word",
    metadata,
    sa.Column("lang", sa.String, primary_key=True),
    sa.Column("word", sa.String, primary_key=True),
    sa.Column("stem", sa.String, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""A word as it stands in texts of a language, for prefixes; and in how many documents."""


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

_COUNTED = "search_counted"
"""A table that SQLite makes of what it has counted, as long as it is read."""


class Entry(NamedTuple):
    """What the index holds of a document in one language; a tuple, because thousands go from one process to another.

    Attributes:
        lang: The tag of the language.
        fields: The title, the summary and the body, each as stems with spaces between them.
        words: Its words, a line each: the word, a space, and its stem. (One long text is sent far faster than many words.)
    """

    lang: str
    fields: tuple[str, str, str]
    words: str


def make_entries(document: Mapping[str, Any], renditions: Iterable[Mapping[str, Any]]) -> list[Entry]:
    """Return what the index holds of a document, from what is stored of it and of its renditions."""
    if document["withdrawn"] or document["kind"] == Kind.TOPIC:
        return []
    texts = gather_texts(sorted(renditions, key=lambda rendition: str(rendition["lang"])))
    return [_make_entry(lang, text) for lang, text in texts.items()]


def _make_entry(lang: str, texts: Texts) -> Entry:
    words = [list_words(text) for text in texts.fields]
    known = _READER.read(lang, chain.from_iterable(words))
    fields = [[known[word] for word in field] for field in words]
    stems = dict(chain.from_iterable(fields))
    stems.pop("", None)
    title, summary, body = (" ".join([stemmed for _, stemmed in field if stemmed]) for field in fields)
    return Entry(lang, (title, summary, body), "\n".join(map(" ".join, stems.items())))


class _Reader:
    """Reads words of texts, which have the same ones again and again; what readers look for is never remembered."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, tuple[str, str]]] = {}

    def read(self, lang: str, words: Iterable[str]) -> Mapping[str, tuple[str, str]]:
        """Return at least these words of a language, each as the index spells it and with its stem."""
        known = self._known.setdefault(lang, {})
        if len(known) > _MOST_READ:
            known = self._known[lang] = {}
        new = list(set(words).difference(known))
        known.update(zip(new, read_words(lang, new), strict=True))
        return known


_MOST_READ = 20_000
"""After how many words of a language they are forgotten, so that a process holds a few megabytes of them."""

_READER = _Reader()


class Indexer:
    """Keeps the index in step with the documents of a database; `finish` writes what has come and the vocabulary.

    Args:
        connection: Where the database is written.
        is_new: Whether no document is indexed yet. Then SQLite counts the stems, in a third of the time.

    Attributes:
        connection: The same; what is left for `finish` may go through another one.
    """

    def __init__(self, connection: sa.Connection, *, is_new: bool = False) -> None:
        self.connection = connection
        self._is_new = is_new
        self._languages: Counter[str] = Counter()
        self._stems: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._words: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._rows: dict[str, list[dict[str, int | str]]] = {}
        self._has_removed = False

    def add(self, document_id: int, entries: Iterable[Entry]) -> None:
        """Take in a document."""
        for entry in entries:
            rows = self._rows.setdefault(entry.lang, [])
            rows.append(_row(document_id, entry))
            self._languages[entry.lang] += 1
            lines = _lines(entry.words)
            self._words[entry.lang].update(lines)
            if not self._is_new:
                self._stems[entry.lang].update(_stems_of(lines))
            if len(rows) >= _BATCH:
                self._write(entry.lang, rows)
            if len(self._words[entry.lang]) >= _MOST_WORDS:
                self._count_words(entry.lang)

    def remove(self, document_id: int, entries: Iterable[Entry]) -> None:
        """Take out a document, of which these are the entries that were taken in."""
        self._has_removed = True
        for entry in entries:
            table = table_of(entry.lang)
            self.connection.execute(table.insert(), {table.name: "delete", **_row(document_id, entry)})
            self._languages[entry.lang] -= 1
            lines = _lines(entry.words)
            self._words[entry.lang].subtract(lines)
            self._stems[entry.lang].subtract(_stems_of(lines))

    def finish(self) -> None:
        """Write what was taken in, and how the vocabulary has changed."""
        for lang, rows in self._rows.items():
            if rows:
                self._write(lang, rows)
        languages = ({"lang": lang, "documents": change} for lang, change in self._languages.items())
        _count(self.connection, language_table, languages)
        for lang in sorted(self._words):
            self._count_words(lang)
        if self._is_new:
            for lang in sorted(self._languages):
                _count(self.connection, stem_table, self._count_stems(lang))
        if self._has_removed:
            self.connection.execute(sa.delete(language_table).where(language_table.c.documents <= 0))

    def _count_words(self, lang: str) -> None:
        """Write how the vocabulary of a language has changed."""
        stems, words = self._stems.pop(lang, Counter()), self._words.pop(lang)
        stem_rows = (
            {"lang": lang, "stem": text, "key": make_key(text), "documents": change}
            for text in sorted(stems)
            if (change := stems[text])
        )
        word_rows = (
            {"lang": lang, "word": text, "stem": stemmed, "documents": change}
            for line in sorted(words)
            if (change := words[line])
            for text, _, stemmed in [line.partition(" ")]
        )
        _count(self.connection, stem_table, stem_rows)
        _count(self.connection, word_table, word_rows)
        if self._has_removed:
            _forget(self.connection, stem_table, lang, (text for text, change in stems.items() if change < 0))
            lines = (line for line, change in words.items() if change < 0)
            _forget(self.connection, word_table, lang, (line.partition(" ")[0] for line in lines))

    def _count_stems(self, lang: str) -> Iterator[dict[str, str | int]]:
        """Yield the stems of a language, in their order, as its full-text table counts them (FTS5, 5)."""
        name = table_of(lang).name
        make = f"CREATE VIRTUAL TABLE temp.{_COUNTED} USING fts5vocab(main, {name}, row)"
        self.connection.execute(sa.text(make))
        for stem, documents in self.connection.execute(sa.text(f"SELECT term, doc FROM {_COUNTED}")):  # noqa: S608
            yield {"lang": lang, "stem": stem, "key": make_key(stem), "documents": documents}
        self.connection.execute(sa.text(f"DROP TABLE temp.{_COUNTED}"))

    def _write(self, lang: str, rows: list[dict[str, int | str]]) -> None:
        """Write rows into the table of a language; its tokenizer only splits at spaces, as words are made here."""
        make = (
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {table_of(lang).name} "
            "USING fts5(title, summary, body, content='', tokenize='ascii')"
        )
        self.connection.execute(sa.text(make))
        execute_many(self.connection, table_of(lang).insert(), rows)
        rows.clear()


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


def _stems_of(lines: Iterable[str]) -> set[str]:
    return {stemmed for line in lines if (stemmed := line.partition(" ")[2])}


def _row(document_id: int, entry: Entry) -> dict[str, int | str]:
    title, summary, body = entry.fields
    return {"rowid": document_id, "title": title, "summary": summary, "body": body}


_BATCH = 500
"""How many documents of a language are kept in memory before they are written."""

_MOST_WORDS = 30_000
"""After how many different words of a language their numbers are written."""


def _count(connection: sa.Connection, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
    """Add to the numbers of documents."""
    execute_many(connection, _add_to(table), rows, together=100)


@cache
def _add_to(table: sa.Table) -> sqlite.Insert:
    insert = sqlite.insert(table)
    keys = list(table.primary_key)
    add = {"documents": table.c.documents + insert.excluded.documents}
    return insert.on_conflict_do_update(index_elements=keys, set_=add)


def _forget(connection: sa.Connection, table: sa.Table, lang: str, texts: Iterable[str]) -> None:
    """Take out those of some stems or words of a language that stand in no document any more."""
    rows = ({"of": lang, "text": text} for text in texts)
    execute_many(connection, _forget_from(table), rows)


@cache
def _forget_from(table: sa.Table) -> sa.Delete:
    of, text = table.primary_key
    return sa.delete(table).where(
        of == sa.bindparam("of"), text == sa.bindparam("text"), table.c.documents <= 0
    )
