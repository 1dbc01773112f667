"""Links to places on other pages are looked at again where either page was rendered, and only there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from constanta.edition.fragments import Fragments
from constanta.edition.page_index import IndexWriter, make_row
from constanta.edition.pages import Page, make_variant
from constanta.edition.render import Rendered

VARIANTS = {encoding: make_variant(b"") for encoding in ("br", "gzip")}


class Edition:
    """An index of pages, each with its links to places, and what a publication finds of them."""

    def __init__(self, folder: Path) -> None:
        self.index = IndexWriter(folder)
        self.read: list[str] = []
        """The pages whose HTML was read."""

    def render(self, **pages: tuple[str, str]) -> list[str]:
        """Put pages in, each with its links and its ids; return which links lead nowhere."""
        fragments = Fragments(self.index, "https://site.example", self._read)
        for name, (links, ids) in pages.items():
            page = Page(f"/{name}/", "en", (), make_variant(b""), VARIANTS, fragments=links)
            self.index.put([make_row(page)])
            fragments.add(Rendered(page.path, b"", is_new=True, problems=(), ids=ids))
        return [str(problem) for problem in fragments.check()]

    def _read(self, path: str) -> str:
        self.read.append(path)
        return '<p id="old"><p id="a&amp;b">'


@pytest.fixture
def edition(tmp_path: Path) -> Iterator[Edition]:
    edition = Edition(tmp_path)
    yield edition
    edition.index.close()


def test_links_between_pages_that_are_rendered_together_are_checked(edition: Edition) -> None:
    assert edition.render(one=("/two/#a /two/#b", "c"), two=("/one/#c", "a b")) == []
    assert edition.render(one=("/two/#a /two/#nothing", "c"), two=("/one/#b", "a b")) == [
        "On the page /one/, the link “/two/#nothing” leads nowhere.",
        "On the page /two/, the link “/one/#b” leads nowhere.",
    ]
    assert edition.read == []


def test_a_place_that_is_gone_is_missed_by_every_page_that_links_to_it(edition: Edition) -> None:
    edition.render(one=("/three/#a", ""), two=("/three/#a /three/#b", ""), three=("", "a b"))
    assert edition.render(three=("", "b")) == [
        "On the page /one/, the link “/three/#a” leads nowhere.",
        "On the page /two/, the link “/three/#a” leads nowhere.",
    ]
    assert edition.render(one=("", ""), two=("/three/#b", ""), three=("", "b")) == []


def test_what_no_page_links_to_any_more_is_not_missed(edition: Edition) -> None:
    edition.render(one=("/two/#a", ""), two=("", "a"))
    edition.render(one=("", ""))
    assert edition.render(two=("", "")) == []


def test_a_new_link_to_a_page_that_was_taken_over_is_looked_for_in_its_html(edition: Edition) -> None:
    assert edition.render(one=("/two/#old /two/#a&amp;b /two/#new", "")) == [
        "On the page /one/, the link “/two/#new” leads nowhere."
    ]
    assert edition.read == ["/two/"]


def test_a_link_that_was_right_and_whose_pages_are_as_they_were_is_not_looked_at(edition: Edition) -> None:
    edition.render(one=("/two/#a", ""), two=("", "a"))
    assert edition.render(three=("/two/#a", "c")) == []
    assert edition.render(four=("", "d")) == []
    assert edition.read == []


@pytest.mark.parametrize(
    "link", ["/two/?from=mail#a&amp;b", "https://site.example/two/#a&amp;b", "/two/#%61&#38;b"]
)
def test_a_link_may_be_spelled_in_several_ways(edition: Edition, link: str) -> None:
    assert edition.render(one=(link, ""), two=("", "a&amp;b c")) == []
    assert edition.render(two=("", "a c")) == [f"On the page /one/, the link “{link}” leads nowhere."]


def test_only_a_page_of_html_has_places(edition: Edition) -> None:
    page = "/feed.atom#old"
    assert edition.render(one=(page, "")) == [f"On the page /one/, the link “{page}” leads nowhere."]
    assert edition.read == []
