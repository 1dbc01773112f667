"""How a page travels: compressed, with a name for its very bytes, and not at all where the reader has it already."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping

import brotlicffi
from flask import Flask, Response, request

from constanta.pages.site import current_site

FRESH = "public, max-age=300"
"""For how long a page may be shown again without a question: five minutes."""

SMALLEST = 256
"""The number of bytes from which compression is worth its time."""

TYPES = frozenset(
    {
        "application/atom+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/plain",
    }
)
"""What is worth compressing."""


def _brotli(data: bytes) -> bytes:
    return brotlicffi.compress(data, quality=5)


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=6, mtime=0)


ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}
"""The encodings that are offered, the best first (RFC 9110, 8.4.1; RFC 7932)."""


def _encode(response: Response) -> None:
    """Compress an answer as the browser accepts it."""
    data = response.get_data()
    name = request.accept_encodings.best_match(ENCODINGS)
    if name is not None and len(data) >= SMALLEST:
        response.set_data(ENCODINGS[name](data))
        response.headers["Content-Encoding"] = name
    response.vary.add("Accept-Encoding")


def init_encoding(app: Flask) -> None:
    """Encode every answer, and name what may be kept; to be called first, so that it sees what all others have done."""

    @app.after_request
    def encode(response: Response) -> Response:
        kept = request.method in {"GET", "HEAD"} and response.status_code == 200
        publishing = current_site().publishing
        fresh = kept and (publishing or not current_site().settings.debug)
        # What somebody looked for stands in the address of a redirect, and in an error.
        otherwise = "no-store" if not kept and request.query_string else "no-cache"
        response.headers.setdefault("Cache-Control", FRESH if fresh else otherwise)
        if publishing or response.is_streamed:
            return response  # whoever publishes keeps each page in every encoding
        if response.mimetype in TYPES:
            _encode(response)
        if not kept or "no-store" in response.headers["Cache-Control"]:
            return response
        # The name of these very bytes (RFC 9110, 8.8.3).
        response.set_etag(hashlib.blake2b(response.get_data(), digest_size=12).hexdigest())
        return response.make_conditional(request)  # type: ignore[return-value]
