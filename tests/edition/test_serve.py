"""Pages from the edition are answered as the application would answer; everything else is left to the application."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from wsgiref.validate import validator

import brotlicffi
import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from constanta.edition.serve import EDITION, PageServer, choose_encoding, is_current
from constanta.edition.switch import Edition
from constanta.settings import Settings
from tests.edition.editions import live, make_project, open_app, publish, read_index, settings_of, write_site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BASE = "https://site.example"
PAGE = "/be/publications/one/"

PASSING = {"Content-Length", "Content-Encoding", "ETag", "Vary", "Date"}
"""The headers that depend on how a page was compressed, and on the time."""


@dataclass
class Application:
    """Stands behind the pages and remembers what it has been asked."""

    asked: list[WSGIEnvironment] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"from the application"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the small site, which has been published."""
    project = make_project(tmp_path_factory.mktemp("serve") / "site")
    write_site(project)
    settings = replace(settings_of(project), hosts=("site.example", ".site.onion"))
    publish(settings)
    return settings


@pytest.fixture(scope="module")
def edition(settings: Settings) -> Edition:
    return Edition(live(settings))


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def server(application: Application, edition: Edition, settings: Settings) -> Client:
    """A reader of the edition, with an application behind it that can only say so."""
    return Client(validator(PageServer(application, lambda: edition, settings.hosts)))


def get(client: Client, path: str, accepted: str = "", **headers: str) -> TestResponse:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, base_url=BASE, headers={"Accept-Encoding": accepted, **fields}, buffered=True)


def rendering(app: Flask) -> Client:
    """A reader of the application alone, which renders each page for each request."""
    return Client(partial(Flask.wsgi_app, app))


def headers_of(response: TestResponse) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in response.headers if name not in PASSING)


def assert_same(settings: Settings, app: Flask) -> None:
    """Hold every page of the live edition against what the application renders for a request."""

    def refuse(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise AssertionError(environ["PATH_INFO"])

    edition = Edition(live(settings))
    served, rendered = Client(PageServer(refuse, lambda: edition)), rendering(app)
    for path in read_index(edition.folder):
        one, other = get(served, path), get(rendered, path)
        assert (one.status, one.data) == (other.status, other.data), path
        assert headers_of(one) == headers_of(other), path


def test_every_page_is_what_the_application_renders(settings: Settings) -> None:
    assert_same(settings, open_app(settings))


def test_every_page_of_the_real_content_is_what_the_application_renders(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = Settings(
        instance=tmp_path_factory.mktemp("instance"),
        secret_key="only for tests",
        base_url="https://human.example",
        onion_url="http://human.onion",
        contact="person@human.example",
    )
    assert publish(settings).printed.pages > 100
    assert_same(settings, open_app(settings))


# --- how a page travels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", None),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZip;Q=0.5", "gzip"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br; q=0.5 , gzip ; q=0.5", "br"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0.000, *", None),
        ("*;q=0", None),
        ("gzip;q=0", None),
        ("identity", None),
        ("identity;q=0.5, *;q=0", None),
        ("deflate, zstd", None),
        ("gzip;q=0.1, br;q=2", "gzip"),
    ],
)
def test_the_best_encoding_that_the_reader_accepts_is_chosen(accepted: str, chosen: str | None) -> None:
    assert choose_encoding(accepted) == chosen


def test_a_page_is_the_same_in_every_encoding(server: Client) -> None:
    plain, br, zipped = (get(server, PAGE, accepted) for accepted in ("", "br", "gzip"))
    assert "Першы абзац." in plain.text
    assert plain.data == brotlicffi.decompress(br.data) == gzip.decompress(zipped.data)
    assert [one.headers.get("Content-Encoding") for one in (plain, br, zipped)] == [None, "br", "gzip"]
    assert {one.headers["Vary"] for one in (plain, br, zipped)} == {"Accept-Encoding"}
    assert len({one.headers["ETag"] for one in (plain, br, zipped)}) == 3


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_head_says_what_get_says_without_the_page(server: Client, accepted: str) -> None:
    page = get(server, PAGE, accepted)
    head = server.head(PAGE, base_url=BASE, headers={"Accept-Encoding": accepted}, buffered=True)
    assert (head.status, head.data, [*head.headers]) == (page.status, b"", [*page.headers])
    assert head.content_length == len(page.data)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ('"1-2"', True),
        ('W/"1-2"', True),
        ('"0", "1-2"', True),
        ("*", True),
        ('"1-3"', False),
        ("1-2", False),
        ("", False),
        (None, False),
    ],
)
def test_a_page_is_not_sent_twice(given: str | None, known: bool) -> None:  # noqa: FBT001
    assert is_current(given, '"1-2"') == known


