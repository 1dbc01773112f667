"""Pages that are rendered one after the other are those that the application answers with."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from constanta.edition import parallel
from constanta.edition.pages import PAGES, file_of
from constanta.edition.render import Fetch
from constanta.edition.switch import Edition
from constanta.errors import EditionError
from constanta.pages.addresses import describe_website
from constanta.pages.site import Site
from constanta.serving import assemble
from constanta.settings import ROOT, Settings
from tests.conftest import Project
from tests.edition.editions import live, open_app, publish, read_index, settings_of, write_site

OF_ANSWER = {"Content-Length", "Content-Encoding", "Date", "ETag", "Vary"}
"""The headers that only an answer has."""


def expect_same(settings: Settings) -> None:
    """Ask the application for every page of the edition that was published, and compare all that it says."""
    folder = live(settings)
    edition = Edition(folder)
    client = assemble(Site(settings, lambda: edition, lambda _: ())).test_client()
    pages = read_index(folder)
    for path, page in pages.items():
        answer = client.get(path, base_url=settings.base_url)
        assert answer.status == "200 OK"
        assert answer.data == gzip.decompress((folder / PAGES / file_of(path, "gzip")).read_bytes()), path
        assert [field for field in answer.headers if field[0] not in OF_ANSWER] == list(page.headers), path
    assert {"/robots.txt", "/sitemap.xml", "/be/", "/ru/publications.csv", "/en/feed.atom"} <= pages.keys()
    edition.close()


def test_every_page_is_what_the_application_answers(project: Project) -> None:
    """Also with a header that names the page's own path, and below a language that is not offered to all yet."""
    write_site(project)
    project.interface("pl", {})
    settings = replace(settings_of(project), onion_url="http://constanta.onion")
    publish(settings)
    index = read_index(live(settings))
    assert ("Onion-Location", "http://constanta.onion/ru/projects/") in index["/ru/projects/"].headers
    assert "/preview/pl/publications/page/2/" in index
    expect_same(settings)


def test_every_page_of_the_real_site_is_what_the_application_answers(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path, base_url="https://site.example", secret_key="only for tests")
    assert settings.content == ROOT / "content"
    publish(settings)
    expect_same(settings)


@contextmanager
def open_pages(project: Project) -> Iterator[Fetch]:
    """Give what renders the pages of a small site that was published."""
    write_site(project)
    settings = settings_of(project)
    publish(settings)
    edition = Edition(live(settings))
    with describe_website(open_app(settings)).showing(edition) as fetch:
        yield fetch
    edition.close()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/be/publications/none/", "404 Not Found"),
        ("/be/publications/page/99/", "404 Not Found"),
        ("/be/publications/2025/", "200 OK"),
        ("/be/publications/1999/", "404 Not Found"),
        ("/be/publications/translated/", "200 OK"),
        ("/be/nothing/", "404 Not Found"),
    ],
)
def test_an_address_that_is_like_others_is_read_as_if_it_were_the_first(
    project: Project, path: str, status: str
) -> None:
    with open_pages(project) as fetch:
        before = ("/be/publications/one/", "/be/publications/page/2/", "/be/publications/2025/", "/be/about/")
        assert {fetch(path)[0] for path in before} == {"200 OK"}
        assert fetch(path)[0] == status


def test_a_number_may_be_the_name_of_a_topic(project: Project) -> None:
    """A page of its list has the number 1 then, as its name."""
    for name in ("1", "2"):
        project.document(f"topics/{name}", title=f"Topic {name}")
    with open_pages(project) as fetch:
        pages = [fetch(f"/en/publications/topic/{name}/")[2] for name in ("1", "2")]
        assert [f"<title>Topic {name} —" in page for name, page in zip("12", pages, strict=True)] == [
            True,
            True,
        ]


def test_a_page_that_fails_is_named_and_the_next_one_is_whole(
    project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_site(project)
    settings = settings_of(project)
    app = open_app(settings)

    def fail(**_: object) -> str:
        raise RuntimeError("broken")

    monkeypatch.setitem(app.view_functions, "reading.areas", fail)
    monkeypatch.setattr(
        parallel, "count_processes", lambda _: 1
    )  # the log of another process is not seen here
    with pytest.raises(EditionError) as caught:
        publish(settings)
    said = {str(problem) for problem in caught.value.problems}
    assert said == {
        f"The page /{lang}/areas/ answers 500 Internal Server Error." for lang in ("be", "ru", "en")
    }
    assert "RuntimeError: broken" in caplog.text


def test_what_is_kept_of_one_language_is_not_used_in_another(project: Project) -> None:
    with open_pages(project) as fetch:
        first = {path: fetch(path) for path in ("/be/", "/ru/", "/en/", "/be/publications/one/")}
        assert {path: fetch(path) for path in reversed(first)} == first
        assert '<html lang="ru"' in first["/ru/"][2]
