from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from constanta.errors import NewsletterError
from constanta.newsletter.service import Newsletter
from constanta.newsletter.sources import Snapshot, read_snapshot
from tests.newsletter.parts import postgres_program
from tests.newsletter.test_service import sign_up


@pytest.fixture
def filled(newsletter: Newsletter) -> Newsletter:
    """Two confirmed rows, one who left, one pending row, one letter."""
    for name in ("a", "b", "left"):
        confirm, unsubscribe = sign_up(newsletter, f"{name}@people.example")
        newsletter.confirm(confirm)
    newsletter.unsubscribe(unsubscribe)
    newsletter.sign_up("late@people.example", "be", "192.0.2.1")
    return newsletter


def url_of(newsletter: Newsletter) -> str:
    return newsletter.database.url.render_as_string(hide_password=False)


def dump(newsletter: Newsletter) -> str:
    url = newsletter.database.url
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            return "\n".join(connection.iterdump())
    command = [postgres_program("pg_dump"), "-U", "postgres", "-h", str(url.query["host"])]
    done = subprocess.run([*command, str(url.database)], check=True, capture_output=True, text=True)
    return done.stdout


def shape(snapshot: Snapshot) -> tuple[int, int, int, int]:
    return len(snapshot.rows), len(snapshot.gone), snapshot.pending, snapshot.letters


def test_a_database_is_read_where_it_is(filled: Newsletter) -> None:
    assert shape(read_snapshot(url_of(filled))) == (2, 1, 1, 1)


def test_a_dump_gives_the_same_as_the_database(filled: Newsletter, tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    path.write_text(dump(filled), encoding="utf-8")
    assert read_snapshot(str(path)) == read_snapshot(url_of(filled))


@pytest.mark.parametrize("name", ["copy", "copy #2", "copy?mode=x", "копія%23.sqlite"])
def test_a_copy_of_the_sqlite_file_gives_the_same(filled: Newsletter, tmp_path: Path, name: str) -> None:
    if filled.database.url.get_backend_name() == "postgresql":
        return
    with closing(sqlite3.connect(str(filled.database.url.database))) as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / name),))
    assert read_snapshot(str(tmp_path / name)) == read_snapshot(url_of(filled))


def test_an_empty_dump_of_our_tables_is_read(newsletter: Newsletter, tmp_path: Path) -> None:
    newsletter.purge()
    (tmp_path / "dump.sql").write_text(dump(newsletter), encoding="utf-8")
    assert shape(read_snapshot(str(tmp_path / "dump.sql"))) == (0, 0, 0, 0)


def test_a_dump_is_never_executed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (tmp_path / "dump.sql").write_text(
        f"CREATE TABLE subscriber (id);\nATTACH '{victim}' AS v;\nCREATE TABLE v.x (y);\n"
    )
    assert shape(read_snapshot(str(tmp_path / "dump.sql"))) == (0, 0, 0, 0)
    assert not victim.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "PGDMP\x01",
        "INSERT INTO subscriber VALUES(1,2);",
        "INSERT INTO subscriber VALUES(x,NULL,X'00',X'00',NULL);",
        "INSERT INTO subscriber VALUES(1,NULL,NULL,NULL,NULL);",
        "COPY public.subscriber (id) FROM stdin;\n1\t2\n\\.",
        "COPY public.gone (unsubscribe_hash, last_id, day) FROM stdin;\n\\N\t1\t1\n\\.",
    ],
)
def test_what_is_no_source_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "dump.sql").write_text(text)
    with pytest.raises(NewsletterError, match="cannot be read here"):
        read_snapshot(str(tmp_path / "dump.sql"))


@pytest.mark.parametrize(
    "source", ["/nowhere", "nonsense://x", "sqlite:////nowhere/x", "postgresql://@/x?host=/x"]
)
def test_a_source_that_is_away_is_told_without_its_password(source: str) -> None:
    with pytest.raises(NewsletterError, match="cannot be read here"):
        read_snapshot(source)


def test_pulling_changes_nothing_in_the_database(filled: Newsletter) -> None:
    if filled.database.url.get_backend_name() == "postgresql":
        return
    path = Path(str(filled.database.url.database))
    with filled.database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    before = path.read_bytes(), Path(f"{path}-wal").stat().st_size
    read_snapshot(str(path))
    assert (path.read_bytes(), Path(f"{path}-wal").stat().st_size) == before
    assert sa.inspect(filled.database.engine).has_table("subscriber")
