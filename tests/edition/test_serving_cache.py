"""Pages are read from the disk once, and what is kept of them in memory is bounded."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import brotlicffi
import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from constanta.edition import ready
from constanta.edition.pages import PAGES, file_of
from constanta.edition.ready import ReadyPages
from constanta.factory import create_app
from constanta.settings import Settings
from tests.conftest import Project
from tests.edition.editions import live, publish, settings_of, shelf_of, write_site

PATH = "/en/publications/one/"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a site with one edition, whose files are put back by those who damage them."""
    project = Project(tmp_path_factory.mktemp("site"))
    for language in ("be", "ru"):
        project.interface(language, {})
    write_site(project)
    settings = settings_of(project)
    publish(settings)
    return settings


@pytest.fixture
def site(settings: Settings) -> FlaskClient:
    """A reader of the site, whose process has served nobody yet."""
    return create_app(settings).test_client()


def stored(settings: Settings, path: str = PATH, encoding: str = "gzip") -> Path:
    return live(settings) / PAGES / file_of(path, encoding)


@pytest.fixture
def damaged(settings: Settings) -> Path:
    """The file of a page, which the test may write over."""
    return stored(settings)


@pytest.fixture(autouse=True)
def _put_files_back(settings: Settings) -> Iterator[None]:
    files = {path: path.read_bytes() for path in (live(settings) / PAGES).rglob("*") if path.is_file()}
    yield
    for path, content in files.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


def get(site: FlaskClient, path: str = PATH, accepted: str = "gzip") -> bytes:
    response = site.get(path, headers={"Accept-Encoding": accepted})
    assert response.status_code == 200
    body: bytes = response.data
    return body


def test_a_page_is_read_once(site: FlaskClient, damaged: Path) -> None:
    first = get(site)
    damaged.write_bytes(b"nothing")
    assert get(site) == first


def test_each_encoding_of_a_page_is_kept_on_its_own(site: FlaskClient) -> None:
    for _ in range(2):
        plain = get(site, accepted="")
        assert gzip.decompress(get(site, accepted="gzip")) == plain
        assert brotlicffi.decompress(get(site, accepted="br")) == plain


def test_a_damaged_page_is_not_kept(site: FlaskClient, damaged: Path) -> None:
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[::-1])
    assert get(site) != whole, "the application renders it"
    damaged.write_bytes(whole)
    assert get(site) == whole


def test_a_switch_is_seen_at_the_next_request(project: Project) -> None:
    write_site(project)
    settings = settings_of(project)
    first = publish(settings).name
    site = create_app(settings).test_client()
    old = get(site)
    project.document("publications/one", "Another text.", title="One", date="2025-03-01", topics="[people]")
    publish(settings)
    assert b"Another text." in gzip.decompress(get(site))
    shelf_of(settings).switch(first)
    assert get(site) == old


def test_memory_is_bounded_by_the_bytes_of_pages(
    settings: Settings, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = damaged.read_bytes()
    other = stored(settings, "/en/").read_bytes()
    monkeypatch.setattr(ready, "KEPT_BYTES", len(whole) + len(other) - 1)
    pages = ReadyPages(live(settings))
    assert pages.find(PATH, "gzip")
    damaged.write_bytes(b"nothing")
    assert pages.find(PATH, "gzip"), "it fits"
    assert pages.find("/en/", "gzip")
    assert pages.find(PATH, "gzip") is None, "there was no room for both"


def test_a_long_page_is_read_each_time(
    site: FlaskClient, damaged: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ready, "LARGEST", damaged.stat().st_size - 1)
    get(site)
    damaged.write_bytes(b"nothing")
    with caplog.at_level(logging.CRITICAL):
        get(site)
    assert str(damaged) in caplog.text


def test_what_a_server_does_to_the_headers_of_one_answer_is_not_in_the_next(settings: Settings) -> None:
    app = create_app(settings)
    answers: list[list[tuple[str, str]]] = []

    def start_response(_status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        answers.append([*headers])
        headers.clear()
        return lambda _data: None

    for _ in range(2):
        app.wsgi_app(EnvironBuilder(PATH).get_environ(), start_response)
    assert answers[0] == answers[1] != []
