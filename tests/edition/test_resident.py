"""When a publisher that stays publishes: at once for what a person saves, after a pause for what comes in numbers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count, pairwise
from pathlib import Path
from threading import Thread

import pytest

from constanta.edition import loaded, resident
from constanta.edition.ahead import Ahead
from constanta.edition.resident import FEW, IDLE, keep_published
from tests.conftest import Project
from tests.edition.commands import wait_until
from tests.edition.editions import make_project


@dataclass
class Resident:
    """A publisher that only counts; the folders that it watches, and when it published."""

    project: Project
    thread: Thread
    published: list[float] = field(default_factory=list)

    @property
    def template(self) -> Path:
        return self.project.folder / "root/templates/page.html"

    def expect(self, times: int) -> None:
        """Return when it has published so often."""
        wait_until(lambda: len(self.published) >= times, f"published {times} times")

    def write_document(self, number: int) -> None:
        self.project.document(f"pages/many-{number}", f"Words at {time.monotonic_ns()}.", title="One of many")

    def write_template(self, number: int) -> None:
        self.template.with_name(f"page-{number}.html").write_text(f"{time.monotonic_ns()}")


@contextmanager
def running(project: Project) -> Iterator[Resident]:
    settings = replace(project.settings, root=project.folder / "root")
    for name in ("templates", "static"):
        (settings.root / name).mkdir(parents=True, exist_ok=True)
    published: list[float] = []

    def publish(_ahead: Ahead) -> bool:
        published.append(time.monotonic())
        return True

    thread = Thread(target=keep_published, args=(settings, publish, lambda: None))
    watcher = Resident(project, thread, published)
    thread.start()
    try:
        watcher.expect(1)
        yield watcher
    finally:
        watcher.template.write_text("So it ends.")
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def test_what_a_person_saves_is_published_at_once(project: Project) -> None:
    with running(project) as watcher:
        for times in (2, 3):
            watcher.write_document(1)
            watcher.expect(times)


def test_many_files_do_not_wait_for_ever(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resident, "LONGEST_WAIT", 0.5)
    with running(project) as watcher:
        for number in range(2 * FEW):
            watcher.write_document(number)

        def save_one_more() -> bool:
            watcher.write_document(next(numbers) % (2 * FEW))
            time.sleep(0.05)
            return len(watcher.published) >= 3

        numbers = count()
        wait_until(save_one_more, "published though more and more comes")


def test_a_program_that_changes_begins_anew_once_all_of_it_is_there(project: Project) -> None:
    longest = 1.0
    while longest > IDLE / 2000:  # a machine that stood still meanwhile has made a pause of its own
        with running(project) as watcher:
            times = [time.monotonic()]
            for number in range(10):
                watcher.write_template(number)
                time.sleep(0.05)
                times.append(time.monotonic())
            is_there = watcher.thread.is_alive()
        longest = max(later - earlier for earlier, later in pairwise(times))
    assert is_there


def test_a_program_that_was_saved_before_it_was_watched_begins_anew(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaded, "LOADED", 0)
    for name in ("templates", "static"):
        (project.folder / "root" / name).mkdir(parents=True)

    def refuse(_ahead: Ahead) -> bool:
        raise AssertionError("It has published what old code made.")

    keep_published(replace(project.settings, root=project.folder / "root"), refuse, lambda: None)
    assert loaded.is_outdated()
