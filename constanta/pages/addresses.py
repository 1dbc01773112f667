"""The addresses of all pages that are the same for every reader, so that each can be rendered once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from typing import Any
from urllib.parse import urljoin

from flask import Flask, current_app
from werkzeug.exceptions import HTTPException

from constanta.content.records import Kind
from constanta.edition import queries
from constanta.edition.listing import area_scope, topic_scope, whole_scope
from constanta.edition.render import Address, Website
from constanta.edition.switch import Edition
from constanta.locales import Language
from constanta.pages.links import path_for
from constanta.pages.machines import ENDPOINTS, count_sitemaps
from constanta.pages.site import EXTENSION, current_connection, current_edition, current_site, site_of

RENDERED = frozenset({"reading", "feeds", "machines"})
"""The blueprints whose pages are rendered once; the others answer each request anew."""

PER_REQUEST = frozenset({"reading.index", "machines.health", "machines.security"})
"""Their views that depend on the reader or on the time."""

Arguments = dict[str, Any]


def describe_website(app: Flask) -> Website:
    """Return how the application's pages are rendered."""
    site = site_of(app)

    @contextmanager
    def showing(edition: Edition) -> Iterator[None]:
        app.extensions[EXTENSION] = replace(site, open_edition=lambda: edition, publishing=True)
        try:
            # Pages are asked for by their paths alone, also where the public address has a path of its own.
            with app.test_request_context(base_url=urljoin(site.settings.base_url, "/")):
                app.preprocess_request()
                yield
        finally:
            app.extensions[EXTENSION] = site

    return Website(app.wsgi_app, site.settings.base_url, showing, list_addresses, is_dynamic)


def is_dynamic(path: str) -> bool:
    """Return whether a path leads to a page that is made for each request."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return endpoint in PER_REQUEST or endpoint.partition(".")[0] not in RENDERED


def list_addresses() -> Iterator[Address]:
    """Yield the addresses of all pages of the edition, each once."""
    for endpoint, arguments in _without_language():
        yield Address(path_for(endpoint, **arguments), "")
    for language in current_edition().languages:
        for endpoint, arguments in _in_language(language):
            yield Address(path_for(endpoint, **arguments, lang=language), language.tag)


def _without_language() -> Iterator[tuple[str, Arguments]]:
    yield "machines.robots", {}
    yield "machines.sitemap", {}
    files = count_sitemaps()
    if files > 1:
        yield from (("machines.sitemap", {"number": number}) for number in range(1, files + 1))


def _in_language(language: Language) -> Iterator[tuple[str, Arguments]]:
    connection = current_connection()
    yield "reading.home", {}
    yield "reading.areas", {}
    yield from (("reading.projects", {"translated": translated}) for translated in (False, True))
    for kind, slug in queries.iterate_addresses(connection):
        yield ENDPOINTS[kind], {"slug": slug} | ({"number": 1} if kind is Kind.AREA else {})
        if kind is Kind.AREA:
            for number in _further_pages(area_scope(slug)):
                yield "reading.area", {"slug": slug, "number": number}
    yield from (("feeds.csv_list", {}), ("feeds.json_list", {}))
    topics = [None, *(topic.value for topic in queries.list_topics(connection, language.tag))]
    yield from product(("feeds.atom", "feeds.json_feed"), _feeds(topics))
    for topic, translated in product(topics, (False, True)):
        yield from _publications(language, topic, translated=translated)


def _feeds(topics: Iterable[str | None]) -> list[Arguments]:
    kinds = [{"topic": None, "area": None, "kind": kind.value} for kind in (Kind.PUBLICATION, Kind.PROJECT)]
    areas = [slug for kind, slug in queries.iterate_addresses(current_connection()) if kind is Kind.AREA]
    return [*kinds, *({"topic": topic} for topic in topics if topic), *({"area": area} for area in areas)]


def _publications(
    language: Language, topic: str | None, *, translated: bool
) -> Iterator[tuple[str, Arguments]]:
    scope = topic_scope(topic) if topic else Kind.PUBLICATION.value
    narrowed = whole_scope(scope, language.tag) if translated else scope
    years = queries.list_years(current_connection(), scope, narrowed)
    for year in (None, *(int(choice.value) for choice in years)):
        chosen = {"translated": translated, "topic": topic, "year": year}
        given = {name: value for name, value in chosen.items() if value is not None}
        for number in (1, *_further_pages(f"{narrowed}/{year}" if year else narrowed)):
            yield "reading.publications", {**given, "number": number}


def _further_pages(scope: str) -> range:
    """Return the numbers of a list's pages after the first."""
    total = queries.count(current_connection(), scope)
    return range(2, -(-total // current_site().settings.page_size) + 1)
