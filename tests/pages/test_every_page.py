"""What holds for every page of the site with its real content: every link from the home pages is followed."""

from __future__ import annotations

import gzip
import re
import statistics
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask import Flask

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

_SPOKEN = {"aria-label", "title", "alt", "placeholder"}
_VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "use"}


class Reader(HTMLParser):
    """Collects the texts of a page with their languages, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.links: list[str] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        lang = values.get("lang", self._open[-1][1])
        if tag in {"a", "form", "use"}:
            self.links.append(values.get("href", values.get("action", "")))
        self.texts += [(lang, values[name]) for name in sorted(_SPOKEN & values.keys())]
        if values.get("name") == "description" or values.get("property", "").startswith("og:"):
            self.texts.append((lang, values["content"]))
        if tag not in _VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tag, lang = self._open[-1]
        if tag not in {"style", "script"} and data.strip():
            self.texts.append((lang, data.strip()))


@pytest.fixture(scope="module")
def pages(real_app: Flask) -> dict[str, str]:
    """Every page that can be reached by links from the home pages, by its path."""
    site = real_app.test_client()
    found: dict[str, str] = {}
    waiting = ["/be/", "/ru/", "/en/", "/be/nothing/", "/ru/nothing/", "/en/nothing/"]
    while waiting:
        path = waiting.pop()
        response = site.get(path)
        assert response.status_code == (404 if "nothing" in path else 200), path
        assert "Set-Cookie" not in response.headers
        text = response.text
        found[path] = text if response.mimetype == "text/html" else ""
        waiting += {
            link for link in _internal_links(found[path]) if link not in found and link not in waiting
        }
    return {path: html for path, html in found.items() if html}


def _internal_links(html: str) -> Iterator[str]:
    for link in Reader(html).links:
        if link.startswith("/"):
            yield urlsplit(link).path


def test_the_walk_reaches_every_kind_of_page(pages: dict[str, str]) -> None:
    assert len(pages) > 100
    assert {"/be/newsletter/", "/ru/publications/translated/2025/", "/en/safety/"} <= pages.keys()


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
