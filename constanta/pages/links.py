"""The paths of the site's own pages, made once each."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask, current_app, url_for

from constanta.pages.site import Site, current_edition, current_location, current_site, here


def path_for(endpoint: str, **arguments: Any) -> str:
    """Return the path of a page, in the page's language where no other is given, as `flask.url_for` does.

    A list has a hundred links, and the same ones stand on many pages, so paths are kept; what a reader has sent must
    not be among the arguments.
    """
    kept = here()
    paths: Paths | None = kept.get("paths")
    if paths is None:
        place = (current_location().root, tuple(current_edition().public), kept["language"])
        paths = kept["paths"] = _known.setdefault(current_site(), {}).setdefault(place, {})
    # Documents and pages of lists are many, and the paths of all of one kind are the same but for slug and number.
    slug, number = arguments.get("slug"), arguments.get("number", 1)
    if slug is not None:
        arguments["slug"] = _ANY_SLUG
    if number != 1:
        arguments["number"] = _ANY_NUMBER
    key = (endpoint, *arguments.items())
    path = paths.get(key)
    if path is None:
        if len(paths) >= _LIMIT:
            paths.clear()
        path = paths[key] = _make_path(endpoint, arguments)
    if number != 1:
        path = str(number).join(path.rsplit(str(_ANY_NUMBER), 1))
    return path if slug is None else path.replace(_ANY_SLUG, slug)


Paths = dict[tuple[Any, ...], str]
"""Paths that were made, by endpoint and arguments."""

_known: WeakKeyDictionary[Site, dict[object, Paths]] = WeakKeyDictionary()
"""The paths of each site, by what stands before them and in which language they are."""

_ANY_SLUG = "-slug-"
"""Stands for every slug: none begins with a hyphen, or needs to be quoted."""

_ANY_NUMBER = -1
"""Stands for every number but 1, which is mostly left out of a path; where there is one, no other part comes after it."""

_LIMIT = 4096
"""How many paths are kept of a language; then it begins anew."""


def _make_path(endpoint: str, arguments: dict[str, Any]) -> str:
    given = {"lang": here()["language"], **arguments}
    if not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        del given["lang"]
    return url_for(endpoint, **given)


def init_links(app: Flask) -> None:
    """Give the templates the paths under Flask's own name for them."""
    app.jinja_env.globals["url_for"] = path_for
