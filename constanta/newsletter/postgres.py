"""Connections to PostgreSQL that give up a server that does not answer."""

from __future__ import annotations

from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

RV = TypeVar("RV")

ANSWER_SECONDS = 4
"""How long an answer may take."""

_INTERVAL_SECONDS = 0.1


class PatientConnection(Connection[Any]):
    """A connection on which no answer is waited for longer than `ANSWER_SECONDS`.

    The time limits of the server and of TCP do not help where the server's process stands still: its kernel goes on
    acknowledging what we send, and a Unix socket has no such limits at all.
    """

    def wait(self, gen: PQGen[RV], interval: float = _INTERVAL_SECONDS, timeout: float | None = None) -> RV:
        """Wait for an answer.

        Raises:
            OperationalError: None came in time. The connection is closed, since one may still come.
        """
        try:
            return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)
        except OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


def connect(
    _dialect: Dialect, _entry: ConnectionPoolEntry, arguments: list[Any], parameters: dict[str, Any]
) -> PatientConnection:
    """Connect, for SQLAlchemy's event `do_connect`."""
    # What nobody waits for any more ends on the server too, a little earlier so that its answer still arrives.
    parameters.setdefault("options", f"-c statement_timeout={ANSWER_SECONDS * 1000 - 500}")
    return PatientConnection.connect(*arguments, **parameters)
