"""Work spread over the processor's cores."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

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


def spread(work: Callable[[Iterable[T]], Iterator[R]], items: Sequence[T], batch: int = BATCH) -> Iterator[R]:
    """Yield what `work` makes of the items, in any order; many items are shared out among all cores.

    Each process begins as a copy of this one, so `work` may use whatever it holds, except open connections. It is called
    once in each process, with items that follow each other, so that what it remembers of one is of use for the next. It
    must yield all that it makes of an item before it asks for the next.

    Args:
        work: Makes results of items.
        items: The items.
        batch: How many items a process gets at once; so many that the work takes far longer than sending them.

    Raises:
        ConstantaError: `work` raised it; the system's own errors are raised again too.
        EditionError: A process was killed.
    """
    batches = [items[start : start + batch] for start in range(0, len(items), batch)]
    processes = count_processes(len(batches))
    if processes == 1:
        yield from work(items)
        return
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page of memory that the processes share
    workers: dict[Connection, tuple[int, BaseProcess]] = {}
    queues = _share_out(batches, processes)
    try:
        for number in range(processes):
            connection, process = _start(work)
            workers[connection] = (number, process)
            _send(connection, process, _take(queues, number))
        while workers:
            for connection in _wait(workers):
                number, process = workers[connection]
                results = _receive(connection, process)
                if results is None:
                    del workers[connection]
                    continue
                _send(connection, process, _take(queues, number))
                yield from results
    finally:
        gc.unfreeze()
        for _, process in workers.values():
            process.kill()
            process.join()


def count_processes(batches: int) -> int:
    """Return how many processes are worth their start for a number of batches.

    Copying a process is safe only on Linux, and only while it has one thread: a lock that another thread holds would
    stay locked in the copy for ever.
    """
    if batches < LEAST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def _share_out(batches: Sequence[Sequence[T]], processes: int) -> list[deque[Sequence[T]]]:
    """Return the batches of each process: neighbours stay together."""
    share = -(-len(batches) // processes)
    return [deque(batches[number * share : (number + 1) * share]) for number in range(processes)]


def _take(queues: Sequence[deque[Sequence[T]]], number: int) -> Sequence[T]:
    """Return the next batch for a process: its own, else the last of who has the most; nothing where all is done."""
    if queues[number]:
        return queues[number].popleft()
    longest = max(queues, key=len)
    return longest.pop() if longest else ()


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


def _wait(running: Iterable[Connection]) -> list[Connection]:
    """Return the connections on which something has come."""
    return [one for one in wait(list(running)) if isinstance(one, Connection)]


def _send(connection: Connection, process: BaseProcess, batch: Sequence[Any]) -> None:
    try:
        connection.send(batch)
    except (BrokenPipeError, ConnectionResetError):
        process.join()
        raise _ended(process.exitcode) from None


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
