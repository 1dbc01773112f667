"""The pages of one edition as they go out: read once, compared with their digests, and kept in memory while there is room."""

from __future__ import annotations

import logging
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path

from constanta.edition.page_index import PageIndex
from constanta.edition.pages import PAGES, Headers, Page, file_of, make_variant

KEPT_BYTES = 2**20
"""How many bytes of pages a process keeps; then it begins anew."""

LARGEST = 2**16
"""Longer ones are read for each request: lists of all publications, which programs fetch now and then."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page in one encoding.

    Attributes:
        etag: Its strong validator.
        kept_headers: What is said of it where the reader has it already (304).
        headers: What is said of it where it is sent.
        body: Its bytes.
    """

    etag: str
    kept_headers: Headers
    headers: Headers
    body: bytes


class ReadyPages:
    """The pages of one edition, for any number of threads."""

    def __init__(self, folder: Path) -> None:
        """Open the pages in an edition's folder.

        Raises:
            EditionError: Their index cannot be read.
        """
        self._folder = folder
        self._index = PageIndex(folder)
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str | None], Answer] = {}
        self._size = 0

    def find(self, path: str, encoding: str | None) -> Answer | None:
        """Return the page with a path in an encoding; None where there is none, or where its file is damaged."""
        answer = self._kept.get((path, encoding))
        if answer is None:
            page = self._index.find(path)
            body = _read(self._folder, page, encoding) if page else None
            if page is None or body is None:
                return None
            answer = _make_answer(page, encoding, body)
            self._keep((path, encoding), answer)
        return answer

    def _keep(self, key: tuple[str, str | None], answer: Answer) -> None:
        size = len(answer.body)
        if size > LARGEST:
            return
        with self._lock:
            if self._size + size > KEPT_BYTES:
                self._kept.clear()
                self._size = 0
            if key not in self._kept:
                self._kept[key] = answer
                self._size += size


def _make_answer(page: Page, encoding: str | None, body: bytes) -> Answer:
    etag = (page.variants[encoding] if encoding else page.plain).etag
    headers = (*page.headers, ("ETag", etag), ("Vary", "Accept-Encoding"))
    # Who has the page knows its type, and what has no content names none (RFC 9110, 15.4.5).
    kept_headers = tuple(header for header in headers if header[0] != "Content-Type")
    of_bytes = (("Content-Encoding", encoding),) if encoding else ()
    return Answer(etag, kept_headers, (*headers, *of_bytes, ("Content-Length", str(len(body)))), body)


def _read(folder: Path, page: Page, encoding: str | None) -> bytes | None:
    """Return a page's bytes in an encoding, if they are what was written."""
    stored = encoding or "gzip"
    path = folder / PAGES / file_of(page.path, stored)
    try:
        body = path.read_bytes()
    except OSError as error:
        _LOG.critical("%s cannot be read: %s", path, error)
        return None
    if make_variant(body) != page.variants[stored]:
        _LOG.critical("%s is damaged: its digest is another. Run: flask publish --anew", path)
        return None
    return body if encoding else zlib.decompress(body, 31)
