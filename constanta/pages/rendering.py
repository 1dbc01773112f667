"""Pages rendered one after the other for an edition, without the requests that Flask would make of them.

Each comes out as the application would answer it, with the same views, templates and headers. But a request costs Flask
as much as rendering a page, and what stands around the pages of a language needs to be found only once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import TemplateSyntaxError
from werkzeug.exceptions import HTTPException, InternalServerError

from constanta.edition.render import Answer
from constanta.errors import EditionError, sentence
from constanta.locales import Language
from constanta.pages.headers import Stylesheet
from constanta.pages.languages import negotiate_language, prefix_of, shared_arguments
from constanta.pages.links import path_for
from constanta.pages.site import Location, here, keep_edition

_OF_PAGE = frozenset({"location", "addressed", "shared", "stylesheet"})
"""What is kept of one page; all else stays for the other pages of its language."""

_OF_BYTES = frozenset({"Content-Length", "Content-Encoding", "ETag", "Vary"})
"""The fields that depend on the encoding."""

_OK = "200 OK"


class PageMaker:
    """Renders pages inside a context of the application that shows an edition; one for each process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._addresses = app.url_map.bind("")
        self._language: Language | None = None
        self._kept: dict[str, Any] = {}
        self._words = {part for rule in app.url_map.iter_rules() for part in rule.rule.split("/")}
        self._known: dict[tuple[str, int], tuple[str, dict[str, Any], str, Callable[[str], Any]]] = {}
        self._html: dict[Stylesheet | None, list[tuple[str, str, bool]]] = {}

    def __call__(self, path: str) -> Answer:
        """Return status, headers and text of a page, the headers without those that depend on the encoding.

        Raises:
            EditionError: A template is broken; all pages that need it would say so, one after the other.
        """
        try:
            endpoint, arguments = self._match(path)
            self._begin(path, endpoint, arguments)
            result = self._app.view_functions[endpoint](**arguments)
            answer = self._answer(path, result)
        except HTTPException as error:
            return f"{error.code} {error.name}", (), ""
        except TemplateSyntaxError as error:
            text = sentence("The template cannot be read: %(reason)s", reason=error.message)
            raise EditionError.at(Path(error.filename or error.name or ""), error.lineno, text) from error
        except Exception:  # noqa: BLE001 - as Flask does: whatever it is, this page has failed, and the log says why
            self._app.log_exception(sys.exc_info())
            return f"{InternalServerError.code} {InternalServerError().name}", (), ""
        self._kept = {name: kept for name, kept in here().items() if name not in _OF_PAGE}
        return answer

    def _match(self, path: str) -> tuple[str, dict[str, Any]]:
        """Return the view of a page's path, and its arguments; most paths differ from others in their last part alone."""
        head, _, name = path.removesuffix("/").rpartition("/")
        kind = (head, len(name) if name.isdigit() else 0)
        is_word = name in self._words
        if kind in self._known and not is_word:
            endpoint, arguments, last, read = self._known[kind]
            return endpoint, {**arguments, last: read(name)}
        endpoint, found = self._addresses.match(path, "GET")
        ends = [argument for argument, value in found.items() if str(value) == name]
        if len(ends) == 1 and not is_word:
            others = {argument: value for argument, value in found.items() if argument not in ends}
            self._known[kind] = (endpoint, others, ends[0], type(found[ends[0]]))
        return endpoint, {**found}

    def _begin(self, path: str, endpoint: str, arguments: dict[str, Any]) -> None:
        """Turn to a page, and to its language."""
        language: Language | None = arguments.pop("lang", None)
        kept = here()
        kept.clear()
        kept.update(self._kept)
        if language != self._language or not self._kept:
            self._language = language
            keep_edition()
            kept["language"] = language or negotiate_language()
            kept["prefix"] = f"/{prefix_of(language)}" if language else ""
        kept.update(location=Location(path, endpoint, arguments), addressed=language is not None)
        shared = path_for(endpoint, **shared_arguments()) if arguments.get("translated") else path
        kept["shared"] = shared.removeprefix(kept["prefix"])

    def _answer(self, path: str, result: Any) -> Answer:
        """Return what a view's result is answered with; the headers of HTML differ in the page's path and style alone."""
        style: Stylesheet | None = here().get("stylesheet")
        if isinstance(result, str) and style in self._html:
            headers = tuple(
                (name, value + path if ends else value) for name, value, ends in self._html[style]
            )
            return _OK, headers, result
        response = self._app.process_response(self._app.make_response(result))
        headers = tuple((name, value) for name, value in response.headers if name not in _OF_BYTES)
        if isinstance(result, str):
            self._html[style] = [
                (name, value.removesuffix(path), value.endswith(path)) for name, value in headers
            ]
        return response.status, headers, response.get_data(as_text=True)
