"""What a developer sees after saving a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from constanta.edition.working import WorkingEdition
from constanta.settings import ROOT
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]
SECONDS = WorkingEdition.INTERVAL
"""As it is before any fixture changes it."""


@pytest.fixture(autouse=True)
def _look_at_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WorkingEdition, "INTERVAL", 0)


def test_the_files_are_looked_at_often_enough_to_see_a_change_within_a_second() -> None:
    assert SECONDS < 1


def test_a_saved_document_is_seen_at_the_next_page_load(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", "Old.")
    site = open_site()
    assert "Old." in site.get("/en/publications/one/").text
    project.document("publications/one", "New.")
    assert "New." in site.get("/en/publications/one/").text


def test_a_new_document_is_seen_at_the_next_page_load(project: Project, open_site: OpenSite) -> None:
    site = open_site()
    assert site.get("/en/publications/one/").status_code == 404
    project.document("publications/one")
    assert site.get("/en/publications/one/").status_code == 200


def test_a_saved_catalog_is_seen_at_the_next_page_load(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one")
    site = open_site()
    assert "Адзін" not in site.get("/be/publications/one/").text
    project.catalog("publications/one", "be", {("title", "One"): "Адзін"})
    assert "Адзін" in site.get("/be/publications/one/").text


def test_a_saved_interface_catalog_is_seen_at_the_next_page_load(
    project: Project, open_site: OpenSite
) -> None:
    site = open_site()
    assert "Публікацыі" not in site.get("/be/").text
    project.interface("be", {"Publications": "Публікацыі"})
    assert "Публікацыі" in site.get("/be/").text


def test_a_broken_document_is_named_and_the_last_good_state_goes_on_being_served(
    project: Project, open_site: OpenSite
) -> None:
    path = project.document("publications/one", "Good.")
    site = open_site()
    site.get("/en/")
    project.document("publications/one", "Bad.", date="soon")
    html = site.get("/en/publications/one/").text
    assert "Good." in html
    assert f"{path}:3: “date” must be a date that exists" in html
    project.document("publications/one", "Mended.")
    html = site.get("/en/publications/one/").text
    assert "Mended." in html
    assert 'class="problem"' not in html


def test_what_is_broken_is_said_in_the_language_of_the_page_with_a_short_path(
    project: Project, open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.document("publications/one", "Good.")
    for language in ("be", "ru"):
        name = f"translations/{language}/LC_MESSAGES/tools.po"
        project.write(name, (ROOT / name).read_text(encoding="utf-8"))
    monkeypatch.chdir(project.folder)
    site = open_site()
    site.get("/en/")
    project.document("publications/one", "Bad.", archived="no")
    for language, said in (
        ("be", "Значэнне «archived» павінна быць true або false."),
        ("ru", "Значение «archived» должно быть true или false."),
        ("en", "“archived” must be true or false."),
    ):
        html = site.get(f"/{language}/publications/one/").text
        assert f'<p class="problem" role="alert">content/publications/one.md:3: {said}</p>' in html
    project.write("translations/be/LC_MESSAGES/tools.po", "not a catalog")
    html = site.get("/be/publications/one/").text
    said = "content/publications/one.md:3: “archived” must be true or false."
    assert f'<p class="problem" role="alert"><span lang="en">{said}</span></p>' in html


def test_a_broken_interface_catalog_is_named_and_the_last_good_one_goes_on_being_served(
    project: Project, open_site: OpenSite
) -> None:
    path = project.interface("be", {"Publications": "Публікацыі"})
    site = open_site()
    site.get("/be/")
    path.write_text(path.read_text(encoding="utf-8") + 'msgid "cut off', encoding="utf-8")
    line = len(path.read_text(encoding="utf-8").splitlines())
    html = site.get("/be/").text
    assert "Публікацыі" in html
    assert f"{path}:{line}:" in html


def test_a_new_start_serves_the_last_good_state_of_the_one_before(
    project: Project, open_site: OpenSite
) -> None:
    path = project.interface("be", {"Publications": "Публікацыі"})
    open_site().get("/be/")
    path.write_text("not a catalog", encoding="utf-8")
    html = open_site().get("/be/").text
    assert "Публікацыі" in html
    assert f"{path}:1:" in html


def test_documents_go_on_being_seen_while_an_interface_catalog_is_broken(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", title="Before")
    site = open_site()
    site.get("/en/")
    project.write("translations/be/LC_MESSAGES/messages.po", "not a catalog")
    project.document("publications/one", title="After")
    html = site.get("/en/").text
    assert "After" in html
    assert "Before" not in html


def test_a_project_that_is_broken_from_the_start_says_what_to_mend(
    project: Project, open_site: OpenSite
) -> None:
    path = project.write("translations/be/LC_MESSAGES/messages.po", "not a catalog")
    response = open_site().get("/be/")
    assert response.status_code == 503
    assert f"{path}:1:" in response.text


def test_who_reads_while_others_save_sees_what_was_saved(project: Project) -> None:
    """The database changes in place, so its readers must not take it for one that never does."""
    project.document("publications/one", "Words.", title="Old")
    working = WorkingEdition(project.settings)
    titles = sa.text("SELECT title FROM rendition WHERE lang = 'en'")
    with working().engine.connect() as connection:
        assert "Old" in connection.scalars(titles).all()
        project.document("publications/one", "Words.", title="New")
        working()
        assert "New" in connection.scalars(titles).all()
