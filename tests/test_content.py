"""The real documents and their translations, as they are served."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from constanta.catalogs.po import State, read_catalog
from constanta.catalogs.sync import sync_catalogs
from constanta.content.loader import load_documents
from constanta.content.records import Document, Kind
from constanta.factory import create_app
from constanta.pages.formats import keep_ranges
from constanta.settings import ROOT
from tests.conftest import Project

DOCUMENTS = load_documents(ROOT / "content")
CATALOGS = sorted((ROOT / "translations").rglob("*.po"))
PREFIXES = {Kind.PUBLICATION: "publications/", Kind.PROJECT: "projects/", Kind.AREA: "areas/", Kind.PAGE: ""}
LISTED = [document for document in DOCUMENTS if document.kind in PREFIXES]


def test_the_site_lists_nine_publications_seven_projects_and_three_areas() -> None:
    kinds = [document.kind for document in DOCUMENTS]
    assert [kinds.count(kind) for kind in (Kind.PUBLICATION, Kind.PROJECT, Kind.AREA)] == [9, 7, 3]


@pytest.mark.parametrize("document", LISTED, ids=lambda document: document.name)
@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_every_document_stands_on_its_page_wholly_in_the_language(
    real_site: FlaskClient, document: Document, language: str
) -> None:
    response = real_site.get(f"/{language}/{PREFIXES[document.kind]}{document.slug}/")
    assert response.status_code == 200
    main = response.text[response.text.index("<main") : response.text.index("</main>")]
    assert "language-note" not in main
    assert (f"<h1>{keep_ranges(document.title)}</h1>" in main) == (language == document.lang)


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: str(path.relative_to(ROOT / "translations")))
def test_every_catalog_is_complete(path: Path) -> None:
    states = {message.state for message in read_catalog(path).messages if not message.obsolete}
    assert states == {State.CURRENT}


def test_gnu_gettext_accepts_every_catalog(tmp_path: Path) -> None:
    for path in CATALOGS:
        done = subprocess.run(
            ["msgfmt", "--check", f"--output-file={tmp_path}/out.mo", path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Project:
    """A copy of the real project that a test may change."""
    for folder in ("content", "translations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return Project(tmp_path)


def changed_files(folder: Path, before: dict[Path, bytes]) -> set[str]:
    return {str(path.relative_to(folder)) for path, data in read_files(folder) if before.get(path) != data}


def read_files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    yield from ((path, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def test_one_changed_word_makes_one_paragraph_outdated_on_one_documents_pages_and_touches_nothing_else(
    copy: Project,
) -> None:
    sync_catalogs(copy.settings)
    translations = copy.settings.translations
    before = dict(read_files(translations))
    source = copy.settings.content / "publications" / "icc-communication-crimes-against-humanity.md"
    text = source.read_text(encoding="utf-8")
    assert "said to have been committed" in text
    source.write_text(
        text.replace("said to have been committed", "reported to have been committed"), encoding="utf-8"
    )
    sync_catalogs(copy.settings)

    name = "content/publications/icc-communication-crimes-against-humanity.po"
    assert changed_files(translations, before) == {f"be/{name}", f"ru/{name}"}
    site = create_app(copy.settings).test_client()
    for language in ("be", "ru"):
        messages = read_catalog(translations / language / name).messages
        (outdated,) = [message for message in messages if message.state is not State.CURRENT]
        assert outdated.state is State.OUTDATED
        assert (
            outdated.source.msgid
            == "The acts are reported to have been committed by the Belarusian authorities."
        )
        assert outdated.previous is not None
        assert (
            outdated.previous.msgid
            == "The acts are said to have been committed by the Belarusian authorities."
        )
        assert outdated.translated
        html = site.get(f"/{language}/publications/icc-communication-crimes-against-humanity/").text
        place = re.search(
            r'class="language-note[^>]*>(?P<note>.*?)<p lang="en">The acts are reported', html, re.DOTALL
        )
        assert place is not None
        assert "<p>" not in place["note"]
        assert html.count('class="language-note"') == 1
        others = site.get(f"/{language}/publications/results-fight-against-extremism-2024/").text
        assert 'class="language-note' not in others
    assert (
        "reported to have been committed"
        in site.get("/en/publications/icc-communication-crimes-against-humanity/").text
    )


def test_a_second_sync_changes_no_byte(copy: Project) -> None:
    sync_catalogs(copy.settings)
    before = dict(read_files(copy.settings.translations))
    sync_catalogs(copy.settings)
    assert dict(read_files(copy.settings.translations)) == before
