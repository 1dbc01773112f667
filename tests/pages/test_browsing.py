"""What readers find on lists and pages besides the texts: languages, counts, citations."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from constanta.catalogs.po import Message, Source
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


@pytest.fixture
def library(project: Project) -> Project:
    """A project with fifteen publications of which twelve are in Belarusian and none in Russian."""
    project.document("topics/people")
    project.document("areas/work", topics="[people]")
    project.document("projects/film")
    for number in range(1, 16):
        project.document(
            f"publications/p{number}", date=f"{2024 + number % 2}-01-{number:02}", topics="[people]"
        )
        if number <= 12:
            project.catalog(f"publications/p{number}", "be", {("title", f"P{number}"): f"П{number}"})
    return project


def _words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def _find(html: str, pattern: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    assert match, pattern
    return match[1]


def test_only_what_is_wholly_in_the_language_is_listed_page_by_page(
    library: Project, open_site: OpenSite
) -> None:
    site = open_site()
    first = site.get("/be/publications/translated/").text
    assert ">12 publications</span>" in first
    assert ">П12</a>" in first
    assert ">P13</a>" not in first
    assert ">П2</a>" in site.get("/be/publications/translated/page/2/").text
    assert site.get("/be/publications/translated/page/3/").status_code == 404
    assert site.get("/be/publications/translated/2025/").status_code == 200
    assert site.get("/be/publications/translated/2023/").status_code == 404


def test_the_sections_lead_to_whole_lists(library: Project, open_site: OpenSite) -> None:
    sections = _find(open_site().get("/en/").text, r"<nav class=\"sections\"(.*?)</nav>")
    assert re.findall(r'href="(.*?)"', sections)[:3] == ["/en/publications/", "/en/projects/", "/en/areas/"]


def test_every_choice_says_how_much_it_leaves(library: Project, open_site: OpenSite) -> None:
    filters = _words(
        _find(open_site().get("/be/publications/translated/").text, r"(<nav class=\"filters.*?</nav>)")
    )
    for words in (
        "Publications 12",
        "Special projects 0",
        "All languages 15",
        "Only in this language 12",
        "People 12",
        "All years 12",
        "2025 6",
        "2024 6",
        "Work 12",
    ):
        assert f" {words} " in filters
    assert 'href="/be/areas/work/translated/"' in open_site().get("/be/publications/translated/").text


def test_an_empty_list_says_why_and_leads_on(library: Project, open_site: OpenSite) -> None:
    for path in (
        "publications/translated/topic/people/",
        "publications/translated/2025/",
        "projects/translated/",
    ):
        response = open_site().get(f"/ru/{path}")
        assert response.status_code == 200
        empty = _find(response.text, r"(<p class=\"empty\">.*?</p>)")
        assert "Nothing here can be read wholly in this language yet." in empty
        assert f'href="/ru/{path.replace("translated/", "")}"' in empty


def test_another_language_may_have_fewer_pages_of_what_is_wholly_in_it(
    library: Project, open_site: OpenSite
) -> None:
    site = open_site()
    html = site.get("/be/publications/translated/page/2/").text
    assert '<a href="/ru/publications/translated/" lang="ru"' in html
    assert site.get("/ru/publications/translated/").status_code == 200


def test_an_area_is_listed_page_by_page_with_its_count(library: Project, open_site: OpenSite) -> None:
    site = open_site()
    first, second = site.get("/en/areas/work/").text, site.get("/en/areas/work/page/2/").text
    assert ">15 texts<" in first
    assert (">P15</a>" in first, ">P15</a>" in second) == (True, False)
    assert ">P2</a>" in second
    assert "<title>Work — page 2 — Human Constanta</title>" in second
    assert site.get("/en/areas/work/page/3/").status_code == 404


def test_an_area_without_documents_says_so(project: Project, open_site: OpenSite) -> None:
    project.document("areas/work")
    assert (
        "There are no publications or projects in this area yet." in open_site().get("/en/areas/work/").text
    )


def test_cards_and_pages_say_in_which_languages_a_text_exists_and_how_far(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", "Now.\n\nSecond.")
    changed = Message(Source("Now.", "body"), ("Т",), flags=("fuzzy",), previous=Source("Then.", "body"))
    others = {("title", "One"): "Адзін", ("body", "Second."): "Другі."}
    project.catalog("publications/one", "be", {**others, ("body", "Now."): changed})
    site = open_site()
    card = _words(_find(site.get("/en/publications/").text, r"(<ul class=\"versions\".*?</ul>)"))
    assert card.split() == ["Belarusian", "(in", "part)", "English", "(original)"]
    page = _words(_find(site.get("/en/publications/one/").text, r"(<ul class=\"tongues\".*?</ul>)"))
    assert " Беларуская &nbsp;— translated; the original has changed in places since " in page
    assert " Русский &nbsp;— not translated yet " in page
    assert " English &nbsp;— the original " in page


def test_a_card_says_what_it_is_when_and_about_what(library: Project, open_site: OpenSite) -> None:
    library.document("projects/old", date="2018", archived="true", topics="[people]")
    facts = _words(_find(open_site().get("/en/projects/").text, r"(<ul class=\"facts\">.*?</ul>)"))
    assert facts.split() == ["Special", "project", "2018", "Out", "of", "date", "People"]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (
            {"date": "2025-04-02"},
            "Human Constanta, <cite>One & all</cite>, 2 April 2025, https://site.example/en/publications/one/",
        ),
        ({}, "Human Constanta, <cite>One & all</cite>, https://site.example/en/publications/one/"),
    ],
)
def test_a_page_can_be_cited(
    project: Project, open_site: OpenSite, front: dict[str, str], expected: str
) -> None:
    project.document("publications/one", title="One & all", **front)
    citation = _find(open_site().get("/en/publications/one/").text, r"<p class=\"citation\">\s*(.*?)\s*</p>")
    assert citation.replace("&amp;", "&") == expected


def test_a_citation_marks_a_title_in_another_language(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one")
    citation = _find(open_site().get("/be/publications/one/").text, r"<p class=\"citation\">(.*?)</p>")
    assert '<cite><span lang="en">One</span></cite>' in citation


def test_the_quick_exit_explains_itself_where_there_is_a_page_for_it(
    project: Project, open_site: OpenSite
) -> None:
    strip = r"(<aside class=\"exit\".*?</aside>)"
    assert "/en/safety/" not in _find(open_site().get("/en/").text, strip)
    project.document("pages/safety")
    html = open_site().get("/en/").text
    assert '<a href="/en/safety/">The browser’s history stays</a>' in _find(html, strip)


@pytest.mark.parametrize(
    ("page", "feed", "titles"),
    [
        ("publications/", "feed", ["P15", "P13"]),
        ("publications/topic/people/", "publications/topic/people/feed", ["P15", "P13"]),
        ("projects/", "projects/feed", ["Film"]),
        ("areas/work/", "areas/work/feed", ["P15", "P13"]),
    ],
)
def test_every_list_has_a_feed(
    library: Project, open_site: OpenSite, page: str, feed: str, titles: list[str]
) -> None:
    site = open_site()
    html = site.get(f"/en/{page}").text
    assert f'<a href="/en/{feed}.atom">Feed of this list</a>' in html
    assert (
        re.findall(r"<entry.*?<title>(.*?)</title>", site.get(f"/en/{feed}.atom").text, re.DOTALL)[:2]
        == titles
    )
    described = site.get(f"/en/{feed}.json").json
    assert described is not None
    assert [item["title"] for item in described["items"]][:2] == titles
    assert described["home_page_url"] == f"https://site.example/en/{page}"
    assert described["feed_url"] == f"https://site.example/en/{feed}.json"


def test_a_feed_of_what_does_not_exist_does_not_exist(library: Project, open_site: OpenSite) -> None:
    site = open_site()
    for path in ("areas/nothing/feed.atom", "publications/topic/nothing/feed.json", "areas/feed.atom"):
        assert site.get(f"/en/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "There are no publications here yet."),
        ("publications/", "There are no publications here yet."),
        ("projects/", "There are no projects here yet."),
        ("areas/", "There are no areas of work here yet."),
    ],
)
def test_a_list_without_anything_says_so(open_site: OpenSite, path: str, text: str) -> None:
    html = open_site().get(f"/en/{path}").text
    assert f'<p class="empty">{text}' in re.sub(r">\s+", ">", html)
    assert re.findall(r"<ul[^>]*>\s*</ul>", html) == []


def test_a_later_page_of_what_is_in_one_language_is_its_own_counterpart_and_has_the_first_ones_of_others(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", lang="be")
    project.document("publications/two", lang="be")
    html = open_site(page_size=1).get("/be/publications/translated/page/2/").text
    root = "https://site.example"
    assert f'<link rel="canonical" href="{root}/be/publications/translated/page/2/">' in html
    assert f'hreflang="be" href="{root}/be/publications/translated/page/2/">' in html
    assert f'hreflang="ru" href="{root}/ru/publications/translated/">' in html
    assert (
        '<a href="/be/publications/translated/page/2/" lang="be" hreflang="be" aria-current="true">' in html
    )


def test_an_area_can_be_narrowed_to_what_is_in_ones_own_language(
    project: Project, open_site: OpenSite
) -> None:
    project.document("areas/work")
    project.document("areas/other")
    project.document("publications/one", areas="[work]")
    project.document("publications/two", areas="[work]", lang="be")
    site = open_site(page_size=1)
    whole = site.get("/be/areas/work/").text
    assert '<a href="/be/areas/work/translated/">' in whole
    assert '<a rel="next" href="/be/areas/work/page/2/">' in whole
    narrowed = site.get("/be/areas/work/translated/").text
    assert 'href="/be/publications/two/"' in narrowed
    assert 'href="/be/publications/one/"' not in narrowed
    assert '<title lang="en">Work — Only in this language' in narrowed
    assert 'hreflang="ru" href="https://site.example/ru/areas/work/translated/"' in narrowed
    assert narrowed.index('id="filters"') > narrowed.index('href="/be/publications/two/"')
    empty = site.get("/be/areas/other/translated/").text
    assert "Nothing here can be read wholly in this language yet." in empty
    assert '<a href="/be/areas/other/">' in empty
    assert "There are no publications or projects in this area yet." in site.get("/be/areas/other/").text
