"""Work in a thread beside what this process goes on with: digests, statements of SQLite and calls of the system, which leave Python alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

R = TypeVar("R")


class Task(threading.Thread, Generic[R]):
    """Work that has begun in a thread.

    Args:
        work: The work. It must start no processes.
    """

    def __init__(self, work: Callable[[], R]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._result: R | None = None
        self._error: BaseException | None = None
        _TASKS.add(self)
        try:
            self.start()
        except RuntimeError:  # the system has no more threads
            _TASKS.discard(self)
            raise

    def run(self) -> None:
        """Do the work."""
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 - whoever asks for the result gets it
            self._error = error
        finally:
            _TASKS.discard(self)

    def result(self) -> R:
        """Return the result, once there is one; raise what the work has raised."""
        self.join()
        if self._error is not None:
            raise self._error
        return cast("R", self._result)


_TASKS: set[Task[Any]] = set()
"""What has begun and not ended."""


def wait_for_tasks() -> None:
    """Return when no task is at work: a process can be copied only while it has one thread."""
    for task in list(_TASKS):
        task.join()
