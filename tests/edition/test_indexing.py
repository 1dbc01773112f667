"""The index of words is finished beside the pages, and nothing of it is in the file before all of it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
import sqlalchemy as sa

from constanta.edition import build
from constanta.edition.indexing import finishing
from constanta.edition.manifest import CONTENT
from constanta.edition.models import metadata, open_engine
from constanta.edition.publish import build_edition
from constanta.edition.search import index
from tests.edition.alone import run_alone
from tests.edition.editions import live, make_project, publish, settings_of, write_site

Kind = TypeVar("Kind", bound=index.Indexer)

LANGUAGES = ("be", "ru", "en")
WORDS = 25_000
"""So many in each language that SQLite keeps not all of what has changed in its memory, unless it is told to."""


class Watched(index.Indexer):
    """An indexer that tells when it has finished."""

    def __init__(self, connection: sa.Connection, *, is_new: bool = False) -> None:
        super().__init__(connection, is_new=is_new)
        self.finished = Event()

    def finish(self) -> None:
        super().finish()
        self.finished.set()


class Broken(index.Indexer):
    """An indexer that writes what it has, and then fails."""

    def finish(self) -> None:
        super().finish()
        raise sqlite3.OperationalError("broken")


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """The content database of an edition, with nothing in it."""
    engine = open_engine(tmp_path / CONTENT, writable=True)
    metadata.create_all(engine)
    engine.dispose()
    return tmp_path / CONTENT


def fill(content: Path, kind: type[Kind]) -> Kind:
    """Return an indexer that has taken in a document, and written nothing of it yet."""
    words = [f"word{number:040}" for number in range(WORDS)]
    entries = [
        index.Entry(lang, ("", "", " ".join(words)), "\n".join(f"{word} {word}" for word in words))
        for lang in LANGUAGES
    ]
    engine = open_engine(content, writable=True)
    with engine.connect() as connection:
        indexer = kind(connection, is_new=True)
        indexer.add(1, entries)
    engine.dispose()
    return indexer


def count(content: Path) -> list[int]:
    """Return how many words there are, how many stems, and of how many languages."""
    with closing(sqlite3.connect(content)) as connection:
        tables = ("search_word", "search_stem", "search_language")
        return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


WHOLE = [len(LANGUAGES) * WORDS, len(LANGUAGES) * WORDS, len(LANGUAGES)]


def test_nothing_is_in_the_file_before_all_else_is_done(content: Path) -> None:
    indexer = fill(content, Watched)
    before = content.read_bytes()
    with finishing(content.parent, indexer) as begin:
        begin()
        assert indexer.finished.wait(60)
        assert content.read_bytes() == before
    assert count(content) == WHOLE
    assert [file.name for file in content.parent.iterdir()] == [CONTENT]


def test_what_was_never_begun_is_done_at_the_end(content: Path) -> None:
    with finishing(content.parent, fill(content, index.Indexer)):
        assert count(content) == [0, 0, 0]
    assert count(content) == WHOLE


def test_of_what_fails_the_file_has_nothing(content: Path) -> None:
    before, indexer = content.read_bytes(), fill(content, Watched)

    def fail_beside_it() -> None:
        with finishing(content.parent, indexer) as begin:
            begin()
            raise KeyError

    def fail_itself() -> None:
        with finishing(content.parent, fill(content, Broken)) as begin:
            begin()

    with pytest.raises(KeyError):
        fail_beside_it()
    assert indexer.finished.is_set()  # nothing goes on writing
    with pytest.raises(sqlite3.OperationalError, match="broken"):
        fail_itself()
    assert content.read_bytes() == before


def test_a_published_edition_has_the_whole_index(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    write_site(project)
    settings = settings_of(project)
    publish(settings)
    alone = tmp_path / "alone" / "edition"
    alone.mkdir(parents=True)
    build_edition(settings, alone)
    assert dump(live(settings) / CONTENT) == dump(alone / CONTENT)


def test_it_is_finished_while_others_render(tmp_path: Path) -> None:
    finished, _ = run_alone("beside", tmp_path / "site")
    assert finished == [[3, True], [3, True]]


def test_of_very_many_documents_the_index_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path / "project")
    write_site(project)
    left = []
    for most in (10, 0):
        monkeypatch.setattr(build, "_LEFT", most)
        folder = tmp_path / str(most) / "edition"
        folder.mkdir(parents=True)
        left.append(build_edition(settings_of(project), folder, leave_index=True).indexer is not None)
    assert left == [True, False]


def dump(content: Path) -> list[str]:
    """Return all that a content database holds as statements."""
    with closing(sqlite3.connect(content)) as connection:
        return list(connection.iterdump())
