"""Limits on signups, counted in memory under HMACs whose key is thrown away every day."""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Protocol

DAY = 24 * 3600
"""In seconds; a day of its own key begins at midnight UTC."""

_HOUR = 3600
_TEN_MINUTES = 600
_MAILS_PER_DAY = 5
_BUSY_SECONDS = 20

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS secret (day INTEGER PRIMARY KEY, key BLOB NOT NULL);
    CREATE TABLE IF NOT EXISTS counter (
        name BLOB PRIMARY KEY, count INTEGER NOT NULL, until INTEGER NOT NULL
    ) WITHOUT ROWID;
"""


class LimitReachedError(Exception):
    """A limit is reached; trying again makes sense after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class ClientLimitError(LimitReachedError):
    """One client asks too often."""


class BudgetSpentError(LimitReachedError):
    """All clients together ask too often."""


class LimitsUnavailableError(Exception):
    """Nothing can be counted at the moment; `kind` says why, and nothing of a signup."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Limits(Protocol):
    """What limits signups, whether each node counts for itself or several count together."""

    def admission(self, client: str, email: str, now: int) -> AbstractContextManager[bool]:
        """Count a signup if the block ends well; give whether its address may get a mail now.

        Of signups of one address at the same moment one is given True: the others wait until its block has
        ended. A process that dies in the block leaves nothing counted.

        Raises:
            ClientLimitError: This client asks too often.
            BudgetSpentError: All clients together ask too often.
            LimitsUnavailableError: Nothing can be counted; the block was not entered.
        """


@dataclass(frozen=True, slots=True)
class Counter:
    """At most `limit` signups in `period` seconds, of all those with one value of a kind."""

    kind: str
    value: str
    limit: int
    period: int

    def name(self, key: bytes) -> bytes:
        """Return the name to count under: the same for as long as the key, and no way back without it."""
        return hmac.digest(key, f"{self.kind}\0{self.value}".encode(), "sha256")


def counters_of(
    client: str, email: str, client_limit: int, hourly_budget: int
) -> tuple[Counter, Counter, Counter, Counter]:
    """Return what a signup counts for: its client, all clients; then its address, in a short while and a day.

    Where one of the first two is full, there is no signup; where one of the others is, there is no mail, and
    what comes behind is not counted.
    """
    person = mailbox(email)
    return (
        Counter("client", network(client), client_limit, _TEN_MINUTES),
        Counter("budget", "", hourly_budget, _HOUR),
        Counter("address", person, 1, _TEN_MINUTES),
        Counter("address by day", person, _MAILS_PER_DAY, DAY),
    )


@dataclass(frozen=True, slots=True)
class NodeLimits:
    """The counters of one node, shared by its processes through a file in memory.

    Attributes:
        path: The file, in a folder on tmpfs.
        hourly_budget: How many signups all clients together may make in an hour.
        client_limit: How many signups one client may make in ten minutes.
    """

    path: Path
    hourly_budget: int
    client_limit: int

    @contextmanager
    def admission(self, client: str, email: str, now: int) -> Iterator[bool]:
        """Keep `Limits.admission`: the file stays locked while the block lasts."""
        by_client, budget, address, by_day = counters_of(client, email, self.client_limit, self.hourly_budget)
        # A connection for each use: SQLite's locks then hold between threads as between processes.
        with closing(self._connect()) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM counter WHERE until <= ?", (now,))
            count = _Count(connection, _daily_key(connection, now), now)
            if wait := count.add(by_client):
                raise ClientLimitError(wait)
            if wait := count.add(budget):
                raise BudgetSpentError(wait)
            yield not count.add(address) and not count.add(by_day)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
        # Memory outlives no loss of power, so there is nothing to wait for; the journal still undoes what a
        # killed process left half done.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(_SCHEMA)
        return connection


@dataclass(frozen=True, slots=True)
class _Count:
    connection: sqlite3.Connection
    key: bytes
    now: int

    def add(self, counter: Counter) -> int:
        """Count one more; return 0, or the seconds to wait where the limit is reached already."""
        name = counter.name(self.key)
        row = self.connection.execute("SELECT count, until FROM counter WHERE name = ?", (name,)).fetchone()
        count, until = row or (0, self.now + counter.period)
        if count >= counter.limit:
            return int(until - self.now)
        self.connection.execute("REPLACE INTO counter VALUES (?, ?, ?)", (name, count + 1, until))
        return 0


def _daily_key(connection: sqlite3.Connection, now: int) -> bytes:
    day = now // DAY
    row = connection.execute("SELECT key FROM secret WHERE day = ?", (day,)).fetchone()
    if row:
        return bytes(row[0])
    key = secrets.token_bytes(32)
    connection.execute("DELETE FROM counter")
    connection.execute("DELETE FROM secret")
    connection.execute("INSERT INTO secret VALUES (?, ?)", (day, key))
    return key


def network(client: str) -> str:
    """Return what counts as one client: an IPv4 address, or the /64 network that one IPv6 household has."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or int(address) >> 64)
    return str(address)


def mailbox(email: str) -> str:
    """Return what counts as one address: in lower case and without a `+tag`."""
    local, _, domain = email.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
