"""A site under load whose commands are killed: what the tests of faults share."""

from __future__ import annotations

import ctypes
import itertools
import multiprocessing
import os
import random
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from flask.cli import ScriptInfo

from constanta.edition.history import check_edition
from constanta.edition.pages import PageIndex
from constanta.edition.shelf import Shelf
from constanta.factory import create_app
from constanta.settings import ROOT
from tests.conftest import Project
from tests.deploy.installation import HOST, Installation, Unix
from tests.edition.readers import SEARCH, Readers, Reign, judge

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.edition.faulty"])

PATIENCE = 60.0
"""Seconds in which anything ends on the slowest machine."""

READERS = 2


def write_site(folder: Path) -> Project:
    """Write a site with the real texts of the interface and so many pages that two processes render them."""
    project = Project(folder)
    for language in ("be", "ru"):
        catalogs = f"translations/{language}/LC_MESSAGES"
        shutil.copytree(ROOT / catalogs, folder / catalogs)
    project.document("topics/people")
    project.document("areas/work", topics="[people]")
    project.document("pages/about", "Who we are.")
    project.document("publications/other", "Text.", date="2025-01-01", topics="[people]")
    edit(project, 0)
    return project


def edit(project: Project, number: int | str) -> None:
    """Change a title that stands on lists, in feeds and in search."""
    title = f"Edition {number} of the book"
    project.document(
        "publications/book", f"Number {number}.", title=title, date="2025-02-01", topics="[people]"
    )


def environment_of(project: Project) -> dict[str, str]:
    """Return the settings of the site's processes."""
    return {
        "PATH": os.environ["PATH"],
        "CONSTANTA_INSTANCE": str(project.settings.instance),
        "CONSTANTA_CONTENT": str(project.settings.content),
        "CONSTANTA_TRANSLATIONS": str(project.settings.translations),
        "CONSTANTA_SECRET_KEY": "only for tests",
        "CONSTANTA_BASE_URL": f"https://{HOST}",
    }


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
    moment: Moment = Moment(number=0)
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
        fits = not moment.event or event == moment.event
        if (
            fits
            and re.search(moment.what, " ".join(map(str, arguments)))
            and next(events) + 1 == moment.number
        ):
            os.kill(os.getpid(), moment.signal)

    sys.addaudithook(hook)
    return events


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@dataclass
class FaultySite:
    """A site that is read without pause, and whose editions change.

    Attributes:
        project: What is published.
        installation: The site's processes.
        reigns: Which editions have been served, in their order.
        numbers: The numbers of the edit that editions have, by name.
        number: The number of the last edit.
        server: gunicorn's first process.
        kills: When one of the site's own processes was killed.
    """

    project: Project
    installation: Installation
    readers: Readers
    server: int
    reigns: list[Reign] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    number: int = 0
    kills: list[float] = field(default_factory=list)

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.installation.editions)

    def edit(self) -> None:
        self.number += 1
        edit(self.project, self.number)

    def run(self, *arguments: str) -> Command:
        """Run a command to its end."""
        with self.watching(), self.begin(*arguments) as command:
            assert command.wait() == 0, command.said
        return command

    def publish(self) -> str:
        """Publish, and return the name of the edition that is served then."""
        self.run("publish")
        return self.reigns[-1].name

    def measure(self, *arguments: str) -> float:
        """Return how many seconds a command works after an edit, while readers read."""
        self.edit()
        with self.watching(), self.begin(*arguments) as command:
            started = time.monotonic()
            assert command.wait() == 0, command.said
        return time.monotonic() - started

    def kill(self, victim: str, delay: float, *arguments: str) -> Command:
        """Kill a command after a number of seconds."""
        with self.watching(), self.begin(*arguments) as command:
            time.sleep(delay)  # the moment of the kill is what is tested
            command.kill(victim)
            command.wait()
        return command

    @contextmanager
    def begin(self, *arguments: str, moment: Moment = Moment(number=0)) -> Iterator[Command]:
        """Start a command; whatever happens, it does not outlive the block."""
        output = self.installation.folder / f"said-{time.monotonic_ns()}"
        command = Command(self.installation.environment, arguments, output, moment)
        command.start()
        try:
            yield command
        finally:
            command.kill("group")
            command.wait()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note which edition is served after what happens in the block; it may be another one since any moment in it."""
        begin, before = time.monotonic(), self.shelf.current()
        yield
        name = self.shelf.current()
        assert name
        if name != before:
            self.note_reign(name, begin)

    def note_reign(self, name: str, begin: float) -> None:
        """Note that an edition is served."""
        number = self.numbers.setdefault(name, self.number)
        if self.reigns:
            self.reigns[-1].end = time.monotonic()
        pages = {page.path: page.plain.digest for page in PageIndex(self.shelf.folder / name)}
        self.reigns.append(Reign(name, b"%d" % number, pages, begin))

    def kill_server(self, draw: random.Random) -> None:
        """Kill one of the processes that answer readers, if there is one now."""
        workers = children_of(self.server)
        if workers:
            self.kills.append(time.monotonic())
            os.kill(draw.choice(workers), signal.SIGKILL)

    def check(self) -> None:
        """Hold that the edition that is served is whole, and that nothing lies about."""
        expected = {*self.shelf.names(), "current", ".lock", "digests.json"}
        left = {path.name for path in self.shelf.folder.iterdir()} - expected
        assert not left, left
        beside = [path.name for path in self.project.settings.instance.iterdir()]
        assert beside == ["editions"], beside
        check_edition(self.shelf)

    def judge(self) -> int:
        """Hold that every answer since the last time was right; return how many there were, at least one."""
        deadline = time.monotonic() + PATIENCE
        while not self.readers.seen:
            assert time.monotonic() < deadline, "nobody is answered"
            time.sleep(0.01)
        seen = self.readers.take()
        assert not self.readers.wrong, self.readers.wrong[:5]
        lost = [
            one
            for one in self.readers.lost
            if not any(one.opened <= kill <= one.ended for kill in self.kills)
        ]
        assert not lost, lost[:5]
        judge(self.reigns, seen)
        return len(seen)


@contextmanager
def open_site(folder: Path, seed: str) -> Iterator[FaultySite]:
    """Publish a site, serve it with gunicorn, and let readers load its pages until the end of the block."""
    project = write_site(folder)
    installation = Installation(folder, environment_of(project))
    command = Command(installation.environment, ("publish",), folder / "said")
    command.start()
    assert command.wait() == 0, command.said
    with installation.gunicorn() as server:
        shelf = Shelf(installation.editions)
        paths = [page.path for page in PageIndex(shelf.folder / (shelf.current() or ""))]
        readers = Readers(lambda: Unix(installation.socket), [*paths, *[SEARCH] * (len(paths) // 10)], seed)
        site = FaultySite(project, installation, readers, server.pid)
        site.note_reign(shelf.current() or "", time.monotonic())
        threads = readers.start(READERS)
        try:
            yield site
        finally:
            readers.stop.set()
            for thread in threads:
                thread.join()
