"""The newsletter's pages: the form, the page behind each link, and the plain answers to what goes wrong.

No page sets a cookie, and GET and HEAD change nothing: link scanners open every link of a mail.
"""

from __future__ import annotations

import errno
import re
import tempfile
from collections.abc import Iterable
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click
from flask import Blueprint, Flask, Response, current_app, g, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException, UnsupportedMediaType

from constanta.locales import parse_language
from constanta.newsletter.database import UNAVAILABLE
from constanta.newsletter.delivery import deliver_due
from constanta.newsletter.forms import ORIGINS, ButtonForm, SignupForm, origin_of
from constanta.newsletter.keys import RECIPIENTS_FILE, RecipientsFile, make_keys
from constanta.newsletter.limits import BudgetSpentError, ClientLimitError, LimitsUnavailableError
from constanta.newsletter.mail import build_message
from constanta.newsletter.outbox import Letter
from constanta.newsletter.service import Newsletter, open_newsletter
from constanta.newsletter.tokens import is_token
from constanta.newsletter.transport import FileTransport
from constanta.pages.site import current_language, current_site
from constanta.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION = "constanta.newsletter"
TOKEN = "constanta.newsletter.token"  # noqa: S105
"""The key in the WSGI environment of the token that `hide_token` took off the address."""

_FORM_TYPE = "application/x-www-form-urlencoded"
_LONGEST_BODY = 4096
_MOST_PARTS = 10
_TOKEN_PATH = re.compile(r"(/.+?/newsletter/(?:confirm|unsubscribe)/)(.+)", re.DOTALL)
_TOKEN_PAGES = frozenset({"newsletter.confirm", "newsletter.unsubscribe"})

blueprint = Blueprint("newsletter", __name__)


def current_newsletter() -> Newsletter:
    """Return the newsletter of the running application."""
    newsletter: Newsletter = current_app.extensions[EXTENSION]
    return newsletter


@blueprint.route("/<lang:lang>/newsletter/", methods=["GET", "POST"])
def sign_up() -> Response:
    """Show the form, and take an address; the answer is the same for every address."""
    newsletter = current_newsletter()
    if not newsletter.is_open:
        return _answer("closed", 503)
    form = SignupForm()
    if not form.is_submitted():
        return make_response(render_template("newsletter/form.html", form=form))
    if not form.validate() and not form.is_from_program:
        return _answer("form", 422, form=form)
    if not form.is_from_program:
        newsletter.sign_up(str(form.email.data), current_language().tag, request.remote_addr or "")
        _deliver_in_development()
    return _answer("sent", 200)


@blueprint.route("/<linklang:lang>/newsletter/confirm/", methods=["GET", "POST"])
def confirm(token: str) -> Response:
    """Show the one button that subscribes, and what became of it."""
    newsletter = current_newsletter()
    if request.method != "POST":
        return _answer("confirm", 200) if newsletter.is_pending(token) else _answer("expired", 410)
    ButtonForm()
    return _answer_done("subscribed") if newsletter.confirm(token) else _answer("expired", 410)


@blueprint.route("/<linklang:lang>/newsletter/unsubscribe/", methods=["GET", "POST"])
def unsubscribe(token: str) -> Response:
    """Show the one button that unsubscribes; the answers are the same for every whole token."""
    if request.method != "POST":
        return _answer("unsubscribe", 200)
    if not _is_one_click():
        ButtonForm()
    current_newsletter().unsubscribe(token)
    return _answer_done("unsubscribed")


# These make addresses with a token, on pages of either method; to requests without `hide_token` they lead nowhere.
for _page in ("confirm", "unsubscribe"):
    blueprint.add_url_rule(
        f"/<lang:lang>/newsletter/{_page}/<path:token>", _page, methods=["GET", "POST"], build_only=True
    )


