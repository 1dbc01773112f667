"""Nikola: every document is a post in three languages of one site, as its documentation says; topics are tags.

The settings are those that `nikola init` writes, with the languages added. Its interface has no Belarusian: Ukrainian
stands in its place.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.content import LANGUAGES, Story
from bench.peers.environment import install, version
from bench.peers.project import Project

_TAGS = {"be": "uk", "ru": "ru", "en": "en"}
_LANGUAGES = """
DEFAULT_LANG = "uk"
TRANSLATIONS = {"uk": "", "ru": "./ru", "en": "./en"}
COMMENT_SYSTEM = ""
"""


class Nikola(Project):
    """Nikola with its default theme, in one process."""

    name = f"nikola {version('nikola')}"
    made = (
        "output",
        "cache",
        ".doit.db",
        ".doit.db.db",
        ".doit.db.dat",
        ".doit.db.dir",
        ".doit.db.bak",
        "__pycache__",
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.nikola = install("nikola") / "nikola"
        self.command = (self.nikola, "build", "--quiet")

    def write(self, stories: Sequence[Story]) -> None:
        subprocess.run([self.nikola, "init", "--quiet", self.folder], check=True, capture_output=True)
        self._configure()
        for story in stories:
            for lang in LANGUAGES:
                self.source(story, lang).write_text(_post(story, lang), encoding="utf-8")

    def _configure(self) -> None:
        path = self.folder / "conf.py"
        default = 'DEFAULT_LANG = "en"\n'
        settings = path.read_text(encoding="utf-8")
        assert default in settings
        first, rest = settings.split(default)
        path.write_text(first + default.replace("en", "uk") + rest + _LANGUAGES, encoding="utf-8")

    def source(self, story: Story, lang: str) -> Path:
        suffix = "md" if lang == "be" else f"{lang}.md"
        return self.folder / "posts" / f"{story.document.slug}.{suffix}"

    def page(self, story: Story, lang: str) -> Path:
        output = self.folder / "output" / ("" if lang == "be" else lang)
        return output / "posts" / story.document.slug / "index.html"


class NikolaInParallel(Nikola):
    """Nikola with a process for each core."""

    name = f"{Nikola.name} -n 2"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.command = (*self.command, "-n", "2")


def _post(story: Story, lang: str) -> str:
    texts, document = story.texts[lang], story.document
    header = (
        f".. title: {texts.title}\n.. slug: {document.slug}\n.. date: {document.date} 12:00:00 UTC\n"
        f".. tags: {', '.join(document.topics)}\n.. description: {texts.summary}\n.. type: text\n"
    )
    return f"<!--\n{header}-->\n\n{texts.body}\n"
