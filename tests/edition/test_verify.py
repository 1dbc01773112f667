"""What is not right never gets to readers: `publish` names it and leaves what is served as it is."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from constanta.edition.pages import Page, Variant, make_variant
from constanta.edition.verify import BUDGET, Found, Links, check_page, split_link
from constanta.errors import EditionError
from constanta.settings import ROOT, Settings
from tests.conftest import Project
from tests.edition.editions import live, make_project, publish, settings_of, shelf_of

HTML = "text/html; charset=utf-8"
WHOLE = '<!doctype html>\n<html lang="be" dir="ltr">\n<main id="content"></main>\n</html>\n'


def is_dynamic(path: str) -> bool:
    return path in {"/", "/be/search/"}


LINKS = Links({"/be/", "/be/about/", "/be/feed.atom"}, is_dynamic, "https://site.example")


@pytest.mark.parametrize(
    "link",
    [
        "/be/",
        "/be/about/?from=mail#top",
        "/be/search/?q=a&amp;page=2",
        "/be/about/&#35;top",
        "#content",
        "#",
        "#top",
        "#TOP",
        "#:~:text=The%20first",
        "#content:~:text=The%20first",
        "/be/about/#people",
        "https://site.example/be/feed.atom",
        "https://site.example/",
        "https://site.example",
        "https://site.example#top",
        "https://site.example.org/anything",
        "https://site.example:8443/anything",
        "https://elsewhere.example/anything",
        "mailto:person@site.example",
        "HTTPS://other.example/",
        "data:image/svg+xml,anything",
    ],
)
def test_a_link_that_leads_somewhere_is_right(link: str) -> None:
    assert LINKS.examine(f'<p id="content"><a class="more" href="{link}">A link</a></p>').broken == []


@pytest.mark.parametrize(
    "link",
    [
        "/be",
        "/be/nothing/",
        "/be/about",
        "//be/",
        "about/",
        "",
        "#nothing",
        "/be/#no place",
        "https://site.example/be/nothing/",
        "https://site.example?/be/",
    ],
)
@pytest.mark.parametrize("attribute", ["href", "src", "action"])
def test_a_link_that_leads_nowhere_is_found(attribute: str, link: str) -> None:
    links = Links({"/be/"}, str.isspace, "https://site.example")
    assert links.examine(f'<p id="content"><x {attribute}="{link}"></p>').broken == [link]


@pytest.mark.parametrize("most", [0, 5_000])
def test_a_place_is_looked_for_on_each_page(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr("constanta.edition.verify._MOST_RIGHT", most)
    links = Links({"/be/"}, str.isspace, "https://site.example")
    link = '<a href="/be/">A link</a> <a href="#place">Another</a>'
    for _ in range(2):
        assert links.examine(f'{link} <p id="place">').broken == []
        assert links.examine(f'{link} <p id="places">').broken == ["#place"]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/be/about/#people", ("/be/about/", "people")),
        ("/be/about/#people:~:text=The%20first", ("/be/about/", "people")),
        ("/be/about/#:~:text=The%20first", ("/be/about/", "")),
        ("/be/about/?from=mail#a&amp;b", ("/be/about/", "a&b")),
        ("/be/about/#%D0%BB%D1%8E%D0%B4%D0%B7%D1%96", ("/be/about/", "людзі")),
        ("https://site.example#people", ("/", "people")),
        ("https://elsewhere.example/page#people", ("https://elsewhere.example/page", "people")),
    ],
)
def test_a_link_leads_to_a_path_and_a_fragment(link: str, address: tuple[str, str]) -> None:
    assert split_link(link, "https://site.example") == address


def test_links_to_places_on_other_pages_are_told_apart() -> None:
    links = Links({"/be/", "/be/about/"}, is_dynamic, "https://site.example")
    text = "".join(
        f'<a href="{link}">A link</a>'
        for link in (
            "/be/about/#people",
            "/be/nothing/#people",
            "https://site.example/be/#a&amp;b",
            "/be/about/#Top",
            "/be/about/#",
            "/be/search/#found",
            "https://elsewhere.example/#people",
            "#content",
        )
    )
    for _ in range(2):
        assert links.examine(f'<p id="b">{text}<p id="/be/#a">') == Found(
            broken=["/be/nothing/#people", "#content"],
            fragments=["/be/about/#people", "https://site.example/be/#a&amp;b"],
            ids=["/be/#a", "b"],
        )


def make_page(body: str, mimetype: str = HTML, size: int = 100) -> Page:
    variants = {encoding: Variant(b"", size) for encoding in ("br", "gzip")}
    return Page("/be/about/", "be", (("Content-Type", mimetype),), make_variant(body.encode()), variants)


def list_problems(body: str, mimetype: str = HTML, size: int = 100) -> list[str]:
    return [str(problem) for problem in check_page(make_page(body, mimetype, size), body, LINKS).problems]


@pytest.mark.parametrize(
    ("mimetype", "body"),
    [
        (HTML, WHOLE),
        ("application/json", '{"items": []}\n'),
        ("application/feed+json", "[]\n"),
        ("application/atom+xml", "<feed><entry/></feed>\n"),
        ("application/xml; charset=utf-8", "<urlset/>"),
        ("text/csv; charset=utf-8", "title,address\r\n"),
    ],
)
def test_a_whole_page_is_right_and_one_without_its_end_is_not(mimetype: str, body: str) -> None:
    assert list_problems(body, mimetype) == []
    assert list_problems(body.rstrip()[:-1], mimetype) == ["The page /be/about/ is not whole."]


@pytest.mark.parametrize("part", ["<!doctype html>", ' lang="be"', "</main>"])
def test_a_page_without_one_of_its_parts_is_not_whole(part: str) -> None:
    assert list_problems(WHOLE.replace(part, "")) == ["The page /be/about/ is not whole."]


def test_a_page_that_fills_the_first_round_trip_is_right_and_one_byte_more_is_not() -> None:
    assert list_problems(WHOLE, size=BUDGET) == []
    assert list_problems(WHOLE, size=BUDGET + 1) == [
        "The page /be/about/ has 14337 bytes when compressed; 14336 are the most. Divide the text."
    ]


def test_what_programs_read_may_be_longer() -> None:
    assert list_problems("[]\n", "application/json", size=BUDGET + 1) == []


# --- publishing stops ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of one document, which has been published."""
    project = make_project(tmp_path_factory.mktemp("verify") / "site")
    project.document("pages/about", "Words.")
    publish(settings_of(project))
    return project


