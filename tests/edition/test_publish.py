"""Publishing: every page of the site, or nothing new at all; and what is said on the way."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import Client

from constanta.edition import press, sources
from constanta.edition import publish as module
from constanta.edition.page_index import IndexWriter
from constanta.edition.pages import PAGES, file_of
from constanta.edition.publish import publish_edition
from constanta.errors import ConstantaError
from constanta.locales import Language
from constanta.pages.addresses import PER_REQUEST, RENDERED, describe_website
from constanta.settings import Settings
from tests.conftest import Project
from tests.edition.editions import (
    live,
    make_project,
    open_app,
    publish,
    read_index,
    settings_of,
    shelf_of,
    write_site,
)

KNOWN: dict[str, tuple[Any, ...]] = {
    "lang": (Language("be"),),
    "slug": ("people", "asylum", "about", "atlas", "one", "two", "three"),
    "year": (2024, 2025),
    "number": (2,),
}
KNOWN["topic"] = KNOWN["area"] = KNOWN["slug"]
"""All that can stand in addresses of the small site."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the small site, which has been published."""
    project = make_project(tmp_path_factory.mktemp("publish") / "site")
    write_site(project)
    publish(settings_of(project))
    return settings_of(project)


def list_possible(app: Flask) -> Iterator[str]:
    """Yield every address that a page could have, made of the rules of routing."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] in RENDERED and rule.endpoint not in PER_REQUEST:
                yield from fill(rule)


def fill(rule: Rule) -> Iterator[str]:
    names = sorted(rule.arguments - (rule.defaults or {}).keys())
    for values in product(*(KNOWN[name] for name in names)):
        built = rule.build(dict(zip(names, values, strict=True)))
        if built is not None:
            yield built[1]


def test_every_address_that_the_application_answers_is_a_page(settings: Settings) -> None:
    app = open_app(settings)
    client = Client(partial(Flask.wsgi_app, app))
    possible = set(list_possible(app))
    answered = {path for path in possible if client.get(path).status_code == 200}
    pages = read_index(live(settings)).values()
    assert {page.path for page in pages if page.language in {"be", ""}} == answered
    assert len(possible) > 2 * len(answered)


# --- what is broken ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of one document, which has been published."""
    project = make_project(tmp_path_factory.mktemp("publish") / "site")
    write_one_document(project)
    publish(settings_of(project))
    return project


@pytest.fixture
def served(published: Project) -> Iterator[Project]:
    """The same; its files are put back."""
    yield published
    write_one_document(published)


def write_one_document(project: Project) -> None:
    project.document("pages/about", "Words.", title="About")
    project.catalog("pages/about", "be", {("title", "About"): "Пра нас"})
    project.interface("ru", {})


def break_a_document(project: Project) -> Path:
    return project.document("pages/about", "Words.", date="soon")


def break_the_catalog_of_a_document(project: Project) -> Path:
    path = project.folder / "translations/be/content/pages/about.po"
    path.write_text(path.read_text(encoding="utf-8") + "\nmsgid \n", encoding="utf-8")
    return path


def break_the_catalog_of_the_interface(project: Project) -> Path:
    path = project.folder / "translations/ru/LC_MESSAGES/messages.po"
    path.write_text(path.read_text(encoding="utf-8") + "\nmsgid \n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "break_something",
    [break_a_document, break_the_catalog_of_a_document, break_the_catalog_of_the_interface],
)
def test_what_is_broken_is_named_with_its_line_and_leaves_what_is_served(
    served: Project, break_something: Callable[[Project], Path]
) -> None:
    path = break_something(served)
    editions = served.settings.editions
    before = {one.name for one in editions.iterdir()}
    with pytest.raises(ConstantaError) as error:
        publish(settings_of(served))
    (problem,) = error.value.problems
    line = problem.line or 0
    assert (problem.path, path.read_text(encoding="utf-8").splitlines()[line - 1]) == (
        path,
        "date: soon" if path.suffix == ".md" else "msgid ",
    )
    assert {one.name for one in editions.iterdir()} == before


