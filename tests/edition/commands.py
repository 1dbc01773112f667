"""The site's commands as processes that are killed or stopped at any moment."""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask.cli import ScriptInfo

from constanta.cli import editions, mirror, publish
from constanta.factory import create_app
from constanta.settings import ROOT

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.edition.commands"])
LOADED = (editions, mirror, publish)
"""Commands load what they need when they begin, and may be another user by then who can read no module."""

PATIENCE = 60.0
"""Seconds in which anything ends on the slowest machine."""


def wait_until(is_so: Callable[[], bool], what: object) -> None:
    """Return when something is so; where it takes too long, say `what` is not."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@dataclass(frozen=True)
class Moment:
    """An exact moment in a command: just before the system is asked for something for the `number`-th time.

    The events are those of Python's audit hooks (PEP 578), of any kind where none is named; `what` is a pattern of what
    they say.
    """

    event: str = ""
    what: str = ""
    number: int = 1
    signal: signal.Signals = signal.SIGKILL


NEVER = Moment(number=0)


@dataclass
class Command:
    """One of the site's commands, as a process in a group of its own.

    It is forked from a process that has imported everything, so a kill meets the work and not the start of Python.

    Attributes:
        environment: Its environment.
        arguments: The command.
        output: The file of what it prints.
        moment: When it is killed or stopped; by default never.
        user: The number of the user who runs it, if another one than now.
        view: The namespaces that it enters.
    """

    environment: Mapping[str, str]
    arguments: tuple[str, ...]
    output: Path
    moment: Moment = NEVER
    user: int | None = None
    view: tuple[Path, ...] = ()
    process: ForkServerProcess = field(init=False)
    line: Connection = field(init=False)

    def start(self) -> None:
        """Return when the command begins its work."""
        self.line, tell = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=_run, args=(self._order(), tell))
        self.process.start()
        tell.close()
        self._hear()

    def _order(self) -> Order:
        return dict(self.environment), self.arguments, self.output, self.moment, self.user, self.view

    def count_events(self) -> int:
        """Return how many moments there were in the command, which has ended by itself."""
        return self._hear()

    def _hear(self) -> int:
        assert self.line.poll(PATIENCE), "the command says nothing"
        number: int = self.line.recv()
        return number

    def wait(self) -> int:
        """Return the command's exit code; below zero where it was killed."""
        self.process.join(PATIENCE)
        assert self.process.exitcode is not None, "the command does not end"
        return self.process.exitcode

    def wait_until_stopped(self) -> None:
        """Return when the moment has come at which it stops."""
        deadline = time.monotonic() + PATIENCE
        while Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            assert time.monotonic() < deadline, "the command does not stop"
            time.sleep(0.01)

    def kill(self, victim: str) -> None:
        """Kill all its processes (`group`), only the first one (`parent`), or one that works for it (`worker`)."""
        with suppress(ProcessLookupError, FileNotFoundError):
            if victim == "group":
                os.killpg(self.pid, signal.SIGKILL)
            elif victim == "parent":
                os.kill(self.pid, signal.SIGKILL)
            else:
                self._kill_worker()

    def _kill_worker(self) -> None:
        while self.process.is_alive():
            workers = children_of(self.pid)
            if workers:
                os.kill(workers[0], signal.SIGKILL)
                return

    @property
    def pid(self) -> int:
        assert self.process.pid
        return self.process.pid

    @property
    def said(self) -> str:
        """What it has printed."""
        return self.output.read_text(encoding="utf-8")


Order = tuple[Mapping[str, str], tuple[str, ...], Path, Moment, int | None, tuple[Path, ...]]


def _run(order: Order, tell: Connection) -> None:
    """Be a command; tell when it begins, and at its end how many moments there were."""
    environment, arguments, output, moment, user, view = order
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    with output.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    for name in view:
        _enter(name)
    app = create_app()
    if user is not None:
        os.setuid(user)
    tell.send(0)
    events = _hurt_at(moment)
    try:
        app.cli.main([*arguments], prog_name="flask", obj=ScriptInfo(create_app=lambda: app))
    finally:
        tell.send(next(events))


def _enter(namespace: Path) -> None:
    with namespace.open() as file:
        failed = ctypes.CDLL(None, use_errno=True).setns(file.fileno(), 0)
    assert not failed, os.strerror(ctypes.get_errno())


def _hurt_at(moment: Moment) -> Iterator[int]:
    """Let the moment come, and return what counts the moments."""
    events = itertools.count()

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        is_named = event == moment.event or not moment.event
        if not is_named or not re.search(moment.what, " ".join(map(str, arguments))):
            return
        if next(events) + 1 == moment.number:
            os.kill(os.getpid(), moment.signal)

    sys.addaudithook(hook)
    return events


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
