"""The site, its worker and what counts signups, as processes of their own, to be killed."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Barrier, Event
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from constanta.cli.newsletter import compose_in_context
from constanta.factory import create_app
from constanta.newsletter.delivery import watch
from constanta.newsletter.limits import Limits, NodeLimits
from constanta.newsletter.outbox import Outbox
from constanta.newsletter.runtime import outbox_identity
from constanta.newsletter.service import Newsletter, Office
from constanta.newsletter.shared_limits import open_shared_limits
from constanta.newsletter.transport import SmtpTransport
from constanta.pages.newsletter import EXTENSION
from constanta.settings import Settings

NOON = 1_800_014_400 // 86_400 * 86_400 + 43_200
# A server that has imported everything forks each child in a few milliseconds.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.newsletter.children"])


class Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Log nothing: the tests make thousands of requests."""


def serve_site(settings: Settings, port: int) -> None:
    app = create_app(settings)
    make_server("127.0.0.1", port, app, threaded=True, request_handler=Silent).serve_forever()


def run_worker(settings: Settings) -> None:
    app = create_app(settings)
    newsletter: Newsletter = app.extensions[EXTENSION]
    office = newsletter.office
    runtime = settings.newsletter.runtime
    assert runtime is not None
    # Leases and pauses of seconds, so that the test need not wait for minutes.
    hasty = Outbox(newsletter.database, outbox_identity(runtime), lease_seconds=2, retry_seconds=1)
    newsletter._office = Office(office.recipients, hasty, office.limits, office.sender_domain)
    connect = partial(SmtpTransport, settings.newsletter, 1)
    while True:
        # A new watch now and then, as its pauses would grow to a minute while the server is away.
        watch(newsletter, partial(compose_in_context, app), connect, Rounds(3), pause=0.02)


class Rounds(Event):
    """Ends a watch after some rounds."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self._rounds = rounds

    def wait(self, timeout: float | None = None) -> bool:
        self._rounds -= 1
        if not self._rounds:
            self.set()
        return super().wait(timeout)


@dataclass
class Child:
    """A process that can be killed and started again."""

    target: Any
    arguments: tuple[Any, ...]
    process: BaseProcess | None = None

    def start(self) -> None:
        self.process = CONTEXT.Process(target=self.target, args=self.arguments, daemon=True)
        self.process.start()

    def kill(self) -> None:
        """End it as a loss of power would."""
        if self.process:
            self.process.kill()
            self.process.join()
            self.process.close()
            self.process = None


def open_limits(
    place: str, client_limit: int = 20, hourly_budget: int = 100, held_seconds: float = 10
) -> Limits:
    """Return limits that are counted in a file, or in a store that `place` is the address of."""
    if "://" not in place:
        return NodeLimits(Path(place), hourly_budget, client_limit)
    return replace(open_shared_limits(place, hourly_budget, client_limit), held_seconds=held_seconds)


def admit(
    limits: Limits, client: str = "192.0.2.1", email: str = "a@people.example", now: int = NOON
) -> bool:
    """Sign up; return whether a mail is sent."""
    with limits.admission(client, email, now) as wanted:
        return wanted


def admit_at_once(place: str, rounds: int, start: Barrier, told: Connection) -> None:
    """Sign one address after the other up, each at the same moment as others do; tell which got a mail."""
    limits = open_limits(place, 60_000, 60_000)
    wanted = []
    for number in range(rounds):
        start.wait()
        wanted.append(admit(limits, email=f"{number}@people.example"))
    told.send(wanted)


def admit_and_stay(place: str, told: Connection) -> None:
    """Begin to sign up and never end."""
    with open_limits(place, held_seconds=0.3).admission("192.0.2.1", "a@people.example", NOON) as wanted:
        told.send(wanted)
        Event().wait()
