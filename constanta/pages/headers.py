"""The stylesheet inside every page, and the headers that keep a page from loading anything else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from http import HTTPStatus
from itertools import repeat
from pathlib import Path
from typing import NamedTuple
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
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Headers that every answer has."""


SHEETS = ("base", "lists", "tiles", "filters", "text", "forms", "search", "home")
"""The sheets under `static/styles/`, in the order in which they stand in a page: of two equal rules the later one counts."""


class Stylesheet(NamedTuple):
    """The stylesheet of a page.

    Attributes:
        text: Its rules, as they stand inside the page: one request brings all that the page needs.
        source: What names it in a policy: the digest of its bytes.
    """

    text: Markup
    source: Markup


@cache
def _read_stylesheet(root: Path, names: tuple[str, ...], stamps: tuple[int, ...]) -> Stylesheet:
    """Return some sheets as one, without comments and spaces."""
    text = rcssmin.cssmin("".join(map(_read_sheet, _find_sheets(root, names), stamps or repeat(0))))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Stylesheet(Markup(text), Markup(f"'sha256-{digest}'"))  # noqa: S704


@cache
def _read_sheet(file: Path, _stamp: int) -> str:
    return file.read_text(encoding="utf-8")


def hold_sheets(root: Path) -> None:
    """Read all sheets now, as all templates are read."""
    for file in _find_sheets(root, SHEETS):
        _read_sheet(file, 0)


def _find_sheets(root: Path, names: tuple[str, ...]) -> list[Path]:
    """Return the files of some sheets, and of what every page needs, in their order."""
    wanted = {"base", *names}
    if unknown := wanted.difference(SHEETS):
        raise ValueError(f"There is no sheet named {', '.join(sorted(unknown))}.")
    return [root / "static" / "styles" / f"{name}.css" for name in SHEETS if name in wanted]


def stylesheet(*names: str) -> Stylesheet:
    """Return the stylesheet of the page: what every page needs, and the sheets that its kind needs besides."""
    settings = current_site().settings
    root = settings.root
    stamps = [file.stat().st_mtime_ns for file in _find_sheets(root, names)] if settings.debug else []
    found = here()["stylesheet"] = _read_stylesheet(root, names, tuple(stamps))
    return found


def content_security_policy(style: Stylesheet | None) -> str:
    """Return the policy that lets a page use its own stylesheet and forms, and nothing else (CSP Level 3).

    No page connects to anything; `connect-src` is for Lighthouse, which fetches `robots.txt` in the page's name.
    What is no page of ours may use nothing at all.
    """
    if style is None:
        return "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    return (
        f"default-src 'none'; style-src {style.source}; img-src data:; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def _headers_of_place(status: int) -> dict[str, str]:
    """Return the headers that depend on where the site is reached: HSTS (RFC 6797), and the onion address of a page."""
    settings = current_site().settings
    headers = {}
    if settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=63072000"
    if settings.onion_url and status == HTTPStatus.OK:
        headers["Onion-Location"] = settings.onion_url + quote(current_location().path)
    return headers


def init_headers(app: Flask) -> None:
    """Give every answer its headers."""
    app.jinja_env.globals.update(stylesheet=stylesheet)

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Browsers show feeds and plain text as well, and make a document of them.
        style = here().get("stylesheet") if response.mimetype == "text/html" else None
        policy = {"Content-Security-Policy": content_security_policy(style)}
        wanted = {**STATIC_HEADERS, **_headers_of_place(response.status_code), **policy}
        given = {name.lower() for name, _ in response.headers}
        response.headers.extend((name, value) for name, value in wanted.items() if name.lower() not in given)
        return response
