from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


@pytest.mark.parametrize(
    ("path", "accept", "language"),
    [
        ("/ru/nothing/", "en", "ru"),
        ("/en/publications/nothing/", "be", "en"),
        ("/nothing/", "ru", "ru"),
        ("/nothing", "uk", "be"),
        ("/xx/publications/", "en", "en"),
        ("/", "en", "en"),
    ],
)
def test_an_error_page_speaks_the_language_of_the_address_else_the_browsers(
    project: Project, open_site: OpenSite, path: str, accept: str, language: str
) -> None:
    response = open_site().post(path, headers={"Accept-Language": accept})
    assert response.status_code in {404, 405}
    assert f'<html lang="{language}"' in response.text
    prefixed = path.startswith((f"/{language}/",))
    assert ("Accept-Language" in response.vary) != prefixed


def test_a_method_that_is_not_allowed_says_which_are(project: Project, open_site: OpenSite) -> None:
    response = open_site().post("/en/publications/")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_an_unexpected_error_shows_a_page_and_no_detail(
    project: Project, open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("constanta.edition.queries.list_latest", fail)
    project.document("publications/one")
    site = open_site()
    monkeypatch.setattr("constanta.edition.documents.find_article", fail)
    monkeypatch.setattr("constanta.edition.queries.list_latest", lambda *_: ())
    response = site.get("/be/publications/one/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert '<html lang="be"' in response.text
    assert "secret" not in response.text


def test_from_a_page_that_failed_half_way_the_languages_lead_home(
    project: Project, open_site: OpenSite
) -> None:
    def fail(_article: object) -> None:
        raise RuntimeError

    project.document("publications/one")
    site = open_site()
    site.application.jinja_env.globals["describe_article"] = fail
    response = site.get("/be/publications/one/")
    assert response.status_code == 500
    assert '<a href="/ru/" lang="ru"' in response.text
    assert "/ru/publications/one/" not in response.text


def test_a_visitor_of_a_site_without_an_edition_learns_nothing_of_its_folders(
    project: Project, open_site: OpenSite
) -> None:
    (project.settings.editions / "gone").mkdir(parents=True)
    (project.settings.editions / "current").symlink_to("gone")
    response = open_site(debug=False).get("/be/")
    assert response.status_code == 503
    assert "Сайт цяпер нічога не можа паказаць." in response.text
    assert str(project.folder) not in response.text


def test_a_content_database_that_cannot_be_read_is_answered_plainly(
    project: Project, open_site: OpenSite
) -> None:
    site = open_site()
    site.application.config["PROPAGATE_EXCEPTIONS"] = False
    site.get("/be/")
    (project.settings.instance / "working" / "content.db").write_bytes(b"no database " * 1000)
    response = site.get("/ru/publications/nothing/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"


def test_what_an_error_page_says_in_the_source_language_is_marked(
    project: Project, open_site: OpenSite
) -> None:
    project.interface("pl", {"Search": "Szukaj", "Year": ""})
    project.interface("es-419", {"Search": "Buscar", "Year": ""})
    site = open_site()
    for tag in ("pl", "es-419"):
        html = site.get(f"/preview/{tag}/nothing/").text
        assert f'<html lang="{tag}"' in html
        assert '<h1><span lang="en">There is no such page</span></h1>' in html
        assert "<title>There is no such page — " in html
    wrong = site.post("/preview/pl/newsletter/", data={"email": "nobody"}).text
    assert '<span lang="en">Check the address: ' in wrong


def test_the_links_of_an_error_page_lead_home(project: Project, open_site: OpenSite) -> None:
    html = open_site().get("/ru/nothing/").text
    assert '<a href="/be/" lang="be" hreflang="be">' in html
    assert 'rel="canonical"' not in html
