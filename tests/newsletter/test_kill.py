"""Processes killed at random moments lose no acknowledged signup. At full size: make newsletter-kill."""

from __future__ import annotations

import http.client
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller

from constanta.settings import Settings
from tests.newsletter.children import Child, run_worker, serve_site
from tests.newsletter.parts import Postbox, free_port, size

ROUNDS = size(full=200, small=5)
CLIENTS = 3
PATIENCE_SECONDS = 60
HANDFUL = 10
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Load:
    """Clients that sign up one address after the other, each until it is acknowledged."""

    port: int
    stop: Event = field(default_factory=Event)
    acknowledged: list[str] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)

    def run(self, client: int) -> None:
        number = 0
        while not self.stop.is_set():
            email = f"client{client}-{number}@people.example"
            self.attempts[email] += 1
            if self._sign_up(email):
                self.acknowledged.append(email)
                number += 1
            else:
                self.stop.wait(0.01)

    def _sign_up(self, email: str) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("POST", "/be/newsletter/", urlencode({"email": email}), HEADERS)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass
class Mails:
    """A mail server that goes down and comes up again at the same port."""

    postbox: Postbox = field(default_factory=Postbox)
    port: int = field(default_factory=free_port)
    controller: Controller | None = None

    def up(self) -> None:
        if not self.controller:
            self.controller = Controller(self.postbox, hostname="127.0.0.1", port=self.port)
            self.controller.start()

    def down(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None


@pytest.fixture
def mails() -> Iterator[Mails]:
    mails = Mails()
    mails.up()
    yield mails
    mails.down()


def change_mood(draw: random.Random, postbox: Postbox) -> None:
    postbox.drop = draw.choice(["", "", "", "MAIL", "RCPT"])
    postbox.rcpt = draw.choice(["250 OK", "250 OK", "250 OK", "451 later"])


def test_every_acknowledged_signup_gets_its_mail(mails: Mails, settings: Settings, sqlite_url: str) -> None:
    postbox = mails.postbox
    settings = replace(settings, newsletter=replace(settings.newsletter, smtp_port=mails.port))
    draw = random.Random(ROUNDS)
    port = free_port()
    site, worker = Child(serve_site, (settings, port)), Child(run_worker, (settings,))
    site.start()
    worker.start()
    load = Load(port)
    clients = [Thread(target=load.run, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for number in range(ROUNDS):
        if number % 4:
            wait_for_load(load)  # every fourth kill may hit a process that is just starting
        time.sleep(draw.uniform(0, 0.2))  # the moment of the kill is what is tested
        victims = draw.choice([[site], [worker], [site, worker]])
        for victim in victims:
            victim.kill()
        change_mood(draw, postbox)
        if number % 10 == 5:
            mails.down()
        for victim in victims:
            victim.start()
        if number % 10 == 9:
            mails.up()
    load.stop.set()
    for client in clients:
        client.join()
    postbox.drop, postbox.rcpt = "", "250 OK"
    mails.up()
    wait_until_empty(sqlite_url.removeprefix("sqlite:///"))
    for child in (site, worker):
        child.kill()
    report(load, postbox)
    assert set(load.acknowledged) <= set(postbox.recipients)
    assert integrity(Path(sqlite_url.removeprefix("sqlite:///"))) == "ok"


def report(load: Load, postbox: Postbox) -> None:
    """Judge duplicates, and say what happened (shown by pytest -s)."""
    ids = Counter(str(mail["Message-ID"]) for mail in postbox.parsed())
    twice = sum(count - 1 for count in ids.values())
    per_address = Counter(
        str(mail["To"]) for mail in {str(m["Message-ID"]): m for m in postbox.parsed()}.values()
    )
    print(  # noqa: T201
        f"\n{ROUNDS} kills: {len(load.acknowledged)} signups acknowledged, {len(ids)} letters delivered, "
        f"{twice} of them twice; {sum(load.attempts.values()) - len(load.acknowledged)} attempts failed"
    )
    assert all(count <= load.attempts[email] for email, count in per_address.items())
    assert twice <= HANDFUL
    assert len(load.acknowledged) > ROUNDS, "there was no load to speak of"


def wait_for_load(load: Load) -> None:
    """Wait until one more signup is acknowledged, however slow the machine is."""
    before, deadline = len(load.acknowledged), time.monotonic() + PATIENCE_SECONDS
    while len(load.acknowledged) == before:
        assert time.monotonic() < deadline, "the site acknowledges nothing"
        time.sleep(0.002)


def wait_until_empty(database: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    with closing(sqlite3.connect(database, timeout=10, isolation_level=None)) as connection:
        while connection.execute("SELECT count(*) FROM outbox").fetchone()[0]:
            assert time.monotonic() < deadline, "letters still wait"
            # Hours pass: what was put off after many failures is due.
            connection.execute("UPDATE outbox SET due_at = 0 WHERE lease IS NULL")
            time.sleep(0.05)


def integrity(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
