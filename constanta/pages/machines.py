"""What programs read: the sitemap, the rules for robots, whom to tell of a hole, and the state of the site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for

from constanta.content.records import Kind
from constanta.edition import queries
from constanta.pages.languages import absolute
from constanta.pages.links import path_for
from constanta.pages.site import current_connection, current_edition, current_language, current_site

blueprint = Blueprint("machines", __name__)

SITEMAP_SIZE = 10_000
"""How many pages one sitemap names; with its alternates it stays under the 50 MB of the sitemap protocol."""

ENDPOINTS = {
    Kind.PUBLICATION: "reading.publication",
    Kind.PROJECT: "reading.project",
    Kind.AREA: "reading.area",
    Kind.PAGE: "reading.page",
}
"""The views that show a document of each kind."""

SECURITY_LIFETIME = dt.timedelta(days=180)
"""How long `security.txt` may be believed; RFC 9116 advises less than a year."""

LISTS = ("reading.home", "reading.publications", "reading.projects", "reading.areas")


def _pages() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the endpoint and arguments of every page of the site, the same in all languages."""
    yield from ((endpoint, {}) for endpoint in LISTS)
    for topic in queries.list_topics(current_connection(), current_language().tag):
        yield "reading.publications", {"topic": topic.value}
    for kind, slug, _ in queries.iterate_addresses(current_connection()):
        yield ENDPOINTS[kind], {"slug": slug}


def count_sitemaps() -> int:
    """Return into how many files the sitemap is divided."""
    return -(-sum(1 for _ in _pages()) // SITEMAP_SIZE)


@blueprint.get("/sitemap.xml")
@blueprint.get("/sitemap-<number:number>.xml")
def sitemap(number: int | None = None) -> Response:
    """Answer with every page and its languages (sitemaps.org), in several files where there are very many."""
    files = count_sitemaps()
    if number is not None and not number <= files > 1:
        abort(404)
    if number is None and files > 1:
        return Response(render_template("sitemap-index.xml", files=files), mimetype="application/xml")
    start = ((number or 1) - 1) * SITEMAP_SIZE
    groups = [
        [
            (language, absolute(path_for(endpoint, lang=language, **arguments)))
            for language in current_edition().public
        ]
        for endpoint, arguments in islice(_pages(), start, start + SITEMAP_SIZE)
    ]
    return Response(render_template("sitemap.xml", groups=groups), mimetype="application/xml")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Answer with the rules for robots (RFC 9309)."""
    text = f"User-agent: *\nDisallow: /preview/\n\nSitemap: {absolute(url_for('machines.sitemap'))}\n"
    return Response(text, mimetype="text/plain")


@blueprint.get("/healthz")
def health() -> Response:
    """Answer “ok” where the edition can be read."""
    queries.count(current_connection(), Kind.PUBLICATION)
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Answer with whom to tell of a security hole (RFC 9116); 404 where no contact is configured."""
    contact = current_site().settings.security_contact
    if contact is None:
        abort(404)
    expires = (dt.datetime.now(dt.UTC) + SECURITY_LIFETIME).strftime("%Y-%m-%dT00:00:00Z")
    languages = ", ".join(language.tag for language in current_edition().public)
    text = f"Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {languages}\n"
    return Response(text, mimetype="text/plain")
