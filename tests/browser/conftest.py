"""A real Chromium, and two sites for it to visit: the one with its real content, and a small library of all states."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from constanta.catalogs.po import Message, Source
from constanta.edition.working import WorkingEdition
from constanta.factory import create_app
from constanta.settings import ROOT, Settings
from tests.conftest import Project

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The commands that Chromium may have, the lightest first."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

WIDE = ViewportSize(width=1280, height=900)
NARROWEST = ViewportSize(width=320, height=640)

LONG_WORD = "чалавеканенавісніцтванедатыкальнасць" * 4
LONG_TEXT = f"""{LONG_WORD} {LONG_WORD}

    {LONG_WORD}

{"| слова " * 12}|
{"|---:" * 12}|
{"| слова " * 12}|
"""
"""A paragraph, code and a table, all of them wider than a phone or a sheet of paper."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the system's Chromium, with a profile of its own: without its windows, where it can be had so.

    To draw windows that nobody sees takes a third of the time.
    """
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert executable, "These tests need Chromium; on Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        yield browser
        browser.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing of requests."""


@contextmanager
def serve(settings: Settings) -> Iterator[str]:
    """Serve a site on a free port, with its files as they are now; yields its address, its public one too."""
    server = make_server("127.0.0.1", 0, Flask(__name__), threaded=True, request_handler=_Quiet)
    address = f"http://127.0.0.1:{server.port}"
    server.app = create_app(replace(settings, base_url=address))
    thread = threading.Thread(target=server.serve_forever)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WorkingEdition, "INTERVAL", 3600)
        thread.start()
        yield address
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker."""
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def window(browser: Browser) -> Page:
    """A window that runs no scripts; one for all tests of a worker, because opening one takes most of a second."""
    return browser.new_context(java_script_enabled=False).new_page()


@pytest.fixture
def visitor(window: Page) -> Iterator[Page]:
    """A reader whose browser runs no scripts; no page of the site may have left them a cookie."""
    window.set_viewport_size(WIDE)
    window.emulate_media(media="null", color_scheme="null", forced_colors="null")
    yield window
    assert window.context.cookies() == []


@pytest.fixture(scope="session")
def real_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site with its real content."""
    instance = tmp_path_factory.mktemp("instance")
    with serve(Settings(instance=instance, secret_key="only for tests", debug=True)) as address:
        yield address


@pytest.fixture(scope="session")
def library_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose documents are in every state, with the real interface."""
    with serve(write_library(tmp_path_factory.mktemp("library")).settings) as address:
        yield address


def write_library(folder: Path) -> Project:
    """Write a small library of documents in every state, with the real interface."""
    project = Project(folder)
    for language in ("be", "ru"):
        shutil.copytree(
            ROOT / "translations" / language / "LC_MESSAGES",
            project.folder / "translations" / language / "LC_MESSAGES",
        )
    project.document("topics/people")
    project.document("topics/empty")
    project.document("areas/work", topics="[people]")
    project.document("pages/about")
    for number in range(1, 13):
        project.document(f"publications/p{number}", "Text.", date=f"2025-01-{number:02}", topics="[people]")
    project.catalog("publications/p12", "be", {("title", "P12"): "П12", ("body", "Text."): "Тэкст."})
    project.document("publications/long-words", LONG_TEXT, lang="be", title=LONG_WORD)
    project.document(
        "publications/untranslated",
        "First.\n\n- One\n- Two",
        summary="Summary.",
        date="2024",
        topics="[people]",
    )
    project.document("publications/outdated", "Changed.\n\nSecond.", date="2024-02")
    outdated = Message(
        Source("Changed.", "body"), ("Зменена.",), flags=("fuzzy",), previous=Source("Old.", "body")
    )
    for language in ("be", "ru"):
        project.catalog(
            "publications/outdated",
            language,
            {("title", "Outdated"): "Т", ("body", "Changed."): outdated, ("body", "Second."): "Д"},
        )
    return project
