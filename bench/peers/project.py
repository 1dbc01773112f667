"""What every static site generator under measurement has: sources of synthetic documents, a command, and pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from bench.content import LANGUAGES, Story
from bench.measure import Taken, run


class Project(ABC):
    """A folder with the sources of a site, and the command that builds it.

    Attributes:
        folder: Everything lies here.
        name: How the generator and the way of running it are called in the tables.
        command: What builds the site, run in the folder.
        environment: What is set for it.
        made: What builds leave in the folder: pages, caches, records of what was done.
    """

    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = {}
    made: ClassVar[Sequence[str]]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def write(self, stories: Sequence[Story]) -> None:
        """Write the sources of a site with these documents in every language."""

    @abstractmethod
    def source(self, story: Story, lang: str) -> Path:
        """Return the file with the text of a document in a language."""

    @abstractmethod
    def page(self, story: Story, lang: str) -> Path:
        """Return the file with the page of a document in a language."""

    def count_pages(self) -> int:
        """Return how many pages of any kind there are."""
        return sum(1 for _ in (self.folder / "output").rglob("*.html"))

    def read_page(self, story: Story, lang: str) -> str:
        """Return the page of a document in a language, as it was built."""
        return self.page(story, lang).read_text(encoding="utf-8")

    def shown(self, _story: Story, lang: str) -> str:
        """Return the language in which a page of this language shows the first paragraph."""
        return lang

    def clear(self) -> None:
        """Move away everything that builds left.

        It is not removed before all is measured: for minutes after many files were removed, ext4 looks through what is left
        of them whenever a file is made, which costs whoever comes next half a millisecond for each of theirs.
        """
        aside = self.folder / "aside" / f"{len(list(self.folder.glob('aside/*')))}"
        aside.mkdir(parents=True)
        for name in self.made:
            if (self.folder / name).exists():
                (self.folder / name).rename(aside / name)

    def build(self, *, watch: bool = False) -> Taken:
        return run(self.command, self.folder, self.environment, watch=watch)

    def close(self) -> None:  # noqa: B027 - most have nothing that goes on
        """End what goes on between builds."""

    def edit(self, story: Story, lang: str, old: str, new: str) -> None:
        """Change words of a document in a language.

        Raises:
            SystemExit: The words do not stand there.
        """
        path = self.source(story, lang)
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"{path} has no {old!r}.")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def verify(self, stories: Sequence[Story]) -> None:
        """See that every document has a page in every language, with its title and its first paragraph.

        Raises:
            SystemExit: A page is missing or is not whole.
        """
        for story in stories:
            for lang in LANGUAGES:
                texts = story.texts[self.shown(story, lang)]
                self.expect(story, lang, texts.blocks[0])

    def expect(self, story: Story, lang: str, words: str) -> None:
        """See that words stand on the page of a document.

        Raises:
            SystemExit: There is no such page, or it has no such words.
        """
        try:
            page = self.read_page(story, lang)
        except FileNotFoundError as error:
            raise SystemExit(f"{self.name} made no page {error.filename}.") from error
        if words not in page.replace("\u00a0", " "):
            raise SystemExit(f"{self.name}: {self.page(story, lang)} has no {words!r}.")
