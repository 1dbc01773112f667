"""What stands around every page, and the addresses that templates make."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for

from constanta.content.records import Kind
from constanta.edition import queries
from constanta.locales import parse_language
from constanta.pages.machines import ENDPOINTS
from constanta.pages.site import current_connection, current_language, current_site


def listing_path(*, topic: str | None = None, year: int | None = None, number: int = 1) -> str:
    """Return the path of a page of publications, of all or of a topic, of all years or of one."""
    chosen: dict[str, Any] = {"topic": topic, "year": year, "number": number}
    return url_for(
        "reading.publications", **{name: value for name, value in chosen.items() if value is not None}
    )


def language_name(tag: str) -> str:
    """Return the name of a language in the page's language, as inside a sentence."""
    return parse_language(tag).name_in(current_language())


def _plain_pages() -> tuple[queries.Card, ...]:
    connection = current_connection()
    return queries.list_latest(
        connection, Kind.PAGE, current_language().tag, queries.count(connection, Kind.PAGE)
    )


def init_layout(app: Flask) -> None:
    """Give the templates what they need besides what each view passes."""

    @app.context_processor
    def values() -> dict[str, Any]:
        return {
            "endpoints": ENDPOINTS,
            "language_name": language_name,
            "listing_path": listing_path,
            "plain_pages": _plain_pages,
            "problems": current_site().list_problems,
        }
