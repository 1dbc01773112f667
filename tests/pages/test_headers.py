from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

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
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert headers["Permissions-Policy"].startswith("camera=()")
    assert headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


def test_the_policy_allows_the_pages_own_stylesheet_and_nothing_else(
    project: Project, open_site: OpenSite
) -> None:
    response = open_site().get("/be/")
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


def test_a_site_on_https_stays_there(project: Project, open_site: OpenSite) -> None:
    assert "max-age=63072000" in open_site().get("/be/").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in open_site(base_url="http://127.0.0.1:5000").get("/be/").headers


def test_an_onion_service_is_offered_where_there_is_one(project: Project, open_site: OpenSite) -> None:
    assert "Onion-Location" not in open_site().get("/be/").headers
    site = open_site(onion_url="http://example.onion")
    assert site.get("/be/publications/").headers["Onion-Location"] == "http://example.onion/be/publications/"


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
