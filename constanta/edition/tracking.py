"""What a page is made of: while it is rendered, every read of the content database is noted by name.

An edition never changes while it is open, so what was read once is remembered for as long as its connection lives; what
is remembered is noted again, so that a page knows all that it stands on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa

P = ParamSpec("P")
R = TypeVar("R")

LIMIT = 4096
"""How many answers a memory holds; then it begins anew."""

Memory = dict[object, tuple[Any, set[str]]]
"""Answers by what was asked, each with the names of what was read for it."""

_MEMORY = "constanta.memory"
_reads: ContextVar[set[str] | None] = ContextVar("reads", default=None)


def note_reads(names: Iterable[str]) -> None:
    """Note what was read, where anybody listens."""
    reads = _reads.get()
    if reads is not None:
        reads.update(names)


@contextmanager
def noting_reads() -> Iterator[set[str]]:
    """Collect the names of what is read inside the `with` block."""
    reads: set[str] = set()
    token = _reads.set(reads)
    try:
        yield reads
    finally:
        _reads.reset(token)


def remember(connection: sa.Connection, key: object, make: Callable[[], R]) -> R:
    """Return what `make` gave for this key before, else what it gives now; its reads are noted either way."""
    return recall(connection.info.setdefault(_MEMORY, {}), key, make)


def recall(memory: Memory, key: object, make: Callable[[], R]) -> R:
    """Return what a memory has under a key, else what `make` gives now; its reads are noted either way."""
    found = memory.get(key)
    if found is None:
        with noting_reads() as reads:
            answered = make()
        if len(memory) >= LIMIT:
            memory.clear()
        found = memory[key] = (answered, reads)
    note_reads(found[1])
    return cast("R", found[0])


def remembered(
    query: Callable[Concatenate[sa.Connection, P], R],
) -> Callable[Concatenate[sa.Connection, P], R]:
    """Make a query answer from memory when it is asked the same again; its answer must not be changed by anybody."""

    @functools.wraps(query)
    def wrapper(connection: sa.Connection, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (query.__name__, args, *kwargs.items())
        return remember(connection, key, lambda: query(connection, *args, **kwargs))

    return wrapper
