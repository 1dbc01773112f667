"""Syncing a project's catalogs with its sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from constanta.catalogs.paths import document_path, interface_path
from constanta.catalogs.po import Catalog, State, read_catalog, write_catalog
from constanta.catalogs.sync import SyncReport, add_language, sync_catalogs
from constanta.errors import CatalogError
from constanta.locales import parse_language
from constanta.settings import ROOT, Settings
from tests.catalogs.parts import HEADER
from tests.conftest import Project

BE, RU, EN = map(parse_language, ("be", "ru", "en"))
ONE = "publications/one"
BODY = "First paragraph of the document.\n\nSecond paragraph of the report.\n\nThird one, about a border.\n"


@pytest.fixture
def settings(project: Project) -> Settings:
    """The settings of a small project with templates of its own."""
    project.write("babel.cfg", (ROOT / "babel.cfg").read_text(encoding="utf-8"))
    project.write("templates/home.html", "{{ _('Home') }} {{ _('Search') }}")
    return replace(project.settings, root=project.folder)


Catalogs = Callable[[str], Catalog]


@pytest.fixture
def catalog(settings: Settings) -> Catalogs:
    """Read the Belarusian catalog of a document."""
    return lambda name: read_catalog(document_path(settings.translations, BE, name))


def translate(path: Path) -> None:
    """Translate every missing message of a catalog."""
    found = read_catalog(path)
    done = tuple(
        m if m.translated else replace(m, msgstr=(f"«{m.source.msgid}»",) * len(m.msgstr))
        for m in found.messages
    )
    write_catalog(path, replace(found, messages=done))


def states(catalog: Catalog) -> dict[str, State | str]:
    return {m.source.msgid: "obsolete" if m.obsolete else m.state for m in catalog.messages}


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sync(settings: Settings, **options: bool) -> SyncReport:
    return sync_catalogs(settings, **options)


def test_missing_catalogs_are_created_for_every_language_but_the_source(
    settings: Settings, project: Project
) -> None:
    project.document(ONE, BODY)
    project.document("areas/dva", "Тэкст.", lang="be")
    sync(settings)
    found = {
        path.relative_to(settings.translations).as_posix() for path in settings.translations.rglob("*.po*")
    }
    assert found == {
        "messages.pot",
        "tools.pot",
        "be/LC_MESSAGES/messages.po",
        "be/LC_MESSAGES/tools.po",
        "ru/LC_MESSAGES/messages.po",
        "ru/LC_MESSAGES/tools.po",
        "be/content/publications/one.po",
        "ru/content/publications/one.po",
        "ru/content/areas/dva.po",
        "en/content/areas/dva.po",
    }


def test_a_second_sync_changes_no_byte(settings: Settings, project: Project) -> None:
    project.document(ONE, BODY)
    sync(settings)
    before = snapshot(settings.translations)
    assert sync(settings).changed == ()
    assert snapshot(settings.translations) == before


def test_the_header_names_the_document_and_its_language(settings: Settings, project: Project) -> None:
    project.document("areas/dva", "Тэкст.", lang="be")
    sync(settings)
    header = read_catalog(document_path(settings.translations, EN, "areas/dva")).header
    assert (header["Language"], header["X-Source-Language"], header["X-Constanta-Document"]) == (
        "en",
        "be",
        "areas/dva",
    )


def test_translators_fields_of_the_header_stay_and_the_creation_date_goes(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY)
    sync(settings)
    found = catalog(ONE)
    fields = {
        "Last-Translator": "A",
        "PO-Revision-Date": "2026-01-01 10:00+0300",
        "X-Generator": "Poedit 3.4",
    }
    dated = {**found.header, **fields, "POT-Creation-Date": "2026-01-01 10:00+0300"}
    write_catalog(document_path(settings.translations, BE, ONE), replace(found, header=dated))
    sync(settings)
    header = catalog(ONE).header
    assert fields.items() <= header.items()
    assert "POT-Creation-Date" not in header


def test_one_changed_word_makes_one_message_outdated_and_touches_no_other_document(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY)
    project.document("publications/two", BODY)
    sync(settings)
    for name in (ONE, "publications/two"):
        translate(document_path(settings.translations, BE, name))
    project.document(ONE, BODY.replace("Second", "Another"))
    report = sync(settings)
    assert {plan.name for plan in report.changed} == {ONE}
    changed = {m.source.msgid: m for m in catalog(ONE).messages}["Another paragraph of the report."]
    assert (changed.state, changed.msgstr) == (State.OUTDATED, ("«Second paragraph of the report.»",))
    assert changed.previous is not None
    assert changed.previous.msgid == "Second paragraph of the report."


def test_a_check_writes_nothing_and_says_what_would_change(settings: Settings, project: Project) -> None:
    project.document(ONE, BODY)
    before = snapshot(project.folder)
    assert len(sync(settings, write=False).changed) > 0
    assert snapshot(project.folder) == before


def test_the_loss_of_many_messages_is_refused(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY)
    sync(settings)
    translate(document_path(settings.translations, BE, ONE))
    before = snapshot(settings.translations)
    (settings.content / f"{ONE}.md").unlink()
    report = sync(settings)
    assert {problem.path for problem in report.refused} == {
        document_path(settings.translations, language, ONE) for language in (BE, RU)
    }
    assert snapshot(settings.translations) == before
    assert sync(settings, accept_loss=True).refused == ()
    assert set(states(catalog(ONE)).values()) == {"obsolete"}


def test_a_loss_is_measured_by_what_is_in_use(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, "\n\n".join(f"Paragraph about subject{number}." for number in range(40)))
    sync(settings)
    translate(document_path(settings.translations, BE, ONE))
    project.document(ONE, BODY)
    sync(settings, accept_loss=True)
    project.document(ONE)
    report = sync(settings)
    assert document_path(settings.translations, BE, ONE) in {problem.path for problem in report.refused}


def test_a_report_counts_only_what_is_in_use(settings: Settings, project: Project) -> None:
    project.document(ONE, BODY)
    sync(settings)
    translate(document_path(settings.translations, BE, ONE))
    project.document(ONE, BODY.replace("Third one, about a border.", ""))
    plan = next(plan for plan in sync(settings).changed if plan.language == BE)
    assert plan.states == {State.CURRENT: 3}


def test_comments_over_the_header_are_kept(settings: Settings, project: Project, catalog: Catalogs) -> None:
    project.document(ONE, BODY)
    sync(settings)
    path = document_path(settings.translations, BE, ONE)
    write_catalog(path, replace(catalog(ONE), header_comments=("Translated by volunteers",)))
    project.document(ONE, f"{BODY}\n\nOne more paragraph.\n")
    sync(settings)
    assert catalog(ONE).header_comments == ("Translated by volunteers",)


def test_a_document_with_a_catalog_does_not_take_that_of_a_deleted_one(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY, title="Same")
    project.document("publications/two", BODY, title="Same")
    sync(settings)
    for name in (ONE, "publications/two"):
        translate(document_path(settings.translations, BE, name))
    (settings.content / f"{ONE}.md").unlink()
    sync(settings, accept_loss=True)
    assert set(states(catalog(ONE)).values()) == {"obsolete"}
    assert set(states(catalog("publications/two")).values()) == {State.CURRENT}


def test_a_catalog_of_a_deleted_document_without_translations_is_removed(
    settings: Settings, project: Project
) -> None:
    project.document("topics/one")
    sync(settings)
    (settings.content / "topics/one.md").unlink()
    sync(settings)
    assert not document_path(settings.translations, BE, "topics/one").exists()


def test_a_withdrawn_document_keeps_its_translations_as_obsolete_unasked(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY)
    sync(settings)
    translate(document_path(settings.translations, BE, ONE))
    project.document(ONE, BODY, withdrawn="true")
    assert sync(settings).refused == ()
    assert set(states(catalog(ONE)).values()) == {"obsolete"}


def test_a_renamed_document_takes_its_catalogs_along(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    path = project.document(ONE, BODY)
    sync(settings)
    old = document_path(settings.translations, BE, ONE)
    translate(old)
    path.rename(path.with_name("renamed.md"))
    assert sync(settings).refused == ()
    assert not old.exists()
    assert set(states(catalog("publications/renamed")).values()) == {State.CURRENT}
    assert sync(settings).changed == ()


def test_a_paragraph_moved_to_another_document_takes_its_translation_along(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY)
    project.document("publications/two", "Something else altogether.")
    sync(settings)
    translate(document_path(settings.translations, BE, ONE))
    project.document(ONE, BODY.replace("Third one, about a border.", ""))
    project.document("publications/two", "Something else altogether.\n\nThird one, about a border.")
    sync(settings)
    assert states(catalog("publications/two"))["Third one, about a border."] is State.CURRENT
    assert states(catalog(ONE))["Third one, about a border."] == "obsolete"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbfmsgid",
        HEADER.replace("Language: be", "Language: ru").encode(),
        HEADER.replace("nplurals=3", "nplurals=4").encode(),
        b"<<<<<<< HEAD\n",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Ж"\nmsgstr "'.encode(
            "cp1251"
        ),
    ],
)
def test_a_broken_catalog_is_reported_and_left_while_the_others_are_synced(
    settings: Settings, project: Project, data: bytes
) -> None:
    project.document(ONE, BODY)
    path = document_path(settings.translations, BE, ONE)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    report = sync(settings)
    assert [(problem.path, problem.line is not None) for problem in report.problems] == [(path, True)]
    assert path.read_bytes() == data
    assert document_path(settings.translations, RU, ONE).exists()


def test_a_folder_in_the_place_of_a_catalog_is_reported(settings: Settings, project: Project) -> None:
    project.document(ONE, BODY)
    path = document_path(settings.translations, BE, ONE)
    path.mkdir(parents=True)
    assert [problem.path for problem in sync(settings).problems] == [path]
    assert document_path(settings.translations, RU, ONE).exists()


def test_trivial_keeps_translations_of_sources_changed_in_spelling_only(
    settings: Settings, project: Project, catalog: Catalogs
) -> None:
    project.document(ONE, BODY.replace("paragraph of the report", "paragreph of the report"))
    sync(settings)
    translate(document_path(settings.translations, BE, ONE))
    project.document(ONE, BODY.replace("Third one", "Another text"))
    sync(settings, trivial=True)
    found = states(catalog(ONE))
    assert found["Second paragraph of the report."] is State.CURRENT
    assert found["Another text, about a border."] is State.OUTDATED


def test_a_language_is_added_with_its_catalogs_and_plural_rule(settings: Settings, project: Project) -> None:
    project.document(ONE, BODY)
    sync(settings)
    others = snapshot(settings.translations)
    lithuanian = parse_language("lt")
    add_language(settings, lithuanian)
    header = read_catalog(interface_path(settings.translations, lithuanian)).header
    assert header["Plural-Forms"].startswith("nplurals=3; plural=(n%10==1 && n%100!=11 ? 0")
    assert document_path(settings.translations, lithuanian, ONE).exists()
    assert others.items() <= snapshot(settings.translations).items()
    assert sync(settings).changed == ()


@pytest.mark.parametrize("tag", ["be", "en"])
def test_a_language_that_is_there_is_not_added(settings: Settings, tag: str) -> None:
    with pytest.raises(CatalogError, match="there already"):
        add_language(settings, parse_language(tag))


def test_interface_catalogs_follow_the_templates(settings: Settings, project: Project) -> None:
    sync(settings)
    path = interface_path(settings.translations, BE)
    translate(path)
    project.write("templates/home.html", "{{ _('Home page') }} {{ _('Search') }}")
    sync(settings)
    home, search = read_catalog(path).messages
    assert (home.state, home.previous and home.previous.msgid, search.state) == (
        State.OUTDATED,
        "Home",
        State.CURRENT,
    )
