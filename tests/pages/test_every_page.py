"""What holds for every page of the site with its real content."""

from __future__ import annotations

import gzip
import re
import statistics
from collections import defaultdict
from collections.abc import Iterator

import pytest
import rcssmin
from flask import Flask

from constanta.settings import ROOT
from tests.pages.walking import Reader, walk

LARGEST = 14_336
"""Bytes that a server sends before it waits for the reader's first answer: ten segments (RFC 6928)."""

TYPICAL = 8_000

ELSEWHERE = {
    "be": re.compile(r"[иИщЩъЪ]"),
    "ru": re.compile(r"[іІўЎґҐ]"),
    "en": re.compile(r"[\u0400-\u04ff]"),
}
"""Letters that a language does not have."""

_NAME = re.compile(r"\[[\w-]+|\.[\w-]+|(?<![\w.\[-])[a-z]\w*")
_STATE = re.compile(r"(\[[\w-]+)[^\]]*\]|::?[\w-]+(?:\([^()]*\))?")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_LATIN_SENTENCE = re.compile(r"[A-Za-z’'-]+(?:[\s,;:]+[A-Za-z’'-]+){3,}")
"""Four words in a row; a name or a technical term is shorter."""


def _read_selectors(css: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each selector of a sheet, with the elements, classes and attributes that a page must have for it to match."""
    for whole in re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        if not whole.strip().startswith("@"):
            for selector in _expand(re.sub(r":not\([^()]*\)", "", whole)):
                yield selector.strip(), set(_NAME.findall(_STATE.sub(r"\1", selector)))


def _expand(selectors: str) -> Iterator[str]:
    """Yield selectors that stand between commas, and one for each that stands in `:is()`."""
    if match := re.search(r":is\(([^()]*)\)", selectors):
        for part in match[1].split(","):
            yield from _expand(selectors.replace(match[0], part.strip(), 1))
    else:
        yield from selectors.split(",")


SHEETS = {
    file.stem: rcssmin.cssmin(file.read_text(encoding="utf-8"))
    for file in sorted((ROOT / "static" / "styles").iterdir())
}
SELECTORS = {sheet: dict(_read_selectors(css)) for sheet, css in SHEETS.items()}


def style_of(html: str) -> str:
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    return str(style)


def names_in(html: str) -> set[str]:
    """Return the elements, classes and attributes of a page, as `_read_selectors` writes them."""
    names = set()
    for tag, attributes in re.findall(r"<([a-z]\w*)([^>]*)>", html):
        names.add(tag)
        names.update(f"[{name}" for name in re.findall(r" ([\w-]+)", re.sub(r'"[^"]*"', "", attributes)))
        for classes in re.findall(r' class="([^"]*)"', attributes):
            names.update(f".{name}" for name in classes.split())
    return names


@pytest.fixture(scope="module")
def pages(real_app: Flask) -> dict[str, str]:
    """Every page of the site with its real content."""
    return walk(real_app, ("be", "ru", "en"))


def test_the_walk_reaches_every_kind_of_page(pages: dict[str, str]) -> None:
    assert len(pages) > 100
    assert {"/be/newsletter/", "/ru/publications/translated/2025/", "/en/safety/"} <= pages.keys()
    assert {"/be/search/?q=belarus", "/ru/newsletter/ sent", "/en/newsletter/ 410"} <= pages.keys()


def test_every_page_comes_whole_within_the_first_round_trip(pages: dict[str, str]) -> None:
    sizes = {path: len(gzip.compress(html.encode(), 6)) for path, html in pages.items()}
    assert {path: size for path, size in sizes.items() if size > LARGEST} == {}
    assert statistics.median(sizes.values()) < TYPICAL


def test_no_page_loads_anything(pages: dict[str, str]) -> None:
    loading = re.compile(
        r"<(?:script(?! type=\"application/ld\+json\")|img|iframe|object|embed|video|audio|source)\b"
        r"|<link rel=\"(?:stylesheet|pre\w+|dns-prefetch|modulepreload)\"|@import|@font-face|url\(",
    )
    assert {path: found for path, html in pages.items() if (found := loading.findall(html))} == {}


def test_nothing_on_a_page_moves(pages: dict[str, str]) -> None:
    styles = {style_of(html) for html in pages.values()}
    assert re.findall(r"animation|transition|scroll-behavior", "".join(styles)) == []


def test_every_page_carries_the_rules_for_what_is_on_it_and_no_others(pages: dict[str, str]) -> None:
    wrong = set()
    for path, html in pages.items():
        style, there = style_of(html), names_in(html)
        for sheet, text in SHEETS.items():
            about = [selector for selector, names in SELECTORS[sheet].items() if names <= there]
            carried = text in style
            if sheet != "base" and carried != bool(about):
                wrong.add((path, sheet, "carried" if carried else "missing", *about))
    assert wrong == set()
    assert all(SHEETS["base"] in style_of(html) for html in pages.values())


def test_pages_of_a_language_with_the_same_style_are_alike_up_to_its_end(pages: dict[str, str]) -> None:
    # An edition compresses that once for all of them.
    beginnings: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for html in pages.values():
        start, _, _ = html.partition("</style>")
        beginnings[start[: start.index("<head>")], style_of(html)].add(start)
    assert [alike for alike in beginnings.values() if len(alike) > 1] == []


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        (".a > b, .c:first-child { }", [{".a", "b"}, {".c"}]),
        ("@media print { .a :is(h2, h3) a::after { } }", [{".a", "h2", "a"}, {".a", "h3", "a"}]),
        ("main > :is(p:not(.b), ul) { }", [{"main", "p"}, {"main", "ul"}]),
        ('[x-y] { } a[href^="/"]:nth-child(odd) { }', [{"[x-y"}, {"a", "[href"}]),
    ],
)
def test_what_a_rule_is_about_is_told_by_its_selectors(css: str, expected: list[set[str]]) -> None:
    assert [names for _, names in _read_selectors(css)] == expected


def test_every_page_can_be_left_quickly(pages: dict[str, str]) -> None:
    leave = re.compile(r'<a class="leave" href="https://www\.google\.com/" rel="noreferrer">')
    assert [path for path, html in pages.items() if len(leave.findall(html)) != 1] == []


def test_every_text_is_in_the_language_that_its_page_says(pages: dict[str, str]) -> None:
    wrong = {
        f"{path}: {text}"
        for path, html in pages.items()
        for lang, text in Reader(html).texts
        if lang in ELSEWHERE and _is_foreign(lang, text)
    }
    assert wrong == set()


def _is_foreign(lang: str, text: str) -> bool:
    words = _ADDRESS.sub("", text)
    return bool(ELSEWHERE[lang].search(words) or (lang != "en" and _LATIN_SENTENCE.search(words)))
