"""Links between files, wherever they lie."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from constanta.edition.relative import Place, place_of, relative_page

KNOWN = {"/", "/be/", "/be/about/", "/be/feed.atom", "/be/publications/", "/be/publications/one/", "/ru/"}
HERE = Place("/be/publications/one/", KNOWN, "https://site.example")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/be/", "../../index.html"),
        ("/", "../../../index.html"),
        ("/ru/", "../../../ru/index.html"),
        ("/be/publications/", "../index.html"),
        ("/be/publications/one/", "index.html"),
        ("/be/publications/one/#content", "index.html#content"),
        ("/be/feed.atom", "../../feed.atom"),
        ("../../about/", "../../about/index.html"),
        ("/be/newsletter/", "https://site.example/be/newsletter/"),
        ("/be/publications/?q=x", "https://site.example/be/publications/?q=x"),
        ("/be/search/#top", "https://site.example/be/search/#top"),
        ("#content", "#content"),
        ("", ""),
        ("https://other.example/be/", "https://other.example/be/"),
        ("//other.example/be/", "//other.example/be/"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("data:image/svg+xml,<svg>", "data:image/svg+xml,<svg>"),
    ],
)
def test_an_address_leads_to_the_file_or_to_the_site(address: str, expected: str) -> None:
    assert HERE.link(address) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('<a href="/be/">', '<a href="../../index.html">'),
        ("<a href='/be/'>", '<a href="../../index.html">'),
        ("<a href=/be/>", '<a href="../../index.html">'),
        ('<A HREF = "/be/" class="x">', '<A HREF = "../../index.html" class="x">'),
        ('<a\n  title="a > b"\n  href="/be/">', '<a\n  title="a > b"\n  href="../../index.html">'),
        (
            '<form action="/be/search/" method="get">',
            '<form action="https://site.example/be/search/" method="get">',
        ),
        (
            '<form action="/be/publications/"><button formaction="/be/">',
            '<form action="https://site.example/be/publications/"><button formaction="https://site.example/be/">',
        ),
        (
            '<a href="/be/x/?a=1&amp;b=2">',
            '<a href="https://site.example/be/x/?a=1&amp;b=2">',
        ),
    ],
)
def test_a_tag_gets_its_link_however_it_is_written(tag: str, expected: str) -> None:
    assert relative_page(tag, HERE) == expected


@pytest.mark.parametrize(
    "text",
    [
        '<p title=" href=\'/be/\'">href="/be/" &amp; &lt;a href="/be/"&gt;</p>',
        '<!-- <a href="/be/"> -->',
        '<script type="application/ld+json">{"a": "<a href=\\"/be/\\">"}</script>',
        '<style>a[href="/be/"] { color: red }</style>',
        "<p>\r\n  a &nbsp b &#1234 c\x00</p>\n\n<br/>",
        '<a data-href="/be/" href="#x">',
    ],
)
def test_what_is_no_link_stays_byte_by_byte(text: str) -> None:
    assert relative_page(text, HERE) == text


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name == "href"]


@pytest.mark.parametrize(
    ("here", "page", "expected"),
    [
        ("page/3/", "", "../../index.html#y2025"),
        ("page/3/", "page/2/", "../2/index.html#y2025"),
        ("page/2/", "page/2/", "index.html#y2025"),
        ("", "page/2/", "page/2/index.html#y2025"),
        ("", "", "index.html#y2025"),
    ],
)
def test_a_link_to_a_place_on_a_page_keeps_the_place(here: str, page: str, expected: str) -> None:
    topic = "/be/publications/topic/people/"
    place = Place(topic + here, {topic, f"{topic}page/2/", f"{topic}page/3/"}, "https://site.example")
    assert relative_page(f'<a href="{topic}{page}#y2025">', place) == f'<a href="{expected}">'


paths = st.lists(st.sampled_from(["be", "ru", "a", "b-1", "page", "2"]), max_size=5).map(
    lambda parts: "/" + "".join(f"{part}/" for part in parts)
)


@settings(max_examples=100)
@given(known=st.frozensets(paths, min_size=1), here=paths, prefix=st.sampled_from(["", "/x", "/x/y"]))
def test_every_link_leads_to_its_file_under_any_prefix(known: frozenset[str], here: str, prefix: str) -> None:
    text = "".join(f'<a href="{path}">' for path in sorted(known))
    links = Links(relative_page(text, Place(here, known, "https://site.example"))).found
    base = f"http://mirror.example{prefix}/{place_of(here)}"
    reached = [urlsplit(urljoin(base, link)).path for link in links]
    assert reached == [posixpath.join(prefix or "/", place_of(path)) for path in sorted(known)]
