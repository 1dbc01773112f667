from __future__ import annotations

import gzip
from collections.abc import Callable

import brotlicffi
import pytest
from flask.testing import FlaskClient

from constanta.edition.publish import publish_edition
from tests.conftest import Project

OpenSite = Callable[..., FlaskClient]
DECODERS: dict[str, Callable[[bytes], bytes]] = {"br": brotlicffi.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None), ("identity", None)],
)
def test_a_page_is_compressed_as_the_browser_accepts_it(
    project: Project, open_site: OpenSite, accepted: str, encoding: str | None
) -> None:
    site = open_site()
    plain = site.get("/be/").data
    response = site.get("/be/", headers={"Accept-Encoding": accepted})
    assert response.headers.get("Content-Encoding") == encoding
    assert (DECODERS[encoding](response.data) if encoding else response.data) == plain
    assert "Accept-Encoding" in response.vary
    assert response.content_length == len(response.data)


@pytest.mark.parametrize("path", ["/be/nothing/", "/be/search/?q=one", "/be/newsletter/confirm/nothing"])
def test_what_has_no_name_is_compressed_too(project: Project, open_site: OpenSite, path: str) -> None:
    site = open_site()
    response = site.get(path, headers={"Accept-Encoding": "br"})
    assert brotlicffi.decompress(response.data) == site.get(path).data
    assert "Accept-Encoding" in response.vary
    assert "ETag" not in response.headers


def test_the_answer_to_a_form_is_compressed_too(project: Project, open_site: OpenSite) -> None:
    response = open_site().post("/be/newsletter/", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(response.data).startswith(b"<!doctype html>")


def test_each_encoding_has_a_name_of_its_own(project: Project, open_site: OpenSite) -> None:
    site = open_site()
    names = {
        site.get("/be/", headers={"Accept-Encoding": name}).headers["ETag"] for name in ("br", "gzip", "")
    }
    assert len(names) == 3
    assert not any(name.startswith("W/") for name in names)


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_what_the_reader_has_already_is_not_sent_again(
    project: Project, open_site: OpenSite, encoding: str
) -> None:
    site = open_site()
    first = site.get("/be/", headers={"Accept-Encoding": encoding})
    again = site.get("/be/", headers={"Accept-Encoding": encoding, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Vary"] == first.headers["Vary"]
    other = site.get("/be/", headers={"Accept-Encoding": encoding, "If-None-Match": '"other"'})
    assert other.status_code == 200


def test_a_changed_page_is_sent_again(project: Project, open_site: OpenSite) -> None:
    project.document("publications/one", "Old.")
    site = open_site()
    name = site.get("/en/publications/one/").headers["ETag"]
    project.document("publications/one", "New text.")
    site.application.extensions["constanta"].open_edition.INTERVAL = 0
    response = site.get("/en/publications/one/", headers={"If-None-Match": name})
    assert (response.status_code, "New text." in response.text) == (200, True)


def test_a_developer_sees_every_change_and_a_reader_asks_again_after_five_minutes(
    project: Project, open_site: OpenSite
) -> None:
    assert open_site().get("/be/").headers["Cache-Control"] == "no-cache"
    publish_edition(project.settings)
    assert open_site(debug=False).get("/be/").headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("path", ["/be/newsletter/", "/healthz"])
def test_what_must_not_be_kept_has_no_name(project: Project, open_site: OpenSite, path: str) -> None:
    response = open_site().get(path, headers={"Accept-Encoding": "br"})
    assert ("no-store" in response.headers.get("Cache-Control", "")) == ("ETag" not in response.headers)
