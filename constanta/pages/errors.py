"""Error pages, in the language of the address."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import BadHost, HTTPException, SecurityError

from constanta.errors import EditionError
from constanta.pages.languages import language_of_path, negotiate_language
from constanta.pages.site import current_site, keep_edition


def _show(error: HTTPException) -> Response:
    """Return the page for an error, with the headers that the error brings (`Allow`, `Location`)."""
    is_withdrawn = g.get("addressed", False) and error.code == 410
    keep_edition()  # what else is there belongs to a page that failed half-way
    g.addressed = is_withdrawn
    addressed = language_of_path(request.path)
    g.language = addressed or negotiate_language()
    happened, advice = _texts(error.code or 500)
    response = make_response(
        render_template("error.html", code=error.code, happened=happened, advice=advice), error.code
    )
    response.headers.extend(
        (name, value) for name, value in error.get_headers(request.environ) if name.lower() != "content-type"
    )
    if addressed is None:
        response.vary.add("Accept-Language")
    return response


def _texts(code: int) -> tuple[str, str]:
    """Return what happened and what the reader can do."""
    if code == 404:
        return _("There is no such page"), _(
            "The address may have a mistake in it, or the page may have moved."
        )
    if code == 405:
        return _("This cannot be done here"), _("The address exists, but not for this kind of request.")
    if code == 410:
        return _("This page has been withdrawn"), _("The text that stood here is no longer published.")
    if code < 500:
        return _("The request could not be understood"), _("Go back and try once more.")
    return _("Something went wrong on our side"), _("Nothing is lost. Please try again in a few minutes.")


_UNKNOWN_HOST = """Гэты сайт не адказвае пад такім імем.
Этот сайт не отвечает под таким именем.
This site does not answer to that name.
"""
"""Said in every language: without a known host no address can be made, so there is no page."""

_NOTHING_TO_SHOW = """Сайт цяпер нічога не можа паказаць. Калі ласка, паспрабуйце праз некалькі хвілін.
Сайт сейчас ничего не может показать. Пожалуйста, попробуйте через несколько минут.
The site has nothing to show at the moment. Please try again in a few minutes.
"""
"""Said in every language: the languages of the site are read from what is missing."""


def _show_without_edition(error: EditionError | DatabaseError) -> Response:
    """Answer plainly where no page can be rendered at all, because there is nothing to read from.

    A developer is told what to mend; what a visitor is told names no folder of the server.
    """
    current_app.logger.error("%s", error)
    text = f"{error}\n" if current_site().settings.debug else _NOTHING_TO_SHOW
    response = Response(text, 503, mimetype="text/plain")
    response.headers["Retry-After"] = "60"
    return response


def init_errors(app: Flask) -> None:
    """Answer every error with a page of the site."""

    @app.errorhandler(HTTPException)
    def show(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        if isinstance(error, BadHost | SecurityError):
            return Response(_UNKNOWN_HOST, 400, mimetype="text/plain")
        try:
            return _show(error)
        except (EditionError, DatabaseError) as unreadable:
            return _show_without_edition(unreadable)

    app.register_error_handler(EditionError, _show_without_edition)