@pytest.mark.parametrize("accepted", ["", "br", "gzip"])
def test_a_page_that_the_reader_has_is_named_and_not_sent(
    server: Client, settings: Settings, accepted: str
) -> None:
    etag = get(server, PAGE, accepted).headers["ETag"]
    answer = get(server, PAGE, accepted, If_None_Match=etag)
    assert (answer.status, answer.data, answer.headers["ETag"]) == ("304 Not Modified", b"", etag)
    rendered = rendering(open_app(settings))
    etag = get(rendered, PAGE, accepted).headers["ETag"]
    assert headers_of(answer) == headers_of(get(rendered, PAGE, accepted, If_None_Match=etag))


# --- what is left to the application -------------------------------------------------------------------------------


def test_a_query_makes_no_difference_to_a_page(server: Client, settings: Settings) -> None:
    assert (
        get(server, f"{PAGE}?from=mail").data == get(rendering(open_app(settings)), f"{PAGE}?from=mail").data
    )


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//be/",
        "/be//",
        "/be",
        "/be/publications/one",
        "/be/publications/../publications/one/",
        "/be/%2e/",
        "/be/%2e%2e/be/",
        "/be/about/.html",
        "/be/about.html",
        "/be/about.html.gz",
        "/pages.db",
        "/../edition.json",
        "/BE/",
        "/be/ ",
        "/be/%00",
        "/be/публікацыі/",
        "/be/search/",
        "/healthz",
    ],
)
def test_an_address_of_no_page_is_left_to_the_application(
    application: Application, server: Client, edition: Edition, path: str
) -> None:
    assert get(server, path).data == b"from the application"
    assert [environ[EDITION] for environ in application.asked] == [edition]


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "POST"},
        {"method": "OPTIONS"},
        {"base_url": "https://other.example"},
        {"base_url": "https://site.example.evil"},
        {"base_url": "https://site.example/below"},
    ],
    ids=lambda changes: " ".join(changes.values()),
)
def test_a_request_that_is_not_for_pages_is_left_to_the_application(
    application: Application, server: Client, changes: dict[str, str]
) -> None:
    server.open(**{"path": PAGE, "base_url": BASE, **changes}, buffered=True)  # type: ignore[arg-type]
    assert [EDITION in environ for environ in application.asked] == [False]


@pytest.mark.parametrize(
    "host",
    [
        "site.example",
        "site.example:443",
        "www.site.onion",
        "other.example",
        "",
        "[::1",
        "a b",
    ],
)
def test_the_site_answers_to_the_same_names_with_and_without_the_edition(
    settings: Settings, host: str
) -> None:
    app = open_app(settings)
    clients: list[WSGIApplication] = [app.wsgi_app, partial(Flask.wsgi_app, app)]
    statuses = {Client(one).get(PAGE, base_url=BASE, headers={"Host": host}).status for one in clients}
    assert statuses == {"200 OK" if host.startswith(("site.example", "www.")) else "400 BAD REQUEST"}


@pytest.mark.parametrize("path", [PAGE, "/be/search/?q=one", "/be/nothing/"])
def test_the_name_of_the_site_is_the_same_in_capitals(settings: Settings, path: str) -> None:
    client = Client(open_app(settings).wsgi_app)
    small, large = (
        client.get(path, base_url=BASE, headers={"Host": host}) for host in ("site.example", "SITE.Example")
    )
    assert (large.status, large.data) == (small.status, small.data)
    assert not large.status.startswith("400")
