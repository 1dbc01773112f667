"""Work spread over the processor's cores."""

from __future__ import annotations

import gc
import os
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from constanta.edition.beside import wait_for_tasks
from constanta.edition.failure import SYSTEM_ERRORS
from constanta.errors import ConstantaError, EditionError, sentence

T = TypeVar("T")
R = TypeVar("R")

BATCH = 32
"""How many items a process gets at once."""

LEAST = 2
"""From how many batches a second process is worth its start."""

_GARBAGE = 20_000
"""After how many new objects the collector looks for circles; its usual 700 take a twentieth of the time."""


def spread(
    work: Callable[[Iterable[T]], Iterator[R]],
    items: Sequence[T],
    batch: int = BATCH,
    *,
    in_order: bool = False,
    meanwhile: Callable[[], object] | None = None,
) -> Generator[R, None, None]:
    """Yield what `work` makes of the items; many items are shared out among all cores.

    Each process begins as a copy of this one, so `work` may use whatever it holds, except open connections. It is called
    once in each process, with items that follow each other, so that what it remembers of one is of use for the next. It
    must yield all that it makes of an item before it asks for the next. Tasks that have begun are waited for.

    Args:
        work: Makes results of items.
        items: The items.
        batch: How many items a process gets at once; so many that the work takes far longer than sending them.
        in_order: Whether results come in the order of the items, as soon as they can; then the items of a process do
            not all follow each other.
        meanwhile: Is called once the processes have begun, while they work on the first items; not where there are none.

    Raises:
        ConstantaError: `work` raised it; the system's own errors are raised again too.
        EditionError: A process was killed.
        RuntimeError: `work` raised anything else in another process; says what and where.
    """
    wait_for_tasks()
    batches = [items[start : start + batch] for start in range(0, len(items), batch)]
    processes = count_processes(len(batches))
    if processes == 1:
        yield from work(items)
        return
    if not _SETTLED.is_set():
        gc.freeze()  # the collector would touch, and so copy, every page of memory that the processes share
    workers: dict[Connection, _Worker] = {}
    queues = _share_out(list(enumerate(batches)), 1 if in_order else processes)
    early: dict[int, list[R]] = {}
    turn = count()
    due = next(turn)
    try:
        for number in range(processes):
            connection, process = _start(work)
            workers[connection] = _Worker(process, queues, number % len(queues))
        for _ in range(_AHEAD):
            for connection, worker in workers.items():
                worker.feed(connection)
        if meanwhile:
            meanwhile()
        while workers:
            for connection in _wait(workers):
                worker = workers[connection]
                results = _receive(connection, worker.process)
                if results is None:
                    if worker.given:
                        raise _ended(worker.process.exitcode)
                    del workers[connection]
                    continue
                worker.feed(connection)
                early[worker.given.popleft()] = results
                while early and (due in early or not in_order):
                    yield from early.pop(due if in_order else next(iter(early)))
                    due = next(turn)
    finally:
        if not _SETTLED.is_set():
            gc.unfreeze()
        for worker in workers.values():
            worker.process.kill()
            worker.process.join()


_SETTLED = threading.Event()
"""Whether `settle` was called. `gc.get_freeze_count` would tell as well, but it counts for a hundredth of a second."""


def settle() -> None:
    """Have the collector look through what there is now for the last time: it stays as long as the process."""
    gc.collect()
    gc.freeze()
    _SETTLED.set()


Batch = tuple[int, Sequence[Any]]
"""A batch of items, and its number."""

_AHEAD = 2
"""How many batches a process has at once: it goes on while this one is busy with what was made of the last. They must be
so small that they fit a pipe."""


@dataclass(slots=True)
class _Worker:
    """A process, and the batches that it has been given."""

    process: BaseProcess
    queues: Sequence[deque[Batch]]
    own: int
    given: deque[int] = field(default_factory=deque)
    is_told: bool = False
    """Whether it knows that nothing more will come."""

    def feed(self, connection: Connection) -> None:
        """Give it the next batch: one of its own, else the last of who has the most; tell it once where all is done."""
        if self.is_told:
            return
        own, longest = self.queues[self.own], max(self.queues, key=len)
        batch: Sequence[Any] = ()
        if longest:
            number, batch = own.popleft() if own else longest.pop()
            self.given.append(number)
        self.is_told = not batch
        with suppress(BrokenPipeError, ConnectionResetError):  # it has ended; what it has left says why
            connection.send(batch)


def count_processes(batches: int) -> int:
    """Return how many processes are worth their start for a number of batches.

    Copying a process is safe only on Linux, and only while it has one thread: a lock that another thread holds would
    stay locked in the copy for ever.
    """
    if batches < LEAST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return count_cores()


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _share_out(batches: Sequence[Batch], queues: int) -> list[deque[Batch]]:
    """Return the batches in some queues: neighbours stay together."""
    share = -(-len(batches) // queues)
    return [deque(batches[number * share : (number + 1) * share]) for number in range(queues)]


def _start(work: Callable[[Iterable[T]], Iterator[R]]) -> tuple[Connection, BaseProcess]:
    context = get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(work, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def _run(work: Callable[[Iterable[T]], Iterator[R]], ours: Connection, theirs: Connection) -> None:
    """Do the work of a process; end when the parent does."""
    ours.close()
    gc.set_threshold(_GARBAGE)
    done: list[R] = []

    def batches() -> Iterator[T]:
        while batch := theirs.recv():
            yield from batch
            theirs.send(done)
            done.clear()

    try:
        done.extend(work(batches()))
    except (BrokenPipeError, EOFError):
        os._exit(1)
    except (ConstantaError, *SYSTEM_ERRORS) as error:
        theirs.send(error)
    except Exception as error:  # noqa: BLE001 - a mistake in the program, of which the parent is to say where
        theirs.send(RuntimeError("".join(traceback.format_exception(error))))


def _wait(running: Iterable[Connection]) -> list[Connection]:
    """Return the connections on which something has come."""
    return [one for one in wait(list(running)) if isinstance(one, Connection)]


def _receive(connection: Connection, process: BaseProcess) -> list[Any] | None:
    """Return what a process has made of a batch; None when it has ended."""
    try:
        message: Exception | list[Any] = connection.recv()
    except (EOFError, ConnectionResetError):
        process.join()
        if process.exitcode:
            raise _ended(process.exitcode) from None
        return None
    if isinstance(message, Exception):
        raise message
    return message


def _ended(code: int | None) -> EditionError:
    text = sentence(
        "A process that built the edition ended with %(code)s; is there memory enough?", code=code
    )
    return EditionError.at(None, None, text)
