"""Lektor: every document is a post of a blog in three alternatives; the project is that of its quickstart.

Of itself it makes no tags and no feeds, so it has fewer pages to make than the others.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from bench.content import LANGUAGES, Story
from bench.peers.environment import install, version
from bench.peers.project import Project


class Lektor(Project):
    """Lektor, whose records of what depends on what lie beside the pages."""

    name = f"lektor {version('lektor')}"
    made = ("output",)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.command = (install("lektor") / "lektor", "build", "--output-path", folder / "output")

    def write(self, stories: Sequence[Story]) -> None:
        shutil.copytree(Path(__file__).with_name("lektor_site"), self.folder, dirs_exist_ok=True)
        for story in stories:
            for lang in LANGUAGES:
                path = self.source(story, lang)
                path.parent.mkdir(exist_ok=True)
                path.write_text(_contents(story, lang), encoding="utf-8")

    def source(self, story: Story, lang: str) -> Path:
        return self.folder / "content" / "blog" / story.document.slug / f"contents+{lang}.lr"

    def page(self, story: Story, lang: str) -> Path:
        return self.folder / "output" / lang / "blog" / story.document.slug / "index.html"


def _contents(story: Story, lang: str) -> str:
    texts, document = story.texts[lang], story.document
    return (
        f"title: {texts.title}\n---\npub_date: {document.date}\n---\nauthor: Somebody\n---\n"
        f"body:\n\n{texts.body}\n"
    )
