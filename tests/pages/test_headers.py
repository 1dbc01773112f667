from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from constanta.pages.headers import SHEETS, stylesheet
from constanta.settings import ROOT
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]

PATHS = [
    "/be/",
    "/en/publications/",
    "/en/publications/one/",
    "/be/nothing/",
    "/en/publications/gone/",
    "/en/publications",
    "/en/newsletter/confirm/nothing",
    "/ru/search/?q=one",
    "/",
    "/en/feed.atom",
    "/en/feed.json",
    "/en/publications.csv",
    "/en/publications.json",
    "/sitemap.xml",
    "/robots.txt",
]

NO_PAGE = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""The policy of what is no page of the site: it has neither style nor form."""

PLACES = [
    "/be/",
    "/be/publications/",
    "/be/publications/one/",
    "/be/newsletter/",
    "/be/search/?q=one",
    "/be/nothing/",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_readers_to_itself(project: Project, open_site: OpenSite, path: str) -> None:
    project.document("publications/one")
    project.document("publications/gone", withdrawn="true")
    check_headers(open_site().get(path).headers)


def test_an_answer_to_an_unknown_host_and_to_a_wrong_method_keeps_readers_to_itself(
    project: Project, open_site: OpenSite
) -> None:
    check_headers(open_site(hosts=("site.example",)).get("/be/", headers={"Host": "evil.example"}).headers)
    check_headers(open_site().post("/en/publications/").headers)


def check_headers(headers: Headers) -> None:
    policy = headers["Content-Security-Policy"]
    if headers["Content-Type"].startswith("text/html") and "Location" not in headers:
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
    else:
        assert policy == NO_PAGE
    assert "unsafe" not in policy
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PLACES)
def test_the_policy_allows_the_pages_own_stylesheet_and_nothing_else(
    project: Project, open_site: OpenSite, path: str
) -> None:
    project.document("publications/one")
    response = open_site().get(path)
    (style,) = re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert f'content="style-src {policy["style-src"]}"' in response.text


def test_a_site_on_https_stays_there(project: Project, open_site: OpenSite) -> None:
    assert "max-age=63072000" in open_site().get("/be/").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in open_site(base_url="http://127.0.0.1:5000").get("/be/").headers


def test_an_onion_service_is_offered_where_there_is_one(project: Project, open_site: OpenSite) -> None:
    assert "Onion-Location" not in open_site().get("/be/").headers
    site = open_site(onion_url="http://example.onion")
    assert site.get("/be/publications/").headers["Onion-Location"] == "http://example.onion/be/publications/"
    for path in ("/be/publications", "/be/nothing/"):
        assert "Onion-Location" not in site.get(path).headers


def test_an_unknown_host_is_refused_where_hosts_are_configured(project: Project, open_site: OpenSite) -> None:
    site = open_site(hosts=("site.example",))
    assert site.get("/be/", headers={"Host": "site.example"}).status_code == 200
    response = site.get("/be/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "evil.example" not in response.text


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_as_get_does(project: Project, open_site: OpenSite, path: str) -> None:
    project.document("publications/one")
    site = open_site()
    get, head = site.get(path), site.head(path)
    assert head.status_code == get.status_code
    assert head.data == b""
    assert dict(head.headers) == dict(get.headers)


def test_a_security_contact_is_told_where_there_is_one(project: Project, open_site: OpenSite) -> None:
    assert open_site().get("/.well-known/security.txt").status_code == 404
    text = open_site(security_contact="mailto:security@site.example").get("/.well-known/security.txt").text
    assert text.startswith("Contact: mailto:security@site.example\nExpires: ")
    assert text.endswith("Preferred-Languages: be, ru, en\n")


def test_a_page_carries_the_stylesheet_without_comments(real_site: FlaskClient) -> None:
    style = real_site.get("/be/").text.partition("<style>")[2].partition("</style>")[0]
    assert ":root{" in style
    assert "/*" not in style


def test_a_sheet_that_a_developer_saves_is_seen_at_the_next_load(
    project: Project, open_site: OpenSite, tmp_path: Path
) -> None:
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, tmp_path / "root" / folder)
    site = open_site(root=tmp_path / "root")
    before = {path: site.get(path).text for path in ("/be/publications/", "/be/newsletter/")}
    sheet = tmp_path / "root/static/styles/lists.css"
    sheet.write_text(sheet.read_text(encoding="utf-8") + ".rows { color: tomato; }\n", encoding="utf-8")
    assert ".rows{color:tomato}" not in before["/be/publications/"]
    assert ".rows{color:tomato}" in site.get("/be/publications/").text
    assert site.get("/be/newsletter/").text == before["/be/newsletter/"]


def test_a_sheet_that_is_not_there_is_named(real_app: Flask) -> None:
    with real_app.test_request_context(), pytest.raises(ValueError, match="There is no sheet named list\\."):
        stylesheet("list")


def test_sheets_stand_in_one_order_whatever_the_page_says(real_app: Flask) -> None:
    with real_app.test_request_context():
        assert stylesheet("lists", "text") == stylesheet("text", "base", "lists")
    assert {f"{name}.css" for name in SHEETS} == {file.name for file in (ROOT / "static/styles").iterdir()}
