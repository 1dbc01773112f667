"""`flask publish --watch` as a process: what is saved is served, whatever comes in between."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from constanta.edition.resident import FEW, IDLE, QUIET
from constanta.edition.shelf import Shelf
from constanta.settings import ROOT
from tests.conftest import Project
from tests.edition.commands import PATIENCE, wait_until
from tests.edition.editions import make_project, shelf_of
from tests.edition.faulty import environment_of

FLASK = Path(sys.executable).with_name("flask")


@dataclass
class Watcher:
    """A publisher that stays, and the project that it publishes."""

    project: Project
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def shelf(self) -> Shelf:
        return shelf_of(self.project.settings)

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def write(self, words: str) -> None:
        write(self.project, words)

    def shows(self, words: str) -> bool:
        page = self.shelf.folder / "current/pages/en/about.html.gz"
        return page.exists() and words in gzip.decompress(page.read_bytes()).decode()

    def expect(self, words: str) -> None:
        """Return when readers see some words."""
        wait_until(lambda: self.shows(words), f"not shown: {words}\n{self.said}")

    def expect_said(self, words: str, times: int = 1) -> None:
        wait_until(lambda: self.said.count(words) >= times, f"not said: {words}\n{self.said}")

    def expect_laid(self) -> None:
        """Return when the next folder is laid out."""
        wait_until(lambda: self.shelf.ahead(self.shelf.current() or "").exists(), self.said)


def write(project: Project, words: str) -> None:
    project.document("pages/about", words, title="About")


def environment(project: Project, root: Path = ROOT) -> dict[str, str]:
    return {
        **environment_of(project),
        "LC_ALL": "C.UTF-8",
        "FLASK_APP": str(root / "app.py"),
        "PYTHONPATH": str(root),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@contextmanager
def watching(project: Project, root: Path = ROOT) -> Iterator[Watcher]:
    output = project.folder / "said"
    with output.open("ab") as file:
        process = subprocess.Popen(
            [FLASK, "publish", "--watch"],
            cwd=project.folder,
            env=environment(project, root),
            stdout=file,
            stderr=file,
            # Where the tests run in the background of a shell, they and what they start ignore it.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
    try:
        yield Watcher(project, process, output)
    finally:
        process.kill()
        process.wait()


def run(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FLASK, *arguments],
        cwd=project.folder,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path / "site")
    write(project, "Words.")
    return project


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    """A publisher that several tests use one after another."""
    project = make_project(tmp_path_factory.mktemp("watch") / "site")
    write(project, "Words.")
    with watching(project) as watcher:
        yield watcher


@pytest.fixture
def watcher(shared: Watcher) -> Watcher:
    """The same, with nothing to do."""
    assert shared.process.poll() is None, shared.said
    name = f"About {time.monotonic_ns()}"
    shared.write(name)
    shared.expect(name)
    shared.expect_laid()
    return shared


def test_what_is_saved_is_served(watcher: Watcher) -> None:
    for words in ("One.", "Two."):
        watcher.write(words)
        watcher.expect(words)
    watcher.project.document("publications/new", "It is new.", date="2025-01-01")
    added = watcher.shelf.folder / "current/pages/ru/publications/new.html.br"
    wait_until(added.exists, watcher.said)
    watcher.project.interface("be", {"Publications": "Кнігі"})
    page = watcher.shelf.folder / "current/pages/be.html.gz"
    wait_until(lambda: "Кнігі" in gzip.decompress(page.read_bytes()).decode(), watcher.said)


def save_many(project: Project, name: str) -> bool:
    """Save files, most of them after short pauses; return whether the machine has made no longer ones of its own."""
    times = [time.monotonic()]
    for number in range(5 * FEW):
        project.document(f"pages/{name}-{number}", "One of many.", title="One of many")
        time.sleep(3 * QUIET / 1000 if number > FEW else 0)
        times.append(time.monotonic())
    longest = max(later - earlier for earlier, later in pairwise(times))
    return longest < IDLE / 2000 and times[FEW + 1] - times[0] < QUIET / 1000


def test_many_files_are_published_together_though_some_come_later(watcher: Watcher) -> None:
    """At most the few that are seen first come before: they could be all that a person has saved."""
    for attempt in range(20):
        name, before = f"many{attempt}", set(watcher.shelf.names())
        is_quick = save_many(watcher.project, name)
        page = f"current/pages/en/{name}-{5 * FEW - 1}.html.gz"
        wait_until((watcher.shelf.folder / page).exists, watcher.said)
        if is_quick:
            break
    new = [watcher.shelf.folder / each for each in set(watcher.shelf.names()) - before]
    shown = sorted(len(list(folder.glob(f"pages/en/{name}-*.html.gz"))) for folder in new)
    assert is_quick
    assert shown[-1] == 5 * FEW
    assert all(number <= FEW for number in shown[:-1])


def test_what_is_broken_is_said_once_and_what_is_served_stays(watcher: Watcher) -> None:
    name = watcher.shelf.current()
    watcher.project.document("pages/about", "Broken.", date="soon")
    watcher.expect_said("content/pages/about.md:")
    other = watcher.project.document("pages/contacts", "Broken too.", date="later")
    watcher.expect_said("content/pages/contacts.md:")
    assert watcher.said.count("content/pages/about.md:") == 1
    assert watcher.shelf.current() == name
    other.unlink()
    watcher.write("Mended.")
    watcher.expect("Mended.")
    watcher.expect_laid()


def test_what_is_broken_and_put_back_leaves_it_as_ready_as_before(watcher: Watcher) -> None:
    path = watcher.project.settings.content / "pages/about.md"
    text = path.read_text(encoding="utf-8")
    said = watcher.said
    watcher.project.document("pages/about", "Broken.", date="eventually")
    watcher.expect_said("content/pages/about.md:", said.count("content/pages/about.md:") + 1)
    path.write_text(text, encoding="utf-8")
    watcher.expect_said("Nothing has changed", said.count("Nothing has changed") + 1)
    watcher.expect_laid()


def test_who_publishes_or_goes_back_beside_it_is_not_in_its_way(watcher: Watcher) -> None:
    name = watcher.shelf.current() or ""
    watcher.write("Newer.")
    watcher.expect("Newer.")
    assert run(watcher.project, "edition", "use", name).returncode == 0
    watcher.expect_laid()
    assert run(watcher.project, "publish", "--anew").returncode == 0
    watcher.expect("Newer.")
    watcher.expect_laid()
    watcher.write("Newest.")
    watcher.expect("Newest.")


def test_a_folder_may_be_replaced_by_another(watcher: Watcher) -> None:
    content = watcher.project.settings.content
    shutil.copytree(content, content.with_name("next"))
    content.rename(content.with_name("old"))
    watcher.expect_said("The folder of documents is missing.")
    content.with_name("next").rename(content)
    shutil.rmtree(content.with_name("old"))
    for words in ("After it.", "Once more."):
        watcher.write(words)
        watcher.expect(words)


def test_what_another_process_kept_from_it_is_published_later(watcher: Watcher) -> None:
    with watcher.shelf.locked():
        watcher.write("Later.")
        watcher.expect_said("Another process is publishing.")
    watcher.expect("Later.")


def copy_program(project: Project) -> Path:
    """Copy the program, so that a test can change it, and return its folder."""
    root = project.folder / "program"
    for name in ("constanta", "templates", "static"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", root)
    return root


def test_a_mistake_in_the_program_is_told_once_and_does_not_end_it(project: Project) -> None:
    root, tried = copy_program(project), project.folder / "tried"
    code = root / "constanta/edition/prepare.py"
    text = code.read_text(encoding="utf-8")
    line = "    path = sources.content / name\n"
    assert line in text
    mistake = f'    if "unlucky" in name and open("{tried}", "a").write("x"):\n        1 / 0\n'
    code.write_text(text.replace(line, line + mistake), encoding="utf-8")
    with watching(project, root) as watcher:
        watcher.expect_laid()
        unlucky = project.document("pages/unlucky", "Words.")
        watcher.expect_said("ZeroDivisionError")
        project.document("publications/other", "Words.")
        wait_until(lambda: tried.read_text() == "xx", watcher.said)
        broken = project.document("publications/broken", "Words.", date="soon")
        wait_until(lambda: tried.read_text() == "xxx", watcher.said)
        assert watcher.said.count("A mistake in the program") == watcher.said.count("Traceback") == 1
        unlucky.unlink()
        watcher.expect_said("content/publications/broken.md:")
        project.document("pages/unlucky", "Words.")
        broken.unlink()
        watcher.expect_said("A mistake in the program", times=2)
        project.document("publications/broken", "Words.", date="soon")
        unlucky.unlink()
        watcher.expect_said("content/publications/broken.md:", times=2)
        broken.unlink()
        watcher.write("It goes on.")
        watcher.expect("It goes on.")


def test_a_program_that_has_changed_is_begun_anew(project: Project) -> None:
    root = copy_program(project)
    with watching(project, root) as watcher:
        watcher.expect_laid()
        template = root / "templates" / "article.html"
        text = template.read_text(encoding="utf-8")
        template.write_text(text.replace("<h1>", '<h1 class="new">'), encoding="utf-8")
        watcher.expect('<h1 class="new">')
        watcher.write("Still there.")
        watcher.expect("Still there.")
        assert watcher.process.poll() is None


def test_a_program_that_cannot_start_is_waited_for(project: Project) -> None:
    root = copy_program(project)
    code = root / "constanta/pages/reading.py"
    text = code.read_text(encoding="utf-8")
    with watching(project, root) as watcher:
        watcher.expect_laid()
        code.write_text(f"{text}\ndef (\n", encoding="utf-8")
        watcher.expect_said("SyntaxError")
        watcher.write("Meanwhile.")
        code.write_text(text, encoding="utf-8")
        watcher.expect("Meanwhile.")
        assert watcher.said.count("cannot start") == 1
        code.write_text(f"{text}\ndef (\n", encoding="utf-8")
        time.sleep(IDLE / 1000 + 0.4)  # the program is being tried
        code.write_text(text, encoding="utf-8")
        watcher.write("At last.")
        watcher.expect("At last.")
        assert watcher.process.poll() is None


def test_a_file_with_a_name_in_another_encoding_does_not_end_it(watcher: Watcher) -> None:
    odd = os.fsdecode(b"\xf4\xee")
    (watcher.project.folder / "content" / f"{odd}.tmp").touch()
    document = watcher.project.folder / "content" / "pages" / f"{odd}.md"
    document.write_text("---\ntitle: T\nslug: t\n---\n")
    watcher.expect_said("\\xf4\\xee.md: The name of this file is not UTF-8.")
    document.unlink()
    watcher.write("After it.")
    watcher.expect("After it.")


def test_after_a_kill_the_next_one_goes_on(project: Project) -> None:
    with watching(project) as watcher:
        watcher.expect_laid()
        name = watcher.shelf.current()
    write(project, "Meanwhile.")
    with watching(project) as watcher:
        watcher.expect("Meanwhile.")
        assert watcher.shelf.current() != name


def test_a_person_ends_it_quietly(project: Project) -> None:
    with watching(project) as watcher:
        watcher.expect_laid()
        said = watcher.said
        watcher.process.send_signal(signal.SIGINT)
        assert (watcher.process.wait(PATIENCE), watcher.said) == (0, said)


@pytest.mark.parametrize("folder", ["content", "translations"])
def test_without_folders_there_is_nothing_to_watch(project: Project, folder: str) -> None:
    shutil.rmtree(project.folder / folder)
    ended = run(project, "publish", "--watch")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "missing" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("limit", ["max_inotify_instances", "max_inotify_watches"])
def test_a_system_that_cannot_watch_says_so(project: Project, limit: str) -> None:
    ended = subprocess.run(
        [
            "unshare",
            "-Ur",
            "sh",
            "-c",
            f'echo 0 > /proc/sys/user/{limit} && exec "$@"',
            "sh",
            FLASK,
            "publish",
            "--watch",
        ],
        cwd=project.folder,
        env=environment(project),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("The system cannot watch the folders: ")
    assert "Traceback" not in ended.stderr
