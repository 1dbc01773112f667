"""A PostgreSQL that stands still: nobody waits for it long, and few do at once."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from constanta.newsletter import database, postgres, turns
from constanta.newsletter.database import Database
from constanta.pages.newsletter import EXTENSION
from tests.newsletter.parts import children, run_postgres

FORM = {"content_type": "application/x-www-form-urlencoded"}
PATH = "/be/newsletter/"


class Stallable:
    """A PostgreSQL of a test's own whose processes can be stopped and go on."""

    def __init__(self, address: str) -> None:
        self.url = address.format("postgres")
        folder = Path(str(sa.make_url(self.url).query["host"]))
        self._pid = int((folder / "data/postmaster.pid").read_text(encoding="ascii").split()[0])
        self._stopped: list[int] = []

    def stop(self) -> None:
        self._stopped = [self._pid, *children(self._pid)]
        for pid in self._stopped:
            os.kill(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        for pid in self._stopped:
            os.kill(pid, signal.SIGCONT)
        self._stopped = []


@pytest.fixture
def stallable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stallable]:
    """A PostgreSQL for which nobody waits longer than a second, and which is asked anew at once."""
    monkeypatch.setattr(postgres, "ANSWER_SECONDS", 1)
    monkeypatch.setattr(database, "_CONNECT_SECONDS", 2)
    with run_postgres() as address:
        server = Stallable(address)
        yield server
        server.go_on()


def sign_up(reader: FlaskClient, number: int = 0) -> int:
    return reader.post(PATH, data={"email": f"reader{number}@people.example"}, **FORM).status_code


def test_a_server_that_stands_still_is_given_up_and_found_again(
    open_app: Callable[..., Flask], stallable: Stallable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_RESPITE_SECONDS", 0)
    app = open_app(stallable.url)
    reader = app.test_client()
    assert sign_up(reader) == 200
    stallable.stop()
    start = time.monotonic()
    response = reader.post(f"{PATH}unsubscribe/{'0' * 48}", **FORM)
    assert response.status_code == 503
    assert "Please try again a little later" in response.text
    # Once for an answer and once for a connection.
    assert time.monotonic() - start < 6
    stallable.go_on()
    assert sign_up(reader, 1) == 200
    with app.extensions[EXTENSION].database.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM subscriber")) == 2


def test_who_comes_later_is_told_at_once_while_one_looks(
    open_app: Callable[..., Flask], stallable: Stallable
) -> None:
    app = open_app(stallable.url)
    assert sign_up(app.test_client()) == 200
    stallable.stop()
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        answers = Counter(pool.map(lambda number: sign_up(app.test_client(), number), range(12)))
    assert answers == {503: 12}
    assert time.monotonic() - start < 6


def test_who_comes_to_a_new_process_does_not_wait_in_turn(
    open_app: Callable[..., Flask], stallable: Stallable
) -> None:
    stallable.stop()
    app = open_app(stallable.url)
    start = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        link = f"{PATH}confirm/{'0' * 48}"
        answers = Counter(pool.map(lambda _: app.test_client().get(link).status_code, range(4)))
    assert answers == {503: 4}
    assert time.monotonic() - start < 8


def test_a_statement_that_nobody_waits_for_ends_on_the_server(stallable: Stallable) -> None:
    own = Database(stallable.url)
    with own.write() as connection:
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "500ms"
    own.close()
