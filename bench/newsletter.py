"""How long a signup and a confirmation take, beside one durable commit on the same disk.

Run: .venv/bin/python -m bench.newsletter [--count 500] [--folder build]
Exits with 1 where the median of a signup or a confirmation is 10 ms or more.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Self

from flask import Flask

from constanta.edition.publish import publish_edition
from constanta.factory import create_app
from constanta.newsletter.delivery import deliver_due
from constanta.newsletter.keys import RECIPIENTS_FILE, make_keys
from constanta.pages.newsletter import EXTENSION, compose
from constanta.settings import NewsletterSettings, Settings

LIMIT_MS = 10
FORM = "application/x-www-form-urlencoded"


@dataclass
class Shelf:
    """A transport that keeps the link of each mail."""

    links: list[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is left open."""

    def send(self, message: EmailMessage) -> None:
        body = message.get_body(("plain",))
        found = re.search(r"http://site(\S+)", body.get_content() if body else "")
        if found:
            self.links.append(found[1])


@dataclass(frozen=True)
class Times:
    """How long each call took, and how long it kept the processor busy, in milliseconds."""

    wall: list[float]
    busy: list[float]


def measure(calls: Iterable[Callable[[], object]]) -> Times:
    times = Times([], [])
    for call in calls:
        start, busy = time.perf_counter(), time.process_time()
        call()
        times.wall.append((time.perf_counter() - start) * 1000)
        times.busy.append((time.process_time() - busy) * 1000)
    return times


def raw_commits(folder: Path, count: int) -> Times:
    """Return the times of bare inserts of 2 KB with the settings of the subscribers' database."""
    with closing(sqlite3.connect(folder / "raw.sqlite", isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)")
        connection.execute("PRAGMA secure_delete = ON")
        insert = partial(connection.execute, "INSERT INTO t VALUES (?)", (b"x" * 2048,))
        return measure(insert for _ in range(count))


def open_site(folder: Path, memory: Path) -> Flask:
    make_keys(folder / "keys")
    newsletter = NewsletterSettings(
        recipients=folder / "keys" / RECIPIENTS_FILE,
        runtime=memory,
        hourly_budget=60_000,
        client_limit=60_000,
    )
    settings = Settings(instance=folder, base_url="http://site", secret_key="bench", newsletter=newsletter)
    publish_edition(settings)
    return create_app(settings)


def signups_and_confirmations(app: Flask, count: int) -> tuple[Times, Times]:
    client, shelf = app.test_client(), Shelf([])

    def post(path: str, **data: str) -> None:
        status = client.post(path, data=data, content_type=FORM).status_code
        assert status == 200, status

    post("/be/newsletter/", email="warm-up@people.example")
    signups = measure(
        partial(post, "/be/newsletter/", email=f"reader{number}@people.example") for number in range(count)
    )
    with app.app_context():
        deliver_due(app.extensions[EXTENSION], partial(compose, base_url="http://site"), lambda: shelf)
    post(shelf.links[0])
    return signups, measure(partial(post, link) for link in shelf.links[1:])


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument(
        "--folder", type=Path, default=Path("build"), help="where to write; on the disk to measure"
    )
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=arguments.folder.absolute()) as folder,
        tempfile.TemporaryDirectory(dir="/dev/shm") as memory,
    ):
        before = raw_commits(Path(folder), arguments.count)
        signups, confirmations = signups_and_confirmations(
            open_site(Path(folder), Path(memory)), arguments.count
        )
    rows = {"one durable commit": before, "signup": signups, "confirmation": confirmations}
    print(f"{'milliseconds':<20} {'median':>8} {'p95':>8} {'processor':>10}")
    for name, times in rows.items():
        median, p95 = statistics.median(times.wall), statistics.quantiles(times.wall, n=20)[-1]
        print(f"{name:<20} {median:>8.2f} {p95:>8.2f} {statistics.median(times.busy):>10.2f}")
    slowest = max(statistics.median(times.wall) for times in (signups, confirmations))
    return int(slowest >= LIMIT_MS)


if __name__ == "__main__":
    sys.exit(main())
