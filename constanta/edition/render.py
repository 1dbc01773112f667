"""Every page of an edition, rendered by the application itself, checked, compressed and written."""

from __future__ import annotations

import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from contextvars import Context
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import brotli

from constanta.edition.files import link_page
from constanta.edition.pages import (
    PAGES,
    Headers,
    Page,
    PageIndex,
    Variant,
    digest_reads,
    file_of,
    make_variant,
)
from constanta.edition.switch import Edition
from constanta.edition.tracking import noting_reads
from constanta.edition.verify import Links, check_page
from constanta.errors import Problem, sentence

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page: its path, and the tag of its language; empty where it stands in none."""

    path: str
    language: str


@dataclass(frozen=True, slots=True)
class Website:
    """What renders the pages.

    Attributes:
        application: The application.
        base_url: The public address of the site.
        showing: Makes the application show an edition inside a `with` block.
        list_addresses: Returns the addresses of all pages of the edition that is shown.
        is_dynamic: Returns whether a path leads to something that is made for each request.
    """

    application: WSGIApplication
    base_url: str
    showing: Callable[[Edition], AbstractContextManager[None]]
    list_addresses: Callable[[], Iterable[Address]]
    is_dynamic: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page that was rendered, whether it differs from the one before, and what is wrong with it."""

    page: Page
    is_new: bool
    problems: tuple[Problem, ...]


class Renderer:
    """Renders pages into the folder of an edition.

    Args:
        website: What renders the pages.
        folder: The edition's folder.
        paths: The paths of all pages that the edition will have.
        before: The edition whose files are used again where a page is the same as before.
    """

    def __init__(self, website: Website, folder: Path, paths: frozenset[str], before: Path | None) -> None:
        self._website = website
        self._folder = folder
        self._paths = paths
        self._before = before

    def render(self, addresses: Iterable[Address]) -> Iterator[Rendered]:
        """Yield each page once its files are written."""
        links = Links(self._paths, self._website.is_dynamic, self._website.base_url)
        index = PageIndex(self._before) if self._before else None
        for address in addresses:
            # A request that begins inside a command, or inside another one, would share Flask's `g` with it.
            (status, headers, body), reads = Context().run(self._fetch, address.path)
            page = Page(address.path, address.language, headers, make_variant(body), {}, digest_reads(reads))
            if status != "200 OK":
                wrong = sentence("The page %(path)s answers %(status)s.", path=address.path, status=status)
                yield Rendered(page, is_new=True, problems=(Problem(wrong),))
                continue
            old = index.find(address.path) if index else None
            same = old is not None and old.plain == page.plain and self._link(old)
            page = replace(page, variants=old.variants if old and same else self._write(address.path, body))
            yield Rendered(page, not same, tuple(check_page(page, body, links)))

    def _fetch(self, path: str) -> tuple[Answer, set[str]]:
        """Return what the application answers, and what it has read for that."""
        with noting_reads() as reads:
            return fetch(self._website, path), reads

    def _link(self, page: Page) -> bool:
        """Use the files of the page before once more; return whether they are there."""
        return self._before is not None and link_page(self._before, self._folder, page.path)

    def _write(self, path: str, body: bytes) -> dict[str, Variant]:
        return {
            encoding: write_file(self._folder / PAGES / file_of(path, encoding), data)
            for encoding, data in compress(body).items()
        }


_OF_BYTES = frozenset({"Content-Length", "Content-Encoding", "ETag", "Vary"})
"""The fields that depend on the encoding."""

Answer = tuple[str, Headers, bytes]
"""Status, headers and body."""


def fetch(website: Website, path: str) -> Answer:
    """Return status, headers and body of what the application answers to a GET of a path."""
    answer: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
        answer[:] = [status, tuple((n, v) for n, v in headers if n not in _OF_BYTES)]
        return answer.append

    result = website.application(_environ(website.base_url, path), start_response)
    try:
        body = b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    return answer[0], answer[1], body


def _environ(base_url: str, path: str) -> dict[str, Any]:
    """Return the environment of a request (PEP 3333) as it comes to the site's public address."""
    base = urlsplit(base_url)
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": base.hostname or "",
        "SERVER_PORT": str(base.port or (443 if base.scheme == "https" else 80)),
        "HTTP_HOST": base.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def compress(body: bytes) -> Mapping[str, bytes]:
    """Return a page's bytes in each encoding; the same bytes give the same bytes (the gzip header has no time).

    The levels give a few per cent less than the highest ones, which take twenty times as long.
    """
    return {
        "br": brotli.compress(body, mode=brotli.MODE_TEXT, quality=5, lgwin=16),
        "gzip": zlib.compress(body, 5, wbits=31),
    }


def write_file(path: Path, data: bytes) -> Variant:
    """Write a file with the time that goes with its bytes."""
    variant = make_variant(data)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.utime(file.fileno(), (variant.time, variant.time))
    return variant
