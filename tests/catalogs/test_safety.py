"""No translation brings a tag, an attribute, an address or a script into a page that its source does not have."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.support import Translations
from flask import Flask, render_template_string
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from constanta.catalogs.checks.safety import find_unsafe
from constanta.catalogs.compile import compile_interface
from constanta.catalogs.header import make_header
from constanta.catalogs.paths import interface_path
from constanta.catalogs.po import Catalog, Message, Source, write_catalog
from constanta.content.loader import load_document
from constanta.content.translate import translate_document
from constanta.factory import create_app
from constanta.locales import parse_language
from constanta.pages.site import current_edition
from tests.conftest import Project

BELARUSIAN = parse_language("be")
FRAGMENTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>",
    '<a href="https://site.example/">',
    '<a href="https://evil.example/">',
    "<b>",
    "<B>",
    "</b>",
    "</a>",
    "<b onclick=x>",
    "<!--",
    "-->",
    "<",
    ">",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "&#x6A;avascript:",
    '"',
    "'",
    "`",
    "*",
    "**",
    "[x](javascript:alert(1))",
    "[x](https://evil.example/)",
    "[here](https://site.example/)",
    "](",
    "![x](data:text/html,x)",
    "<https://evil.example/>",
    "[x]: https://evil.example/",
    "\n\n# x\n\n",
    "  \n",
    "\\",
    "%(name)s",
    "%(name)99999999d",
    "%(other)s",
    "%s",
    "%",
    "%%",
    "{{ config }}",
    "{% if x %}",
    "\u202e",
    "\x00",
    "слова",
)
HOSTILE = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), min_size=1, max_size=7).map("".join)
SLOW_FIXTURES = [HealthCheck.function_scoped_fixture]


class Tags(HTMLParser):
    """The tags of a page with their attributes, but for the mark of a language."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        kept = tuple(pair for pair in attributes if pair[0] != "lang")
        if (tag, kept) != ("span", ()):
            self.found.append((tag, kept))


def tags_of(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    return sorted(Tags(page).found)


@pytest.fixture
def page(project: Project) -> Iterator[Flask]:
    """The site in the middle of a request for a Belarusian page."""
    app = create_app(project.settings)
    with app.test_request_context("/be/"):
        app.preprocess_request()
        yield app


INTERFACE = {
    "Plain text": "{{ _('Plain text') }}",
    'Read <b>this</b> <a href="https://site.example/">here</a>': (
        "{{ _('Read <b>this</b> <a href=\"https://site.example/\">here</a>') }}"
    ),
    "Hello, %(name)s": "{{ _('Hello, %(name)s', name='<i>x</i>') }}",
}


@pytest.mark.parametrize("source", INTERFACE)
@given(msgstr=HOSTILE)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW_FIXTURES)
@example(msgstr="<script>alert(1)</script>")
@example(msgstr="</b><b>слова")
@example(msgstr="%(name)99999999d")
def test_a_hostile_translation_of_the_interface_brings_nothing(page: Flask, source: str, msgstr: str) -> None:
    folder = Path(page.instance_path) / "hostile"
    message = Message(Source(source), (msgstr,))
    write_catalog(interface_path(folder, BELARUSIAN), Catalog(make_header(BELARUSIAN), (message,)))
    compile_interface(folder, folder)
    with interface_path(folder, BELARUSIAN).with_suffix(".mo").open("rb") as file:
        current_edition().translations["be"] = Translations(file)  # type: ignore[index]
    shown = render_template_string(INTERFACE[source])
    assert tags_of(shown) == tags_of(source)


DOCUMENT = "A *paragraph* with a [link](https://site.example/) and `code`.\n\nPlain words.\n"


@given(title=HOSTILE, first=HOSTILE, second=HOSTILE)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW_FIXTURES)
@example(title="x", first="*а* [б](javascript:alert(1)) `code`", second="<script>alert(1)</script>")
@example(
    title="x",
    first="*а* [б](https://site.example/ 'x onclick=1') `code`",
    second="[x](https://evil.example/)",
)
def test_a_hostile_translation_of_a_document_brings_nothing(
    project: Project, title: str, first: str, second: str
) -> None:
    document = load_document(project.document("publications/one", DOCUMENT, title="The title"))
    source_first, source_second = DOCUMENT.strip().split("\n\n")
    messages = (
        Message(Source("The title", "title"), (title,)),
        Message(Source(source_first, "body"), (first,)),
        Message(Source(source_second, "body"), (second,)),
    )
    catalog = Catalog(make_header(BELARUSIAN, document), messages)
    source = translate_document(document, None, BELARUSIAN)
    translated = translate_document(document, catalog, BELARUSIAN)
    shown, expected = ("".join(run.html for run in rendition.body) for rendition in (translated, source))
    assert tags_of(shown) == tags_of(expected)


def unsafe(source: str, msgstr: str, *, markdown: bool = False) -> list[str]:
    return [finding.check for finding in find_unsafe(Message(Source(source), (msgstr,)), markdown=markdown)]


@pytest.mark.parametrize(
    ("source", "msgstr"),
    [
        ("Plain", "Звычайны"),
        ("<b>Bold</b> and <i>more</i>", "<i>Болей</i> і <b>тлуста</b>"),
        ("1 < 2 & 3", "2 < 3 & 4"),
        ("%(n)s of %(all)s", "з %(all)s — %(n)s"),
        ("100%%", "цэлых 100%%"),
        ("Line<br>line", "Радок<br>радок"),
    ],
)
def test_an_honest_translation_is_safe(source: str, msgstr: str) -> None:
    assert unsafe(source, msgstr) == []