@blueprint.url_value_preprocessor
def take_token(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Hand the token to the view, and so to the links to the same page in other languages."""
    if endpoint in _TOKEN_PAGES and values is not None:
        values["token"] = request.environ.get(TOKEN, "")


@blueprint.before_request
def check_body() -> None:
    """Limit what is read of a body, and refuse what no form of ours sends."""
    request.max_content_length = _LONGEST_BODY
    request.max_form_parts = _MOST_PARTS
    if request.method != "POST":
        return
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    allowed = {_FORM_TYPE}
    if request.endpoint == "newsletter.unsubscribe":
        allowed.add("multipart/form-data")  # RFC 8058, 3.2, lets mail programs choose
    if request.mimetype not in allowed or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType


@blueprint.before_request
def check_token() -> Response | None:
    """Say that a link has lost a part of its token; whoever follows it would believe that it has worked."""
    if request.endpoint in _TOKEN_PAGES and not is_token(request.environ.get(TOKEN, "")):
        return _answer("damaged", 404)
    return None


@blueprint.after_request
def name_onion_page(response: Response) -> Response:
    """Offer the page with its token at the onion address; the path that others see has none any more."""
    onion, token = current_site().settings.onion_url, request.environ.get(TOKEN)
    if onion and token and request.endpoint in _TOKEN_PAGES:
        response.headers["Onion-Location"] = onion + url_for(str(request.endpoint), token=token)
    return response


def _is_one_click() -> bool:
    """Return whether this is the one body that mail programs send (RFC 8058, 3.1); it comes from other sites."""
    return not request.files and request.form.to_dict(flat=False) == {"List-Unsubscribe": ["One-Click"]}


def _answer(name: str, status: int, **values: object) -> Response:
    response = make_response(render_template(f"newsletter/{name}.html", **values), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _answer_done(name: str) -> Response:
    """Answer when a link has done what it can; from there the other languages lead to their home pages."""
    g.addressed = False
    return _answer(name, 200)


def _answer_busy(seconds: int) -> Response:
    response = _answer("busy", 503)
    response.headers["Retry-After"] = str(seconds)
    return response


@blueprint.errorhandler(400)
@blueprint.errorhandler(413)
@blueprint.errorhandler(415)
def show_unreadable(error: HTTPException) -> Response:
    """Answer a request that is none of our forms."""
    return _answer("unreadable", error.code or 400)


@blueprint.errorhandler(403)
def show_refused(_error: HTTPException) -> Response:
    """Answer a request that another site made."""
    return _answer("refused", 403)


@blueprint.errorhandler(ClientLimitError)
def show_limited(error: ClientLimitError) -> Response:
    """Answer a client that asks too often."""
    response = _answer("limited", 429)
    response.headers["Retry-After"] = str(error.seconds)
    return response


@blueprint.errorhandler(BudgetSpentError)
def show_full(error: BudgetSpentError) -> Response:
    """Answer when all clients together ask too often."""
    return _answer_busy(error.seconds)


def show_unavailable(error: Exception) -> Response:
    """Answer while the database cannot be reached; the log names the kind of error and nothing else."""
    current_app.logger.error("the newsletter's database is unavailable: %s", type(error).__name__)
    return _answer_busy(60)


for _kind in UNAVAILABLE:
    blueprint.register_error_handler(_kind, show_unavailable)


@blueprint.errorhandler(LimitsUnavailableError)
def show_uncounted(error: LimitsUnavailableError) -> Response:
    """Answer while nodes that count together cannot; without limits, anybody could have mail sent to others."""
    current_app.logger.error("the store of the newsletter's limits is unavailable: %s", error.kind)
    return _answer_busy(60)


def compose(letter: Letter, base_url: str) -> EmailMessage:
    """Return the mail of a letter, with links under `base_url`; needs an application context."""
    paths = current_app.url_map.bind("")
    language = parse_language(letter.language)

    def link(endpoint: str, token: str) -> str:
        return base_url + paths.build(endpoint, {"lang": language, "token": token})

    return build_message(
        letter,
        sender=current_site().settings.newsletter.sender,
        confirm_url=link("newsletter.confirm", letter.confirm),
        unsubscribe_url=link("newsletter.unsubscribe", letter.unsubscribe),
    )


def _deliver_in_development() -> None:
    """Write mails to files at once where there is neither a mail server nor a worker."""
    settings = current_site().settings
    if settings.debug and settings.newsletter.smtp_host is None:
        to_this_host = partial(compose, base_url=request.host_url.rstrip("/"))
        deliver_due(current_newsletter(), to_this_host, partial(FileTransport, settings.instance / "mail"))


def hide_token(application: WSGIApplication) -> WSGIApplication:
    """Return the application behind a step that takes tokens off the addresses.

    Whatever logs an address afterwards, of a request or of an exception, logs one without a token.
    """

    def without_token(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if match := _TOKEN_PATH.fullmatch(environ.get("PATH_INFO", "")):
            environ["PATH_INFO"] = match[1]
            environ[TOKEN] = match[2]
            for name in ("RAW_URI", "REQUEST_URI"):
                if name in environ:
                    environ[name] = quote(environ.get("SCRIPT_NAME", "") + match[1])
        return application(environ, start_response)

    return without_token


def _make_development_keys(folder: Path) -> None:
    """Make a folder of keys, whole or not at all; where another process was quicker, its keys stay."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        keys = Path(draft) / folder.name
        make_keys(keys)
        try:
            keys.rename(folder)
        except OSError as error:
            if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise


def _recipients(settings: Settings) -> RecipientsFile | None:
    """Return the keys to seal to; in debug mode a pair made for this one machine."""
    path = settings.newsletter.recipients
    if path is None and settings.debug:
        folder = settings.instance / "newsletter-keys"
        path = folder / RECIPIENTS_FILE
        if not path.exists():
            _make_development_keys(folder)
        warning = f"NEWSLETTER: DEVELOPMENT KEYS in {folder}. Both halves are on this machine: never for real readers."
        click.secho(warning, err=True, fg="yellow", bold=True)
    return RecipientsFile(path) if path else None


def init_newsletter(app: Flask, settings: Settings) -> None:
    """Attach the newsletter and its pages to the application.

    Raises:
        SettingsError: The public keys cannot be read, or what must be in memory only is not.
    """
    app.extensions[EXTENSION] = open_newsletter(settings, _recipients(settings))
    urls = [settings.base_url, *([settings.onion_url] if settings.onion_url else [])]
    app.config[ORIGINS] = frozenset() if settings.debug else frozenset(map(origin_of, urls))
    app.register_blueprint(blueprint)
    app.wsgi_app = hide_token(app.wsgi_app)  # type: ignore[assignment, method-assign]
