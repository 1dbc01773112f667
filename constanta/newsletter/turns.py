"""Keeps requests from waiting, one behind the other, for a database that is away."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.exc import InterfaceError, OperationalError

from constanta.newsletter.database import AwayError

_RESPITE_SECONDS = 5


class Turns:
    """Lets everybody to a database that answers; after a failure, one now and then, to see whether it is back.

    The others are told at once that it is away: a process has few threads, and pages that need no database wait for
    one of them too.
    """

    def __init__(self) -> None:
        self._failed_at: float | None = None
        self._scout = Lock()

    @contextmanager
    def take(self) -> Iterator[None]:
        """Use the database in the block.

        Raises:
            AwayError: It failed a moment ago, or somebody is looking whether it is back.
        """
        self.check()
        scouting = self._failed_at is not None
        if scouting and not self._scout.acquire(blocking=False):
            raise AwayError
        try:
            yield
        except (OperationalError, InterfaceError):
            self._failed_at = time.monotonic()
            raise
        else:
            self._failed_at = None
        finally:
            if scouting:
                self._scout.release()

    def check(self) -> None:
        """See whether the database failed a moment ago, for who has waited for something else meanwhile.

        Raises:
            AwayError: It did.
        """
        failed_at = self._failed_at
        if failed_at is not None and time.monotonic() < failed_at + _RESPITE_SECONDS:
            raise AwayError
