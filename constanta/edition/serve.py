"""Rendered pages straight from the edition's files, before Flask is asked: one look-up, one file, ready headers."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.sansio.utils import host_is_trusted

from constanta.edition.pages import ENCODINGS, PAGES, Page, file_of, make_variant
from constanta.edition.switch import Edition
from constanta.errors import EditionError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EDITION = "constanta.edition"
"""The key in the WSGI environment of the edition that the request reads: one and the same from here to the last byte."""

_LOG = logging.getLogger(__name__)

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
        if self._is_for_pages(environ):
            try:
                edition = self._open_edition()
            except EditionError:
                return self._application(environ, start_response)  # which says so to the reader
            environ[EDITION] = edition
            page = edition.pages.find(environ["PATH_INFO"]) if edition.pages else None
            answer = _answer(edition.folder, page, environ, start_response) if page else None
            if answer is not None:
                return answer
        return self._application(environ, start_response)

    def _is_for_pages(self, environ: WSGIEnvironment) -> bool:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
            return False
        return not self._hosts or _is_known_host(environ.get("HTTP_HOST", ""), self._hosts)


@lru_cache(maxsize=64)
def _is_known_host(host: str, hosts: tuple[str, ...]) -> bool:
    return host_is_trusted(host, hosts)


def _answer(
    folder: Path, page: Page, environ: WSGIEnvironment, start_response: StartResponse
) -> list[bytes] | None:
    """Answer with a page; None where its file is damaged."""
    encoding = choose_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    variant = page.variants[encoding] if encoding else page.plain
    headers = [*page.headers, ("ETag", variant.etag), ("Vary", "Accept-Encoding")]
    if is_current(environ.get("HTTP_IF_NONE_MATCH"), variant.etag):
        start_response("304 Not Modified", headers)
        return []
    body = _read(folder, page, encoding)
    if body is None:
        return None
    if encoding:
        headers.append(("Content-Encoding", encoding))
    headers.append(("Content-Length", str(variant.size)))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _read(folder: Path, page: Page, encoding: str | None) -> bytes | None:
    """Return a page's bytes in an encoding, if they are what was written."""
    stored = encoding or "gzip"
    path = f"{folder}/{PAGES}/{file_of(page.path, stored)}"
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - three times as fast
            body = file.read()
    except OSError as error:
        _LOG.critical("%s cannot be read: %s", path, error)
        return None
    if make_variant(body) != page.variants[stored]:
        _LOG.critical("%s is damaged: its digest is another. Run: flask publish --anew", path)
        return None
    return body if encoding else zlib.decompress(body, 31)


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
