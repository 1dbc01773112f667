"""The addresses of all pages that are the same for every reader, so that each can be rendered once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import product
from operator import itemgetter
from typing import Any

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException

from constanta.content.records import Kind
from constanta.edition import queries
from constanta.edition.listing import area_scope, topic_scope, whole_scope
from constanta.edition.render import Address, Fetch, Website
from constanta.edition.switch import Edition
from constanta.locales import Language
from constanta.pages.links import path_for
from constanta.pages.machines import ENDPOINTS, count_sitemaps
from constanta.pages.rendering import PageMaker
from constanta.pages.site import EXTENSION, current_connection, current_edition, current_site, site_of
from constanta.pages.templating import compile_templates

RENDERED = frozenset({"reading", "feeds", "machines"})
"""The blueprints whose pages are rendered once; the others answer each request anew."""

PER_REQUEST = frozenset({"reading.index", "machines.health", "machines.security"})
"""Their views that depend on the reader or on the time."""

Arguments = dict[str, Any]


def describe_website(app: Flask) -> Website:
    """Return how the application's pages are rendered."""
    site = site_of(app)

    @contextmanager
    def showing(edition: Edition) -> Iterator[Fetch]:
        app.extensions[EXTENSION] = replace(site, open_edition=lambda: edition, publishing=True)
        try:
            # Flask would go on with the context that there is, and so with what an edition before has left in it.
            with app.app_context(), app.test_request_context(base_url=site.settings.base_url):
                app.preprocess_request()
                yield PageMaker(app)
        finally:
            app.extensions[EXTENSION] = site

    return Website(
        site.settings.base_url, showing, list_addresses, is_dynamic, partial(compile_templates, app)
    )


def is_dynamic(path: str) -> bool:
    """Return whether a path leads to a page that is made for each request."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return endpoint in PER_REQUEST or endpoint.partition(".")[0] not in RENDERED


def list_addresses() -> Iterator[Address]:
    """Yield the addresses of all pages of the edition, each once.

    Those of one language follow each other, and pages that show the same documents are near each other: whoever renders
    them in this order needs to remember little.
    """
    for endpoint, arguments in _without_language():
        yield Address(path_for(endpoint, **arguments), "")
    for language in current_edition().languages:
        found = sorted(_in_language(language), key=itemgetter(0), reverse=True)
        for _, endpoint, arguments in found:
            yield Address(path_for(endpoint, **arguments, lang=language), language.tag)


def _without_language() -> Iterator[tuple[str, Arguments]]:
    yield "machines.robots", {}
    yield "machines.sitemap", {}
    files = count_sitemaps()
    if files > 1:
        yield from (("machines.sitemap", {"number": number}) for number in range(1, files + 1))


def _in_language(language: Language) -> Iterator[tuple[str, str, Arguments]]:
    """Yield what orders the newest document on each page, and the page's endpoint and arguments."""
    connection = current_connection()
    for endpoint in ("reading.home", "reading.areas", "feeds.csv_list", "feeds.json_list"):
        yield _FIRST, endpoint, {}
    for translated in (False, True):
        yield _FIRST, "reading.projects", {"translated": translated}
    areas = []
    for kind, slug, order in queries.iterate_addresses(connection):
        if kind is Kind.AREA:
            areas.append(slug)
            for translated in (False, True):
                scope = whole_scope(area_scope(slug), language.tag) if translated else area_scope(slug)
                for number, newest in _pages_of(scope):
                    yield newest, "reading.area", {"slug": slug, "translated": translated, "number": number}
        else:
            yield order, ENDPOINTS[kind], {"slug": slug}
    topics = [topic.value for topic in queries.list_topics(connection, language.tag)]
    for endpoint, arguments in product(("feeds.atom", "feeds.json_feed"), _feeds(topics, areas)):
        yield _FIRST, endpoint, arguments
    for topic, translated in product((None, *topics), (False, True)):
        yield from _publications(language, topic, translated=translated)


_FIRST = "~"
"""Comes before whatever orders a document."""


def _feeds(topics: Iterable[str], areas: Iterable[str]) -> list[Arguments]:
    lists: list[Arguments] = [
        *({"topic": None, "area": None, "kind": kind.value} for kind in (Kind.PUBLICATION, Kind.PROJECT)),
        *({"topic": topic} for topic in topics),
        *({"area": area} for area in areas),
    ]
    return [{**one, "translated": translated} for one in lists for translated in (False, True)]


def _publications(
    language: Language, topic: str | None, *, translated: bool
) -> Iterator[tuple[str, str, Arguments]]:
    scope = topic_scope(topic) if topic else Kind.PUBLICATION.value
    narrowed = whole_scope(scope, language.tag) if translated else scope
    years = [] if topic else queries.list_years(current_connection(), scope, narrowed)
    for year in (None, *(int(choice.value) for choice in years)):
        chosen = {"translated": translated, "topic": topic, "year": year}
        given = {name: value for name, value in chosen.items() if value is not None}
        for number, newest in _pages_of(f"{narrowed}/{year}" if year else narrowed):
            yield newest, "reading.publications", {**given, "number": number}


def _pages_of(scope: str) -> Iterator[tuple[int, str]]:
    """Yield the number of each page of a list, and what orders its newest document."""
    size = current_site().settings.page_size
    return enumerate(queries.list_newest(current_connection(), scope, size), start=1)
