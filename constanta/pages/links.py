"""The paths of the site's own pages, made once each."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, url_for

from constanta.locales import Language
from constanta.pages.site import current_edition, current_site, here


def path_for(endpoint: str, **arguments: Any) -> str:
    """Return the path of a page, in the page's language where no other is given, as `flask.url_for` does.

    A list has a hundred links, and the same ones stand on many pages, so paths are kept; what a reader has sent must
    not be among the arguments.
    """
    kept = here()
    place = kept.get("place")
    if place is None:
        place = kept["place"] = (id(current_site()), request.script_root, tuple(current_edition().public))
    arguments.setdefault("lang", kept["language"])
    slug = arguments.get("slug")
    if slug is None:
        return _make_path(place, endpoint, frozenset(arguments.items()))
    # Documents are many, and the paths of all of one kind are the same but for the slug, which needs no quoting.
    arguments["slug"] = _ANY_SLUG
    return _make_path(place, endpoint, frozenset(arguments.items())).replace(_ANY_SLUG, slug)


_ANY_SLUG = "-slug-"
"""Stands for every slug: none begins with a hyphen."""


@lru_cache(maxsize=4096)
def _make_path(_place: tuple[int, str, tuple[Language, ...]], endpoint: str, arguments: Any) -> str:
    given = dict(arguments)
    if not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        del given["lang"]
    return url_for(endpoint, **given)


def init_links(app: Flask) -> None:
    """Give the templates the paths under Flask's own name for them."""
    app.jinja_env.globals["url_for"] = path_for
