"""What a page reads from: the site's settings, one edition, one connection, one language, and its own address."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, current_app, g, has_request_context, request
from flask.sessions import SessionInterface, SessionMixin

from constanta.content.renditions import Text
from constanta.edition.serve import EDITION
from constanta.edition.switch import Edition
from constanta.locales import Language
from constanta.settings import Settings

EXTENSION = "constanta"


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Site:
    """What the application was started with.

    Attributes:
        settings: The settings.
        open_edition: Returns the edition to serve now.
        list_problems: Returns what is broken in the files that a developer works on, as far as may be in a language.
        publishing: Whether all pages are rendered one after the other from one edition that does not change.
    """

    settings: Settings
    open_edition: Callable[[], Edition]
    list_problems: Callable[[Language], Sequence[Text]]
    publishing: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """Where a page stands on the site.

    Attributes:
        path: Its path, below the root.
        endpoint: The name of its view; None where the address leads nowhere.
        arguments: What its view was given.
        root: What stands before all paths of the site (`SCRIPT_NAME` of PEP 3333); mostly nothing.
    """

    path: str
    endpoint: str | None
    arguments: Mapping[str, Any]
    root: str = ""


def site_of(app: Flask) -> Site:
    """Return the site of an application."""
    site: Site = app.extensions[EXTENSION]
    return site


def current_site() -> Site:
    """Return the site of the running application."""
    site: Site = current_app._get_current_object().extensions[EXTENSION]  # type: ignore[attr-defined]
    return site


def here() -> dict[str, Any]:
    """Return what the request keeps in Flask's `g`: a page asks a hundred times, and `g.name` takes seven times as long."""
    found: dict[str, Any] = g._get_current_object().__dict__
    return found


_OF_EDITION = frozenset({"edition", "connection"})
"""What is kept that belongs to no page and no language."""


def keep_edition() -> None:
    """Forget all that is kept but the edition and the connection to it, before a page of another language begins."""
    kept = here()
    for name in kept.keys() - _OF_EDITION:
        del kept[name]


def current_location() -> Location:
    """Return where the page stands: what was asked for, unless whoever publishes renders it."""
    kept = here()
    location: Location | None = kept.get("location")
    if location is None:
        location = kept["location"] = Location(
            request.path, request.endpoint, request.view_args or {}, request.script_root
        )
    return location


def current_edition() -> Edition:
    """Return the edition of the request: it is one and the same from its first use to the last byte."""
    kept = here()
    edition: Edition | None = kept.get("edition")
    if edition is None:
        given: Edition | None = request.environ.get(EDITION) if has_request_context() else None
        edition = kept["edition"] = given or current_site().open_edition()
    return edition


def current_connection() -> sa.Connection:
    """Return the request's connection to the content database."""
    kept = here()
    connection: sa.Connection | None = kept.get("connection")
    if connection is None:
        connection = kept["connection"] = current_edition().engine.connect()
    return connection


def current_language() -> Language:
    """Return the language of the request's page."""
    language: Language = here()["language"]
    return language


class NoSessions(SessionInterface):
    """The site remembers nothing of a reader: there is no session, and so no cookie."""

    def open_session(self, app: Flask, request: Request) -> SessionMixin:  # noqa: ARG002 - the signature is Flask's
        """Return a session that refuses to be written."""
        return self.make_null_session(app)


def init_site(app: Flask, site: Site) -> None:
    """Attach the site to the application; every request gives its connection back."""
    app.extensions[EXTENSION] = site
    app.session_interface = NoSessions()

    @app.teardown_appcontext
    def close_connection(_error: BaseException | None) -> None:
        connection = g.pop("connection", None)
        if connection is not None:
            connection.close()
