from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from constanta.catalogs.po import Message, Source
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


@pytest.fixture
def library(project: Project) -> Project:
    """A project with a document of every kind, and thirty publications in two years."""
    project.document("topics/people", title="People")
    project.document("topics/empty", title="Empty")
    project.document("areas/work", title="The work", topics="[people]")
    project.document("projects/film", "Film.", topics="[people]")
    project.document("pages/about", "About.")
    for number in range(1, 31):
        year = 2024 if number <= 12 else 2025
        topics = "[people]" if number % 2 else "[]"
        project.document(
            f"publications/p{number}", f"Text {number}.", date=f"{year}-01-{number:02}", topics=topics
        )
    return project


KINDS_OF_PAGE = [
    "",
    "publications/",
    "publications/page/2/",
    "publications/2025/",
    "publications/2025/page/2/",
    "publications/topic/people/",
    "publications/topic/people/page/2/",
    "publications/topic/empty/",
    "publications/p1/",
    "projects/",
    "projects/film/",
    "areas/",
    "areas/work/",
    "about/",
]


@pytest.mark.parametrize("path", KINDS_OF_PAGE)
def test_switching_the_language_leads_to_the_same_page(
    library: Project, open_site: OpenSite, path: str
) -> None:
    site = open_site()
    for tag, endonym in (("be", "Беларуская"), ("ru", "Русский"), ("en", "English")):
        response = site.get(f"/be/{path}")
        assert response.status_code == 200
        html = response.text
        assert '<html lang="be" dir="ltr">' in html
        current = ' aria-current="true"' if tag == "be" else ""
        assert f'<a href="/{tag}/{path}" lang="{tag}" hreflang="{tag}"{current}>{endonym}</a>' in html
        assert f'<link rel="alternate" hreflang="{tag}" href="https://site.example/{tag}/{path}">' in html
        assert site.get(f"/{tag}/{path}").status_code == 200
    default = "/be/" + path if path else "/"
    assert f'<link rel="alternate" hreflang="x-default" href="https://site.example{default}">' in html
    assert f'<link rel="canonical" href="https://site.example/be/{path}">' in html


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("be", "be"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en-GB", "en"),
        ("be-tarask", "be"),
        ("uk,de;q=0.5", "be"),
        ("", "be"),
        ("*", "be"),
        ("en;q=0.2, ru;q=0.7", "ru"),
        ("nonsense;;q=,", "be"),
    ],
)
def test_the_root_leads_to_the_browsers_language_and_to_belarusian_where_nothing_fits(
    library: Project, open_site: OpenSite, header: str, language: str
) -> None:
    response = open_site().get("/", headers={"Accept-Language": header})
    assert (response.status_code, response.location) == (302, f"/{language}/")
    assert "Accept-Language" in response.vary


def test_a_prefixed_address_never_depends_on_the_browser(library: Project, open_site: OpenSite) -> None:
    response = open_site().get("/be/", headers={"Accept-Language": "ru"})
    assert response.status_code == 200
    assert '<html lang="be"' in response.text
    assert "Accept-Language" not in response.vary


def test_the_home_page_shows_the_latest_of_everything(library: Project, open_site: OpenSite) -> None:
    html = open_site().get("/en/").text
    assert [f">P{number}</a>" in html for number in (30, 26, 25)] == [True, True, False]
    assert all(title in html for title in ("Film", "The work", "All 30 publications"))


def test_pages_of_a_list_follow_each_other(library: Project, open_site: OpenSite) -> None:
    site = open_site()
    seen = [
        number
        for page in (1, 2, 3)
        for number in range(30, 0, -1)
        if f">P{number}</a>" in site.get("/en/publications/" + (f"page/{page}/" if page > 1 else "")).text
    ]
    assert seen == list(range(30, 0, -1))
    middle = site.get("/en/publications/page/2/").text
    assert '<link rel="prev" href="/en/publications/">' in middle
    assert '<link rel="next" href="/en/publications/page/3/">' in middle
    assert "Page 2 of 3" in middle


