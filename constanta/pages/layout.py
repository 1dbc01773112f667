"""What stands around every page, and the addresses that templates make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakKeyDictionary

from flask import Flask, url_for

from constanta.content.markdown import Text
from constanta.content.records import Kind
from constanta.content.translate import Availability
from constanta.edition import queries
from constanta.edition.listing import area_scope, whole_scope
from constanta.edition.switch import Edition
from constanta.locales import Language, parse_language
from constanta.pages.languages import offered_languages
from constanta.pages.machines import ENDPOINTS
from constanta.pages.site import current_connection, current_edition, current_language, current_site

EXIT_ADDRESS = "https://www.google.com/"
"""Where the quick exit leads: the page that most people open many times a day."""


def listing_path(
    *, translated: bool = False, topic: str | None = None, year: int | None = None, number: int = 1
) -> str:
    """Return the path of a page of publications: of a topic or of all, of a year or of all, of one language or of all."""
    chosen: dict[str, Any] = {"translated": translated, "topic": topic, "year": year, "number": number}
    return url_for(
        "reading.publications", **{name: value for name, value in chosen.items() if value is not None}
    )


@cache
def _name_of_language(tag: str, page: Language) -> str:
    return parse_language(tag).name_in(page)


def language_name(tag: str) -> str:
    """Return the name of a language in the page's language, as inside a sentence."""
    return _name_of_language(tag, current_language())


def available_in(card: queries.Card) -> list[tuple[Language, Availability]]:
    """Return how much of a document stands in each language that the page offers."""
    return [
        (language, card.available[language.tag])
        for language in offered_languages()
        if language.tag in card.available
    ]


def list_size(kind: str, translated: bool) -> int:  # noqa: FBT001
    """Return how many documents of a kind there are, or how many can be read wholly in the page's language."""
    scope = whole_scope(kind, current_language().tag) if translated else kind
    return queries.count(current_connection(), scope)


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of one edition and language.

    Attributes:
        plain_pages: The plain pages in their order.
        topics: The names of the topics by their slugs.
        areas: The areas of work, with the number of their publications and projects.
    """

    plain_pages: tuple[queries.Card, ...]
    topics: dict[str, Text]
    areas: tuple[queries.Choice, ...]


_frames: WeakKeyDictionary[Edition, dict[str, Frame]] = WeakKeyDictionary()


def current_frame() -> Frame:
    """Return the frame of the request's page; an edition never changes, so it is read once."""
    frames = _frames.setdefault(current_edition(), {})
    tag = current_language().tag
    if tag not in frames:
        frames[tag] = _read_frame()
    return frames[tag]


def _read_frame() -> Frame:
    connection = current_connection()
    return Frame(
        plain_pages=_list_all(Kind.PAGE),
        topics={card.slug: card.title for card in _list_all(Kind.TOPIC)},
        areas=tuple(
            queries.Choice(card.slug, card.title, queries.count(connection, area_scope(card.slug)))
            for card in _list_all(Kind.AREA)
        ),
    )


def _list_all(kind: Kind) -> tuple[queries.Card, ...]:
    connection = current_connection()
    return queries.list_latest(connection, kind, current_language().tag, queries.count(connection, kind))


@cache
def _icon_address(path: Path) -> str:
    return "data:image/svg+xml," + quote(path.read_text(encoding="utf-8").strip(), safe=" =:/")


def init_layout(app: Flask) -> None:
    """Give the templates what they need besides what each view passes."""

    @app.context_processor
    def values() -> dict[str, Any]:
        site = current_site()
        return {
            "available_in": available_in,
            "endpoints": ENDPOINTS,
            "exit_address": EXIT_ADDRESS,
            "frame": current_frame,
            "icon_address": _icon_address(site.settings.root / "static" / "mark.svg"),
            "language_name": language_name,
            "list_size": list_size,
            "listing_path": listing_path,
            "contact": site.settings.contact,
            "problems": site.list_problems,
        }
