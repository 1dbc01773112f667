"""The stylesheet inside every page, and the headers that keep a page from loading anything else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

import rcssmin
from flask import Flask, Response
from markupsafe import Markup

from constanta.pages.site import current_location, current_site, here

STATIC_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Browsers look up the hosts of a page's links in advance, also that of the quick exit, unless told not to.
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}
"""Headers that every answer has."""


@cache
def _read_stylesheet(path: Path, _stamp: int) -> tuple[Markup, Markup]:
    """Return the stylesheet without comments and spaces, and what names it in a policy."""
    text = rcssmin.cssmin(path.read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), Markup(f"'sha256-{digest}'")  # noqa: S704


def _current_stylesheet() -> tuple[Markup, Markup]:
    kept = here()
    if "stylesheet" not in kept:
        settings = current_site().settings
        path = settings.root / "static" / "site.css"
        kept["stylesheet"] = _read_stylesheet(path, path.stat().st_mtime_ns if settings.debug else 0)
    found: tuple[Markup, Markup] = kept["stylesheet"]
    return found


def stylesheet() -> Markup:
    """Return the stylesheet as it stands inside a page: one request brings all that a page needs."""
    return _current_stylesheet()[0]


def style_source() -> Markup:
    """Return what names the page's own stylesheet in a policy: the digest of its bytes."""
    return _current_stylesheet()[1]


def content_security_policy() -> str:
    """Return the policy that lets a page use its own stylesheet and forms, and nothing else (CSP Level 3).

    No page connects to anything; `connect-src` is for Lighthouse, which fetches `robots.txt` in the page's name.
    """
    return (
        f"default-src 'none'; style-src {style_source()}; img-src data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _headers_of_place() -> dict[str, str]:
    """Return the headers that depend on where the site is reached: HSTS (RFC 6797) and its onion address."""
    settings = current_site().settings
    headers = {}
    if settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=63072000"
    if settings.onion_url:
        headers["Onion-Location"] = settings.onion_url + quote(current_location().path)
    return headers


def init_headers(app: Flask) -> None:
    """Give every answer its headers."""
    app.jinja_env.globals.update(stylesheet=stylesheet, style_source=style_source)

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Browsers show feeds and plain text as well, and make a document of them.
        policy = {"Content-Security-Policy": content_security_policy()}
        wanted = {**STATIC_HEADERS, **_headers_of_place(), **policy}
        given = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in wanted.items() if name.lower() not in given)
        return response
