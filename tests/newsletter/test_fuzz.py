"""Hostile requests: never a 5xx, never a row where there should be none. At full size: make newsletter-fuzz."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from email_validator import EmailNotValidError, validate_email
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from constanta.newsletter.forms import LONGEST_ADDRESS
from constanta.newsletter.service import Newsletter
from constanta.pages.newsletter import EXTENSION
from tests.newsletter.conftest import count_rows
from tests.newsletter.parts import size

PATH = "/be/newsletter/"
FORM = "application/x-www-form-urlencoded"
EXAMPLES = size(full=2000, small=40)
fuzz = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

ADDRESSES = [
    "",
    " ",
    "reader",
    "@people.example",
    "reader@",
    "reader@@people.example",
    "a@b@people.example",
    "a@people.example,b@people.example",
    "a@people.example;b@people.example",
    "a@people.example b@people.example",
    "Reader <reader@people.example>",
    '"quoted string"@people.example',
    "reader(comment)@people.example",
    "reader@people.example\r\nBcc: victim@people.example",
    "reader@people.example\nvictim@people.example",
    "reader\r@people.example",
    "reader@people.example%0d%0aBcc:victim@people.example",
    "reader@people.example\0",
    "rea\0der@people.example",
    "rea\u200bder@people.example",
    "reader@peo\u200bple.example",
    "\u202ereader@people.example",
    "reader@\u2066people.example",
    "чытач@people.example",
    "reаder@people.example",  # a Cyrillic а
    "reader@[127.0.0.1]",
    "reader@127.0.0.1",
    "reader@localhost",
    "reader@people..example",
    ".reader@people.example",
    "reader.@people.example",
    "reader@-people.example",
    "reader@people.example.",
    "reader@xn--a.example",
    "victim%mail.example@people.example",
    "people.example!victim@people.example",
    "'; DROP TABLE subscriber; --",
    '=HYPERLINK("http://evil.example")',
    "{{ 7*7 }}@people.example",
    "<script>alert(1)</script>@people.example",
    "a" * 65 + "@people.example",
    "a@" + "b" * 64 + ".example",
    "a" * 1000 + "@people.example",
    "reader@" + "пошта" * 50 + ".example",
    "\ud800@people.example".encode("utf-8", "surrogatepass").decode("latin-1"),
]

BODIES = [
    (FORM, b""),
    (FORM, b"email"),
    (FORM, b"EMAIL=reader%40people.example"),
    (FORM, b"email=reader%40people.example&email=other%40people.example"),
    (FORM, b"email=reader%40people.example&email=reader%40people.example"),
    (FORM, b"email=%FF%FE%40people.example"),
    (FORM, b"email=" + b"a" * 1_000_000),
    (FORM, b"email=reader%40people.example&filler=" + b"a" * 5000),
    (FORM, b"&".join(b"f%d=1" % n for n in range(500))),
    (FORM, "email=reader@people.example".encode("utf-16")),
    (f"{FORM}; charset=utf-16", b"email=reader%40people.example"),
    (f"{FORM}; charset=windows-1251", b"email=reader%40people.example"),
    ("application/json", b'{"email": "reader@people.example"}'),
    ("application/json", b"not json"),
    ("text/plain", b"email=reader@people.example"),
    ("application/xml", b"<email>reader@people.example</email>"),
    ("", b"email=reader%40people.example"),
    ("nonsense", b"email=reader%40people.example"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na@b.by\r\n--x--',
    ),
    ("multipart/form-data", b""),
]

REQUESTS = [
    *[(method, PATH) for method in ("PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "X")],
    *[(method, f"{PATH}confirm/{'0' * 48}") for method in ("PUT", "DELETE", "PATCH")],
    ("GET", f"{PATH}?email=reader@people.example"),
    ("GET", f"{PATH}?next=https://evil.example/"),
    ("POST", f"{PATH}?next=//evil.example&email=reader@people.example"),
    ("GET", "/be/newsletter"),
    ("GET", "//evil.example/be/newsletter/"),
    ("GET", "/xx/newsletter/"),
    ("GET", "/%0A/newsletter/"),
    ("POST", "/%0D%0AX:y/newsletter/confirm/0"),
    ("POST", "/be/newsletter/confirm/"),
    ("POST", "/be/newsletter/confirm"),
    ("POST", "/be/newsletter/unsubscribe/"),
    ("GET", "/be/newsletter/unsubscribe/a/b/../../../../"),
]

TOKENS = [
    "",
    "0",
    "0" * 47,
    "0" * 10_000,
    "\0",
    "%",
    "%00",
    "..",
    "a b",
    "ы",
    "'; DROP TABLE gone; --",
    "\udcff",
    "\n",
]


@pytest.fixture
def newsletter(app: Flask) -> Newsletter:
    newsletter: Newsletter = app.extensions[EXTENSION]
    return newsletter


@pytest.fixture
def attacker(reader: FlaskClient, newsletter: Newsletter) -> Iterator[FlaskClient]:
    """Sends hostile requests; after the test there is no row."""
    yield reader
    assert count_rows(newsletter) == {"subscriber": 0, "gone": 0, "outbox": 0}


@pytest.mark.parametrize("email", ADDRESSES)
def test_what_is_not_one_plain_address_is_refused(attacker: FlaskClient, email: str) -> None:
    response = attacker.post(PATH, data={"email": email})
    assert response.status_code in {413, 422}
    assert "<script>alert" not in response.text


@pytest.mark.parametrize(("content_type", "body"), BODIES)
def test_bodies_that_no_form_of_ours_sends_are_refused(
    attacker: FlaskClient, content_type: str, body: bytes
) -> None:
    response = attacker.post(PATH, data=body, content_type=content_type)
    assert response.status_code in {400, 413, 415, 422}


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_odd_requests_store_nothing_and_lead_nowhere_else(
    attacker: FlaskClient, method: str, path: str
) -> None:
    response = attacker.open(path, method=method, content_type=FORM)
    assert response.status_code < 500
    assert "evil.example" not in response.headers.get("Location", "").removeprefix("http://localhost")


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("page", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_odd_tokens_do_no_harm(attacker: FlaskClient, token: str, page: str, method: str) -> None:
    path = f"{PATH}{page}/{quote(token, errors='surrogatepass')}"
    assert attacker.open(path, method=method, content_type=FORM).status_code in {200, 404, 410}


@pytest.mark.parametrize("host", ["evil.example", "", "a" * 300, "[::1]", "sitё.example"])
def test_a_forged_host_gets_into_no_form(attacker: FlaskClient, host: str) -> None:
    response = attacker.get(PATH, headers={"Host": host.encode("latin-1", "replace").decode("latin-1")})
    assert response.status_code < 500
    assert "evil.example" not in response.text


@fuzz
@given(st.binary(max_size=300))
def test_random_bodies(attacker: FlaskClient, body: bytes) -> None:
    assert attacker.post(PATH, data=body, content_type=FORM).status_code == 422


@fuzz
@given(st.text(max_size=40), st.text(max_size=40))
def test_random_tokens(attacker: FlaskClient, token: str, language: str) -> None:
    for page in ("confirm", "unsubscribe"):
        path = f"/{quote(language)}/newsletter/{page}/{quote(token)}"
        assert attacker.post(path, content_type=FORM).status_code < 500


@fuzz
@given(
    st.dictionaries(
        st.sampled_from(
            ["Origin", "Sec-Fetch-Site", "Referer", "X-Forwarded-For", "Accept-Language", "Cookie", "Range"]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40),
    )
)
def test_random_headers(attacker: FlaskClient, headers: dict[str, str]) -> None:
    assert attacker.post(PATH, data={"email": "x"}, headers=headers).status_code in {403, 422}


LIKELY = st.builds(
    "{}@{}.{}".format,
    st.text("abcXYZ019._+-='`!#$%&*/?^{}|~\"@ \u200b\u0430", min_size=1, max_size=12),
    st.text("abc09-.\u0456\u0435_", min_size=1, max_size=10),
    st.sampled_from(["example", "by", "org", "бел", "c0m", "", "x"]),
)


@fuzz
@given(st.one_of(LIKELY, st.emails(), st.text(max_size=60)))
def test_a_row_is_stored_exactly_for_a_valid_address(
    reader: FlaskClient, newsletter: Newsletter, email: str
) -> None:
    before = count_rows(newsletter)["subscriber"]
    status = reader.post(PATH, data={"email": email}).status_code
    stored = count_rows(newsletter)["subscriber"] - before
    assert (status, stored) == ((200, 1) if is_valid(email) else (422, 0))


def is_valid(text: str) -> bool:
    """Whether an address can be mailed to by any mail server, in the words of the library that knows."""
    if len(text.strip()) > LONGEST_ADDRESS:
        return False
    try:
        found = validate_email(text.strip(), check_deliverability=False, strict=True, allow_smtputf8=False)
    except EmailNotValidError:
        return False
    return (
        not set("%!") & set(text)
        and found.ascii_email is not None
        and len(found.ascii_email) <= LONGEST_ADDRESS
    )
