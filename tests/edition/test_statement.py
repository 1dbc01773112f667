"""What SQLAlchemy writes and SQLite executes gives what SQLAlchemy's own execution gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from constanta.edition.models import document_table, metadata, open_engine
from constanta.edition.statement import Statement, execute_many


def make_row(number: int, **changes: object) -> dict[str, object]:
    return {
        "id": number, "path": f"{number}.md", "kind": "publications", "slug": f"s{number}", "lang": "be",
        "sort_key": str(number), "date": None, "original": None, "archived": number % 2 == 0, "withdrawn": False,
        "topics": [f"тэма {number}"], "areas": [], "scopes": [], "available": {"be": "source"}, "digest": "",
        **changes,
    }  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    engine = open_engine(tmp_path / "content.db", writable=True)
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


COLUMNS = (
    document_table.c.id,
    document_table.c.date,
    document_table.c.archived,
    document_table.c.topics,
    document_table.c.available,
)


def test_rows_are_read_as_sqlalchemy_reads_them(connection: sa.Connection) -> None:
    execute_many(connection, sa.insert(document_table), (make_row(number) for number in range(1, 6)))
    select = sa.select(*COLUMNS).where(
        document_table.c.id > sa.bindparam("least"), document_table.c.kind == "publications"
    )
    rows = Statement(select.order_by(document_table.c.id)).rows(connection, least=2)
    assert rows == connection.execute(select, {"least": 2}).all()
    assert [(row.archived, row.topics) for row in rows] == [
        (False, ["тэма 3"]),
        (True, ["тэма 4"]),
        (False, ["тэма 5"]),
    ]


def test_rows_are_written_as_sqlalchemy_writes_them(connection: sa.Connection) -> None:
    execute_many(connection, sa.insert(document_table), [make_row(1), make_row(2, date="2025")])
    ours = connection.exec_driver_sql("SELECT * FROM document ORDER BY id").all()
    connection.execute(sa.delete(document_table))
    connection.execute(sa.insert(document_table), [make_row(1), make_row(2, date="2025")])
    assert connection.exec_driver_sql("SELECT * FROM document ORDER BY id").all() == ours


def test_values_that_stand_in_a_statement_go_with_those_of_each_row(connection: sa.Connection) -> None:
    execute_many(connection, sa.insert(document_table), (make_row(number) for number in range(1, 4)))
    park = sa.update(document_table).where(document_table.c.id == sa.bindparam("old"))
    execute_many(
        connection, park.values(slug=sa.func.printf("#%d", document_table.c.id)), [{"old": 1}, {"old": 3}]
    )
    assert Statement(sa.select(document_table.c.slug).order_by(document_table.c.id)).values(connection) == [
        "#1",
        "s2",
        "#3",
    ]


def test_nothing_is_done_for_no_rows(connection: sa.Connection) -> None:
    execute_many(connection, sa.insert(document_table), iter(()))
    assert Statement(sa.select(document_table.c.id)).rows(connection) == []


def test_a_database_that_cannot_be_read_is_an_error_that_tells_no_values(connection: sa.Connection) -> None:
    connection.exec_driver_sql("DROP TABLE document")
    statement = Statement(sa.select(document_table.c.id).where(document_table.c.slug == sa.bindparam("slug")))
    with pytest.raises(sa.exc.DatabaseError) as caught:
        statement.rows(connection, slug="what a reader looks for")
    assert "what a reader" not in str(caught.value)
    assert isinstance(caught.value.orig, sqlite3.DatabaseError)


@pytest.mark.parametrize("together", [1, 2, 3, 7, 100])
def test_rows_that_are_written_together_are_those_of_one_after_the_other(
    connection: sa.Connection, together: int
) -> None:
    insert = sqlite_insert(document_table)
    add = insert.on_conflict_do_update(
        index_elements=["id"], set_={"digest": document_table.c.digest + insert.excluded.digest}
    )
    rows = [make_row(number % 5, digest=f"{number} ") for number in range(7)]
    execute_many(connection, add, rows, together=together)
    digests = connection.scalars(sa.select(document_table.c.digest).order_by(document_table.c.id)).all()
    assert digests == ["0 5 ", "1 6 ", "2 ", "3 ", "4 "]


def test_rows_of_a_statement_with_values_of_its_own_are_written_one_by_one(connection: sa.Connection) -> None:
    insert = sqlite_insert(document_table)
    mark = insert.on_conflict_do_update(index_elements=["id"], set_={"digest": document_table.c.digest + "!"})
    execute_many(connection, mark, [make_row(number % 2) for number in range(3)], together=100)
    assert connection.scalars(sa.select(document_table.c.digest).order_by(document_table.c.id)).all() == [
        "!",
        "",
    ]
