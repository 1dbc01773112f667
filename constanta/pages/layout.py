"""What stands around every page, and the addresses that templates make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from flask import Flask

from constanta.content.records import Kind
from constanta.content.renditions import Availability, Text
from constanta.edition import queries
from constanta.edition.documents import Card
from constanta.edition.listing import area_scope, whole_scope
from constanta.edition.tracking import recall
from constanta.locales import Language, parse_language
from constanta.pages.languages import offered_languages
from constanta.pages.links import path_for
from constanta.pages.machines import ENDPOINTS
from constanta.pages.site import current_connection, current_language, current_site, here, site_of

T = TypeVar("T")

EXIT_ADDRESS = "https://www.google.com/"
"""Where the quick exit leads: the page that most people open many times a day."""


def listing_path(
    *, translated: bool = False, topic: str | None = None, year: int | None = None, number: int = 1
) -> str:
    """Return the path of a page of publications: of a topic or of all, of a year or of all, of one language or of all."""
    return path_for("reading.publications", translated=translated, topic=topic, year=year, number=number)


@cache
def _name_of_language(tag: str, page: Language) -> str:
    return parse_language(tag).name_in(page)


def language_name(tag: str) -> str:
    """Return the name of a language in the page's language, as inside a sentence."""
    return _name_of_language(tag, current_language())


def available_in(card: Card) -> list[tuple[Language, Availability]]:
    """Return how much of a document stands in each language that the page offers."""
    return [
        (language, card.available[language.tag])
        for language in offered_languages()
        if language.tag in card.available
    ]


def list_size(scope: str, translated: bool) -> int:  # noqa: FBT001
    """Return how many documents a list has, or how many of them can be read wholly in the page's language."""
    narrowed = whole_scope(scope, current_language().tag) if translated else scope
    return queries.count(current_connection(), narrowed)


class Frame:
    """What stands around the pages of one edition and language; an edition never changes, so each part is read once."""

    @property
    def plain_pages(self) -> tuple[Card, ...]:
        """The plain pages in their order."""
        return _list_all(Kind.PAGE)

    @property
    def topics(self) -> dict[str, Text]:
        """The names of the topics by their slugs."""
        return once("topic names", caller=lambda: {card.slug: card.title for card in _list_all(Kind.TOPIC)})

    def areas(self, translated: bool) -> list[queries.Choice]:  # noqa: FBT001
        """Return the areas of work, with the number of their publications and projects, or of those wholly in the page's language."""
        return [
            queries.Choice(card.slug, card.title, list_size(area_scope(card.slug), translated))
            for card in _list_all(Kind.AREA)
        ]


def _list_all(kind: Kind) -> tuple[Card, ...]:
    connection = current_connection()
    return queries.list_latest(connection, kind, current_language().tag, queries.count(connection, kind))


def once(*names: object, caller: Callable[[], T]) -> T:
    """Return a part of a page that is made once, where all pages of a language are rendered for all of them.

    Args:
        names: What the part is, and all that it depends on besides the language and what it reads from the edition.
        caller: Makes it: a function, or the block of Jinja's `call`.
    """
    return recall(here().setdefault("parts", {}), names, caller)


def list_problems() -> Sequence[Text]:
    """Return what is broken in the files that a developer works on."""
    return current_site().list_problems(current_language())


@cache
def _icon_address(path: Path) -> str:
    return "data:image/svg+xml," + quote(path.read_text(encoding="utf-8").strip(), safe="=:/,")


def init_layout(app: Flask) -> None:
    """Give the templates what they need besides what each view passes.

    As globals, so that what a template imports from another is made once and not for each page.
    """
    settings = site_of(app).settings
    app.jinja_env.globals.update(
        available_in=available_in,
        contact=settings.contact,
        endpoints=ENDPOINTS,
        exit_address=EXIT_ADDRESS,
        frame=Frame,
        icon_address=_icon_address(settings.root / "static" / "mark.svg"),
        language_name=language_name,
        list_size=list_size,
        listing_path=listing_path,
        once=once,
        problems=list_problems,
    )
