"""The rendered pages of an edition: where each lies, what guards its bytes, and what it stands on.

A page is kept only compressed, as `pages/<path>.gz` and `.br`; a path that ends with a slash lies as `.html`. Whoever
accepts neither gets the gzip form unpacked. What is known of each stands in their index (see `page_index`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

PAGES = "pages"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""The encodings in which pages are kept, the better one first, with the ending of their files."""

Headers = tuple[tuple[str, str], ...]


class Variant(NamedTuple):
    """One form of a page's bytes: its SHA-256 and its size."""

    digest: bytes
    size: int

    @property
    def time(self) -> int:
        """The time of change that its file is given: a second between 2001 and 2018, made of the digest.

        nginx makes its ETag of a file's time and size. So it changes exactly when the bytes do, whatever the clock
        says, and is the same on every node.
        """
        return 1_000_000_000 + int.from_bytes(self.digest[:4], "big") % 0x20000000

    @property
    def etag(self) -> str:
        """Its strong validator (RFC 9110, 8.8.3), as nginx writes it for the file."""
        return f'"{self.time:x}-{self.size:x}"'


class Page(NamedTuple):
    """A rendered page; a tuple, for pages go from one process to another by the thousand.

    Attributes:
        path: Its address on the site.
        language: The tag of its language; empty where it stands in none (the sitemap).
        headers: What it is answered with, without the fields that depend on the encoding.
        plain: Its bytes as they were rendered.
        variants: Its compressed forms, by encoding.
        reads: What it stands on, in the words of `queries`, as digests.
        fragments: Its links to places on other pages, as they are spelled in HTML, with spaces between them.
    """

    path: str
    language: str
    headers: Headers
    plain: Variant
    variants: dict[str, Variant]
    reads: bytes = b""
    fragments: str = ""


def make_variant(data: bytes) -> Variant:
    """Return what guards some bytes."""
    return Variant(hashlib.sha256(data).digest(), len(data))


def digest_reads(names: Iterable[str]) -> bytes:
    """Return what a page stands on, eight bytes for each name: two names that meet cost a page rendered in vain."""
    return b"".join(sorted(map(digest_name, names)))


@lru_cache(maxsize=8192)
def digest_name(name: str) -> bytes:
    """Return the eight bytes that stand for a name."""
    return hashlib.blake2b(name.encode(), digest_size=8).digest()


def file_of(path: str, encoding: str) -> str:
    """Return where a page lies under `pages/` in an encoding."""
    return (f"{path[1:-1]}.html" if path.endswith("/") else path[1:]) + ENCODINGS[encoding]
