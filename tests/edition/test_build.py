from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from constanta.catalogs.po import Message, Source
from constanta.content.records import Kind
from constanta.edition import documents, queries
from constanta.edition.build import Update, update_content
from constanta.edition.models import open_engine
from constanta.edition.parallel import BATCH
from constanta.edition.sources import Sources, list_program
from constanta.locales import parse_language
from constanta.settings import ROOT
from tests.conftest import Project

LANGUAGES = tuple(map(parse_language, ("be", "ru", "en")))


class Database:
    """The content database of a test's project."""

    def __init__(self, project: Project) -> None:
        self.sources = Sources(project.settings.content, project.settings.translations, LANGUAGES)
        self.path = project.folder / "content.db"

    def update(self) -> Update:
        engine = open_engine(self.path, writable=True)
        try:
            return update_content(engine, self.sources, self.path.parent)
        finally:
            engine.dispose()

    def titles(self, scope: str, lang: str = "en") -> list[str]:
        engine = open_engine(self.path)
        with engine.connect() as connection:
            titles = [card.title.text for card in queries.list_latest(connection, scope, lang, 100)]
        engine.dispose()
        return titles

    def article(self, kind: Kind, slug: str, lang: str) -> documents.Article:
        engine = open_engine(self.path)
        with engine.connect() as connection:
            article = documents.find_article(connection, kind, slug, lang)
        engine.dispose()
        assert article is not None
        return article


@pytest.fixture
def database(project: Project) -> Database:
    return Database(project)


def test_a_second_update_builds_nothing(project: Project, database: Database) -> None:
    project.document("publications/one")
    assert database.update().built == ["publications/one"]
    assert database.update() == Update()


def test_a_file_that_was_only_touched_is_not_built_again(project: Project, database: Database) -> None:
    path = project.document("publications/one")
    database.update()
    path.write_bytes(path.read_bytes())
    assert database.update().built == []


def test_one_changed_document_costs_one_document(project: Project, database: Database) -> None:
    for name in ("one", "two", "three"):
        project.document(f"publications/{name}")
    database.update()
    project.document("publications/two", "A new text.")
    assert database.update().built == ["publications/two"]


def test_a_changed_catalog_builds_its_document(project: Project, database: Database) -> None:
    project.document("publications/one")
    project.document("publications/two")
    database.update()
    project.catalog("publications/one", "be", {("title", "One"): "Адзін"})
    assert database.update().built == ["publications/one"]
    assert database.titles("publications", "be") == ["Two", "Адзін"]


def test_a_removed_document_leaves_all_lists(project: Project, database: Database) -> None:
    path = project.document("publications/one", date="2025")
    project.document("publications/two", date="2025")
    database.update()
    path.unlink()
    assert database.update().removed == ["publications/one"]
    assert database.titles("publications") == database.titles("publications/2025") == ["Two"]


def test_lists_are_ordered_by_day_then_position_then_slug_with_unknown_dates_last(
    project: Project, database: Database
) -> None:
    project.document("publications/undated")
    project.document("publications/second", date="2025-03-20", position="2")
    project.document("publications/first", date="2025-03-20", position="1")
    project.document("publications/ordered", date="2024", order="2025-04-01")
    project.document("publications/month", date="2025-02")
    database.update()
    assert database.titles("publications") == ["Ordered", "First", "Second", "Month", "Undated"]


def test_a_new_date_moves_a_document_between_lists(project: Project, database: Database) -> None:
    project.document("topics/people")
    project.document("publications/one", date="2024", topics="[people]")
    database.update()
    project.document("publications/one", date="2025", topics="[people]")
    database.update()
    assert database.titles("publications/2024") == database.titles("publications/topic/people/2024") == []
    assert (
        database.titles("publications/2025") == database.titles("publications/topic/people/2025") == ["One"]
    )


def test_a_withdrawn_document_is_listed_nowhere(project: Project, database: Database) -> None:
    project.document("publications/one", date="2025")
    database.update()
    project.document("publications/one", date="2025", withdrawn="true")
    database.update()
    assert database.titles("publications") == []
    assert database.article(Kind.PUBLICATION, "one", "en").withdrawn


def test_a_broken_document_stays_as_it_was_and_the_others_go_on(project: Project, database: Database) -> None:
    path = project.document("publications/one", "Old text.")
    project.document("publications/two", "Old text.")
    database.update()
    project.document("publications/one", "New text.", date="soon")
    project.document("publications/two", "New text.")
    update = database.update()
    assert [(problem.path, problem.line) for problem in update.problems] == [(path, 3)]
    assert "Old text." in database.article(Kind.PUBLICATION, "one", "en").body[0].html
    assert "New text." in database.article(Kind.PUBLICATION, "two", "en").body[0].html


def test_a_catalog_without_a_byte_is_not_taken_for_none(project: Project, database: Database) -> None:
    project.document("publications/one", "Text.")
    assert database.update().problems == []
    path = project.settings.translations / "be" / "content" / "publications" / "one.po"
    path.parent.mkdir(parents=True)
    path.touch()
    assert [problem.path for problem in database.update().problems] == [path]