@pytest.mark.parametrize(
    ("source", "msgstr", "check"),
    [
        ("Plain", "<b>Тлуста</b>", "html"),
        ("<b>Bold</b>", "</b>Тлуста<b>", "html"),
        ("<b>Bold</b><br>", "</b>Тлуста<b><br>", "html"),
        ('<a href="/x">x</a>', '<a href="/y">x</a>', "html"),
        ("<b>Bold</b>", "<b>Тлуста</b><", "html"),
        ("%(n)s", "%(m)s", "placeholder"),
        ("%(n)s", "%(n)d", "placeholder"),
        ("%(n)s", "100%", "placeholder"),
        ("Plain", "100%", "placeholder"),
    ],
)
def test_what_the_source_does_not_have_is_unsafe(source: str, msgstr: str, check: str) -> None:
    assert unsafe(source, msgstr) == [check]


@pytest.mark.parametrize(
    ("msgstr", "advice"),
    [
        ("Правы %(nmae)s", "The source has %(name)s, the translation has %(nmae)s instead;"),
        ("Правы %(name)s і %(other)d", "%(other)d is not in the source;"),
        ("100% правоў", "A bare percent sign breaks the page;"),
    ],
)
def test_a_wrong_placeholder_is_named_with_its_line(msgstr: str, advice: str) -> None:
    message = Message(Source("Rights of %(name)s"), (msgstr,), line=2, msgstr_line=3)
    (finding,) = find_unsafe(message, markdown=False)
    assert (finding.check, finding.line) == ("placeholder", 3)
    assert str(finding.text).startswith(advice)


def test_an_honest_translation_of_a_document_is_safe() -> None:
    source, msgstr = "*One* [two](https://a.example/) < 3", "[два](https://a.example/) > *адзін*"
    assert unsafe(source, msgstr, markdown=True) == []


@pytest.mark.parametrize(
    "msgstr",
    [
        "адзін [два](https://a.example/)",
        "*адзін* [два](https://b.example/)",
        "*адзін* [два](https://a.example/ 'title')",
        "*адзін* [два](https://a.example/) <https://a.example/>",
        "*адзін* [два](https://a.example/) `код`",
    ],
)
def test_what_the_source_of_a_document_does_not_have_is_unsafe(msgstr: str) -> None:
    assert unsafe("*One* [two](https://a.example/)", msgstr, markdown=True) == ["html"]


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x0c", "\x1b", "\ufffe", "\uffff"])
def test_what_no_feed_can_hold_is_unsafe(character: str, *, markdown: bool) -> None:
    message = Message(Source("Plain"), (f"Звы{character}чайны",), comments=("nocheck: invisible",))
    (finding,) = find_unsafe(message, markdown=markdown)
    assert (finding.check, finding.span, finding.suggestion) == ("invisible", (3, 4), None)


def test_a_number_that_is_a_character_which_no_feed_can_hold_is_unsafe() -> None:
    for number in ("&#12;", "&#x0C;"):
        assert unsafe("Plain", f"Звы{number}чайны", markdown=True) == ["invisible"]
    assert unsafe("Plain", "Звы&#173;чайны", markdown=True) == []


def test_a_check_that_is_silenced_does_not_make_a_translation_safe() -> None:
    message = Message(Source("Plain"), ("<b>Тлуста</b>",), comments=("nocheck: html",))
    assert [finding.check for finding in find_unsafe(message, markdown=False)] == ["html"]


@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        (
            "Our [Telegram](https://t.example/x) channel",
            "Наш [Telegram](https://t.example/x)-канал",
            "Наш [Telegram](https://t.example/x)-канал https://evil.example/",
        ),
        (
            "See https://a.example/ now",
            "Гл. https://a.example/&nbsp;— зараз",
            r"Гл. https://a.example/ https:\//evil.example/",
        ),
        ("Write: me@a.example", "Пішыце: me&#64;a.example", "Пішыце: me@a.example, info&#64;evil.example"),
        ("Join t.example/us", "Далучайцеся: t.example/us", "Далучайцеся: t.example/evil"),
        (
            "Trains run and/or stop at 5.30/6.30",
            "Цягнікі ходзяць і/або спыняюцца а 5.30/6.30",
            "evil.example/pay",
        ),
    ],
)
def test_addresses_are_compared_as_readers_see_them(source: str, right: str, wrong: str) -> None:
    for text, found in ((right, []), (wrong, ["url"])):
        message = Message(Source(source, "body"), (text,))
        assert [finding.check for finding in find_unsafe(message, markdown=True)] == found


@pytest.mark.parametrize("markdown", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "name@evil.example",
        "https://example.org.evil.example/",
        "name@example.org, name@evil.example",
        "Пішыце",
    ],
)
def test_an_address_in_plain_text_is_that_of_the_source(text: str, *, markdown: bool) -> None:
    source = Source("Write to name@example.org" if "https" not in text else "See https://example.org/")
    assert {finding.check for finding in find_unsafe(Message(source, (text,)), markdown=markdown)} == {"url"}
    right = Message(source, (source.msgid.replace("Write to", "Пішыце на"),))
    assert find_unsafe(right, markdown=markdown) == []
