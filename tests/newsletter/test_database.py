from __future__ import annotations

import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from constanta.newsletter.database import HEAD, Database
from constanta.newsletter.migrate import MIGRATIONS
from constanta.newsletter.tables import metadata, subscriber


def test_the_migrations_make_the_tables_that_the_code_uses(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_the_newest_migration_is_the_one_that_is_checked_for() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_an_up_to_date_database_costs_no_import_of_alembic(sqlite_url: str) -> None:
    with Database(sqlite_url).write():
        pass
    code = (
        "import sys; from constanta.newsletter.database import Database\n"
        "with Database(sys.argv[1]).read(): sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, sqlite_url], check=False).returncode == 0


def test_many_that_start_together_upgrade_once(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(8)]

    def count(database: Database) -> int | None:
        with database.write() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(subscriber))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(count, databases)) == [0] * 8
    for database in databases:
        database.close()


def test_sqlite_commits_durably_and_deletes_for_good(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "temp_store", "trusted_schema")
        }
    database.close()
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "temp_store": 2,
        "trusted_schema": 0,
    }


def test_sqlite_files_are_for_their_owner_alone(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.write() as connection:
        connection.execute(sa.insert(subscriber).values(unsubscribe_hash=b"x" * 32, sealed=b"y"))
    folder = Path(str(database.url.database)).parent
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob("subscribers*")}
    database.close()
    assert set(modes.values()) == {0o600}
    assert "subscribers.sqlite-wal" in modes


def test_a_transaction_that_fails_leaves_nothing(database_url: str) -> None:
    database = Database(database_url)
    row = {"unsubscribe_hash": b"x" * 32, "sealed": b"y"}

    def fail() -> None:
        with database.write() as connection:
            connection.execute(sa.insert(subscriber).values(row))
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail()
    with database.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(subscriber)) == 0
    database.close()


def test_errors_name_no_values(database_url: str) -> None:
    database = Database(database_url)
    row = {"unsubscribe_hash": b"x" * 32, "sealed": b"reader@people.example"}
    with pytest.raises(sa.exc.IntegrityError) as error, database.write() as connection:
        connection.execute(sa.insert(subscriber).values([row, row]))
    database.close()
    assert "people" not in str(error.value)