def test_a_broken_catalog_leaves_its_document_as_it_was(project: Project, database: Database) -> None:
    project.document("publications/one")
    path = project.catalog("publications/one", "be", {("title", "One"): "Адзін"})
    database.update()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgstr "Адзін"', 'msgstr "Адзін'), encoding="utf-8")
    (problem,) = database.update().problems
    assert (problem.path, problem.line) == (path, text.splitlines().index('msgstr "Адзін"') + 1)
    assert database.titles("publications", "be") == ["Адзін"]


def test_a_first_build_may_find_nothing_that_can_be_read(project: Project) -> None:
    path = project.document("publications/one", date="soon")
    update = Database(project).update()
    assert ([problem.path for problem in update.problems], update.built) == ([path], [])


def dump_tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all tables but those in which FTS5 keeps its own."""
    with closing(sqlite3.connect(path)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
            for name in names
            if not name.startswith("search_text_")
        }


@pytest.mark.parametrize("wrong", ["topic", "slug", "both", "late"])
def test_what_is_wrong_between_documents_is_left_out_of_the_first_build_too(
    project: Project, tmp_path: Path, wrong: str
) -> None:
    """They are stored before all have been read, and what was stored in vain leaves nothing behind."""
    for number in range(2 * BATCH + 5):
        project.document(f"publications/p{number:03}", f"Words {number}.", date="2025-01-02")
    expected = Database(project)
    expected.path = tmp_path / "expected.db"
    assert expected.update().problems == []
    if wrong in {"topic", "both"}:
        project.document("publications/p0005a", "Wrong.", topics="[nowhere]", date="2025-01-02")
    if wrong in {"slug", "both"}:
        project.document("publications/p009a", "Wrong.", slug="p009", date="2025-01-02")
    if wrong == "late":
        project.document("publications/z", "Wrong.", slug="p000", date="2025-01-02")
    database = Database(project)
    update = database.update()
    assert len(update.problems) == (2 if wrong == "both" else 1)
    assert dump_tables(database.path) == dump_tables(expected.path)


def test_a_slug_taken_by_an_unchanged_document_is_refused(project: Project, database: Database) -> None:
    project.document("publications/one", slug="same")
    database.update()
    path = project.document("publications/two", slug="same")
    (problem,) = database.update().problems
    assert (problem.path, problem.line) == (path, 3)
    assert database.titles("publications") == ["One"]


def test_a_new_document_with_the_slug_that_an_unchanged_one_has_written_out_waits_until_that_is_mended(
    project: Project, database: Database
) -> None:
    old = project.document("publications/old", slug="new")
    database.update()
    project.document("publications/new")
    for _ in range(3):
        (problem,) = database.update().problems
        assert (problem.path, problem.line) == (old, 3)
        assert database.titles("publications") == ["Old"]
    project.document("publications/old")
    assert database.update().problems == []
    assert sorted(database.titles("publications")) == ["New", "Old"]


def test_a_document_that_is_refused_keeps_its_slug(project: Project, database: Database) -> None:
    one = project.document("publications/one", slug="first")
    two = project.document("publications/two", slug="second")
    database.update()
    project.document("publications/one", slug="third", topics="[nowhere]")
    project.document("publications/two", slug="first")
    assert [problem.path for problem in database.update().problems] == [one, two]
    assert database.article(Kind.PUBLICATION, "first", "en").title.text == "One"
    assert database.article(Kind.PUBLICATION, "second", "en").title.text == "Two"


def test_removing_a_topic_that_a_document_names_is_a_problem(project: Project, database: Database) -> None:
    topic = project.document("topics/people")
    path = project.document("publications/one", topics="[people]")
    database.update()
    topic.unlink()
    assert [(problem.path, problem.line) for problem in database.update().problems] == [(path, 3)]


def test_a_document_without_its_topic_is_named_until_it_is_mended(
    project: Project, database: Database
) -> None:
    topic = project.document("topics/people")
    path = project.document("publications/one", topics="[people]")
    database.update()
    topic.unlink()
    database.update()
    assert [problem.path for problem in database.update().problems] == [path]
    project.document("topics/people")
    assert database.update().problems == []
    assert database.update() == Update()


def test_a_file_may_be_renamed_and_keep_its_slug(project: Project, database: Database) -> None:
    path = project.document("publications/old", slug="same", title="One")
    database.update()
    path.rename(path.with_name("new.md"))
    assert database.update().problems == []
    assert database.titles("publications") == ["One"]


def test_documents_may_exchange_their_slugs(project: Project, database: Database) -> None:
    project.document("publications/one", slug="first", date="2025")
    project.document("publications/two", slug="second", date="2024")
    database.update()
    project.document("publications/one", slug="second", date="2025")
    project.document("publications/two", slug="first", date="2024")
    assert database.update().problems == []
    assert database.article(Kind.PUBLICATION, "first", "en").title.text == "Two"
    assert database.titles("publications") == ["One", "Two"]


def test_a_change_of_any_module_that_reads_documents_makes_the_database_anew() -> None:
    code = "import sys, constanta.edition.build; print(*(m.__file__ for m in sys.modules.values() if hasattr(m, '__file__')))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    own = {Path(file) for file in loaded if file.startswith(f"{ROOT}/constanta/")}
    assert ROOT / "constanta/content/loader.py" in own
    assert own <= set(list_program())


def test_other_languages_make_the_database_anew(project: Project, database: Database) -> None:
    project.document("publications/one")
    database.update()
    database.sources = replace(database.sources, languages=(*LANGUAGES, parse_language("pl")))
    assert database.update().built == ["publications/one"]
    assert database.titles("publications", "pl") == ["One"]


@pytest.mark.parametrize("source", ["be", "ru", "en"])
def test_a_document_of_any_source_language_is_shown_in_every_language(
    project: Project, database: Database, source: str
) -> None:
    project.document("publications/one", "Body.", lang=source, summary="Summary.")
    translated, missing = (lang for lang in ("be", "ru", "en") if lang != source)
    translations = {("title", "One"): "T", ("summary", "Summary."): "S", ("body", "Body."): "B"}
    project.catalog("publications/one", translated, dict(translations))
    database.update()
    own = database.article(Kind.PUBLICATION, "one", source)
    assert (own.title.text, own.title.lang, own.availability) == ("One", None, "source")
    other = database.article(Kind.PUBLICATION, "one", translated)
    assert (other.title.text, other.title.lang, other.availability) == ("T", None, "complete")
    assert [(run.html, run.lang) for run in other.body] == [("<p>B</p>\n", None)]
    without = database.article(Kind.PUBLICATION, "one", missing)
    assert (without.title.text, without.title.lang, without.title.reason) == ("One", source, "missing")
    assert [(run.html, run.lang) for run in without.body] == [(f'<p lang="{source}">Body.</p>\n', source)]
    assert without.available == {source: "source", translated: "complete", missing: "missing"}


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (None, "missing"),
        (Message(Source("Body.", "body"), ("",)), "missing"),
        (Message(Source("Body.", "body"), ("Цела.",), flags=("fuzzy",)), "missing"),
        (
            Message(Source("Body.", "body"), ("Цела.",), flags=("fuzzy",), previous=Source("Old.", "body")),
            "outdated",
        ),
        (Message(Source("Body.", "body"), ("Цела.",), obsolete=True), None),
        (Message(Source("Old body.", "body"), ("Цела.",)), "outdated"),
        (Message(Source("Body.", "body"), ("[Цела](https://evil.example).",)), "missing"),
        (Message(Source("Body.", "body"), ("Цела.",)), None),
    ],
)
def test_every_state_of_a_message_is_shown_for_what_it_is(
    project: Project, database: Database, message: Message | None, reason: str | None
) -> None:
    project.document("publications/one", "Body.")
    others: dict[tuple[str, str], str | Message] = {("title", "One"): "Адзін"}
    if message:
        others["body", message.source.msgid] = message
    project.catalog("publications/one", "be", others)
    database.update()
    (run,) = database.article(Kind.PUBLICATION, "one", "be").body
    assert run.reason == reason
    assert run.html == ('<p lang="en">Body.</p>\n' if reason else "<p>Цела.</p>\n")


def test_nothing_falls_back_from_one_translation_to_another(project: Project, database: Database) -> None:
    project.document("publications/one")
    project.catalog("publications/one", "ru", {("title", "One"): "Один"})
    database.update()
    title = database.article(Kind.PUBLICATION, "one", "be").title
    assert (title.text, title.lang) == ("One", "en")


def test_a_page_of_a_long_list_is_read_by_its_places(
    project: Project, database: Database, tmp_path: Path
) -> None:
    for day in range(1, 29):
        project.document(f"publications/p{day}", date=f"2025-01-{day:02}")
    database.update()
    engine = open_engine(database.path)
    with engine.connect() as connection:
        last = queries.list_page(connection, "publications", "en", 3, 10)
        assert last is not None
        assert ([card.title.text for card in last.cards][-1], len(last.cards), last.pages) == ("P1", 8, 3)
        assert queries.list_page(connection, "publications", "en", 4, 10) is None
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM listing WHERE scope = 'publications' AND place BETWEEN 1 AND 10"
        ).all()
    engine.dispose()
    assert "USING INDEX listing_place" in plan[0].detail or "USING COVERING INDEX" in plan[0].detail


def test_only_the_lists_that_a_document_leaves_have_changed(project: Project, database: Database) -> None:
    project.document("publications/one", "A paragraph.", date="2024-05-01")
    project.catalog("publications/one", "be", {("title", "One"): "Адзін", ("body", "A paragraph."): "Абзац."})
    database.update()
    project.document("publications/one", "Another paragraph.", title="Other", date="2024-05-01")
    lists = {name for name in database.update().changed if name.partition(" ")[0] in {"scope", "years"}}
    assert lists == {"scope in/be/publications", "scope in/be/publications/2024", "years in/be/publications"}
