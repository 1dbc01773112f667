from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]


def described(html: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    value: dict[str, Any] = json.loads(match[1])
    return value


def test_a_source_names_its_translations_and_a_translation_its_source(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", date="2025-03", summary="Sum.")
    project.catalog("publications/one", "be", {("title", "One"): "Адзін", ("summary", "Sum."): "Сума."})
    site = open_site()
    source = described(site.get("/en/publications/one/").text)
    assert (source["name"], source["inLanguage"], source["datePublished"]) == ("One", "en", "2025-03")
    assert source["workTranslation"] == [
        {"@id": "https://site.example/be/publications/one/", "inLanguage": "be"}
    ]
    translation = described(site.get("/be/publications/one/").text)
    assert (translation["name"], translation["inLanguage"], translation["description"]) == (
        "Адзін",
        "be",
        "Сума.",
    )
    assert (
        translation["translationOfWork"]["@id"]
        == source["@id"]
        == "https://site.example/en/publications/one/"
    )
    missing = described(site.get("/ru/publications/one/").text)
    assert missing["inLanguage"] == "en"
    assert "translationOfWork" not in missing


def test_a_work_in_a_language_that_the_site_does_not_have_is_not_its_own_translation(
    project: Project, open_site: OpenSite
) -> None:
    project.document("publications/one", lang="de", title="Eins")
    project.catalog("publications/one", "be", {("title", "Eins"): "Адзін"})
    assert "translationOfWork" not in open_site().get("/be/publications/one/").text


def test_no_title_ends_the_description_early(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", title='"</script><script>alert(1)</script>"')
    html = open_site().get("/en/publications/one/").text
    assert described(html)["name"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in html


def test_a_link_preview_has_title_summary_and_address(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", summary="What it says.")
    html = open_site().get("/en/publications/one/").text
    assert '<meta property="og:title" content="One">' in html
    assert '<meta property="og:description" content="What it says.">' in html
    assert '<meta property="og:url" content="https://site.example/en/publications/one/">' in html


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("", "Human Constanta"),
        ("publications/", "Публікацыі"),
        ("publications/translated/2025/", "Публікацыі, 2025 — Толькі на гэтай мове"),
        ("projects/", "Спецыяльныя праекты"),
        ("areas/", "Кірункі працы"),
        ("newsletter/", "Рассылка"),
        ("search/", "Пошук"),
        ("about/", "Пра сайт"),
        ("areas/antidiscrimination/", "Антыдыскрымінацыя"),
    ],
)
def test_every_page_has_a_link_preview_in_its_own_language(
    real_site: FlaskClient, path: str, title: str
) -> None:
    head = real_site.get(f"/be/{path}").text.partition("</head>")[0]
    values = dict(re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)">', head))
    assert values["og:title"] == title
    assert values["og:url"].endswith(f"/be/{path}")
    assert values["og:locale"] == "be"
    assert values["og:description"] == values["description"]
    assert re.search("[а-я]", values["description"])


def test_a_link_preview_in_another_language_says_so(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", summary="What it says.")
    html = open_site().get("/be/publications/one/").text
    assert '<meta property="og:title" content="One" lang="en">' in html
    assert '<meta property="og:description" content="What it says." lang="en">' in html
