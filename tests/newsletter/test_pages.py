from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from constanta.factory import create_app
from constanta.newsletter.opening import Opened, as_records
from constanta.newsletter.subscribers import LINK_SECONDS
from constanta.pages import newsletter
from constanta.pages.newsletter import EXTENSION
from constanta.settings import Settings
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import Clock, Postbox

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FORM = {"content_type": "application/x-www-form-urlencoded"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin", "Origin": "https://site.example"}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def heading(response: TestResponse) -> str:
    found = re.search(r"<h1>(?:<span[^>]*>)?(.*?)(?:</span>)?</h1>", response.text)
    return found[1] if found else ""


def sign_up(reader: FlaskClient, email: str = "reader@people.example", language: str = "be") -> TestResponse:
    return reader.post(f"/{language}/newsletter/", data={"email": email}, headers=SAME_SITE)


@pytest.fixture
def token_path(reader: FlaskClient, app: Flask, links: Callable[[Flask], list[str]]) -> str:
    """The link that a reader got."""
    sign_up(reader)
    return links(app)[-1]


@pytest.fixture
def unsubscribe_path(token_path: str, reader: FlaskClient, postbox: Postbox) -> str:
    """The link of a reader who has confirmed."""
    reader.post(token_path, **FORM)
    header = postbox.parsed()[-1]["List-Unsubscribe"]
    return str(header).strip("<>").removeprefix("https://site.example")


def test_a_reader_signs_up_confirms_and_is_among_the_subscribers(
    reader: FlaskClient,
    app: Flask,
    links: Callable[[Flask], list[str]],
    sqlite_url: str,
    subscribers: Callable[[str], Opened],
) -> None:
    assert heading(sign_up(reader)) == "Check your mail: one last step"
    assert subscribers(sqlite_url).subscriptions == ()
    (link,) = links(app)
    assert heading(reader.get(link)) == "Confirm your subscription"
    assert heading(reader.post(link, **FORM)) == "You have successfully subscribed to our newsletter"
    (subscription,) = subscribers(sqlite_url).subscriptions
    assert (subscription.email, subscription.language) == ("reader@people.example", "be")


def test_the_form_keeps_the_address_and_says_what_is_wrong_beside_the_field(reader: FlaskClient) -> None:
    response = sign_up(reader, "not an address")
    assert response.status_code == 422
    assert 'value="not an address"' in response.text
    assert 'autofocus aria-invalid="true" aria-describedby="email-error"' in response.text
    assert "<title>Error: Newsletter — " in response.text.replace('<span lang="en">', "").replace(
        "</span>", ""
    )
    assert "it should look like name@example.org" in response.text


def test_a_used_link_says_so_kindly(reader: FlaskClient, token_path: str) -> None:
    reader.post(token_path, **FORM)
    for response in (reader.get(token_path), reader.post(token_path, **FORM)):
        assert (response.status_code, heading(response)) == (410, "This link can no longer be used")
        assert "/be/newsletter/" in response.text


def test_an_unknown_link_gets_the_page_of_a_used_one(reader: FlaskClient, token_path: str) -> None:
    reader.post(token_path, **FORM)
    unknown = "/be/newsletter/confirm/" + "0" * 48
    used, never = reader.get(token_path), reader.get(unknown)
    token = token_path.rpartition("/")[2]
    assert used.text.replace(token, "0" * 48) == never.text


@pytest.mark.parametrize(("seconds", "status"), [(LINK_SECONDS - 1, 200), (LINK_SECONDS, 410)])
def test_a_link_lives_48_hours(
    reader: FlaskClient, token_path: str, clock: Clock, seconds: int, status: int
) -> None:
    clock.move(seconds=seconds)
    assert reader.get(token_path).status_code == status
    assert reader.post(token_path, **FORM).status_code == status


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_opening_links_changes_nothing(
    reader: FlaskClient, app: Flask, token_path: str, unsubscribe_path: str, method: str
) -> None:
    before = count_rows(app.extensions[EXTENSION])
    for path in ("/be/newsletter/", token_path, unsubscribe_path):
        getattr(reader, method)(path)
    assert count_rows(app.extensions[EXTENSION]) == before == {"subscriber": 1, "gone": 0, "outbox": 0}


def test_one_button_unsubscribes(reader: FlaskClient, app: Flask, unsubscribe_path: str) -> None:
    assert heading(reader.get(unsubscribe_path)) == "Unsubscribe from the newsletter"
    response = reader.post(unsubscribe_path, headers=SAME_SITE, **FORM)
    assert heading(response) == "You have unsubscribed"
    assert count_rows(app.extensions[EXTENSION]) == {"subscriber": 0, "gone": 1, "outbox": 0}


@pytest.mark.parametrize(
    ("prefix", "language"),
    [("pl", "pl"), ("preview/pl", "pl"), ("preview/be", "be"), ("cs", "ru"), ("preview/es-419", "ru")],
)
def test_links_work_whatever_has_become_of_their_language(
    reader: FlaskClient, app: Flask, token_path: str, unsubscribe_path: str, prefix: str, language: str
) -> None:
    prefers = {"Accept-Language": "ru"}
    for path in (token_path, unsubscribe_path):
        page = reader.get(path.replace("/be/", f"/{prefix}/"), headers=prefers)
        assert page.status_code == (410 if path == token_path else 200)
        assert f'<html lang="{language}"' in page.text
        assert f'href="{path.replace("/be/", "/en/")}" lang="en"' in page.text
    path = unsubscribe_path.replace("/be/", f"/{prefix}/")
    response = reader.post(path, data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert count_rows(app.extensions[EXTENSION])["subscriber"] == 0


def test_who_signed_up_in_a_language_in_preparation_can_leave_by_the_lists_link(
    reader: FlaskClient,
    app: Flask,
    links: Callable[[Flask], list[str]],
    sqlite_url: str,
    subscribers: Callable[[str], Opened],
) -> None:
    sign_up(reader, language="preview/pl")
    (link,) = links(app)
    assert heading(reader.post(link, **FORM)) == "You have successfully subscribed to our newsletter"
    (record,) = as_records(subscribers(sqlite_url).subscriptions, "https://site.example")
    left = reader.post(record["unsubscribe"].removeprefix("https://site.example"), **FORM)
    assert heading(left) == "You have unsubscribed"
    assert subscribers(sqlite_url).subscriptions == ()


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_mail_programs_unsubscribe_with_one_click_from_any_site(
    reader: FlaskClient, app: Flask, unsubscribe_path: str, content_type: str
) -> None:
    response = reader.post(
        unsubscribe_path,
        data=ONE_CLICK,
        content_type=content_type,
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example"},
    )
    assert response.status_code == 200
    assert count_rows(app.extensions[EXTENSION])["subscriber"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"List-Unsubscribe": "one-click"},
        {"List-Unsubscribe": ["One-Click", "One-Click"]},
        {**ONE_CLICK, "more": "1"},
    ],
)
def test_any_other_body_from_another_site_unsubscribes_nobody(
    reader: FlaskClient, app: Flask, unsubscribe_path: str, body: dict[str, str]
) -> None:
    response = reader.post(unsubscribe_path, data=body, headers={"Sec-Fetch-Site": "cross-site"}, **FORM)
    assert (response.status_code, heading(response)) == (403, "The request came from another site")
    assert count_rows(app.extensions[EXTENSION])["subscriber"] == 1


