"""Statements for the content database that go to SQLite itself, once SQLAlchemy has written them.

SQLAlchemy's execution takes ten times as long as SQLite's: a page is made of several reads, an edition of many rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.compiler import SQLCompiler

encode_json = json.JSONEncoder(ensure_ascii=False).encode
"""Return a value as JSON: a Cyrillic letter as an escape would be three times as long."""

_DIALECT = sqlite_dialect(paramstyle="named")
_BY_PLACE = sqlite_dialect(paramstyle="qmark", json_serializer=encode_json)
"""Finding each value by its name takes as long as writing a small row."""


class Statement:
    """A SELECT, with a name for each column, that gives rows as SQLAlchemy does; its values are numbers and texts.

    Args:
        select: The SELECT. None of its parameters may expand (`IN`): give a list as JSON, and read it with `json_each`.
    """

    def __init__(self, select: sa.Select[*tuple[Any, ...]]) -> None:
        self._select = select

    def rows(self, connection: sa.Connection, **values: str | int) -> list[Any]:
        """Return the rows, named tuples.

        Raises:
            DatabaseError: The database cannot be read.
        """
        return list(self.iterate(connection, **values))

    def values(self, connection: sa.Connection, **values: str | int) -> list[Any]:
        """Return the first column of the rows."""
        return [row[0] for row in self.iterate(connection, **values)]

    def iterate(self, connection: sa.Connection, **values: str | int) -> Iterator[Any]:
        """Yield the rows as they are read."""
        sql, given = self._compiled
        try:
            found = connection.connection.cursor().execute(sql, {**given, **values})
            yield from map(self._make_row, found)
        except sqlite3.DatabaseError as error:
            raise sa.exc.DatabaseError(sql, None, error, hide_parameters=True) from error

    @cached_property
    def _compiled(self) -> tuple[str, Mapping[str, Any]]:
        """Return the text, and the values that stand in the statement itself."""
        compiled = self._select.compile(dialect=_DIALECT)
        return str(compiled), _own_values(compiled)

    @cached_property
    def _make_row(self) -> Callable[[tuple[Any, ...]], Any]:
        """Return what makes a row of what SQLite gives, which knows neither truth values nor JSON."""
        columns = self._select.selected_columns
        row = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        found = [(place, column.type.dialect_impl(_DIALECT)) for place, column in enumerate(columns)]
        readers = [(place, kind.result_processor(_DIALECT, None)) for place, kind in found]
        needed = [(place, read) for place, read in readers if read is not None]
        if not needed:
            return row._make

        def make(values: tuple[Any, ...]) -> Any:
            changed = list(values)
            for place, read in needed:
                changed[place] = read(changed[place])
            return row._make(changed)

        return make


def execute_many(
    connection: sa.Connection,
    statement: sa.UpdateBase,
    rows: Iterable[Mapping[str, Any]],
    *,
    together: int = 1,
) -> None:
    """Execute an INSERT, UPDATE or DELETE once for each of some rows, which all have the same names.

    The rows may be made while they are written.

    Args:
        connection: A connection to SQLite.
        statement: The statement.
        rows: The rows.
        together: How many rows an INSERT takes at once, unless it has values of its own: 100 small ones take half the time.

    Raises:
        sqlite3.Error: SQLite refuses.
    """
    left = iter(rows)
    first = next(left, None)
    if first is None:
        return
    sql, take, writers, given = _compile_for_rows(statement, tuple(first))
    every: Iterable[Mapping[str, Any]] = chain([first], left)
    if writers or given:
        every = (
            {**given, **row, **{name: write(row[name]) for name, write in writers.items()}} for row in every
        )
    cursor: Any = connection.connection.cursor()  # SQLite's takes an iterator, other drivers' need a list
    values = map(take, every)
    if together == 1 or given:
        cursor.executemany(sql, values)
        return
    width = len(first)
    while some := tuple(chain.from_iterable(islice(values, together))):
        cursor.execute(_repeat(sql, width, len(some) // width), some)


@lru_cache(maxsize=32)
def _repeat(sql: str, width: int, rows: int) -> str:
    """Return an INSERT of one row of some width for several rows."""
    row = f"({', '.join('?' * width)})"
    return sql.replace(f"VALUES {row}", f"VALUES {', '.join([row] * rows)}")


@lru_cache(maxsize=32)
def _compile_for_rows(
    statement: sa.UpdateBase, columns: Sequence[str]
) -> tuple[str, Callable[[Mapping[str, Any]], Any], Mapping[str, Callable[[Any], Any]], Mapping[str, Any]]:
    """Return the text, what takes a row's values in order, what prepares some of them, and the statement's own values.

    To compile a statement takes as long as to write a hundred rows: one that is used again and again should be one object.
    """
    compiled = statement.compile(dialect=_BY_PLACE, column_keys=list(columns))
    kinds = {name: value.type.dialect_impl(_BY_PLACE) for name, value in compiled.binds.items()}
    found = {name: kind.bind_processor(_BY_PLACE) for name, kind in kinds.items()}
    writers = {name: write for name, write in found.items() if write is not None and name in columns}
    names: Sequence[str] = compiled.positiontup or ()
    take = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    return str(compiled), take, writers, _own_values(compiled)


def _own_values(compiled: SQLCompiler) -> Mapping[str, Any]:
    """Return the values that stand in a statement itself."""
    return {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