def test_the_first_page_has_one_address(library: Project, open_site: OpenSite) -> None:
    response = open_site().get("/en/publications/page/1/")
    assert response.status_code in {301, 308}
    assert response.location.endswith("/en/publications/")


@pytest.mark.parametrize(
    "path",
    [
        "publications/page/0/",
        "publications/page/02/",
        "publications/page/٢/",
        "publications/page/4/",
        "publications/page/99999999999999999999999/",
        "publications/2023/",
        "publications/2024/page/3/",
        "publications/topic/nothing/",
        "publications/topic/people/2024/",
        "publications/topic/people/2024/page/2/",
        "publications/translated/topic/people/2024/",
        "publications/nothing/",
        "publications/P1/",
        "projects/nothing/",
        "areas/nothing/",
        "nothing/",
    ],
)
def test_what_does_not_exist_is_said_so_in_the_language_of_the_address(
    library: Project, open_site: OpenSite, path: str
) -> None:
    library.interface("ru", {"There is no such page": "Такой страницы нет"})
    response = open_site().get(f"/ru/{path}", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert '<html lang="ru"' in response.text
    assert "Такой страницы нет" in response.text


def test_a_topic_without_publications_says_that_it_is_empty(library: Project, open_site: OpenSite) -> None:
    response = open_site().get("/en/publications/topic/empty/")
    assert response.status_code == 200
    assert "There are no publications here yet." in response.text


@pytest.mark.parametrize(
    ("count", "words"), [(1, "1 публікацыя"), (2, "2 публікацыі"), (5, "5 публікацый"), (21, "21 публікацыя")]
)
def test_counts_have_the_plural_form_of_the_language(
    project: Project, open_site: OpenSite, count: int, words: str
) -> None:
    for number in range(count):
        project.document(f"publications/p{number}")
    path = project.interface("be", {})
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text + '\n#, python-format\nmsgid "%(number)s publication"\nmsgid_plural "%(number)s publications"\n'
        'msgstr[0] "%(number)s публікацыя"\nmsgstr[1] "%(number)s публікацыі"\nmsgstr[2] "%(number)s публікацый"\n',
        encoding="utf-8",
    )
    assert f">{words}<" in open_site(page_size=50).get("/be/publications/").text


def test_an_area_lists_the_documents_of_its_topics(library: Project, open_site: OpenSite) -> None:
    library.document("publications/named", areas="[work]", date="2026")
    html = open_site().get("/en/areas/work/").text
    assert all(f">{title}</a>" in html for title in ("Named", "P29", "P27"))
    assert ">P30</a>" not in html
    assert 'href="/en/publications/topic/people/"' in html


