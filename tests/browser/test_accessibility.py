"""Nothing shuts people out: axe-core finds no violation of WCAG 2.2 AA on any kind of page."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.pages import LANGUAGES, PAGES, STATES

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
SHAPES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}}
"""The rules whose outcome depends on colours and sizes."""

WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)


def find_violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe-core finds, each with the element that it is about."""
    return [
        f"{violation['id']}: {node['html'][:150]} {node['failureSummary']}"
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"]
    ]


def check(browser: Browser, addresses: list[str]) -> None:
    """Fail with all that axe-core finds on some pages, on a desk in the light and on a phone in the dark."""
    found = []
    page = browser.new_page()
    for address in addresses:
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found += [f"{address} {violation}" for violation in find_violations(page, RULES)]
        page.set_viewport_size(PHONE)
        page.emulate_media(color_scheme="dark")
        found += [f"{address} in the dark: {violation}" for violation in find_violations(page, SHAPES)]
    page.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shuts_nobody_out(browser: Browser, real_address: str, name: str) -> None:
    check(browser, [f"{real_address}/{language}/{PAGES[name]}" for language in LANGUAGES])


@pytest.mark.parametrize("name", STATES)
def test_a_page_in_an_unusual_state_shuts_nobody_out(
    browser: Browser, library_address: str, name: str
) -> None:
    check(browser, [f"{library_address}/{language}/{STATES[name]}" for language in LANGUAGES])
