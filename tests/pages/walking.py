"""Every page of a site as a reader comes to it: by links, forms, mail, and mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, render_template
from werkzeug.exceptions import BadRequest, Gone, InternalServerError, MethodNotAllowed

_SPOKEN = {"aria-label", "title", "alt", "placeholder"}
_VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "use"}
_MISTAKES = (BadRequest, MethodNotAllowed, Gone, InternalServerError)
_SEARCHES = ("belarus", "бежанцы граница border", "xyzzy", "human xyzzy")


class Reader(HTMLParser):
    """Collects the texts of a page with their languages, and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.links: list[str] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        lang = values.get("lang", self._open[-1][1])
        if tag in {"a", "form", "use"}:
            self.links.append(values.get("href", values.get("action", "")))
        self.texts += [(lang, values[name]) for name in sorted(_SPOKEN & values.keys())]
        if values.get("name") == "description" or values.get("property") in {"og:title", "og:description"}:
            self.texts.append((lang, values["content"]))
        if tag not in _VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        tag, lang = self._open[-1]
        if tag not in {"style", "script"} and data.strip():
            self.texts.append((lang, data.strip()))


def walk(app: Flask, tags: Iterable[str]) -> dict[str, str]:
    """Return every page of a site in some languages, by its path, or by the path and what has brought the reader there."""
    found: dict[str, str] = {}
    for tag in tags:
        home = f"/{tag}/"
        found |= _follow_links(app, [home, f"{home}nothing/"])
        found |= {f"{home}search/?q={query}": _get(app, f"{home}search/?q={query}") for query in _SEARCHES}
        found |= _answers(app, f"{home}newsletter/")
    return found


def _follow_links(app: Flask, waiting: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    while waiting:
        path = waiting.pop()
        found[path] = _get(app, path)
        waiting += {
            link for link in _internal_links(found[path]) if link not in found and link not in waiting
        }
    return {path: html for path, html in found.items() if html}


def _get(app: Flask, path: str) -> str:
    """Return a page, or nothing where there is no page but a file."""
    response = app.test_client().get(path)
    assert response.status_code == (404 if "nothing" in path else 200), path
    assert "Set-Cookie" not in response.headers
    return response.text if response.mimetype == "text/html" else ""


def _internal_links(html: str) -> Iterator[str]:
    for link in Reader(html).links:
        if link.startswith("/"):
            yield urlsplit(link).path


def _answers(app: Flask, path: str) -> Iterator[tuple[str, str]]:
    """Yield what the newsletter can answer, and what becomes of mistakes."""
    assert app.template_folder
    folder = Path(app.root_path, app.template_folder, "newsletter")
    for file in folder.glob("[!fm]*.html"):  # the form itself is reached by links, and mail is no page
        with app.test_request_context(path):
            app.preprocess_request()
            yield f"{path} {file.stem}", render_template(f"newsletter/{file.name}")
    for mistake in _MISTAKES:
        with app.test_request_context(path):
            app.preprocess_request()
            response = app.handle_http_exception(mistake())
            assert isinstance(response, Response)
            yield f"{path} {mistake.code}", response.get_data(as_text=True)
