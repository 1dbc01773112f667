"""Reads the subscribers' tables from where an operator finds them: a database, a copy of its file, a dump.

What is read may come from a server in other hands: text is matched, never executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from constanta.errors import NewsletterError, Problem, sentence
from constanta.newsletter.outbox import GIVE_UP_SECONDS
from constanta.newsletter.tables import gone, outbox, subscriber

_SQLITE_MAGIC = b"SQLite format 3\0"
_TABLES = {table.name: table for table in (subscriber, gone, outbox)}
_COPY = re.compile(r'COPY (?:\w+\.)?"?(\w+)"? \(([\w", ]+)\) FROM stdin;')
_INSERT = re.compile(r"INSERT INTO \"?(\w+)\"? VALUES\((.*)\);")

Value = int | bytes | None


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A confirmed subscription as the server has it."""

    id: int
    unsubscribe_hash: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the tables held at one moment.

    Attributes:
        rows: The confirmed subscriptions.
        gone: The last id of each hash of those who left.
        pending: How many subscriptions wait for their confirmation.
        letters: How many letters wait.
        oldest_letter: When the oldest of them was written, in seconds since 1970; None where there is none.
    """

    rows: tuple[SealedRow, ...]
    gone: Mapping[bytes, int]
    pending: int
    letters: int
    oldest_letter: int | None = None


def read_snapshot(source: str) -> Snapshot:
    """Return what `source` holds: an SQLAlchemy URL, a SQLite file, or a plain dump of SQLite or PostgreSQL.

    Raises:
        NewsletterError: It cannot be read.
    """
    snapshot: dict[str, list[Mapping[str, Value]]] = {name: [] for name in _TABLES}
    try:
        for table, row in _read_database(source) if "://" in source else _read_file(Path(source)):
            snapshot[table].append(row)
        return _snapshot(snapshot)
    except (OSError, SQLAlchemyError, ValueError, KeyError, TypeError) as error:
        path = None if "://" in source else Path(source)
        wrong = sentence(
            "The subscribers cannot be read here. Give the address of the database, a copy of the SQLite file, "
            "or a plain dump made by sqlite3 .dump or pg_dump."
        )
        raise NewsletterError(Problem(wrong, path)) from error


def _snapshot(tables: Mapping[str, Iterable[Mapping[str, Value]]]) -> Snapshot:
    confirmed = [row for row in tables["subscriber"] if row["confirm_hash"] is None]
    written = [_int(row["expires_at"]) - GIVE_UP_SECONDS for row in tables["outbox"]]
    return Snapshot(
        tuple(
            SealedRow(_int(row["id"]), _bytes(row["unsubscribe_hash"]), _bytes(row["sealed"]))
            for row in confirmed
        ),
        {_bytes(row["unsubscribe_hash"]): _int(row["last_id"]) for row in tables["gone"]},
        len(list(tables["subscriber"])) - len(confirmed),
        len(written),
        min(written, default=None),
    )


def _read_file(path: Path) -> Iterator[tuple[str, Mapping[str, Value]]]:
    with path.open("rb") as file:
        is_database = file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    if is_database:
        options = {"mode": "ro", "uri": "true"}
        return _read_database(sa.URL.create("sqlite", database=path.absolute().as_uri(), query=options))
    return _read_dump(path.read_text(encoding="utf-8").splitlines())


def _read_database(url: str | sa.URL) -> Iterator[tuple[str, Mapping[str, Value]]]:
    engine = sa.create_engine(url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            for name, table in _TABLES.items():
                for row in connection.execute(sa.select(table)).mappings():
                    yield name, {str(column): value for column, value in row.items()}
    finally:
        engine.dispose()


def _read_dump(lines: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    copied: tuple[str, list[str]] | None = None
    found = False
    for line in lines:
        if copied and line == r"\.":
            copied = None
        elif copied:
            name, columns = copied
            yield name, dict(zip(columns, map(_copied, line.split("\t")), strict=True))
        elif (copy := _COPY.fullmatch(line)) and copy[1] in _TABLES:
            found, copied = True, (copy[1], [column.strip(' "') for column in copy[2].split(",")])
        elif (insert := _INSERT.fullmatch(line)) and insert[1] in _TABLES:
            found, columns = True, list(_TABLES[insert[1]].columns.keys())
            yield insert[1], dict(zip(columns, map(_literal, insert[2].split(",")), strict=True))
        found = found or ("CREATE TABLE" in line and "subscriber" in line)
    if not found:
        raise ValueError("no table of subscribers")


def _copied(text: str) -> Value:
    """Return a value as PostgreSQL's COPY writes it: `\\N`, `\\\\x…` or digits."""
    if text == r"\N":
        return None
    return bytes.fromhex(text[3:]) if text.startswith(r"\\x") else int(text)


def _literal(text: str) -> Value:
    """Return a value as SQLite's .dump writes it: `NULL`, `X'…'` or digits."""
    if text == "NULL":
        return None
    return bytes.fromhex(text[2:-1]) if text[:2] in {"X'", "x'"} else int(text)


def _int(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError("not a number")
    return value


def _bytes(value: Value) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError("not bytes")
    return value
