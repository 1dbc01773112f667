"""Pelican: every document is an article with two translations, as its documentation says; topics are tags.

The settings are those that `pelican-quickstart` writes, with its pages of ten and the feeds of its `publishconf.py`. Pelican
lists only the articles of the default language, so it has two thirds fewer pages of lists to make than the others. So it is
also measured with each language of a document as an article of its own: then its lists name as many texts as ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.content import LANGUAGES, Story
from bench.peers.environment import install, version
from bench.peers.project import Project

_SETTINGS = """
AUTHOR = "Somebody"
SITENAME = "Synthetic"
SITEURL = "https://example.org"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "be"
DEFAULT_PAGINATION = 10
FEED_ALL_ATOM = "feeds/all.atom.xml"
CATEGORY_FEED_ATOM = "feeds/{slug}.atom.xml"
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
"""


class Pelican(Project):
    """Pelican with its default theme."""

    name = f"pelican {version('pelican')}"
    made = ("output", "cache")
    more = ""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.command = (install("pelican") / "pelican", "--settings", "pelicanconf.py", "--quiet")

    def write(self, stories: Sequence[Story]) -> None:
        (self.folder / "content").mkdir(parents=True)
        (self.folder / "pelicanconf.py").write_text(_SETTINGS + self.more)
        for story in stories:
            for lang in LANGUAGES:
                self.source(story, lang).write_text(_article(story, lang), encoding="utf-8")

    def source(self, story: Story, lang: str) -> Path:
        return self.folder / "content" / f"{story.document.slug}.{lang}.md"

    def page(self, story: Story, lang: str) -> Path:
        slug = story.document.slug
        return self.folder / "output" / (f"{slug}.html" if lang == "be" else f"{slug}-{lang}.html")


class PelicanOfArticles(Pelican):
    """Pelican with three times as many articles and no translations."""

    name = f"{Pelican.name}, articles"

    def write(self, stories: Sequence[Story]) -> None:
        super().write(stories)
        for story in stories:
            for lang in LANGUAGES:
                path = self.source(story, lang)
                slug = story.document.slug
                text = path.read_text(encoding="utf-8")
                path.write_text(
                    text.replace(f"Slug: {slug}\nLang: {lang}\n", f"Slug: {slug}-{lang}\n"), encoding="utf-8"
                )

    def page(self, story: Story, lang: str) -> Path:
        return self.folder / "output" / f"{story.document.slug}-{lang}.html"


class PelicanWithCache(Pelican):
    """Pelican that keeps what it read for the next build, which its documentation offers for large sites."""

    name = f"{Pelican.name}, its cache on"
    more = "LOAD_CONTENT_CACHE = True\nCACHE_CONTENT = True\n"


def _article(story: Story, lang: str) -> str:
    texts, document = story.texts[lang], story.document
    header = (
        f"Title: {texts.title}\nDate: {document.date}\nSlug: {document.slug}\nLang: {lang}\n"
        f"Tags: {', '.join(document.topics)}\nSummary: {texts.summary}\n"
    )
    return f"{header}\n{texts.body}\n"