def test_no_line_ends_inside_a_range_of_numbers(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", title='"Crisis & aid, 2023–2024 – a review"')
    html = open_site().get("/en/publications/one/").text
    assert '<h1>Crisis &amp; aid, <span class="range">2023–2024</span> – a review</h1>' in html


def test_an_archived_page_says_so(project: Project, open_site: OpenSite) -> None:
    project.document("projects/old", archived="true")
    assert "what it says is out of date" in open_site().get("/en/projects/old/").text


def test_a_withdrawn_page_is_gone_but_its_languages_are_still_linked(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", withdrawn="true")
    response = open_site().get("/en/publications/one/")
    assert response.status_code == 410
    assert "This page has been withdrawn" in response.text


@pytest.mark.parametrize(
    ("date", "languages"),
    [
        (
            "2025-03-20",
            {"be": "20 сакавіка 2025\u202fг.", "ru": "20 марта 2025\u202fг.", "en": "20 March 2025"},
        ),
        ("2025-03", {"be": "сакавік 2025", "ru": "март 2025\u202fг.", "en": "March 2025"}),
        ("2025", {"be": "2025", "ru": "2025", "en": "2025"}),
        ("2017/2018", {"be": "2017–2018", "ru": "2017–2018", "en": "2017–2018"}),
        ("2021-12/2022-01", {"be": "снежань 2021 – студзень 2022"}),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(
    project: Project, open_site: OpenSite, date: str, languages: dict[str, str]
) -> None:
    project.document("publications/one", date=date)
    for language, text in languages.items():
        assert f">{text}<" in open_site().get(f"/{language}/publications/one/").text


def test_an_unknown_date_and_an_ordering_date_are_not_shown(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", order="2024-11-12")
    html = open_site().get("/en/publications/one/").text
    assert "2024" not in html
    assert "<time" not in html


def test_a_translated_page_carries_no_note(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", "Text.")
    project.catalog("publications/one", "be", {("title", "One"): "Адзін", ("body", "Text."): "Тэкст."})
    html = open_site().get("/be/publications/one/").text
    assert "<p>Тэкст.</p>" in html
    assert 'class="language-note"' not in html


def test_a_changed_paragraph_is_shown_in_the_source_with_a_note_in_its_place(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", "First, changed.\n\nSecond.")
    outdated = Message(
        Source("First, changed.", "body"), ("Першы.",), flags=("fuzzy",), previous=Source("First.", "body")
    )
    project.catalog(
        "publications/one",
        "be",
        {("title", "One"): "Адзін", ("body", "First, changed."): outdated, ("body", "Second."): "Другі."},
    )
    html = open_site().get("/be/publications/one/").text
    note = html.index("The original has changed since this was translated")
    assert note < html.index('<p lang="en">First, changed.</p>') < html.index("<p>Другі.</p>")
    assert html.count('class="language-note"') == 1
    assert "Першы." not in html


def test_an_untranslated_title_is_marked_in_the_head_too(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one")
    site = open_site()
    assert '<title lang="en">One — Human Constanta</title>' in site.get("/be/publications/one/").text
    assert "<title>One — Human Constanta</title>" in site.get("/en/publications/one/").text


def test_an_untranslated_page_says_it_once(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", "Text.\n\nMore.", summary="Summary.")
    html = open_site().get("/be/publications/one/").text
    assert html.count('class="language-note"') == 1
    assert "англійская" in html
    assert '<span lang="en">One</span>' in html


def test_an_untranslated_title_is_marked_in_lists(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", lang="ru", title="Отчёт")
    html = open_site().get("/be/publications/").text
    assert '<span lang="ru">Отчёт</span>' in html
    assert "руская" in html


def test_a_summary_whose_source_has_changed_is_marked_in_lists(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", summary="New summary.")
    project.catalog(
        "publications/one", "be", {("title", "One"): "Адзін", ("summary", "Old summary."): "Сціслае."}
    )
    html = open_site().get("/be/publications/").text
    assert '<p><span lang="en">New summary.</span></p>' in html
    assert "the original has changed since it was translated" in html


def test_an_untranslated_interface_text_is_marked_but_never_inside_an_attribute(
    project: Project, open_site: OpenSite
) -> None:
    project.interface("be", {"Publications": "Публікацыі"})
    html = open_site().get("/be/").text
    assert ">Публікацыі</a>" in html
    assert '<span lang="en">Special projects</span>' in html
    assert 'aria-label="Sections"' in html


def test_markup_in_a_translation_of_plain_text_is_shown_as_text(
    project: Project, open_site: OpenSite
) -> None:
    project.interface("be", {"Special projects": "<b>Праекты</b>"})
    assert "<b>Праекты" not in open_site().get("/be/").text


def test_an_address_for_questions_stands_on_every_page_where_there_is_one(
    project: Project, open_site: OpenSite
) -> None:
    assert "mailto:" not in open_site().get("/en/").text
    assert (
        '<a href="mailto:ask@site.example">' in open_site(contact="ask@site.example").get("/en/nothing/").text
    )
