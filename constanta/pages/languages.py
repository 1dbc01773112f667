"""The language of a page: taken from its address, else from the browser; and the way to the other languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from werkzeug.routing import BaseConverter, IntegerConverter, ValidationError

from constanta.locales import DEFAULT_LANGUAGE, Language
from constanta.pages.site import current_edition, current_language, current_location, current_site, here

PREVIEW = "preview"
"""The first part of the addresses of a language that is not yet offered to every reader."""


class LanguageConverter(BaseConverter):
    """A language at the beginning of an address: `be`, or `preview/pl` while it is not offered to every reader."""

    regex = rf"(?:{PREVIEW}/)?[a-z]{{2,3}}(?:-[A-Za-z0-9]+)*"
    part_isolating = False

    def to_python(self, value: str) -> Language:
        """Return the edition's language that is offered under this very prefix."""
        language = current_edition().find_language(value.removeprefix(f"{PREVIEW}/"))
        if language is None or self.to_url(language) != value:
            raise ValidationError
        return language

    def to_url(self, value: Language) -> str:
        """Return the prefix under which a language is offered."""
        return prefix_of(value)


class LinkLanguageConverter(LanguageConverter):
    """A language in a link that was mailed: the link works whatever has become of the language since."""

    def to_python(self, value: str) -> Language:
        """Return the language, wherever its pages are now; that of the browser where the site has it no more."""
        return current_edition().find_language(value.removeprefix(f"{PREVIEW}/")) or negotiate_language()


def prefix_of(language: Language) -> str:
    """Return what the addresses of a language begin with, without slashes around it."""
    return language.tag if language in current_edition().public else f"{PREVIEW}/{language.tag}"


class SlugConverter(BaseConverter):
    """The name of a document in an address."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


class NumberConverter(IntegerConverter):
    """The number of a page, in the one way in which the site writes it."""

    regex = r"[1-9][0-9]{0,8}"


class YearConverter(BaseConverter):
    """A year of four digits."""

    regex = r"[0-9]{4}"
    weight = 50

    def to_python(self, value: str) -> int:
        """Return the year as a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the year in four digits."""
        return f"{value:04}"


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in one of the site's languages."""

    language: Language
    path: str
    current: bool


def negotiate_language() -> Language:
    """Return the language that the browser asks for (RFC 9110, 12.5.4), else the site's default."""
    public = {language.tag: language for language in current_edition().public}
    tag = request.accept_languages.best_match(public, default=DEFAULT_LANGUAGE)
    return public[tag or DEFAULT_LANGUAGE]


def language_of_path(path: str) -> Language | None:
    """Return the language that an address begins with, even where it leads nowhere."""
    match = re.match(rf"/((?:{PREVIEW}/)?)([A-Za-z0-9-]+)(?:/|$)", path)
    language = current_edition().find_language(match[2]) if match else None
    if match and language and (language in current_edition().public) != bool(match[1]):
        return language
    return None


def offered_languages() -> Sequence[Language]:
    """Return the public languages and that of the page, in the order of the switcher."""
    kept = here()
    offered: Sequence[Language] | None = kept.get("offered")
    if offered is None:
        edition, own = current_edition(), current_language()
        offered = [one for one in edition.languages if one in edition.public or one == own]
        kept["offered"] = offered
    return offered


def list_alternates() -> list[Alternate]:
    """Return the page of the request in each offered language.

    An address that exists in no language (an error) leads to the home pages.
    """
    kept = here()
    if "switches" not in kept:
        own = current_language()
        kept["switches"] = [(one, _root_of(one), one == own) for one in offered_languages()]
    shared, location = _shared_path(), current_location()
    itself = location.root + location.path if location.arguments.get("translated") else None
    return [
        Alternate(language, itself if own and itself else root + shared, own)
        for language, root, own in kept["switches"]
    ]


def default_path() -> str:
    """Return the page of the request for readers whose language the site does not have (`x-default`)."""
    if current_location().endpoint == "reading.home":
        return url_for("reading.index")
    kept = here()
    if "default_root" not in kept:
        kept["default_root"] = _root_of(Language(DEFAULT_LANGUAGE))
    return str(kept["default_root"]) + _shared_path()


def _root_of(language: Language) -> str:
    """Return what the paths of a language begin with."""
    return f"{current_location().root}/{prefix_of(language)}"


def _shared_path() -> str:
    """Return the path of the request's page without its language: from there on it is the same in all."""
    kept = here()
    shared: str | None = kept.get("shared")
    if shared is None:
        location = current_location()
        is_page = kept.get("addressed", False)
        path = url_for(str(location.endpoint), **shared_arguments()) if is_page else url_for("reading.home")
        shared = kept["shared"] = path.removeprefix(_root_of(current_language()))
    return shared


def shared_arguments() -> Mapping[str, Any]:
    """Return the request's arguments that are the same in all languages.

    A list of what is wholly in one language has its own number of pages in each, so only its first page is shared.
    """
    arguments = current_location().arguments
    if not arguments.get("translated"):
        return arguments
    return {name: value for name, value in arguments.items() if name != "number"}


def own_address() -> str:
    """Return the public address of the page."""
    return absolute(current_location().path)


def absolute(path: str) -> str:
    """Return the public address of a path."""
    return current_site().settings.base_url + path


def init_languages(app: Flask) -> None:
    """Take the language off each address before its view is called, and put it into every address that is made."""
    app.url_map.converters.update(
        lang=LanguageConverter,
        linklang=LinkLanguageConverter,
        number=NumberConverter,
        slug=SlugConverter,
        year=YearConverter,
    )

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        language = values.pop("lang", None) if values else None
        g.addressed = language is not None
        g.language = language or language_of_path(request.path) or negotiate_language()

    @app.url_defaults
    def put_language(endpoint: str, values: dict[str, Any]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_language()

    @app.context_processor
    def language_values() -> dict[str, Any]:
        return {"language": current_language(), "addressed": g.get("addressed", False)}

    app.jinja_env.globals.update(
        absolute=absolute, alternates=list_alternates, default_path=default_path, own_address=own_address
    )
