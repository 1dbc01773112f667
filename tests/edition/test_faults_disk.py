"""A disk that is full or cannot be written: it is said, and what is served stays. At full size: make faults."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from constanta.edition.shelf import Shelf
from tests.conftest import Project
from tests.deploy.installation import Installation
from tests.edition.commands import Command
from tests.edition.disks import Disk, small_disk
from tests.edition.faulty import edit, environment_of, write_site
from tests.newsletter.parts import size

SIZE = 8 * 2**20
LEVELS = size(full=64, small=4)
"""How many amounts of free space are tried, from nothing to almost enough."""

UNCHANGED = "Тое, што паказвае сайт, застаецца без змен."


@dataclass
class SmallSite:
    """A site whose editions are on a small disk."""

    project: Project
    disk: Disk
    installation: Installation

    @property
    def editions(self) -> Path:
        """Where they can be looked at from outside."""
        return self.disk.folder / "editions"

    @property
    def current(self) -> str:
        return Shelf(self.editions).current() or ""

    def run(self, *arguments: str, user: int | None = None) -> tuple[int, str]:
        """Run a command in Belarusian, and return its exit code and what it said."""
        environment = {**self.installation.environment, "LANGUAGE": "be", "LC_ALL": "C.UTF-8"}
        output = self.project.folder / "said"
        command = Command(environment, arguments, output, user=user, view=tuple(self.disk.view))
        command.start()
        return command.wait(), command.said

    def publish(self) -> None:
        code, said = self.run("publish")
        assert code == 0, said

    def read(self) -> str:
        """Return what a reader gets."""
        answer = self.installation.get_directly("/en/publications/book/")
        assert answer.status == 200
        return answer.text

    def names(self) -> set[str]:
        return {path.name for path in self.editions.iterdir()}


@pytest.fixture(scope="module")
def small_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    folder = tmp_path_factory.mktemp("site")
    project = write_site(folder)
    with small_disk(folder / "disk", SIZE) as disk:
        environment = {**environment_of(project), "CONSTANTA_INSTANCE": str(disk.place)}
        site = SmallSite(project, disk, Installation(folder, environment))
        site.publish()
        with site.installation.gunicorn(under=disk.under, WEB_CONCURRENCY="1"):
            yield site


@pytest.fixture
def site(small_site: SmallSite, request: pytest.FixtureRequest) -> Iterator[SmallSite]:
    """A site that has been edited since it was published; what it serves stays, and nothing is left to lie about."""
    names, served = small_site.names(), small_site.read()
    edit(small_site.project, request.node.name)
    yield small_site
    assert small_site.names() <= names
    assert small_site.read() == served


def test_on_a_full_disk_nothing_is_published(site: SmallSite) -> None:
    needed = sum(path.stat().st_blocks * 512 for path in (site.editions / site.current).rglob("*"))
    served, names = site.read(), site.names()
    for level in range(LEVELS):
        with site.disk.filled(free=needed * level // LEVELS):
            code, said = site.run("publish", "--anew")
            assert (code, said.count("\n")) == (1, 1), said
            assert said.startswith("На дыску няма месца."), said
            assert UNCHANGED in said
            assert site.read() == served
            assert site.names() == names


def test_once_there_is_room_again_the_edit_is_published(small_site: SmallSite) -> None:
    edit(small_site.project, "in vain")
    with small_site.disk.filled(free=0):
        assert small_site.run("publish")[0] == 1
        assert small_site.run("edition", "prune", "--keep", "1") == (0, "")
    edit(small_site.project, "at last")
    small_site.publish()
    assert "Edition at last of the book" in small_site.read()
    assert small_site.run("edition", "check")[0] == 0


@pytest.mark.parametrize("command", ["publish", "edition use", "edition prune"])
def test_where_nothing_can_be_written_it_is_said_and_the_edition_is_served(
    site: SmallSite, command: str
) -> None:
    name = [site.current] if command.endswith("use") else []
    with site.disk.read_only():
        code, said = site.run(*command.split(), *name)
        assert (code, said.count("\n")) == (1, 1), said
        assert f"{site.disk.place}/editions/.lock" in said
        assert "даступным толькі для чытання" in said
        assert UNCHANGED in said
        assert site.read()


def test_who_may_not_write_is_told_whose_the_editions_are(site: SmallSite) -> None:
    """The texts of the commands cannot be read by that user either, so it is said in English."""
    nobody = 65534 if os.geteuid() == 0 else None
    (site.editions / ".lock").chmod(0o444)
    code, said = site.run("publish", user=nobody)
    (site.editions / ".lock").chmod(0o644)
    assert (code, said.count("\n")) == (1, 1), said
    assert said.startswith("The system does not permit access to")
