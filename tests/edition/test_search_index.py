"""The index stays in step with the documents: one change costs one document, and leaves no trace of what was before."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
import sqlalchemy as sa

from constanta.catalogs.po import Message, Source
from constanta.edition.build import update_content
from constanta.edition.models import open_engine
from constanta.edition.search import index
from constanta.edition.search.find import search
from constanta.edition.search.query import parse_query
from constanta.edition.sources import Sources
from constanta.locales import parse_language
from tests.conftest import Project

LANGUAGES = tuple(map(parse_language, ("be", "ru", "en")))
TAGS = ("be", "ru", "en")


class Index:
    """The index of a test's project."""

    def __init__(self, project: Project) -> None:
        self.sources = Sources(project.settings.content, project.settings.translations, LANGUAGES)
        self.path = project.folder / "content.db"

    def update(self, path: Path | None = None) -> None:
        engine = open_engine(path or self.path, writable=True)
        assert update_content(engine, self.sources, self.path.parent).problems == []
        engine.dispose()

    def find(self, typed: str, reader: str = "en") -> dict[str, list[str]]:
        """Return the slugs that are found, by the language they are found in."""
        order = [reader, *(tag for tag in TAGS if tag != reader)]
        engine = open_engine(self.path)
        with engine.connect() as connection:
            answer = search(connection, parse_query(typed), order, 1, 100)
        engine.dispose()
        assert answer is not None
        return {group.lang: sorted(result.card.slug for result in group.results) for group in answer.groups}

    def dump(self, path: Path | None = None) -> set[tuple[object, ...]]:
        """Return everything that an index holds, with slugs for the numbers of documents."""
        engine = open_engine(path or self.path)
        found: set[tuple[object, ...]] = set()
        with engine.connect() as connection:
            slugs = {row.id: row.slug for row in connection.execute(sa.text("SELECT id, slug FROM document"))}
            for table in (index.language_table, index.stem_table, index.word_table):
                found |= {(table.name, *row) for row in connection.execute(sa.select(table))}
            for tag in TAGS:
                name = index.table_of(tag).name
                if sa.inspect(connection).has_table(name):
                    connection.execute(
                        sa.text(f"CREATE VIRTUAL TABLE temp.v_{tag} USING fts5vocab(main, {name}, instance)")
                    )
                    rows = connection.execute(sa.text(f"SELECT term, doc, col, offset FROM v_{tag}"))
                    found |= {(tag, term, slugs[doc], col, place) for term, doc, col, place in rows}
        engine.dispose()
        return found


@pytest.fixture
def indexed(project: Project) -> Index:
    return Index(project)


def test_a_word_is_found_in_title_summary_and_body(project: Project, indexed: Index) -> None:
    project.document("publications/one", "Some *mountains*.", title="Rivers", summary="Many forests.")
    indexed.update()
    for word in ("river", "forest", "mountain"):
        assert indexed.find(word) == {"en": ["one"]}


def test_markup_and_addresses_are_not_words(project: Project, indexed: Index) -> None:
    project.document("publications/one", "A [link](https://example.org/secretpath) and `code`.")
    indexed.update()
    assert indexed.find("secretpath") == indexed.find("href") == indexed.find("https") == {}
    assert indexed.find("code") == indexed.find("link") == {"en": ["one"]}


def test_words_of_different_blocks_are_not_one_word(project: Project, indexed: Index) -> None:
    project.document("publications/one", "- first\n- second\n\nthird\n\nfourth", title="One")
    indexed.update()
    assert indexed.find("first second third fourth") == {"en": ["one"]}
    assert indexed.find("firstsecond") == {}


def test_a_changed_document_is_found_by_its_new_words_only(project: Project, indexed: Index) -> None:
    project.document("publications/one", "Rivers.")
    indexed.update()
    project.document("publications/one", "Mountains.")
    indexed.update()
    assert indexed.find("river") == {}
    assert indexed.find("mountain") == {"en": ["one"]}


def test_a_removed_document_is_found_no_more(project: Project, indexed: Index) -> None:
    path = project.document("publications/one", "Rivers.")
    project.document("publications/two", "Rivers.")
    indexed.update()
    path.unlink()
    indexed.update()
    assert indexed.find("river") == {"en": ["two"]}


def test_a_withdrawn_document_is_found_no_more_and_a_restored_one_again(
    project: Project, indexed: Index
) -> None:
    project.document("publications/one", "Rivers.")
    indexed.update()
    project.document("publications/one", "Rivers.", withdrawn="true")
    indexed.update()
    assert indexed.find("river") == {}
    project.document("publications/one", "Rivers.")
    indexed.update()
    assert indexed.find("river") == {"en": ["one"]}


def test_a_topic_has_no_page_and_is_not_found(project: Project, indexed: Index) -> None:
    project.document("topics/rivers")
    indexed.update()
    assert indexed.find("rivers") == {}


def test_a_translation_is_found_in_its_language_and_the_source_in_its_own(
    project: Project, indexed: Index
) -> None:
    project.document("publications/one", "About rivers.", title="Water")
    project.catalog(
        "publications/one", "be", {("title", "Water"): "Вада", ("body", "About rivers."): "Пра рэкі."}
    )
    indexed.update()
    assert indexed.find("рэкі", "be") == {"be": ["one"]}
    assert indexed.find("rivers", "be") == {"en": ["one"]}


