"""The search page: a plain form, results that say which language they are in, and nothing kept of what was asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


@pytest.fixture
def site(project: Project, open_site: OpenSite) -> FlaskClient:
    """A site with a publication in English that is translated into Belarusian, and one that is not."""
    project.document("publications/rivers", "On the banks of rivers.", title="Great rivers", summary="Water.")
    project.catalog(
        "publications/rivers",
        "be",
        {
            ("title", "Great rivers"): "Вялікія рэкі",
            ("summary", "Water."): "Вада.",
            ("body", "On the banks of rivers."): "На берагах рэк.",
        },
    )
    project.document("publications/forests", "Deep forests.", title="Forests & fields")
    return open_site()


def main(site: FlaskClient, path: str, **query: str) -> str:
    response = site.get(path, query_string=query)
    assert response.status_code == 200
    return response.text.partition("<main")[2].partition("</main>")[0]


def test_the_form_works_without_scripts_and_sends_a_query_in_the_address(site: FlaskClient) -> None:
    page = main(site, "/en/search/")
    assert '<form class="search" role="search" action="/en/search/"' in page
    assert 'name="q"' in page
    assert "method" not in page
    assert "<script" not in page


def test_a_result_leads_to_the_document_and_marks_the_words(site: FlaskClient) -> None:
    page = main(site, "/be/search/", q="рэках")
    assert '<a href="/be/publications/rivers/">Вялікія <mark>рэкі</mark></a>' in page
    assert "На берагах <mark>рэк</mark>." in page


def test_the_title_says_how_much_was_found(site: FlaskClient) -> None:
    assert "<title>1 text found — Search" in site.get("/en/search/?q=banks").text
    for nothing in ("zyzzyva", "%25"):
        assert "<title>Nothing found — Search" in site.get(f"/en/search/?q={nothing}").text


@pytest.mark.parametrize(
    ("path", "query", "word"),
    [("/en/search/", "migrants and refugee", "Migrants"), ("/be/search/", "бежанцамі", "Мігранты")],
)
def test_a_topic_that_is_looked_for_by_its_name_is_offered_first(
    project: Project, open_site: OpenSite, path: str, query: str, word: str
) -> None:
    project.document("topics/migrants", title="Migrants and refugees")
    project.document("topics/other", title="Migrants at work")
    project.catalog("topics/migrants", "be", {("title", "Migrants and refugees"): "Мігранты і бежанцы"})
    project.document("publications/one", "Text.", topics="[migrants]")
    page = main(open_site(), path, q=query)
    assert page.count('class="topics"') == 1
    assert f'/publications/topic/migrants/">{word}' in page
    assert "topic/other" not in page
    assert 'class="empty"' not in page
    assert 'class="empty"' in main(open_site(), path, q=f"{query} zyzzyva")


def test_what_was_found_in_another_language_says_so(site: FlaskClient) -> None:
    page = main(site, "/ru/search/", q="рэкі")
    assert '<a href="/be/publications/rivers/" hreflang="be" lang="be">Вялікія <mark>рэкі</mark></a>' in page
    assert 'lang="be">На берагах <mark>рэк</mark>.' in page
    assert '<h2 id="found-be">' in page


def test_what_stands_in_for_a_translation_opens_in_the_readers_language(site: FlaskClient) -> None:
    assert '<a href="/be/publications/forests/" lang="en"><mark>Forests</mark>' in main(
        site, "/be/search/", q="forest"
    )


def test_a_text_that_the_readers_page_may_have_translated_opens_in_its_own_language(
    site: FlaskClient, project: Project
) -> None:
    project.catalog("publications/forests", "be", {("body", "Deep forests."): "Глыбокія лясы."})
    page = main(site, "/be/search/", q="deep forests")
    assert '<a href="/en/publications/forests/" hreflang="en" lang="en">' in page


def test_a_passage_keeps_blocks_apart_and_what_may_not_be_torn_apart_together(
    project: Project, open_site: OpenSite
) -> None:
    body = "## How to *leave*\n\nOn 9\u00a0May, pages 12–15.\n\n- one\n\n- two!\n\nThe end"
    project.document("publications/leaving", body, title="1\u00a0000 ways")
    page = main(open_site(), "/be/search/", q="leave")
    assert "How to <mark>leave</mark>. On 9\u00a0May, pages " in page
    assert '<span class="range">12–15</span>. one. two! The end.</p>' in page
    assert ">1\u00a0000 ways</a>" in page


def test_what_closes_a_block_is_in_the_language_of_the_block(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", "## Great *rivers*\n\nDeep\n\nLong", title="Title")
    project.catalog("publications/one", "be", {("body", "Long"): "Доўгія"})
    page = main(open_site(), "/be/search/", q="rivers deep")
    assert "Great <mark>rivers</mark>. <mark>Deep</mark>. Long.</p>" in page
    page = main(open_site(), "/be/search/", q="доўгія")
    assert '<p class="passage"><mark>Доўгія</mark>.</p>' in page


def test_a_plain_page_says_nothing_of_its_kind(project: Project, open_site: OpenSite) -> None:
    project.document("pages/about", "We.", title="About rivers")
    assert '<ul class="facts">' not in main(open_site(), "/en/search/", q="about rivers")


def test_a_language_in_preparation_is_found_only_in_its_preview(site: FlaskClient, project: Project) -> None:
    project.interface("pl", {})
    project.catalog("publications/rivers", "pl", {("title", "Great rivers"): "Wielkie rzeki"})
    assert "/preview/" not in main(site, "/be/search/", q="rzeki")
    assert "Wielkie" not in main(site, "/be/search/", q="rzeki zyzzyva")
    assert "Wielkie" in main(site, "/preview/pl/search/", q="rzeki")


def test_special_characters_are_text(site: FlaskClient) -> None:
    assert "<mark>Forests</mark> &amp; fields" in main(site, "/en/search/", q="forests")
    hostile = '"><script>alert(1)</script> <mark>'
    page = main(site, "/en/search/", q=hostile)
    assert f'value="{escape(hostile).replace("&quot;", "&#34;")}"' in page
    assert "<script" not in page


def test_an_empty_search_says_how_to_search(site: FlaskClient, project: Project) -> None:
    project.document("topics/water")
    page = main(site, "/en/search/")
    assert "Any form of a word will do" in page
    assert "Nothing was found" not in page
    assert "/en/publications/topic/water/" in main(site, "/en/search/", q="  ")


def test_nothing_found_helps_on(site: FlaskClient) -> None:
    page = main(site, "/en/search/", q="volcano")
    assert "Nothing was found for this." in page
    assert "/en/publications/" in page


def test_words_that_are_found_on_their_own_are_offered(site: FlaskClient) -> None:
    page = main(site, "/en/search/", q="rivers volcano & forests")
    assert '<a href="/en/search/?q=rivers"><bdi lang="">rivers</bdi></a>' in page
    assert "q=volcano" not in page


def test_a_query_of_a_megabyte_is_answered_with_a_short_page(site: FlaskClient) -> None:
    response = site.get("/en/search/", query_string={"q": "rivers " * 150_000})
    assert response.status_code == 200
    assert "only the first words were looked for" in response.text
    assert len(response.data) < 60_000


@pytest.mark.parametrize(
    "query", ["%00", "%ff%fe", "q=%00", "q=%ff", "q=%ED%A0%80", "q=%E2%80%AErivers", "q=a&q=b", "q"]
)
def test_no_address_is_an_error(site: FlaskClient, query: str) -> None:
    assert site.get(f"/en/search/?{query}").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "99", "9" * 400])
def test_a_page_that_does_not_exist_is_not_found(site: FlaskClient, page: str) -> None:
    assert site.get("/en/search/", query_string={"q": "rivers", "page": page}).status_code in {404, 200}
    assert site.get("/en/search/", query_string={"q": "rivers", "page": "2"}).status_code == 404


def test_long_results_are_paged(project: Project, open_site: OpenSite) -> None:
    for number in range(5):
        project.document(f"publications/river-{number}", title=f"River {number}")
    site = open_site(page_size=2)
    first, second, last = (main(site, "/en/search/", q="river", page=str(n)) for n in (1, 2, 3))
    assert first.count("<article") == second.count("<article") == 2
    assert last.count("<article") == 1
    assert '<a rel="next" href="/en/search/?q=river&amp;page=2">' in first
    assert '<a rel="prev" href="/en/search/?q=river">' in second
    assert 'rel="next"' not in last


def test_switching_the_language_keeps_the_query(site: FlaskClient) -> None:
    page = site.get("/en/search/", query_string={"q": "rivers & forests"}).text
    assert '<a href="/be/search/?q=rivers+%26+forests" lang="be"' in page
    assert '<a href="/be/search/" lang="be"' in site.get("/en/search/").text


def test_search_engines_leave_the_page_out(site: FlaskClient) -> None:
    response = site.get("/en/search/", query_string={"q": "rivers"})
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.text


def test_nothing_is_kept_of_a_query(site: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    headers: Headers = site.get("/en/search/", query_string={"q": "secretword"}).headers
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers
    assert not any("secretword" in value for value in headers.values())
    assert "secretword" not in caplog.text
    for path, status in (("/en/search", 308), ("/en/search/", 404)):
        response = site.get(path, query_string={"q": "secretword", "page": "99"})
        assert (response.status_code, response.headers["Cache-Control"]) == (status, "no-store"), path


def test_the_word_preview_or_a_language_is_not_taken_for_a_query(site: FlaskClient) -> None:
    assert site.get("/en/search").status_code == 308
    assert site.get("/search/").status_code == 404


@pytest.mark.parametrize(
    ("path", "typed", "expected"),
    [
        ("/be/search/", "бежанцаў", "бежанцы"),
        ("/be/search/", "biežancy", "Бежанцы"),
        ("/be/search/", ",t;fyws", "бежанцы"),
        ("/ru/search/", "беженец", "Беженцы"),
        ("/ru/search/", "bezhentsy", "беженцы"),
        ("/en/search/", "refugee", "refugees"),
        ("/en/search/", "куагпуу", "refugees"),
        ("/be/search/", "правамі чалавека", "правы чалавека"),
        ("/ru/search/", "смертной казни", "смертная казнь"),
    ],
)
def test_the_real_content_is_found(real_site: FlaskClient, path: str, typed: str, expected: str) -> None:
    page = main(real_site, path, q=typed)
    text = page.replace("<mark>", "").replace("</mark>", "").lower()
    assert "<mark>" in page
    assert '<h2 id="found-' + path[1:3] in page
    assert expected.lower().split()[0][:5] in text
