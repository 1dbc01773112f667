"""Constanta itself, run as editors run it: `flask publish` over documents and catalogs."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.content import Story, write_content
from bench.peers.project import Project
from constanta.catalogs.paths import document_path
from constanta.locales import Language
from constanta.settings import ROOT


class Constanta(Project):
    """This project's code over synthetic content, with an instance folder of its own.

    A quarter of the translations are partial, outdated or missing, as in life; the source stands in their place, so
    that every document has its page in every language.
    """

    name = "constanta"
    command = (Path(sys.executable).with_name("flask"), "publish")
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