def test_a_text_that_stands_in_for_a_translation_is_found_in_the_language_that_it_is_in(
    project: Project, indexed: Index
) -> None:
    project.document("publications/one", "About rivers.\n\nAbout forests.", title="Water")
    project.catalog(
        "publications/one", "be", {("title", "Water"): "Вада", ("body", "About rivers."): "Пра рэкі."}
    )
    indexed.update()
    assert indexed.find("forests", "be") == {"en": ["one"]}
    assert ("search_stem", "be", "forest") not in {row[:3] for row in indexed.dump()}


def test_a_document_stands_once_under_the_first_language_that_has_the_words(
    project: Project, indexed: Index
) -> None:
    project.document("publications/one", title="The year 2024")
    project.catalog("publications/one", "be", {("title", "The year 2024"): "2024 год"})
    indexed.update()
    assert indexed.find("2024", "en") == {"en": ["one"]}
    assert indexed.find("2024", "ru") == {"be": ["one"]}


def test_an_outdated_translation_is_not_found_for_it_is_not_shown(project: Project, indexed: Index) -> None:
    project.document("publications/one", "About great rivers.")
    old = Message(
        Source("About great rivers.", "body"),
        ("Пра рэкі.",),
        flags=("fuzzy",),
        previous=Source("About rivers.", "body"),
    )
    project.catalog("publications/one", "be", {("body", "About great rivers."): old})
    indexed.update()
    assert indexed.find("рэкі", "be") == {}


def test_a_source_in_a_language_that_the_site_does_not_have_is_found(
    project: Project, indexed: Index
) -> None:
    project.document("publications/one", "Про річки.", title="Вода", lang="uk")
    project.catalog("publications/one", "be", {("title", "Вода"): "Вада"})
    indexed.update()
    assert indexed.find("річки", "be") == {"uk": ["one"]}
    assert indexed.find("вада", "be") == {"be": ["one"]}


def test_an_index_that_was_changed_often_is_the_same_as_one_built_at_once(
    project: Project, indexed: Index, tmp_path: Path
) -> None:
    for turn in range(6):
        for number in range(4):
            name = f"publications/p{(turn + number) % 5}"
            body = f"Rivers {turn} and mountains {number}.\n\nShared words."
            project.document(name, body, lang="be" if turn == 3 else "en")
            project.catalog(name, "ru", {("body", "Shared words."): f"Общие слова {turn}."})
        if turn % 2:
            (project.settings.content / f"publications/p{turn % 5}.md").unlink(missing_ok=True)
        indexed.update()
    indexed.update(tmp_path / "fresh.db")
    assert indexed.dump() == indexed.dump(tmp_path / "fresh.db")


def test_what_counts_for_nothing_in_a_word_leaves_no_stem(
    project: Project, indexed: Index, tmp_path: Path
) -> None:
    project.document("publications/one", "Рэкі.", lang="be")
    indexed.update()
    project.document("publications/one", "Рэкі ььььь.", lang="be")
    indexed.update()
    indexed.update(tmp_path / "fresh.db")
    assert ("search_word", "be", "ььььь", "", 1) in indexed.dump()
    assert indexed.dump() == indexed.dump(tmp_path / "fresh.db")


def test_one_changed_document_is_the_only_one_indexed_again(
    project: Project, indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        project.document(f"publications/{name}", "Rivers.")
    indexed.update()
    touched: list[str] = []

    class Watched(index.Indexer):
        def add(self, document_id: int, entries: Iterable[index.Entry]) -> None:
            touched.append(f"+{document_id}")
            super().add(document_id, entries)

        def remove(self, document_id: int, entries: Iterable[index.Entry]) -> None:
            touched.append(f"-{document_id}")
            super().remove(document_id, entries)

    monkeypatch.setattr(index, "Indexer", Watched)
    project.document("publications/two", "Mountains.")
    indexed.update()
    assert [mark[0] for mark in touched] == ["-", "+"]
    assert len({mark[1:] for mark in touched}) == 1


def test_an_index_of_another_version_is_built_anew(
    project: Project, indexed: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.document("publications/one", "Rivers.")
    monkeypatch.setattr(index, "VERSION", "an older one")
    indexed.update()
    monkeypatch.undo()
    engine = open_engine(indexed.path, writable=True)
    assert update_content(engine, indexed.sources, indexed.path.parent).built == ["publications/one"]
    engine.dispose()
    assert indexed.find("river") == {"en": ["one"]}


def test_the_full_text_tables_hold_no_second_copy_of_the_texts(project: Project, indexed: Index) -> None:
    project.document("publications/one", "Rivers.")
    indexed.update()
    engine = open_engine(indexed.path)
    with engine.connect() as connection:
        tables = sa.inspect(connection).get_table_names()
    engine.dispose()
    assert f"{index.table_of('en').name}_data" in tables
    assert f"{index.table_of('en').name}_content" not in tables
