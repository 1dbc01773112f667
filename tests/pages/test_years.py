"""The years of a topic: places in its list, and not lists of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from constanta.edition.working import WorkingEdition
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


@pytest.fixture
def library(project: Project) -> Project:
    """A topic with eleven publications of three years, of which each begins in the middle of a page of four."""
    project.document("topics/people")
    project.document("topics/other")
    for year, count in ((2025, 5), (2024, 4), (2022, 2)):
        for number in range(1, count + 1):
            project.document(
                f"publications/p{year}-{number}", date=f"{year}-01-0{number}", topics="[people]", lang="be"
            )
    project.document("publications/elsewhere", date="2023", topics="[other]")
    return project


@pytest.fixture
def site(library: Project, open_site: OpenSite) -> FlaskClient:
    """The site of the library, with four publications on a page."""
    return open_site(page_size=4)


def _list_years(html: str) -> list[tuple[str, str, int]]:
    """Return the year choices of a page: the address, where it is a link, the words and the count."""
    group = re.search(r"<h2>Year</h2>\s*<ul>(.*?)</ul>", html, re.DOTALL)
    found = re.findall(
        r'<li>(?:<a href="([^"]*)"[^>]*>)?([^<]+)(?:</a>)? <span class="count">(\d+)<',
        group[1] if group else "",
    )
    return [(path, words, int(total)) for path, words, total in found]


def _list_marks(html: str) -> list[tuple[str, str]]:
    """Return the marks of a page's list and the slugs of the publications that bear them."""
    return re.findall(r'<li id="(.*?)"><article.*?<h2><a href="/[a-z]+/publications/(.*?)/"', html, re.DOTALL)


def _follow(site: FlaskClient, path: str) -> str:
    """Return the slug of the publication to which a link with a fragment leads."""
    page, _, mark = path.partition("#")
    return dict(_list_marks(site.get(page).text))[mark]


TOPIC = "/en/publications/topic/people/"


def test_each_year_of_a_topic_leads_to_its_newest_publication(site: FlaskClient) -> None:
    expected = [
        (f"{TOPIC}#y2025", "2025", 5),
        (f"{TOPIC}page/2/#y2024", "2024", 4),
        (f"{TOPIC}page/3/#y2022", "2022", 2),
    ]
    for page in ("", "page/2/", "page/3/"):
        assert _list_years(site.get(TOPIC + page).text) == expected
    assert [_follow(site, path) for path, _, _ in expected] == ["p2025-5", "p2024-4", "p2022-2"]


def test_a_year_is_marked_where_it_begins_and_nowhere_else(site: FlaskClient) -> None:
    marks = [_list_marks(site.get(TOPIC + page).text) for page in ("", "page/2/", "page/3/")]
    assert marks == [[("y2025", "p2025-5")], [("y2024", "p2024-4")], [("y2022", "p2022-2")]]


def test_a_year_that_begins_with_a_page_and_several_on_one_page_are_marked(
    library: Project, open_site: OpenSite
) -> None:
    site = open_site(page_size=5)
    assert _list_marks(site.get(f"{TOPIC}page/2/").text) == [("y2024", "p2024-4"), ("y2022", "p2022-2")]
    assert _list_marks(site.get(f"{TOPIC}page/3/").text) == []


def test_a_list_without_a_topic_has_lists_of_its_years_and_no_marks(site: FlaskClient) -> None:
    html = site.get("/en/publications/").text
    assert _list_years(html)[:2] == [
        ("/en/publications/", "All years", 12),
        ("/en/publications/2025/", "2025", 5),
    ]
    for path in ("publications/", "publications/page/2/", "publications/2024/", "publications/translated/"):
        assert '<li id="' not in site.get(f"/be/{path}").text


def test_what_can_be_read_wholly_in_a_language_has_its_own_places(
    library: Project, open_site: OpenSite
) -> None:
    for number in range(1, 5):
        library.document(f"publications/p2025-{number}", date=f"2025-01-0{number}", topics="[people]")
    library.document("publications/p2022-3", date="2022-02", topics="[people]")
    site = open_site(page_size=4)
    path = "/en/publications/translated/topic/people/"
    years = _list_years(site.get(path).text)
    assert years == [(f"{path}#y2025", "2025", 4), ("", "2024", 0), (f"{path}page/2/#y2022", "2022", 1)]
    assert [_follow(site, year[0]) for year in (years[0], years[2])] == ["p2025-4", "p2022-3"]
    empty = site.get("/ru/publications/translated/topic/people/").text
    assert _list_years(empty.replace('<span lang="en">Year</span>', "Year")) == [
        ("", "2025", 0),
        ("", "2024", 0),
        ("", "2022", 0),
    ]


def test_a_publication_without_a_date_takes_a_place_but_has_no_year(
    library: Project, open_site: OpenSite
) -> None:
    library.document("publications/undated", topics="[people]")
    library.document("publications/ordered", topics="[people]", order="2025-01-03")
    site = open_site(page_size=3)
    years = _list_years(site.get(TOPIC).text)
    assert years == [
        (f"{TOPIC}#y2025", "2025", 5),
        (f"{TOPIC}page/3/#y2024", "2024", 4),
        (f"{TOPIC}page/4/#y2022", "2022", 2),
    ]
    assert [_follow(site, path) for path, _, _ in years] == ["p2025-5", "p2024-4", "p2022-2"]
    assert "undated" in site.get(f"{TOPIC}page/5/").text


def test_a_topic_in_which_nothing_has_a_date_has_no_years(project: Project, open_site: OpenSite) -> None:
    project.document("topics/people")
    project.document("publications/undated", topics="[people]", order="2025-01-01")
    html = open_site().get(TOPIC).text
    assert "<h2>Year</h2>" not in html
    assert '<li id="' not in html


def test_a_range_of_years_has_its_place_in_the_last_one(project: Project, open_site: OpenSite) -> None:
    project.document("topics/people")
    project.document("publications/range", date="2021/2023", topics="[people]")
    project.document("publications/middle", date="2022", topics="[people]")
    site = open_site(page_size=1)
    assert _list_years(site.get(TOPIC).text) == [
        (f"{TOPIC}#y2023", "2023", 1),
        (f"{TOPIC}page/2/#y2022", "2022", 1),
    ]
    assert [site.get(f"/en/publications/{year}/").status_code for year in (2021, 2022, 2023)] == [200] * 3


def test_the_years_of_a_topic_follow_a_new_date(
    library: Project, site: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WorkingEdition, "INTERVAL", 0)
    assert [total for _, _, total in _list_years(site.get(TOPIC).text)] == [5, 4, 2]
    library.document("publications/p2025-1", date="2024-03", topics="[people]", lang="be")
    years = _list_years(site.get(TOPIC).text)
    assert [total for _, _, total in years] == [4, 5, 2]
    assert _follow(site, years[1][0]) == "p2025-1"


@pytest.mark.parametrize("path", ["", "translated/"])
def test_a_topic_and_a_year_are_no_list(site: FlaskClient, path: str) -> None:
    for year in ("2025/", "2025/page/2/"):
        assert site.get(f"/be/publications/{path}topic/people/{year}").status_code == 404
