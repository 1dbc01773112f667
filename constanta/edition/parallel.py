"""Work spread over the processor's cores."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from constanta.errors import ConstantaError, EditionError, sentence

T = TypeVar("T")
R = TypeVar("R")

LEAST = 64
"""From how many items a second process is worth its start."""

_BATCH = 32


def spread(work: Callable[[Sequence[T]], Iterator[R]], items: Sequence[T]) -> Iterator[R]:
    """Yield what `work` makes of the items, in any order; many items are shared out among all cores.

    Each process begins as a copy of this one, so `work` may use whatever it holds, except open connections.

    Raises:
        ConstantaError: `work` raised it.
        EditionError: A process was killed.
    """
    processes = count_processes(len(items))
    if processes == 1:
        yield from work(items)
        return
    context = get_context("fork")
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page of memory that the processes share
    running = {}
    try:
        for number in range(processes):
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_run, args=(work, items[number::processes], sender), daemon=True)
            process.start()
            sender.close()
            running[receiver] = process
        while running:
            for receiver in _wait(running):
                try:
                    yield from _receive(receiver)
                except EOFError:
                    process = running.pop(receiver)
                    process.join()
                    if process.exitcode:
                        raise _ended(process.exitcode) from None
    finally:
        gc.unfreeze()
        for process in running.values():
            process.kill()
            process.join()


def count_processes(items: int) -> int:
    """Return how many processes are worth their start for a number of items.

    Copying a process is safe only on Linux, and only while it has one thread: a lock that another thread holds would
    stay locked in the copy for ever.
    """
    if items < LEAST or sys.platform != "linux" or threading.active_count() > 1:
        return 1
    return len(os.sched_getaffinity(0))


def _run(work: Callable[[Sequence[T]], Iterator[R]], items: Sequence[T], sender: Connection) -> None:
    """Send what `work` makes, batch by batch; when nobody listens any more, end."""
    batch: list[R] = []
    try:
        for result in work(items):
            batch.append(result)
            if len(batch) == _BATCH:
                sender.send(batch)
                batch = []
        sender.send(batch)
    except ConstantaError as error:
        sender.send(error)
    except BrokenPipeError:
        os._exit(1)


def _wait(running: Iterable[Connection]) -> list[Connection]:
    """Return the connections on which something has come."""
    return [one for one in wait(list(running)) if isinstance(one, Connection)]


def _receive(receiver: Connection) -> list[Any]:
    message: ConstantaError | list[Any] = receiver.recv()
    if isinstance(message, ConstantaError):
        raise message
    return message


def _ended(code: int) -> EditionError:
    text = sentence(
        "A process that built the edition ended with %(code)s; is there memory enough?", code=code
    )
    return EditionError.at(None, None, text)
