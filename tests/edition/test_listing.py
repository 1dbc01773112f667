"""The lists that are narrowed down: what is wholly in one language, and what belongs to an area of work."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from constanta.catalogs.po import Message, Source
from constanta.edition import queries
from constanta.edition.build import update_content
from constanta.edition.models import open_engine
from constanta.edition.sources import Sources
from constanta.locales import parse_language
from tests.conftest import Project

LANGUAGES = tuple(map(parse_language, ("be", "ru", "en")))
ReadList = Callable[[str], list[str]]

DATED = {"date": "2025", "topics": "[people]"}


@pytest.fixture
def read_list(project: Project) -> ReadList:
    """Bring the database up to date and read the slugs of a list; its size must be right."""
    path = project.folder / "content.db"
    sources = Sources(project.settings.content, project.settings.translations, LANGUAGES)

    def read_list(scope: str) -> list[str]:
        writing = open_engine(path, writable=True)
        assert update_content(writing, sources, project.folder).problems == []
        writing.dispose()
        engine = open_engine(path)
        with engine.connect() as connection:
            slugs = [card.slug for card in queries.list_latest(connection, scope, "en", 100)]
            assert queries.count(connection, scope) == len(slugs)
        engine.dispose()
        return slugs

    return read_list


def test_a_document_is_listed_as_wholly_in_its_own_language(project: Project, read_list: ReadList) -> None:
    project.document("publications/one", lang="ru")
    assert read_list("in/ru/publications") == ["one"]
    assert read_list("in/be/publications") == read_list("in/en/publications") == []


def test_a_complete_translation_joins_every_list_of_its_language(
    project: Project, read_list: ReadList
) -> None:
    project.document("topics/people")
    project.document("publications/one", "Text.", **DATED)
    project.catalog("publications/one", "be", {("title", "One"): "Адзін"})
    assert read_list("in/be/publications") == []
    project.catalog("publications/one", "be", {("title", "One"): "Адзін", ("body", "Text."): "Тэкст."})
    for scope in ("publications", "publications/2025", "publications/topic/people/2025"):
        assert read_list(f"in/be/{scope}") == ["one"]
        assert read_list(f"in/ru/{scope}") == []


@pytest.mark.parametrize(
    ("dates", "listed", "of_topic"),
    [
        ({"date": "2023/2025"}, ["2023", "2024", "2025"], ["2025"]),
        ({"date": "2024", "order": "2025-04-01"}, ["2024"], ["2025"]),
        ({"order": "2025-04-01"}, [], []),
        ({}, [], []),
    ],
)
def test_a_document_stands_in_every_year_that_it_covers_but_in_one_of_its_topic(
    project: Project, read_list: ReadList, dates: dict[str, str], listed: list[str], of_topic: list[str]
) -> None:
    project.document("topics/people")
    project.document("publications/one", topics="[people]", **dates)
    years = ("2022", "2023", "2024", "2025", "2026")
    assert [year for year in years if read_list(f"publications/{year}")] == listed
    assert [year for year in years if read_list(f"publications/topic/people/{year}")] == of_topic
    assert [year for year in years if read_list(f"in/en/publications/topic/people/{year}")] == of_topic


@pytest.mark.parametrize(
    ("changed", "listed"), [(1, ["one"]), (2, ["one"]), (3, []), (4, [])], ids=lambda value: str(value)
)
def test_a_translation_stays_in_the_lists_of_its_language_until_half_of_its_source_has_changed(
    project: Project, read_list: ReadList, changed: int, listed: list[str]
) -> None:
    sources = [Source("One", "title"), *(Source(f"{word}.", "body") for word in ("First", "Second", "Third"))]
    project.document("projects/one", "\n\n".join(source.msgid for source in sources[1:]))
    messages: dict[tuple[str, str], str | Message] = {
        (str(source.msgctxt), source.msgid): Message(source, ("Тэкст.",)) for source in sources
    }
    for source in sources[-changed:]:
        messages[str(source.msgctxt), source.msgid] = Message(
            source, ("Тэкст.",), flags=("fuzzy",), previous=Source("Before.", source.msgctxt)
        )
    project.catalog("projects/one", "be", messages)
    assert read_list("in/be/projects") == listed


def test_a_translation_of_which_a_part_is_missing_stands_in_no_list_of_its_language(
    project: Project, read_list: ReadList
) -> None:
    project.document("projects/one", "First.\n\nSecond.\n\nThird.")
    outdated = Message(
        Source("First.", "body"), ("Першы.",), flags=("fuzzy",), previous=Source("Before.", "body")
    )
    known: dict[tuple[str, str], str | Message] = {("title", "One"): "Адзін", ("body", "First."): outdated}
    project.catalog("projects/one", "be", {**known, ("body", "Second."): "Другі."})
    assert read_list("in/be/projects") == []
    project.catalog(
        "projects/one", "be", {**known, ("body", "Second."): "Другі.", ("body", "Third."): "Трэці."}
    )
    assert read_list("in/be/projects") == ["one"]


def test_an_area_lists_the_documents_of_its_topics_and_those_that_name_it_each_once(
    project: Project, read_list: ReadList
) -> None:
    project.document("topics/people")
    project.document("areas/work", topics="[people]")
    project.document("publications/both", date="2025-03", topics="[people]", areas="[work]")
    project.document("projects/named", date="2025-02", areas="[work]")
    project.document("projects/topical", date="2025-01", topics="[people]")
    project.document("publications/other")
    assert read_list("areas/work") == ["both", "named", "topical"]


def test_the_list_of_an_area_follows_its_documents(project: Project, read_list: ReadList) -> None:
    project.document("topics/people")
    project.document("areas/work", topics="[people]")
    project.document("publications/one", date="2025-01", topics="[people]")
    path = project.document("publications/two", date="2025-02", topics="[people]")
    assert read_list("areas/work") == ["two", "one"]
    project.document("publications/one", date="2025-03", topics="[people]")
    assert read_list("areas/work") == ["one", "two"]
    path.unlink()
    assert read_list("areas/work") == ["one"]
    project.document("publications/one", date="2025-03")
    assert read_list("areas/work") == []


def test_the_list_of_an_area_follows_its_topics(project: Project, read_list: ReadList) -> None:
    for topic in ("people", "borders"):
        project.document(f"topics/{topic}")
    area = project.document("areas/work", topics="[people]")
    project.document("publications/one", topics="[people]")
    project.document("publications/two", topics="[borders]")
    assert read_list("areas/work") == ["one"]
    project.document("areas/work", topics="[borders]")
    assert read_list("areas/work") == ["two"]
    area.unlink()
    assert read_list("areas/work") == []


def test_a_withdrawn_document_leaves_its_area(project: Project, read_list: ReadList) -> None:
    project.document("areas/work")
    project.document("publications/one", areas="[work]")
    assert read_list("areas/work") == ["one"]
    project.document("publications/one", areas="[work]", withdrawn="true")
    assert read_list("areas/work") == []


def test_an_area_has_a_list_of_what_can_be_read_wholly_in_a_language(
    project: Project, read_list: ReadList
) -> None:
    project.document("topics/people")
    area = project.document("areas/work", topics="[people]")
    project.document("publications/both", date="2025-03", topics="[people]", areas="[work]")
    project.document("projects/named", date="2025-02", areas="[work]", lang="be")
    project.document("publications/other", lang="be")
    assert (read_list("in/be/areas/work"), read_list("in/en/areas/work")) == (["named"], ["both"])
    project.catalog("publications/both", "be", {("title", "Both"): "Абое"})
    assert read_list("in/be/areas/work") == ["both", "named"]
    project.document("areas/work")
    project.document("publications/both", date="2025-03", topics="[people]")
    assert read_list("in/be/areas/work") == ["named"]
    area.unlink()
    project.document("projects/named")
    assert read_list("in/be/areas/work") == []


def test_a_document_that_names_a_topic_twice_stands_in_its_list_once(
    project: Project, read_list: ReadList
) -> None:
    project.document("topics/people")
    project.document("publications/one", date="2025-01-02", topics="[people, people]")
    project.document("publications/two", date="2025-01-01", topics="[people]")
    assert read_list("publications/topic/people") == ["one", "two"]
    project.document("publications/three", date="2025-01-03", topics="[people, people]")
    assert read_list("publications/topic/people") == ["three", "one", "two"]
