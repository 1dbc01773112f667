from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from constanta.pages.newsletter import EXTENSION
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import Postbox

OWN = "https://site.example"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "nonsense"}, 403),
        # Where the browser says it plainly, Origin is not asked: a proxy may have changed the scheme.
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": OWN}, 200),
        ({"Origin": OWN.upper()}, 200),
        ({"Origin": "http://site.onion"}, 200),
        ({"Origin": "http://site.example"}, 403),
        ({"Origin": f"{OWN}:444"}, 403),
        ({"Origin": f"{OWN}.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://evil.example", "Host": "evil.example"}, 403),
        ({}, 200),
    ],
)
def test_what_another_site_sends_is_refused(
    reader: FlaskClient, headers: dict[str, str], status: int
) -> None:
    response = reader.post("/be/newsletter/", data={"email": "reader@people.example"}, headers=headers)
    assert response.status_code == status


@pytest.mark.parametrize(
    "typed",
    [
        "=?utf-8?q?v1?=@people.example",
        "=?utf-8?q??=@people.example",
        "=?utf-8?q?v1?=x@people.example",
        "=?utf-8?b?v12=?=@people.example",
        "=?x-secretname?q?a?=@people.example",
    ],
)
def test_an_address_that_no_mail_can_be_written_to_is_refused(
    reader: FlaskClient, app: Flask, typed: str
) -> None:
    response = reader.post("/be/newsletter/", data={"email": typed})
    assert response.status_code == 422
    assert "it should look like name@example.org" in response.text
    assert count_rows(app.extensions[EXTENSION])["outbox"] == 0


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("  reader@people.example \r\n", "reader@people.example"),
        ("Reader.Name+tag@People.Example", "Reader.Name+tag@people.example"),
        ("reader@пошта.бел", "reader@xn--80a1acn3a.xn--90ais"),
        ("o'brien=x@people.example", "o'brien=x@people.example"),
    ],
)
def test_an_address_is_written_in_one_form(
    reader: FlaskClient,
    app: Flask,
    typed: str,
    taken: str,
    links: Callable[[Flask], list[str]],
    postbox: Postbox,
) -> None:
    assert reader.post("/be/newsletter/", data={"email": typed}).status_code == 200
    links(app)
    assert postbox.recipients == [taken]
