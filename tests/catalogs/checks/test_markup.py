"""No translation brings a tag, an attribute, an address or a script that its source does not have."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from constanta.catalogs.checks.entries import blocks
from tests.catalogs.checks.cases import findings, ids

HOSTILE = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg onload=alert(1)//",
    "<a href=javascript:alert(1)>x</a>",
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    '<a href=" \x01javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="/x" href="//evil.example">x</a>',
    '<a\thref="//evil.example">x</a>',
    "<a href='/x' target=_blank>x</a>",
    "<b onmouseover=alert(1)>x</b>",
    "<b\nONCLICK=x>x</b>",
    '<b style="position:fixed">x</b>',
    "<b/x/onclick=1>x</b>",
    "<b",
    '<b x="',
    "</b>",
    "</ b>",
    "<<b>",
    "<\x01b>",
    "<%(n)s>",
    "</%(n)s>",
    "text <",
    "<!-- x",
    "<!doctype html>",
    "<?xml ?>",
    "<![CDATA[x]]>",
    "<iframe src=//evil.example></iframe>",
    "<style>*{}</style>",
    "<x-y>z</x-y>",
    'x" onmouseover="alert(1)',
    "x' onfocus=alert(1) autofocus '",
    "javascript:alert(1)",
)
SOURCES = ("Plain", "<b>x</b>", '<a href="/x">x</a>', '<a href="%(u)s">%(n)s</a>')


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("language", ["be", "pl"])
def test_hostile_markup_blocks_the_message(language: str, source: str, hostile: str) -> None:
    flags = ("python-format",) if "%" in source else ()
    assert any(map(blocks, findings(language, source, hostile, flags=flags)))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_comment_lets_hostile_markup_through(hostile: str) -> None:
    comment = "nocheck: html, quotes, placeholder, url, whitespace, end-punct, untranslated"
    assert any(map(blocks, findings("be", "Plain", hostile, comments=(comment,))))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("<b>New</b>", "<b>Новае"),
        ("<b>New</b>", "<strong>Новае</strong>"),
        ("<b>New</b>", "Новае"),
        ('<a href="/x">this</a>', '<a href="/y">гэта</a>'),
        ('<a href="%(u)s">%(n)s</a>', '<a href="%(n)s">%(u)s</a>'),
        ('<a title="Go" href="/x">%(n)s</a>', '<a title="%(n)s" href="/x">Ідзі</a>'),
        ("<b><i>X</i></b>", "<b><i>Ікс</b></i>"),
        ("A &amp; B", "А і⍽Б"),
        ("a < b", "а, б"),
        ("Plain", "&lt;b&gt;"),
    ],
)
def test_markup_that_differs_is_found(source: str, translation: str) -> None:
    assert "html" in ids("be", source, translation)


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("<em>Two</em> <strong>words</strong>", "<strong>Словы</strong> <em>два</em>"),
        ('<a href="/x" title="Go">this</a>', "<a title='Ідзі' href='/x'>гэта</a>"),
        ("A<br>B", "А<br />Б"),
        ("<B>New</B>", "<b>Новае</b>"),
        ("A&nbsp;B", "А Б"),
        ("1 < 2 &amp; 3", "1 < 2 &amp; 3"),
        ("I <3 you", "Мы <3 вас"),
        ("<b>Begin", "<b>Пачатак"),
        ('<a href="/?a=1&amp;b=2">x</a>', '<a href="/?a=1&b=2">ікс</a>'),
        ("Enable JavaScript", "Уключыце JavaScript: ён патрэбны"),
    ],
)
def test_markup_of_the_source_is_let_be(source: str, translation: str) -> None:
    assert "html" not in ids("be", source, translation)


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](data:text/html,x)",
        "[x](https://evil.example)",
        "[x](//evil.example)",
        '[x](/y "t")',
        "<https://evil.example>",
        "<e@evil.example>",
        "![x](https://evil.example/i.png)",
        "<b>x</b>",
        "<svg/onload=alert(1)>",
        "x <img src=x onerror=alert(1)",
        "<!-- x -->",
        "**x**",
        "*x*",
        "`x`",
        "x  \ny",
    ],
)
@pytest.mark.parametrize("source", ["Plain", "[x](/y)", "Some **x** and *y*"])
def test_marks_that_the_markdown_of_the_source_does_not_have_block_the_message(
    source: str, hostile: str
) -> None:
    assert any(map(blocks, findings("be", source, hostile, markdown=True)))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("See [the report](/r) and **this**.", "**Гэта** і⍽[справаздача](/r)."),
        ("Write to <a@example.org>", "Пішыце на <a@example.org>"),
        ("Run `flask run`", "Запусціце `flask run`"),
        ("migrants", "мігрант_кі"),
        ("2 < 3", "2 < 3"),
        ("a \\<b\\>", "а \\<b\\>"),
    ],
)
def test_markdown_of_the_source_is_let_be(source: str, translation: str) -> None:
    assert not ids("be", source, translation, markdown=True) & {"html", "url"}


TAGS = (
    "<b>",
    "</b>",
    '<a href="/x">',
    "</a>",
    "<br>",
    "<i",
    'x="',
    "<",
    ">",
    '"',
    " onclick=y",
    "&lt;",
    "%(n)s",
    "слова ",
)


@settings(max_examples=150)
@given(st.lists(st.sampled_from(TAGS), max_size=8).map("".join), st.sampled_from(SOURCES))
@example('<a href="/x">x</a><b>', '<a href="/x">x</a>')
def test_what_passes_has_as_many_angle_brackets_and_straight_quotes_as_its_source(
    text: str, source: str
) -> None:
    if text and not any(map(blocks, findings("pl", source, text, flags=("python-format",)))):
        assert text.count("<") == source.count("<")
        assert text.count('"') == source.count('"')
