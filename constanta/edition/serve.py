"""Rendered pages straight from the edition, before Flask is asked: one look-up, ready headers and bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.sansio.utils import host_is_trusted

from constanta.edition.pages import ENCODINGS
from constanta.edition.ready import Answer
from constanta.edition.switch import Edition
from constanta.errors import EditionError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EDITION = "constanta.edition"
"""The key in the WSGI environment of the edition that the request reads: one and the same from here to the last byte."""

_QUALITY = re.compile(r"([^;,\s]+)\s*(?:;\s*q\s*=\s*([0-9.]+))?", re.IGNORECASE)


class PageServer:
    """Answers with an edition's pages; everything else goes on to the application.

    A page whose file is damaged is rendered by the application: unchanged pages are the same file in every edition, so
    the edition before would not have it whole either.
    """

    def __init__(
        self, application: WSGIApplication, open_edition: Callable[[], Edition], hosts: Sequence[str] = ()
    ) -> None:
        """Stand before an application.

        Args:
            application: What answers all other requests.
            open_edition: Returns the edition to serve now.
            hosts: The names that the site answers to; all where none are given.
        """
        self._application = application
        self._open_edition = open_edition
        self._hosts = tuple(hosts)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        host = environ.get("HTTP_HOST", "")
        if self._hosts and host != host.lower():  # they are one and the same (RFC 9110, 4.2.3)
            environ = {**environ, "HTTP_HOST": host.lower()}
        if not self._is_for_pages(environ):
            return self._application(environ, start_response)
        try:
            edition = self._open_edition()
        except EditionError:
            return self._application(environ, start_response)  # which says so to the reader
        answer = _find(edition, environ)
        if answer is None:
            return self._ask(edition, environ, start_response)
        return _send(answer, environ, start_response)

    def _ask(
        self, edition: Edition, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Let the application answer; if it fails because the edition is damaged, once more from another one."""
        held = _Held()
        body = self._application({**environ, EDITION: edition}, held)
        if held.status >= "500" and edition.doubt():
            close = getattr(body, "close", None)
            if close is not None:
                close()
            return self._application(environ, start_response)
        start_response(held.status, held.headers)
        return body

    def _is_for_pages(self, environ: WSGIEnvironment) -> bool:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return False
        return not self._hosts or _is_known_host(environ.get("HTTP_HOST", ""), self._hosts)


@lru_cache(maxsize=64)
def _is_known_host(host: str, hosts: tuple[str, ...]) -> bool:
    return host_is_trusted(host, hosts)


class _Held:
    """Keeps the beginning of an answer back (a `start_response` of PEP 3333)."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: list[tuple[str, str]] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return self._refuse

    def _refuse(self, _data: bytes) -> object:
        raise NotImplementedError  # Flask gives all bytes back, and writes none


def _find(edition: Edition, environ: WSGIEnvironment) -> Answer | None:
    if edition.pages is None:
        return None
    encoding = choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    try:
        return edition.pages.find(environ["PATH_INFO"], encoding)
    except EditionError:
        edition.doubt()  # which says so in the log; the application can answer without the index
        return None


def _send(answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    # A list of its own for each request: the server may change it (PEP 3333).
    if is_current(environ.get("HTTP_IF_NONE_MATCH"), answer.etag):
        start_response("304 Not Modified", [*answer.kept_headers])
        return []
    start_response("200 OK", [*answer.headers])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]


@lru_cache(maxsize=512)
def choose_encoding(accepted: str) -> str | None:
    """Return the encoding for an `Accept-Encoding` field (RFC 9110, 12.5.3); None for a page as it is."""
    wanted = {
        match[1].lower(): float(match[2] or 1)
        for match in _QUALITY.finditer(accepted)
        if match[2] is None or re.fullmatch(r"[01](?:\.\d{0,3})?", match[2])
    }
    best = max(ENCODINGS, key=lambda name: wanted.get(name, wanted.get("*", 0.0)))
    return best if wanted.get(best, wanted.get("*", 0.0)) > 0 else None


def is_current(field: str | None, etag: str) -> bool:
    """Return whether an `If-None-Match` field (RFC 9110, 13.1.2) names a page that has not changed."""
    if field is None:
        return False
    return field.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in field.split(",")}
