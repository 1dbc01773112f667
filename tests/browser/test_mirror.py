"""A mirror from `file://`, as from a USB stick, in a browser that runs no scripts."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Page, Request

from constanta.edition.mirror import list_files
from constanta.edition.mirror_source import open_mirror
from constanta.edition.publish import publish_edition
from constanta.factory import create_app
from constanta.pages.addresses import describe_website
from constanta.settings import Settings

SITE = "https://site.example"


@pytest.fixture(scope="session")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The mirror of the site with its real content, in a folder whose name is not simple."""
    settings = Settings(
        instance=tmp_path_factory.mktemp("instance"), secret_key="only for tests", base_url=SITE
    )
    publish_edition(settings, describe_website(create_app(settings)))
    folder = tmp_path_factory.mktemp("stick") / "копія 100 %"
    open_mirror(settings).write(folder)
    return folder


@pytest.fixture
def requests(visitor: Page) -> list[Request]:
    """What the browser asks for."""
    asked: list[Request] = []
    visitor.on("request", lambda request: asked.append(request))
    return asked


def address(folder: Path, name: str) -> str:
    return (folder / name).as_uri()


def file_at(page: Page) -> Path:
    return Path(unquote(urlsplit(page.url).path))


def test_a_reader_goes_from_the_choice_of_language_to_a_publication_and_to_another_language(
    visitor: Page, mirror: Path, requests: list[Request]
) -> None:
    visitor.goto(address(mirror, "index.html"))
    visitor.get_by_role("link", name="Беларуская").click()
    assert visitor.locator("html").get_attribute("lang") == "be"
    visitor.locator("nav.sections a").first.click()
    assert file_at(visitor) == mirror / "be/publications/index.html"
    visitor.locator("main h2 a, main h3 a").first.click()
    assert visitor.locator("article h1").count() == 1
    visitor.locator("nav.languages a[lang=ru]").click()
    assert visitor.locator("html").get_attribute("lang") == "ru"
    assert {urlsplit(request.url).scheme for request in requests} <= {"file", "data"}


@pytest.mark.parametrize("name", ["be/index.html", "ru/publications/index.html", "en/about/index.html"])
def test_a_page_looks_as_it_does_on_the_site(visitor: Page, mirror: Path, name: str) -> None:
    """Its policy lets it have its own style."""
    refused: list[str] = []
    visitor.on("console", lambda message: refused.append(message.text))
    visitor.goto(address(mirror, name))
    assert visitor.locator("body").evaluate("body => getComputedStyle(body).marginTop") == "0px"
    assert refused == []


def test_every_link_of_every_page_leads_to_a_file_or_to_the_site(visitor: Page, mirror: Path) -> None:
    pages = [name for name in list_files(mirror) if name.endswith(".html")]
    assert len(pages) > 50
    lost = set()
    for name in pages[:: len(pages) // 25]:
        visitor.goto(address(mirror, name))
        for link in visitor.locator("a[href], form[action]").evaluate_all(
            "all => all.map(a => a.href || a.action)"
        ):
            parts = urlsplit(link)
            if parts.scheme == "file" and not Path(unquote(parts.path)).is_file():
                lost.add((name, link))
    assert lost == set()


def test_what_needs_a_server_leads_to_the_site(visitor: Page, mirror: Path) -> None:
    visitor.goto(address(mirror, "be/index.html"))
    newsletter = visitor.locator("nav.sections a[href*=newsletter]")
    assert newsletter.get_attribute("href") == f"{SITE}/be/newsletter/"


def test_a_search_is_asked_of_the_site(visitor: Page, mirror: Path, requests: list[Request]) -> None:
    """The browser must be let go there by the page's own policy."""
    visitor.route(f"{SITE}/**", lambda route: route.fulfill(body="found"))
    visitor.goto(address(mirror, "be/index.html"))
    visitor.locator("nav.sections a[href*=search]").click()
    if file_at(visitor).is_file():
        visitor.locator("main form [type=search]").fill("правы")
        visitor.locator("main form").first.evaluate("form => form.submit()")
        visitor.wait_for_url(f"{SITE}/be/search/**")
    assert requests[-1].url.startswith(f"{SITE}/be/search/")
