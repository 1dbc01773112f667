from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask

from constanta.newsletter.outbox import Letter
from constanta.pages.newsletter import compose

CONFIRM, LEAVE = "c" * 48, "f" * 48
LETTER = Letter("reader@people.example", "be", CONFIRM, LEAVE, f"<{'1' * 48}@mail.example>", 1_800_000_000)
BASE = "https://a-rather-long-name-of-a-host.site.example"


def write(app: Flask, letter: Letter = LETTER) -> bytes:
    with app.app_context():
        return compose(letter, BASE).as_bytes()


@pytest.fixture
def mail(app: Flask) -> EmailMessage:
    """The mail as a mail program reads it."""
    return message_from_bytes(write(app), policy=policy.default)


def test_its_headers_are_those_of_an_automatic_mail_to_one_person(mail: EmailMessage) -> None:
    assert dict(mail.items()) | {"Content-Type": ""} == {
        "From": "News <news@mail.example>",
        "To": "reader@people.example",
        "Subject": "Пацвердзіце свой адрас электроннай пошты",
        "Date": "Fri, 15 Jan 2027 08:00:00 +0000",
        "Message-ID": f"<{'1' * 48}@mail.example>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{BASE}/be/newsletter/unsubscribe/{LEAVE}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": "",
    }
    assert parsedate_to_datetime(mail["Date"]).timestamp() == LETTER.written_at
    assert mail.defects == []


def test_long_links_in_headers_stand_whole_on_one_line(app: Flask) -> None:
    lines = write(app).split(b"\r\n")
    assert f"List-Unsubscribe: <{BASE}/be/newsletter/unsubscribe/{LEAVE}>".encode() in lines
    assert f"Message-ID: <{'1' * 48}@mail.example>".encode() in lines


def test_every_line_is_seven_bits_and_short_enough(app: Flask) -> None:
    data = write(app)
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_text_and_html_each_have_the_one_link(mail: EmailMessage) -> None:
    link = f"{BASE}/be/newsletter/confirm/{CONFIRM}"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().count("http") == 1
    assert link in plain.get_content().splitlines()
    assert html.get_content().count("href=") == 1
    assert f'<a href="{link}">{link}</a>' in html.get_content()
    assert '<html lang="be" dir="ltr">' in html.get_content()


def test_the_mail_does_not_name_the_organisation(mail: EmailMessage) -> None:
    assert "constanta" not in mail.as_string().lower()


def test_every_attempt_is_the_same_mail(app: Flask) -> None:
    assert write(app) == write(app)


def test_the_languages_of_mails_do_not_mix(app: Flask) -> None:
    subjects = [
        message_from_bytes(write(app, replace(LETTER, language=tag)), policy=policy.default)["Subject"]
        for tag in ("be", "ru", "en", "be")
    ]
    assert subjects[1:3] == ["Подтвердите адрес электронной почты", "Confirm your email address"]
    assert subjects[0] == subjects[3]