def test_translations_that_are_left_out_are_said_with_their_place(served: Project) -> None:
    document = served.document("pages/about", "[Words](/en/).", title="About")
    catalog = served.catalog(
        "pages/about", "be", {("title", "About"): "Пра нас", ("body", "[Words](/en/)."): "[Словы](/ru/)."}
    )
    interface = served.interface("ru", {"The end: %(day)s": "Конец: %(hour)s"})
    published = publish(settings_of(served))
    lines = catalog.read_text(encoding="utf-8").splitlines()
    assert {(one.path, one.key) for one in published.update.left_out} == {
        (catalog, ("body", "[Words](/en/).")),
        (interface, (None, "The end: %(day)s")),
    }
    (line,) = {one.line for one in published.update.left_out if one.path == catalog}
    assert lines[line - 1] == 'msgid "[Words](/en/)."'
    assert published.update.built == [f"pages/{document.stem}"]


# --- what an edition is --------------------------------------------------------------------------------------------


def test_an_edition_may_be_read_by_the_web_server(settings: Settings) -> None:
    for path in (live(settings), *live(settings).rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path


def test_the_time_of_a_file_tells_nothing_but_its_bytes(settings: Settings) -> None:
    for path, page in read_index(live(settings)).items():
        for encoding, variant in page.variants.items():
            status = (live(settings) / PAGES / file_of(path, encoding)).stat()
            # As nginx writes it (ngx_http_set_etag).
            assert variant.etag == f'"{int(status.st_mtime):x}-{status.st_size:x}"'


def test_an_edition_is_on_the_disk_before_it_has_its_name_and_the_switch_before_anybody_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(project)
    seen: list[tuple[str, list[str], str | None]] = []

    def note(name: str, *_: object) -> None:
        seen.append((name, shelf_of(settings).names(), shelf_of(settings).current()))

    for name in ("sync", "fsync"):
        monkeypatch.setattr(os, name, partial(note, name))
    published = publish_edition(settings)
    assert seen[-2:] == [("sync", [], None), ("fsync", [published.name], published.name)]


def test_the_disk_begins_to_write_many_pages_while_their_index_is_made(
    served: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    put = IndexWriter.put

    def note_put(*args: Any) -> None:
        events.append("index")
        put(*args)

    monkeypatch.setattr(os, "sync", lambda: events.append("sync"))
    monkeypatch.setattr(IndexWriter, "put", note_put)
    settings = settings_of(served)
    for many, wanted in ((1, ["sync", "index", "sync"]), (100_000, ["index", "sync"])):
        monkeypatch.setattr(press, "MANY", many)
        events.clear()
        served.document("pages/about", title=f"About {many}")
        publish_edition(settings, describe_website(open_app(settings)))
        assert events == wanted


def test_pages_are_published_for_readers_also_by_a_developer(served: Project) -> None:
    publish(replace(settings_of(served), debug=True), anew=True)
    headers = {
        dict(page.headers).get("Cache-Control") for page in read_index(live(settings_of(served))).values()
    }
    assert headers == {"public, max-age=300"}


def test_another_version_of_a_library_builds_everything_anew(
    served: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "version", {"markdown-it-py": "99"}.get)
    sources.digest_program.cache_clear()
    published = publish(settings_of(served))
    sources.digest_program.cache_clear()
    assert (published.is_new, published.update.built) == (True, ["pages/about"])
    assert published.printed.rendered == published.printed.pages
    assert published.printed.changed == []


def test_the_ten_newest_editions_are_kept_and_the_served_one_always(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert module.KEPT == 10
    monkeypatch.setattr(module, "KEPT", 3)
    settings, names = settings_of(project), []
    for number in range(4):
        project.document("pages/about", f"Words number {number}.")
        names.append(publish_edition(settings).name)
    assert shelf_of(settings).names() == names[:0:-1]
    shelf_of(settings).switch(names[1])
    project.document("pages/about", "More words.")
    names.append(publish_edition(settings).name)
    assert (shelf_of(settings).names(), shelf_of(settings).current()) == (names[:1:-1], names[-1])
    assert [name[:5] for name in names] == ["0001-", "0002-", "0003-", "0004-", "0005-"]
