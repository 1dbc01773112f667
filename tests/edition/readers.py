"""Readers who load one page after the other, and the proof that each of them got one whole edition at a time."""

from __future__ import annotations

import hashlib
import http.client
import random
import re
import time
import zlib
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

import brotlicffi

from constanta.edition.pages import make_variant
from tests.deploy.installation import HOST
from tests.newsletter.parts import FULL_SIZE

MARK = re.compile(rb"Edition (\d+) of the book")
"""The title by which an edition can be told from all others."""

SEARCH = "/en/search/?q=number"
"""A page that is made for each request; what is looked for stands in the text and not in the title."""


PAUSE = 0.0 if FULL_SIZE else 0.02
"""Seconds between two pages; at full size there is none."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that a reader got: when it was asked for and had come, the digest of its bytes, and the marks on it."""

    asked: float
    came: float
    path: str
    digest: bytes
    marks: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Lost:
    """A request without an answer; `opened` is when its connection was."""

    opened: float
    ended: float
    reason: str


@dataclass(slots=True)
class Reign:
    """The time in which an edition may have been served.

    Attributes:
        name: The edition's name.
        mark: What tells it from others.
        pages: The digests of its pages, by path.
        begin: When it was not served yet.
        end: When it was served no more.
        asked: When a page that is surely of this edition was asked for, the last time.
        came: When such a page had come, the first time.
    """

    name: str
    mark: bytes
    pages: Mapping[str, bytes]
    begin: float
    end: float = float("inf")
    asked: float = 0.0
    came: float = float("inf")

    def has(self, seen: Seen) -> bool:
        """Return whether a page is of this edition."""
        if seen.path == SEARCH:
            return seen.marks == {self.mark}
        return self.pages.get(seen.path) == seen.digest


class Wrong(Exception):  # noqa: N818 - it is said of an answer
    """An answer is not what it should be."""


@dataclass
class Readers:
    """Readers, each with one connection after the other.

    Args:
        connect: Opens a connection.
        paths: The pages that are read.
        seed: What the order of pages is drawn from.
    """

    connect: Callable[[], http.client.HTTPConnection]
    paths: Sequence[str]
    seed: str
    seen: list[Seen] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stop: Event = field(default_factory=Event)

    def start(self, number: int) -> list[Thread]:
        threads = [Thread(target=self._read, args=(f"{self.seed}-{one}",)) for one in range(number)]
        for thread in threads:
            thread.start()
        return threads

    def take(self) -> list[Seen]:
        """Return what has been seen since the last time."""
        seen, self.seen = self.seen, []
        return seen

    def _read(self, seed: str) -> None:
        draw = random.Random(seed)
        while not self.stop.is_set():
            opened, connection = time.monotonic(), self.connect()
            reader = _Reader(connection, draw)
            try:
                while not self.stop.is_set():
                    self.seen.append(reader.load(draw.choice(self.paths)))
                    self.stop.wait(PAUSE)
            except (OSError, http.client.HTTPException) as error:
                self.lost.append(Lost(opened, time.monotonic(), repr(error)))
            except Wrong as error:
                self.wrong.append(str(error))
            finally:
                connection.close()


@dataclass
class _Reader:
    connection: http.client.HTTPConnection
    draw: random.Random
    known: dict[tuple[str, str], tuple[str, bytes, frozenset[bytes]]] = field(default_factory=dict)

    def load(self, path: str) -> Seen:
        """Return what is got for a path, in some encoding, now and then only if it has changed."""
        encoding = self.draw.choice(("br", "gzip", "identity"))
        etag, digest, marks = self.known.get((path, encoding), ("", b"", frozenset[bytes]()))
        headers = {"Host": HOST, "Accept-Encoding": encoding}
        if etag and self.draw.random() < 0.5:
            headers["If-None-Match"] = etag
        asked = time.monotonic()
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        came = time.monotonic()
        if response.status != 304:
            etag, digest, marks = _examine(path, encoding, response, body)
            self.known[path, encoding] = etag, digest, marks
        elif body or "If-None-Match" not in headers or response.headers["ETag"] != etag:
            raise Wrong(f"{path}: 304 for {response.headers['ETag']}, asked with {etag}")
        return Seen(asked, came, path, digest, marks)


def _examine(
    path: str, encoding: str, response: http.client.HTTPResponse, body: bytes
) -> tuple[str, bytes, frozenset[bytes]]:
    """Return validator, digest and marks of an answer that is whole."""
    headers = response.headers
    if response.status != 200:
        raise Wrong(f"{path}: {response.status}")
    if headers["Content-Length"] != str(len(body)):
        raise Wrong(f"{path}: {len(body)} bytes of {headers['Content-Length']}")
    sent, etag = headers.get("Content-Encoding", "identity"), headers.get("ETag", "")
    if path != SEARCH and (sent, etag) != (encoding, make_variant(body).etag):
        raise Wrong(f"{path}: {sent} and {etag} are not what its bytes are")
    plain = _decode(sent, body)
    if headers["Content-Type"].startswith("text/html") and not plain.rstrip().endswith(b"</html>"):
        raise Wrong(f"{path}: torn")
    marks = frozenset(MARK.findall(plain))
    if len(marks) > 1:
        raise Wrong(f"{path}: mixed of {marks}")
    return etag, hashlib.sha256(plain).digest(), marks


def _decode(encoding: str, body: bytes) -> bytes:
    if encoding == "br":
        return brotlicffi.decompress(body)
    return zlib.decompress(body, 31) if encoding == "gzip" else body


def judge(reigns: Sequence[Reign], seen: Sequence[Seen]) -> None:
    """Hold that each page was of an edition served then, and that no reader got one after a newer one was seen.

    Each switch is one step at a moment that nobody knows; so all pages of before were asked for before the first page of
    after had come.
    """
    begins = [reign.begin for reign in reigns]
    for one in seen:
        last = bisect_right(begins, one.came)
        first = next((n for n in range(last - 1, -1, -1) if reigns[n].end < one.asked), -1) + 1
        found = [reign for reign in reigns[first:last] if reign.has(one)]
        assert found, f"{one.path} with the marks {set(one.marks)} is of no edition that was served then"
        if len(found) == 1:
            found[0].asked = max(found[0].asked, one.asked)
            found[0].came = min(found[0].came, one.came)
    latest = 0.0
    for reign in reigns:
        assert latest <= reign.came, f"an older edition was served after {reign.name}"
        latest = max(latest, reign.asked)
