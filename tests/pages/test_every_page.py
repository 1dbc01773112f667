"""What holds for every page of the site with its real content."""

from __future__ import annotations

import gzip
import re
import statistics

import pytest
from flask import Flask

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

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_LATIN_SENTENCE = re.compile(r"[A-Za-z’'-]+(?:[\s,;:]+[A-Za-z’'-]+){3,}")
"""Four words in a row; a name or a technical term is shorter."""


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
    (style,) = re.findall(r"<style>(.*?)</style>", pages["/be/"], re.DOTALL)
    assert re.findall(r"animation|transition|scroll-behavior", style) == []


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
