"""Constanta itself, run as editors run it: `flask publish` over documents and catalogs, once or by a process that stays."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.content import Story, write_content
from bench.measure import Taken
from bench.peers.project import Project
from constanta.catalogs.paths import document_path
from constanta.edition.shelf import Shelf
from constanta.locales import Language
from constanta.settings import ROOT


class Constanta(Project):
    """This project's code over synthetic content, with an instance folder of its own.

    A quarter of the translations are partial, outdated or missing, as in life; the source stands in their place, so
    that every document has its page in every language.
    """

    name = "constanta"
    command: Sequence[str | Path] = (Path(sys.executable).with_name("flask"), "publish")
    made = ("instance",)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pages = folder / "instance" / "editions" / "current" / "pages"
        self.environment = {
            "FLASK_APP": str(ROOT / "app.py"),
            "PYTHONPATH": str(ROOT),  # the code beside this file, wherever the environment was made
            "CONSTANTA_CONTENT": str(folder / "content"),
            "CONSTANTA_TRANSLATIONS": str(folder / "translations"),
            "CONSTANTA_INSTANCE": str(folder / "instance"),
            "CONSTANTA_SECRET_KEY": "bench",
        }

    def write(self, stories: Sequence[Story]) -> None:
        write_content(self.folder, len(stories))

    def source(self, story: Story, lang: str) -> Path:
        document = story.document
        if lang == document.lang:
            return self.folder / "content" / document.kind / f"{document.slug}.md"
        return document_path(self.folder / "translations", Language(lang), document.name)

    def page(self, story: Story, lang: str) -> Path:
        document = story.document
        return self.pages / lang / document.kind / f"{document.slug}.html.gz"

    def count_pages(self) -> int:
        return sum(1 for _ in self.pages.resolve().rglob("*.html.gz"))

    def read_page(self, story: Story, lang: str) -> str:
        return gzip.decompress(self.page(story, lang).read_bytes()).decode()

    def shown(self, story: Story, lang: str) -> str:
        return story.document.lang if story.states.get(lang) in {"partial", "missing"} else lang


class ConstantaWatching(Constanta):
    """The same, published by a process that stays (`flask publish --watch`).

    What counts is the time from the moment at which an edit is saved to that at which readers get it. Before each edit the
    process has had time to lay out the next folder, as it has while a person types.
    """

    name = "constanta --watch"
    command = (*Constanta.command, "--watch")
    patience = 600.0
    """Seconds after which nothing more is waited for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._shelf = Shelf(folder / "instance" / "editions")
        self._process: subprocess.Popen[bytes] | None = None
        self._served: str | None = None
        self._begin = self._cpu = 0.0

    def build(self, *, watch: bool = False) -> Taken:  # noqa: ARG002 - the memory of a process that stays has no peak
        """Return what it took since the last edit; the first time, what it took to start and to publish what there is."""
        if self._process is None:
            self._note()
            self.start()
        self._wait(lambda: self._shelf.current() != self._served)
        return Taken(time.perf_counter() - self._begin, self._processor_seconds() - self._cpu)

    def start(self) -> None:
        """Start the process; it publishes what there is."""
        with (self.folder / "said").open("wb") as said:
            self._process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdout=said,
                stderr=said,
            )

    def edit(self, story: Story, lang: str, old: str, new: str) -> None:
        self._wait(lambda: self._shelf.ahead(self._shelf.current() or "").exists())
        self._note()
        super().edit(story, lang, old, new)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _note(self) -> None:
        """Remember what is served, and what the process has taken until now."""
        self._served = self._shelf.current()
        self._cpu = self._processor_seconds()
        self._begin = time.perf_counter()

    def _processor_seconds(self) -> float:
        """Return the time that the process, and those of its children that have ended, have had (proc(5), `stat`)."""
        if self._process is None:
            return 0.0
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def _wait(self, is_so: Callable[[], bool]) -> None:
        """Return when something is so.

        Raises:
            SystemExit: The process has ended, or does nothing any more.
        """
        deadline = time.monotonic() + self.patience
        while not is_so():
            if time.monotonic() > deadline or (self._process and self._process.poll() is not None):
                raise SystemExit(f"{self.name} stands still:\n{(self.folder / 'said').read_text()[-3000:]}")
            time.sleep(0.001)
