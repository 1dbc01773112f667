"""Why a text is or is not translated."""

from __future__ import annotations

from dataclasses import replace
from gettext import NullTranslations

import pytest

from constanta.catalogs.explain import Explainer, Reason
from constanta.catalogs.paths import document_path, interface_path
from constanta.catalogs.po import Message, Source, read_catalog, write_catalog
from constanta.catalogs.sync import sync_catalogs
from constanta.locales import parse_language
from constanta.settings import ROOT, Settings
from tests.catalogs.parts import current, outdated
from tests.conftest import Project

BE = parse_language("be")


@pytest.fixture
def settings(project: Project) -> Settings:
    """The settings of a project with a synced document and a page template."""
    project.write("babel.cfg", (ROOT / "babel.cfg").read_text(encoding="utf-8"))
    project.write("templates/home.html", "{{ _('Home') }}\n<p>Forgotten text</p>\n")
    project.document("publications/one", "Plain words.")
    settings = replace(project.settings, root=project.folder)
    sync_catalogs(settings)
    return settings


def put(settings: Settings, message: Message) -> None:
    """Put a message into the Belarusian catalog that has its place."""
    is_content = message.source.msgctxt == "body"
    translations = settings.translations
    path = (
        document_path(translations, BE, "publications/one")
        if is_content
        else interface_path(translations, BE)
    )
    catalog = read_catalog(path)
    others = tuple(m for m in catalog.messages if m.key != message.key)
    write_catalog(path, replace(catalog, messages=(*others, message)))


def reason(settings: Settings, text: str, language: str = "be") -> Reason:
    explained = Explainer(settings).find(text)[0]
    return next(verdict.reason for verdict in explained.verdicts if verdict.language == language)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (current("Plain words.", "Звычайныя словы."), Reason.CURRENT),
        (outdated("Plain words.", "Звычайныя словы.", "Other words."), Reason.OUTDATED),
        (current("Plain words.", "Звычайныя словы.").with_flag("fuzzy"), Reason.NEEDS_WORK),
        (current("Plain words.", "[словы](https://evil.example/)"), Reason.LEFT_OUT),
        (current("Plain words.", ""), Reason.MISSING),
        (current("Plain words.", "\u00a0 "), Reason.MISSING),
    ],
)
def test_the_state_in_the_catalog_decides(settings: Settings, message: Message, expected: Reason) -> None:
    put(settings, message)
    assert reason(settings, "Plain words.") is expected


def test_in_the_language_of_the_source_there_is_nothing_to_translate(settings: Settings) -> None:
    assert reason(settings, "Plain words.", "en") is Reason.SOURCE


def test_a_text_that_no_sync_has_seen_is_said_to_be_new(settings: Settings, project: Project) -> None:
    project.document("publications/one", "Plain words.\n\nBrand new words.")
    assert reason(settings, "Brand new words.") is Reason.NOT_SYNCED


def test_another_context_is_named(settings: Settings) -> None:
    put(settings, Message(Source("Home", "verb"), ("Дадому",)))
    verdict = Explainer(settings).find("Home")[0].verdicts[0]
    assert verdict.reason is Reason.OTHER_CONTEXT
    assert "“verb”" in str(verdict.details[0])


def test_a_catalog_that_cannot_be_read_is_named(settings: Settings) -> None:
    document_path(settings.translations, BE, "publications/one").write_bytes(b"")
    assert reason(settings, "Plain words.") is Reason.UNREADABLE


def test_a_translation_that_is_not_published_yet_is_said_to_be_so(settings: Settings) -> None:
    put(settings, current("Home", "Галоўная", None))
    explained = Explainer(settings, {"be": NullTranslations()}).find("Home")[0]
    assert explained.verdicts[0].reason is Reason.NOT_COMPILED


def test_a_text_is_found_by_a_part_and_by_its_translation(settings: Settings) -> None:
    put(settings, current("Plain words.", "Звычайныя словы."))
    for text in ("plain", "звычайныя"):
        assert [e.message.source.msgid for e in Explainer(settings).find(text)] == ["Plain words."]


def test_a_text_that_is_not_marked_for_translation_is_found_in_its_file(settings: Settings) -> None:
    explainer = Explainer(settings)
    assert explainer.find("Forgotten text") == []
    assert explainer.find_unmarked("Forgotten text") == [(settings.root / "templates" / "home.html", 2)]
