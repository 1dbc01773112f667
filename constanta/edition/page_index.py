"""The index of an edition's pages, `pages.db`: one row for each, which the site finds and whoever publishes writes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from constanta.edition.pages import Headers, Page, Variant
from constanta.errors import EditionError, sentence

INDEX = "pages.db"

_SCHEMA = """
CREATE TABLE listing (reads BLOB NOT NULL);
CREATE TABLE target (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE headers (id INTEGER PRIMARY KEY, fields TEXT NOT NULL UNIQUE);
CREATE TABLE page (
    path TEXT PRIMARY KEY, language TEXT NOT NULL, headers INTEGER NOT NULL REFERENCES headers, size INTEGER NOT NULL,
    digest BLOB NOT NULL, gzip BLOB NOT NULL, gzip_size INTEGER NOT NULL, br BLOB NOT NULL, br_size INTEGER NOT NULL,
    fragments TEXT NOT NULL, reads BLOB NOT NULL
) WITHOUT ROWID;
"""


class PageIndex:
    """The index of an edition's pages, open for reading by any number of threads."""

    def __init__(self, folder: Path) -> None:
        """Open the index in an edition's folder.

        Raises:
            EditionError: It cannot be read.
        """
        self._folder = folder
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(
                f"{(folder / INDEX).absolute().as_uri()}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
            )
            weakref.finalize(self, self._connection.close)
            # KiB; the system keeps the file in memory anyway.
            self._connection.execute("PRAGMA cache_size = -256")
            self._headers = {
                number: _read_headers(fields)
                for number, fields in self._connection.execute("SELECT id, fields FROM headers")
            }
        except sqlite3.Error as error:
            raise _unreadable(folder, error) from error

    def find(self, path: str) -> Page | None:
        """Return the page with a path, without what it stands on and its fragments; None where there is none.

        Raises:
            EditionError: The index cannot be read any more.
        """
        try:
            with self._lock:
                row = self._connection.execute(_FIND, (path,)).fetchone()
        except sqlite3.Error as error:
            raise _unreadable(self._folder, error) from error
        return _page(row, self._headers) if row else None

    def __iter__(self) -> Iterator[Page]:
        """Yield all pages, ordered by path."""
        return (_page(row, self._headers) for row in self._connection.execute(_ALL))

    def digests(self) -> dict[str, bytes]:
        """Return the SHA-256 of each page's bytes, by path."""
        return dict(self._connection.execute("SELECT path, digest FROM page"))


def _read_headers(fields: str) -> Headers:
    """Return headers as they were stored: a JSON list of pairs."""
    return tuple((name, value) for name, value in json.loads(fields))


def _page(row: Sequence[Any], headers: Mapping[int, Headers]) -> Page:
    path, language, number, size, digest, gzip, gzip_size, br, br_size, fragments, reads = row
    fields = tuple((name, value.replace(_PATH, path)) for name, value in headers[number])
    variants = {"br": Variant(br, br_size), "gzip": Variant(gzip, gzip_size)}
    return Page(path, language, fields, Variant(digest, size), variants, reads, fragments)


@dataclass(frozen=True, slots=True)
class Difference:
    """The paths of the pages that differ between two editions."""

    added: list[str]
    removed: list[str]
    changed: list[str]


def compare_pages(first: Path, second: Path) -> Difference:
    """Return which pages differ between the editions in two folders.

    Raises:
        EditionError: The index of one cannot be read.
    """
    old, new = (_digests(folder) for folder in (first, second))
    return Difference(
        added=sorted(new.keys() - old.keys()),
        removed=sorted(old.keys() - new.keys()),
        changed=sorted(path for path in old.keys() & new.keys() if old[path] != new[path]),
    )


def _digests(folder: Path) -> dict[str, bytes]:
    return PageIndex(folder).digests() if (folder / INDEX).exists() else {}


_PATH = "{path}"
"""Stands in a stored header for the path of the page."""

_COLUMNS = "path, language, headers, size, digest, gzip, gzip_size, br, br_size"
_FIND = f"SELECT {_COLUMNS}, '', x'' FROM page WHERE path = ?"  # noqa: S608
_ALL = f"SELECT {_COLUMNS}, fragments, reads FROM page ORDER BY path"  # noqa: S608


class IndexWriter:
    """Writes the index of an edition that is being built."""

    def __init__(self, folder: Path) -> None:
        """Open the index in an edition's folder; one that is not there yet is made."""
        is_new = not (folder / INDEX).exists()
        self._connection = sqlite3.connect(folder / INDEX, isolation_level=None)
        # It is made of files and written to a folder that nobody reads yet; if anything fails, the folder goes.
        self._connection.execute("PRAGMA journal_mode = OFF")
        self._connection.execute("PRAGMA synchronous = OFF")
        if is_new:
            self._connection.executescript(_SCHEMA)
        self._connection.execute("BEGIN")
        stored = self._connection.execute("SELECT fields, id FROM headers")
        self._numbers: dict[str, int] = dict(stored)

    def read(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield path, language and what it stands on of each page that is there."""
        return self._connection.execute("SELECT path, language, reads FROM page ORDER BY path")

    def read_languages(self) -> Iterator[tuple[str, str]]:
        """Yield path and language of each page that is there."""
        return self._connection.execute("SELECT path, language FROM page ORDER BY path")

    def find(self, names: Sequence[bytes]) -> Iterator[tuple[str, int]]:
        """Yield path, and size of what it stands on, of each page that stands on one of the names with these digests.

        Where the end of one digest and the beginning of the next look like one, there is a page too much.
        """
        found = " OR ".join(["instr(reads, ?)"] * len(names)) or "false"
        return self._connection.execute(f"SELECT path, length(reads) FROM page WHERE {found}", names)  # noqa: S608

    @property
    def listing(self) -> bytes:
        """What the list of all pages stands on."""
        row = self._connection.execute("SELECT reads FROM listing").fetchone()
        return row[0] if row else b""

    @listing.setter
    def listing(self, reads: bytes) -> None:
        self._connection.execute("DELETE FROM listing")
        self._connection.execute("INSERT INTO listing VALUES (?)", (reads,))

    def has_fragments(self, paths: Iterable[str]) -> bool:
        """Return whether a page has links to places on other ones, or they to places on it, as far as `put_targets` was told."""
        return any(self._connection.execute(_LINKED, {"path": path}).fetchone() for path in paths)

    def read_fragments(self) -> Iterator[tuple[str, str]]:
        """Yield each page that has links to places on other ones, and these links, with spaces between them."""
        return self._connection.execute(
            "SELECT path, fragments FROM page WHERE fragments <> '' ORDER BY path"
        )

    def put_targets(self, paths: Iterable[str]) -> None:
        """Remember the pages to which such links lead; it does no harm if none does any more."""
        self._connection.executemany("INSERT OR IGNORE INTO target VALUES (?)", ((path,) for path in paths))

    def remove(self, paths: Iterable[str]) -> None:
        """Take pages out."""
        self._connection.executemany("DELETE FROM page WHERE path = ?", ((path,) for path in paths))

    def put(self, rows: Iterable[Row]) -> None:
        """Put pages in, each as its `make_row`, in the place of those with the same path."""
        self._connection.executemany(
            _PUT, ((path, language, self._number(fields), *rest) for path, language, fields, *rest in rows)
        )

    def digest(self) -> str:
        """Return what changes exactly when any page does."""
        pages = self._connection.execute("SELECT path, digest FROM page ORDER BY path")
        return hashlib.sha256(b"".join([f"{path}\n".encode() + page for path, page in pages])).hexdigest()

    def close(self) -> None:
        """Keep what was written, unless SQLite has given it up: where the disk was full there is nothing to commit."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")
        self._connection.close()

    def _number(self, fields: str) -> int:
        number = self._numbers.get(fields)
        if number is None:
            number = self._numbers[fields] = len(self._numbers) + 1
            self._connection.execute("INSERT INTO headers VALUES (?, ?)", (number, fields))
        return number


_LINKED = """
SELECT 1 FROM page WHERE path = :path AND fragments <> '' UNION ALL SELECT 1 FROM target WHERE path = :path
"""
_PUT = f"INSERT OR REPLACE INTO page ({_COLUMNS}, fragments, reads) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


Row = tuple[Any, ...]
"""What the index holds of a page, but with its headers as JSON in place of their number: it is packed in a third of the time."""


def make_row(page: Page) -> Row:
    """Return what the index holds of a page."""
    gzip, br = page.variants["gzip"], page.variants["br"]
    fields = _write_headers(tuple([(name, _without_path(value, page.path)) for name, value in page.headers]))
    return (
        page.path, page.language, fields, page.plain.size, page.plain.digest,
        gzip.digest, gzip.size, br.digest, br.size, page.fragments, page.reads,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _write_headers(headers: Headers) -> str:
    return json.dumps(headers)


def _without_path(value: str, path: str) -> str:
    return value.removesuffix(path) + _PATH if value.endswith(path) else value


def _unreadable(folder: Path, error: Exception) -> EditionError:
    reason = sentence("The index of pages cannot be read: %(reason)s.", reason=error)
    return EditionError.at(folder / INDEX, None, reason)
