from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from constanta.pages import machines
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]
ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_a_feed_holds_the_newest_publications_in_its_language(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", "Text & more.", date="2025-03-20", summary="Sum.")
    project.document("publications/two", date="2025-04-02")
    project.catalog("publications/two", "be", {("title", "Two"): "Другі"})
    response = open_site().get("/be/feed.atom")
    assert response.mimetype == "application/atom+xml"
    feed = ET.fromstring(response.data)
    assert feed.get(XML_LANG) == "be"
    titles = [(entry.findtext(f"{ATOM}title"), entry.get(XML_LANG)) for entry in feed.iter(f"{ATOM}entry")]
    assert titles == [("Другі", "be"), ("One", "en")]
    entry = feed.findall(f"{ATOM}entry")[1]
    assert entry.findtext(f"{ATOM}id") == "https://site.example/be/publications/one/"
    assert entry.findtext(f"{ATOM}updated") == "2025-03-20T00:00:00Z"
    assert entry.findtext(f"{ATOM}content") == '<div lang="en"><p lang="en">Text &amp; more.</p>\n</div>'


def test_a_topic_has_a_feed_of_its_own(project: Project, open_site: OpenSite) -> None:
    project.document("topics/people")
    project.document("publications/one", topics="[people]")
    project.document("publications/two")
    site = open_site()
    feed = ET.fromstring(site.get("/en/publications/topic/people/feed.atom").data)
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == ["One"]
    assert site.get("/en/publications/topic/nothing/feed.atom").status_code == 404


def test_an_empty_feed_is_still_a_feed(project: Project, open_site: OpenSite) -> None:
    feed = ET.fromstring(open_site().get("/en/feed.atom").data)
    assert feed.find(f"{ATOM}updated") is not None


def test_the_sitemap_names_every_page_with_all_its_languages(project: Project, open_site: OpenSite) -> None:
    project.document("topics/people")
    for name in ("publications/one", "projects/film", "areas/work", "pages/about"):
        project.document(name)
    project.document("publications/gone", withdrawn="true")
    site = open_site()
    sitemap = ET.fromstring(site.get("/sitemap.xml").data)
    addresses = [loc.text or "" for loc in sitemap.iter(f"{SITEMAP}loc")]
    paths = {address.removeprefix("https://site.example") for address in addresses}
    assert {
        "/be/",
        "/ru/publications/",
        "/en/publications/one/",
        "/be/about/",
        "/be/publications/topic/people/",
    } <= paths
    assert not any("gone" in path for path in paths)
    assert all(site.get(path).status_code == 200 for path in paths)
    for url in sitemap.iter(f"{SITEMAP}url"):
        alternates = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
        assert alternates.keys() == {"be", "ru", "en"}
        assert url.findtext(f"{SITEMAP}loc") in alternates.values()


def test_a_long_sitemap_is_split(
    project: Project, open_site: OpenSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "SITEMAP_SIZE", 3)
    project.document("publications/one")
    site = open_site()
    index = ET.fromstring(site.get("/sitemap.xml").data)
    parts = [loc.text or "" for loc in index.iter(f"{SITEMAP}loc")]
    assert parts == [f"https://site.example/sitemap-{number}.xml" for number in (1, 2)]
    pages = [loc for part in parts for loc in ET.fromstring(site.get(part).data).iter(f"{SITEMAP}loc")]
    assert len(pages) == 5 * 3
    assert site.get("/sitemap-3.xml").status_code == 404
    assert site.get("/sitemap-01.xml").status_code == 404


def test_a_short_sitemap_has_one_address(project: Project, open_site: OpenSite) -> None:
    assert open_site().get("/sitemap-1.xml").status_code == 404


def test_robots_are_led_to_the_sitemap(project: Project, open_site: OpenSite) -> None:
    assert "Sitemap: https://site.example/sitemap.xml" in open_site().get("/robots.txt").text


def test_the_site_says_that_it_is_well(project: Project, open_site: OpenSite) -> None:
    response = open_site().get("/healthz")
    assert (response.status_code, response.text, response.headers["Cache-Control"]) == (
        200,
        "ok\n",
        "no-store",
    )
