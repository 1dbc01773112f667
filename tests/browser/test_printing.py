"""A printed page holds all of its text, the addresses of its links and its own."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.browser.pages import LANGUAGES, PAGES, STATES

CONTROLS = "main nav, main .to-filters, main .follow, main .take-away"
"""What only leads elsewhere, and is of no use on paper."""


def read_text(page: Page) -> list[str]:
    """Return the lines of a page's content, without its controls."""
    return str(
        page.evaluate(
            """(controls) => {
              document.querySelectorAll(controls).forEach((e) => e.remove());
              return document.querySelector("main").innerText;
            }""",
            CONTROLS,
        )
    ).splitlines()


def print_text(page: Page) -> str:
    """Return the text of the PDF file that a page is printed to."""
    document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    text = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    document.close()
    return text


def squeeze(text: str) -> str:
    """Return a text without what depends on where its lines end."""
    return re.sub(r"[\s\u00ad\u2010\ufffe\x02-]+", "", text)


def check(page: Page, address: str) -> str:
    """Fail where a line of a page is missing on paper; returns what is on paper."""
    page.goto(address)
    printed = squeeze(print_text(page))
    without_addresses = re.sub(r"<[^<>]*>", "", printed)
    missing = [line for line in read_text(page) if squeeze(line) not in without_addresses]
    assert missing == [], address
    assert squeeze(address.partition("?")[0]) in printed
    return printed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_page_loses_no_text(visitor: Page, real_address: str, language: str) -> None:
    for name, path in PAGES.items():
        if name not in {"error", "newsletter"}:
            check(visitor, f"{real_address}/{language}/{path}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_page_in_an_unusual_state_loses_no_text(
    visitor: Page, library_address: str, language: str
) -> None:
    for path in STATES.values():
        check(visitor, f"{library_address}/{language}/{path}")


def test_a_printed_page_names_the_addresses_of_its_links(visitor: Page, real_address: str) -> None:
    printed = check(visitor, f"{real_address}/be/{PAGES['project']}")
    assert squeeze("<https://humanconstanta.org/humanitarian-crisis-en-2021-2022/>") in printed
    assert squeeze("</en/projects/humanitarian-crisis/>") in printed
    printed = check(visitor, f"{real_address}/be/publications/")
    assert squeeze("</be/publications/icc-communication-crimes-against-humanity/>") in printed
