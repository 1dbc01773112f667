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
    return _make_path(place, endpoint, frozenset(arguments.items()))


@lru_cache(maxsize=32_768)
def _make_path(_place: tuple[int, str, tuple[Language, ...]], endpoint: str, arguments: Any) -> str:
    given = dict(arguments)
    if not current_app.url_map.is_endpoint_expecting(endpoint, "lang"):
        del given["lang"]
    return url_for(endpoint, **given)


def path_of_request(endpoint: str, **arguments: Any) -> str:
    """Return the path of a page whose arguments may be what a reader has sent: kept only while publishing."""
    make = path_for if current_site().publishing else url_for
    return make(endpoint, **arguments)


def init_links(app: Flask) -> None:
    """Give the templates the paths under Flask's own name for them."""
    app.jinja_env.globals["url_for"] = path_for
