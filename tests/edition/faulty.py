"""A site under load whose commands are killed: what the tests of faults share."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from constanta.edition.history import check_edition
from constanta.edition.page_index import PageIndex
from constanta.edition.shelf import Shelf
from constanta.settings import ROOT
from tests.conftest import Project
from tests.deploy.installation import HOST, Installation, Unix
from tests.edition.commands import NEVER, PATIENCE, Command, Moment, children_of
from tests.edition.readers import SEARCH, Readers, Reign, judge

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


@dataclass
class FaultySite:
    """A site that is read all the time, and whose editions change.

    Attributes:
        project: What is published.
        installation: The site's processes.
        reigns: Which editions have been served, in their order.
        numbers: The numbers of the edit that editions have, by name.
        number: The number of the last edit.
        server: gunicorn's first process.
        kills: When one of the site's own processes was killed.
        answers: How many answers have been judged.
    """

    project: Project
    installation: Installation
    readers: Readers
    server: int
    reigns: list[Reign] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    number: int = 0
    kills: list[float] = field(default_factory=list)
    answers: int = 0

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
    def begin(self, *arguments: str, moment: Moment = NEVER) -> Iterator[Command]:
        """Start a command; whatever happens, it does not outlive the block.

        Where only its first process was killed, the others end by themselves.
        """
        output = self.installation.folder / f"said-{time.monotonic_ns()}"
        command = Command(self.installation.environment, arguments, output, moment)
        command.start()
        try:
            yield command
        finally:
            if command.process.is_alive():
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

    def judge(self) -> None:
        """Hold that every answer since the last time was right, and that there was one."""
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
        self.answers += len(seen)


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
