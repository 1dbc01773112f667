from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from constanta.pages import feeds
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


def test_a_json_feed_holds_the_full_text_and_each_languages_mark(
    project: Project, open_site: OpenSite
) -> None:
    project.document("topics/people", title="People")
    project.document("publications/one", "Text.", date="2025-03-20", summary="Sum.", topics="[people]")
    project.document("publications/two", "Тэкст.", lang="be", date="2025-02")
    site = open_site()
    response = site.get("/be/feed.json")
    assert response.mimetype == "application/feed+json"
    feed = response.get_json(force=True)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://site.example/be/feed.json"
    assert feed["home_page_url"] == "https://site.example/be/publications/"
    assert feed["items"] == [
        {
            "id": "https://site.example/be/publications/one/",
            "url": "https://site.example/be/publications/one/",
            "title": "One",
            "summary": "Sum.",
            "content_html": '<div lang="en"><p lang="en">Text.</p>\n</div>',
            "language": "en",
            "tags": ["people"],
            "date_published": "2025-03-20T00:00:00Z",
        },
        {
            "id": "https://site.example/be/publications/two/",
            "url": "https://site.example/be/publications/two/",
            "title": "Two",
            "summary": "",
            "content_html": "<p>Тэкст.</p>\n",
            "language": "be",
            "tags": [],
        },
    ]
    topic = site.get("/be/publications/topic/people/feed.json").get_json(force=True)
    assert [item["title"] for item in topic["items"]] == ["One"]
    assert topic["feed_url"].endswith("/be/publications/topic/people/feed.json")


def test_the_whole_list_can_be_taken_as_json_and_csv(project: Project, open_site: OpenSite) -> None:
    for number in range(1, 6):
        project.document(f"publications/p{number}", date=f"2025-03-{number:02}")
    project.catalog("publications/p5", "be", {("title", "P5"): "П5"})
    site = open_site()
    rows = json.loads(site.get("/be/publications.json").data)
    assert [row["title"] for row in rows] == ["П5", "P4", "P3", "P2", "P1"]
    assert (rows[0]["title_language"], rows[0]["availability"]) == ("be", "complete")
    assert (rows[1]["title_language"], rows[1]["availability"]) == ("en", "missing")
    response = site.get("/be/publications.csv")
    assert response.mimetype == "text/csv"
    table = list(csv.DictReader(io.StringIO(response.text)))
    assert [row["title"] for row in table] == ["П5", "P4", "P3", "P2", "P1"]
    assert table[0]["address"] == "https://site.example/be/publications/p5/"


def test_a_document_without_a_date_has_one_in_a_feed_that_programs_can_read(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", "Words.")
    project.document("publications/two", "Words.", date="1948-12-10")
    feed = open_site().get("/en/feed.atom").text
    days = re.findall("<updated>(.*)T00:00:00Z</updated>", feed)
    assert days == ["1948-12-10", "1948-12-10", "1970-01-01"]


def test_an_empty_list_is_still_a_list(project: Project, open_site: OpenSite) -> None:
    site = open_site()
    assert json.loads(site.get("/en/publications.json").data) == []
    assert site.get("/en/publications.csv").text == ",".join(feeds.COLUMNS) + "\r\n"


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@x"])
def test_a_spreadsheet_takes_no_title_for_a_formula(
    project: Project, open_site: OpenSite, title: str
) -> None:
    project.document("publications/one", title=f'"{title}"')
    (row,) = csv.DictReader(io.StringIO(open_site().get("/en/publications.csv").text))
    assert row["title"] == f"'{title}"


@pytest.mark.parametrize(
    ("whole", "narrowed"),
    [
        ("feed", "publications/translated/feed"),
        ("publications/topic/people/feed", "publications/translated/topic/people/feed"),
        ("projects/feed", "projects/translated/feed"),
        ("areas/work/feed", "areas/work/translated/feed"),
    ],
)
def test_what_is_wholly_in_a_language_has_feeds_of_its_own(
    project: Project, open_site: OpenSite, whole: str, narrowed: str
) -> None:
    project.document("topics/people")
    project.document("areas/work")
    for kind in ("publications", "projects"):
        for number, lang in enumerate(("be", "en"), start=1):
            project.document(
                f"{kind}/{lang}", lang=lang, date=f"2025-0{number}", topics="[people]", areas="[work]"
            )
    site = open_site()
    for ending in ("atom", "json"):
        assert "/en/" in site.get(f"/be/{whole}.{ending}").text.partition("2025-02-01")[0]
        text = site.get(f"/be/{narrowed}.{ending}").text
        assert "Only in this language" in text
        assert "s/be/" in text
        assert "s/en/" not in text


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("publications/", "feed"),
        ("publications/2025/", "feed"),
        ("publications/translated/2025/", "publications/translated/feed"),
        ("publications/topic/people/", "publications/topic/people/feed"),
        ("publications/translated/topic/people/", "publications/translated/topic/people/feed"),
        ("publications/translated/topic/empty/", "publications/translated/topic/empty/feed"),
        ("projects/", "projects/feed"),
        ("projects/translated/", "projects/translated/feed"),
        ("areas/work/", "areas/work/feed"),
        ("areas/work/translated/", "areas/work/translated/feed"),
    ],
)
def test_every_list_leads_to_its_feeds_and_says_how_much_it_holds(
    project: Project, open_site: OpenSite, page: str, feed: str
) -> None:
    for topic in ("people", "empty"):
        project.document(f"topics/{topic}")
    project.document("areas/work")
    project.document("publications/one", date="2025-01", topics="[people]")
    project.catalog("publications/one", "be", {("title", "One"): "Адзін"})
    site = open_site()
    response = site.get(f"/be/{page}")
    assert response.status_code == 200
    assert 'type="application/atom+xml" title=' in response.text
    for ending in ("atom", "json"):
        assert f'<a href="/be/{feed}.{ending}">' in response.text
        assert site.get(f"/be/{feed}.{ending}").status_code == 200
    assert '<span class="count">' in response.text
    assert ("Feed of all years" in response.text) == ("2025" in page)
