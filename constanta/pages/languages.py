"""The language of a page: taken from its address, else from the browser; and the way to the other languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from werkzeug.routing import BaseConverter, ValidationError

from constanta.locales import DEFAULT_LANGUAGE, Language
from constanta.pages.site import current_edition, current_language, current_site, here

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


def prefix_of(language: Language) -> str:
    """Return what the addresses of a language begin with, without slashes around it."""
    return language.tag if language in current_edition().public else f"{PREVIEW}/{language.tag}"


class SlugConverter(BaseConverter):
    """The name of a document in an address."""

    regex = r"[a-z0-9]+(?:-[a-z0-9]+)*"


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
    match = re.match(rf"/((?:{PREVIEW}/)?)([A-Za-z-]+)(?:/|$)", path)
    language = current_edition().find_language(match[2]) if match else None
    if match and language and (language in current_edition().public) != bool(match[1]):
        return language
    return None


def offered_languages() -> list[Language]:
    """Return the public languages and that of the page, in the order of the switcher."""
    edition, own = current_edition(), current_language()
    return [language for language in edition.languages if language in edition.public or language == own]


def list_alternates() -> list[Alternate]:
    """Return the page of the request in each offered language.

    An address that exists in no language (an error) leads to the home pages.
    """
    own = current_language()
    return [
        Alternate(language, _path_in(language), current=language == own) for language in offered_languages()
    ]


def default_path() -> str:
    """Return the page of the request for readers whose language the site does not have (`x-default`)."""
    return url_for("reading.index") if request.endpoint == "reading.home" else _path_in(_DEFAULT)


_DEFAULT = Language(DEFAULT_LANGUAGE)


def _path_in(language: Language) -> str:
    """Return the path of the request's page in a language: all begin with it and are the same from there on."""
    kept = here()
    if "alternates" not in kept:
        is_page = kept.get("addressed", False)
        path = url_for(str(request.endpoint), **_shared_arguments()) if is_page else url_for("reading.home")
        kept["alternates"] = path.removeprefix(f"{request.script_root}/{prefix_of(current_language())}")
    return f"{request.script_root}/{prefix_of(language)}{kept['alternates']}"


def _shared_arguments() -> dict[str, Any]:
    """Return the request's arguments that are the same in all languages.

    A list of what is wholly in one language has its own number of pages in each, so only its first page is shared.
    """
    arguments = request.view_args or {}
    translated = arguments.get("translated", False)
    return {name: value for name, value in arguments.items() if name != "number" or not translated}


def absolute(path: str) -> str:
    """Return the public address of a path."""
    return current_site().settings.base_url + path


def init_languages(app: Flask) -> None:
    """Take the language off each address before its view is called, and put it into every address that is made."""
    app.url_map.converters.update(lang=LanguageConverter, slug=SlugConverter, year=YearConverter)

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

    app.jinja_env.globals.update(alternates=list_alternates, default_path=default_path, absolute=absolute)