def test_unsubscribing_answers_the_same_for_every_whole_token(
    reader: FlaskClient, unsubscribe_path: str
) -> None:
    token = unsubscribe_path.rpartition("/")[2]
    known = reader.post(unsubscribe_path, **FORM)
    unknown = reader.post(unsubscribe_path.replace(token, "f" * 48), **FORM)
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(token, "f" * 48) == unknown.text


@pytest.mark.parametrize("page", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("token", ["", "0", "0" * 47, "0" * 49, "F" * 48, "0" * 48 + "%0A", "%00/..%2F☃"])
def test_a_link_that_has_lost_a_part_says_so(reader: FlaskClient, page: str, token: str) -> None:
    for call in (reader.get, reader.post):
        response = call(f"/be/newsletter/{page}/{token}", **FORM)
        assert (response.status_code, heading(response)) == (404, "This link is not complete")


def test_unsubscribing_before_confirming_ends_the_link(
    reader: FlaskClient, app: Flask, token_path: str, postbox: Postbox
) -> None:
    header = str(postbox.parsed()[-1]["List-Unsubscribe"]).strip("<>")
    reader.post(header.removeprefix("https://site.example"), **FORM)
    assert reader.post(token_path, **FORM).status_code == 410
    assert count_rows(app.extensions[EXTENSION]) == {"subscriber": 0, "gone": 0, "outbox": 0}


@pytest.mark.parametrize("headers", [SAME_SITE, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_languages_and_the_onion_service_are_offered_with_the_token(
    reader: FlaskClient, token_path: str, unsubscribe_path: str, method: str, headers: dict[str, str]
) -> None:
    for path in (token_path, unsubscribe_path):
        response = reader.open(path, method=method, headers=headers, content_type=FORM["content_type"])
        is_done = (method, response.status_code) == ("POST", 200)  # then the link can do nothing more
        other = "/ru/" if is_done else path.replace("/be/", "/ru/")
        assert f'href="{other}" lang="ru"' in response.text
        assert "?token=" not in response.text
        assert response.headers["Onion-Location"] == f"http://site.onion{path}"


@pytest.mark.parametrize("language", ["be", "ru", "en"])
def test_every_page_is_in_the_language_of_its_address(reader: FlaskClient, language: str) -> None:
    for path in ("", "confirm/x", "unsubscribe/x"):
        assert f'<html lang="{language}"' in reader.get(f"/{language}/newsletter/{path}").text


def test_a_mail_is_in_the_language_of_the_form(
    reader: FlaskClient, app: Flask, links: Callable[[Flask], list[str]], postbox: Postbox
) -> None:
    sign_up(reader, language="ru")
    assert links(app)[0].startswith("/ru/newsletter/confirm/")
    assert postbox.parsed()[0]["Subject"] == "Подтвердите адрес электронной почты"


def test_no_page_sets_a_cookie(reader: FlaskClient, token_path: str, unsubscribe_path: str) -> None:
    answers = [reader.get("/be/newsletter/"), sign_up(reader), sign_up(reader, "wrong")]
    answers += [
        call(path, **FORM) for path in (token_path, unsubscribe_path) for call in (reader.get, reader.post)
    ]
    for response in answers:
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_pages_behind_links_are_kept_by_no_cache_and_no_search_engine(
    reader: FlaskClient, token_path: str
) -> None:
    for response in (reader.get(token_path), reader.post(token_path, **FORM), sign_up(reader)):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert response.headers["Referrer-Policy"] == "same-origin"


def test_a_filled_honeypot_gets_the_usual_answer_and_no_row(reader: FlaskClient, app: Flask) -> None:
    response = reader.post("/be/newsletter/", data={"email": "bot@people.example", "website": "x"})
    assert response.data == sign_up(reader, "reader@people.example").data
    assert count_rows(app.extensions[EXTENSION])["subscriber"] == 1


def test_a_client_that_asks_too_often_is_told_when_to_come_back(open_app: Callable[..., Flask]) -> None:
    reader = open_app(client_limit=2).test_client()
    statuses = [sign_up(reader, f"reader{n}@people.example").status_code for n in range(3)]
    assert statuses == [200, 200, 429]
    response = sign_up(reader, "reader4@people.example")
    assert (heading(response), response.headers["Retry-After"]) == ("Too many attempts", "600")


def test_a_forged_forwarded_address_makes_no_new_client(open_app: Callable[..., Flask]) -> None:
    reader = open_app(client_limit=1).test_client()
    sign_up(reader)
    forged = reader.post(
        "/be/newsletter/",
        data={"email": "other@people.example"},
        headers={"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"},
    )
    assert forged.status_code == 429


def test_what_a_trusted_proxy_says_of_the_client_is_believed(settings: Settings) -> None:
    own = replace(settings.newsletter, client_limit=1)
    app = create_app(replace(settings, newsletter=own, proxies=1))
    answers = [
        app.test_client().post(
            "/be/newsletter/",
            data={"email": f"reader{number}@people.example"},
            # What the client itself wrote stands first; what the proxy added stands last.
            headers={"X-Forwarded-For": f"192.0.2.{number}, {client}"},
        )
        for number, client in enumerate(["198.51.100.1", "198.51.100.1", "198.51.100.2"])
    ]
    assert [answer.status_code for answer in answers] == [200, 429, 200]
    app.extensions[EXTENSION].database.close()


def test_a_spent_budget_says_to_try_later(open_app: Callable[..., Flask]) -> None:
    app = open_app(hourly_budget=1)
    reader = app.test_client()
    sign_up(reader)
    response = sign_up(reader, "other@people.example")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "3600")
    assert count_rows(app.extensions[EXTENSION])["subscriber"] == 1


def test_without_public_keys_nothing_is_accepted(open_app: Callable[..., Flask]) -> None:
    app = open_app(recipients=None)
    reader = app.test_client()
    for response in (reader.get("/be/newsletter/"), sign_up(reader)):
        assert (response.status_code, heading(response)) == (503, "Signing up is not possible at the moment")
    assert count_rows(app.extensions[EXTENSION])["subscriber"] == 0


def test_a_database_that_is_away_takes_down_only_the_newsletter(
    open_app: Callable[..., Flask], memory: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = open_app(f"postgresql+psycopg://nobody@/none?host={memory}")
    reader = app.test_client()
    response = sign_up(reader)
    assert (response.status_code, heading(response)) == (503, "Please try again a little later")
    assert reader.get("/be/newsletter/").status_code == 200
    assert caplog.messages == ["the newsletter's database is unavailable: OperationalError"]


def test_a_failed_signup_uses_up_no_limit(
    open_app: Callable[..., Flask],
    memory: Path,
    links: Callable[[Flask], list[str]],
    settings: object,
) -> None:
    sign_up(open_app(f"postgresql+psycopg://nobody@/none?host={memory}").test_client())
    app = open_app()
    sign_up(app.test_client())
    assert len(links(app)) == 1


def test_an_address_that_just_got_a_mail_gets_no_second_one(
    reader: FlaskClient, app: Flask, links: Callable[[Flask], list[str]], clock: Clock
) -> None:
    sign_up(reader, "reader@people.example")
    sign_up(reader, "Reader+tag@people.example")
    assert len(links(app)) == 1
    clock.move(seconds=601)
    sign_up(reader, "reader@people.example")
    assert len(links(app)) == 2


def test_a_path_that_names_two_pages_keeps_no_token_either(
    app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions[EXTENSION], "database", None)
    monkeypatch.setattr(newsletter, "is_token", bool)  # else the view would not break
    app.test_client().get("/be/newsletter/confirm/secret/newsletter/confirm/other")
    assert "Exception on /be/newsletter/confirm/ [GET]" in caplog.text
    assert "secret" not in caplog.text


def test_nothing_behind_the_first_step_sees_a_token_in_an_address() -> None:
    seen: dict[str, object] = {}

    def application(environ: WSGIEnvironment, _start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    path = "/be/newsletter/unsubscribe/secret"
    environ = {"PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path, "SCRIPT_NAME": ""}
    newsletter.hide_token(application)(environ, lambda *_: lambda _data: None)
    assert seen.pop(newsletter.TOKEN) == "secret"
    assert "secret" not in str(seen)


def test_a_body_of_many_parts_is_not_taken_apart(reader: FlaskClient, unsubscribe_path: str) -> None:
    parts = {**ONE_CLICK, **{f"field{number}": "x" for number in range(10)}}
    response = reader.post(unsubscribe_path, data=parts, content_type="multipart/form-data")
    assert response.status_code == 413


def test_a_token_stands_in_no_log_even_when_the_view_breaks(
    app: Flask, token_path: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions[EXTENSION], "database", None)
    response = app.test_client().get(token_path)
    assert response.status_code == 500
    assert "Exception on /be/newsletter/confirm/ [GET]" in caplog.text
    assert token_path.rpartition("/")[2] not in caplog.text
