"""Work that is spread over processes, tried in a process of its own: one that has a single thread."""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from constanta.edition.beside import Task
from constanta.edition.parallel import BATCH, settle, spread
from constanta.errors import ConstantaError, EditionError, sentence

MANY = range(10 * BATCH)
FEW = range(BATCH)
CHOSEN = 5 * BATCH

Work = Callable[[Iterable[int]], Iterator[tuple[int, int, int]]]


def number_calls(items: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Yield each item with the process that had it, and how many that process had had before."""
    for count, item in enumerate(items):
        yield item, os.getpid(), count


def linger(items: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Do the same, and take long for the first batches."""
    for item, process, count in number_calls(items):
        time.sleep(0.02 if item < 2 * BATCH else 0)
        yield item, process, count


def fail(items: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    for item in items:
        if item == CHOSEN:
            raise EditionError.at(None, None, sentence("This is the chosen one."))
        yield item, 0, 0


def make_a_mistake(items: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    for item in items:
        yield item, 1 // (item - CHOSEN), 0


def end_suddenly(items: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    for item in items:
        if item == CHOSEN:
            os.kill(os.getpid(), signal.SIGKILL)
        yield item, 0, 0


def say_error(work: Work) -> str:
    try:
        list(spread(work, MANY))
    except (ConstantaError, RuntimeError) as error:
        return str(error)
    return ""


def beside_a_thread() -> list[tuple[int, int, int]]:
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        return list(spread(number_calls, MANY))
    finally:
        ended.set()
        thread.join()


def beside_a_task() -> list[tuple[int, int, int]]:
    """Return what is done while a task has begun, which ends by itself."""
    Task(lambda: time.sleep(0.1))
    return list(spread(number_calls, MANY))


def meanwhile(items: range) -> list[int]:
    """Return how many processes had been started whenever `meanwhile` was called."""
    calls: list[int] = []
    list(spread(number_calls, items, meanwhile=lambda: calls.append(len(list_children()))))
    return calls


def list_children() -> list[str]:
    """Return what is left of processes that were started, also of those that have ended and were not waited for."""
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as file:  # noqa: PTH123
        return file.read().split()


def three_cores(_process: int) -> set[int]:
    return {0, 1, 2}


def count_frozen() -> list[bool]:
    """Return whether the collector leaves out what there is: while others work, after that, and the same once settled."""
    found: list[bool] = []

    def look() -> None:
        found.append(gc.get_freeze_count() > 0)

    for prepare in (gc.unfreeze, settle):
        prepare()
        list(spread(number_calls, MANY, meanwhile=look))
        look()
    return found


if __name__ == "__main__":
    os.sched_getaffinity = three_cores
    print(  # noqa: T201
        json.dumps(
            {
                "own": os.getpid(),
                "many": list(spread(number_calls, MANY)),
                "few": list(spread(number_calls, FEW)),
                "in order": list(spread(linger, MANY, in_order=True)),
                "meanwhile": [meanwhile(MANY), meanwhile(FEW)],
                "thread": beside_a_thread(),
                "task": beside_a_task(),
                "failed": say_error(fail),
                "mistaken": say_error(make_a_mistake),
                "ended": say_error(end_suddenly),
                "frozen": count_frozen(),
                "children": list_children(),
            }
        )
    )
