"""What the tests of editions share: a small site, publishing it, and reading what was published."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from constanta.edition.ahead import Ahead
from constanta.edition.page_index import PageIndex
from constanta.edition.pages import PAGES, Page
from constanta.edition.publish import Published, publish_edition
from constanta.edition.render import Answer, Fetch, Website
from constanta.edition.shelf import Shelf
from constanta.edition.switch import Edition
from constanta.factory import create_app
from constanta.pages.addresses import describe_website
from constanta.settings import Settings
from tests.conftest import Project

ONE = {"title": "One", "summary": "In short.", "date": "2025-03-01", "topics": "[people]"}
"""What stands above the text of `publications/one`."""

TEXT = "The first paragraph.\n\nThe second paragraph."
"""Its text."""


def make_project(folder: Path) -> Project:
    """Return an empty project in a folder, as the fixture `project` is, for the tests of a whole file."""
    (folder / "content").mkdir(parents=True)
    project = Project(folder)
    for language in ("be", "ru"):
        project.interface(language, {})
    return project


def write_site(project: Project) -> None:
    """Write something of each kind, in lists of several pages, translated wholly, in part, and not at all."""
    project.document("topics/people")
    project.document("areas/asylum", "About it.", topics="[people]")
    project.document("pages/about", "About us.")
    project.document("projects/atlas", "Maps.", date="2024-02", areas="[asylum]")
    project.document("publications/one", TEXT, **ONE)
    project.document("publications/two", "Words.", date="2025-02-01", topics="[people]")
    project.document("publications/three", "Словы.", date="2024", lang="be")
    project.catalog(
        "publications/one",
        "be",
        {("title", "One"): "Адзін", ("body", "The first paragraph."): "Першы абзац."},
    )
    project.catalog("publications/two", "be", {("title", "Two"): "Два", ("body", "Words."): "Словы."})
    project.interface("be", {"Publications": "Публікацыі"})


def settings_of(project: Project) -> Settings:
    """Return the settings of a project that is served from editions, with two publications on a page."""
    return replace(project.settings, debug=False, page_size=2)


class _CompiledTemplates(BytecodeCache):
    """Keeps what Jinja has compiled for the sites of other tests: it takes longer than rendering a small site."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.checksum in self._known:
            bucket.bytecode_from_string(self._known[bucket.checksum])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.checksum] = bucket.bytecode_to_string()


_templates = _CompiledTemplates()


@cache
def open_app(settings: Settings) -> Flask:
    """Return the site with some settings."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = _templates
    return app


def _do_nothing(*_: object) -> None:
    pass


def publish(
    settings: Settings,
    website: Website | None = None,
    *,
    anew: bool = False,
    ahead: Ahead | None = None,
) -> Published:
    """Publish as the command does, but for waiting for the disk: no power cut is to come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sync", _do_nothing)
        patch.setattr(os, "fsync", _do_nothing)
        website = website or describe_website(open_app(settings))
        return publish_edition(settings, website, anew=anew, ahead=ahead)


def find_rendered(settings: Settings) -> set[str]:
    """Publish, and return the paths of the pages that were rendered for it."""
    website, asked = describe_website(open_app(settings)), set[str]()

    @contextmanager
    def showing(edition: Edition) -> Iterator[Fetch]:
        def watch(path: str) -> Answer:
            asked.add(path)
            return fetch(path)

        with website.showing(edition) as fetch:
            yield watch

    publish(settings, replace(website, showing=showing))
    return asked


def shelf_of(settings: Settings) -> Shelf:
    """Return the folder of editions."""
    return Shelf(settings.editions)


def live(settings: Settings) -> Path:
    """Return the folder of the edition that is served."""
    shelf = shelf_of(settings)
    return shelf.find(shelf.current() or "")


def read_index(edition: Path) -> dict[str, Page]:
    """Return what an edition's index says of each page, by path."""
    return {page.path: page for page in PageIndex(edition)}


def read_files(edition: Path) -> dict[str, bytes]:
    """Return the files of an edition's pages, by name."""
    folder = edition / PAGES
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