@pytest.fixture
def project(published: Project) -> Iterator[Project]:
    yield published
    published.document("pages/about", "Words.")


def refuse(settings: Settings) -> str:
    """Try to publish, and return why that does not go; what is served stays as it is."""
    editions = settings.editions
    before = sorted(path.name for path in editions.iterdir())
    with pytest.raises(EditionError) as error:
        publish(settings)
    assert sorted(path.name for path in editions.iterdir()) == before
    assert live(settings).name == shelf_of(settings).names()[0]
    return str(error.value)


def test_a_broken_link_stops_publishing(project: Project) -> None:
    path = project.document(
        "pages/about",
        "First.\n\nSome [one](/en/publications/one/)\nand [two](<https://site.example/two/?a&b> 'Two') and\n"
        "[пра](/be/пра/)\nand [one](/en/publications/one/) again.\n\n- [About](/en/about/)\n- [one](/en/publications/one/)",
    )
    withdrawn = project.document("pages/gone", "[Two](/en/publications/one/)", withdrawn="true")
    said = refuse(settings_of(project)).splitlines()
    withdrawn.unlink()
    assert said == [
        f"{path}:7: The link “/en/publications/one/” leads nowhere.",
        f"{path}:8: The link “https://site.example/two/?a&b” leads nowhere.",
        f"{path}:9: The link “/be/пра/” leads nowhere.",
        f"{path}:13: The link “/en/publications/one/” leads nowhere.",
    ]


def test_a_link_to_a_document_that_is_gone_is_named_where_it_stands(tmp_path: Path) -> None:
    project = make_project(tmp_path / "site")
    path = project.document("pages/about", "[One](/en/publications/one/)")
    one = project.document("publications/one")
    publish(settings_of(project))
    one.unlink()
    assert refuse(settings_of(project)) == f"{path}:5: The link “/en/publications/one/” leads nowhere."


def test_a_broken_link_of_a_template_is_named_with_its_pages(project: Project, tmp_path: Path) -> None:
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    article = tmp_path / "templates" / "article.html"
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("<h1", '<a href="/nowhere/">Nowhere</a><h1', 1), encoding="utf-8")
    path = project.document("pages/about", "[One](/one/)")
    said = refuse(replace(settings_of(project), root=tmp_path)).splitlines()
    assert said[0] == f"{path}:5: The link “/one/” leads nowhere."
    assert set(said[1:]) == {
        f"On the page /{language}/about/, the link “/nowhere/” leads nowhere."
        for language in ("be", "ru", "en")
    }


@pytest.mark.parametrize(
    "link", ["/be/about/#nothing", "/be/projects/#nothing", "/be/feed.atom#content", "/static/mark.svg"]
)
def test_a_link_to_a_place_or_a_file_that_is_not_there_stops_publishing(project: Project, link: str) -> None:
    path = project.document("pages/about", f"[A place]({link}), [another](/be/#content)")
    assert refuse(settings_of(project)) == f"{path}:5: The link “{link}” leads nowhere."


def test_a_page_that_is_too_long_stops_publishing(project: Project) -> None:
    chance = random.Random(6)
    path = project.document("pages/about", " ".join(f"{chance.getrandbits(64):x}" for _ in range(2000)))
    said = refuse(settings_of(project))
    assert f"{path}: The page /en/about/ has " in said
    assert " bytes when compressed; 14336 are the most. Divide the text." in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!doctype html><html lang="{{ language.tag }}"><main>', "The page /en/about/ is not whole."),
        ("{{ 1 / 0 }}", "The page /en/about/ answers 500 Internal Server Error."),
    ],
    ids=["unfinished", "failing"],
)
def test_a_page_that_is_not_whole_stops_publishing(
    project: Project, tmp_path: Path, text: str, said: str
) -> None:
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "templates" / "article.html").write_text(text, encoding="utf-8")
    assert said in refuse(replace(settings_of(project), root=tmp_path))
