"""Nothing shuts people out: axe-core finds no violation of WCAG 2.2 AA on any kind of page."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.conftest import WIDE
from tests.browser.pages import FORMS, LANGUAGES, LINKS, PAGES, STATES

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
SHAPES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}}
"""The rules whose outcome depends on colours and sizes."""

COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PHONE = ViewportSize(width=360, height=740)


def find_violations(page: Page, options: dict[str, Any]) -> list[str]:
    """Return what axe-core finds, each with the element that it is about."""
    return [
        f"{violation['id']}: {node['html'][:150]} {node['failureSummary']}"
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """A window that runs scripts, for axe-core is one."""
    return browser.new_page()


def check(page: Page, site: str, path: str) -> None:
    """Fail with all that axe-core finds on a page: on a desk in every language, and on a phone in the dark.

    Colours and sizes do not change with the language; `make audit` looks at every language in the dark too.
    """
    found = []
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    for language in LANGUAGES:
        page.goto(f"{site}/{language}/{path}")
        found += [f"{language}: {violation}" for violation in find_violations(page, RULES)]
    page.set_viewport_size(PHONE)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {violation}" for violation in find_violations(page, SHAPES)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shuts_nobody_out(page: Page, real_address: str, name: str) -> None:
    check(page, real_address, PAGES[name])


@pytest.mark.parametrize("name", STATES)
def test_a_page_in_an_unusual_state_shuts_nobody_out(page: Page, library_address: str, name: str) -> None:
    check(page, library_address, STATES[name])


@pytest.mark.parametrize("name", LINKS)
def test_a_page_behind_a_link_in_mail_shuts_nobody_out(page: Page, real_address: str, name: str) -> None:
    check(page, real_address, LINKS[name])


@pytest.mark.parametrize("name", FORMS)
def test_an_answer_to_the_form_shuts_nobody_out(page: Page, real_address: str, name: str) -> None:
    page.set_viewport_size(PHONE)
    for colours in COLOURS:
        page.emulate_media(color_scheme=colours)
        page.goto(f"{real_address}/be/newsletter/")
        page.locator("#email").fill(FORMS[name])
        with page.expect_navigation():
            page.locator("#email").press("Enter")
        assert find_violations(page, RULES) == []
