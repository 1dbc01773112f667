"""Links that work wherever a page lies: from the root of a site to relative ones between files."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

_LINKING = frozenset({"href", "src", "action", "formaction", "cite", "poster", "data"})
"""The attributes whose value is one address (HTML Living Standard, “Attributes”)."""

_SENDING = frozenset({"action", "formaction"})
"""Those to which a form's fields are sent, which no file can take."""

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""")


def place_of(path: str) -> str:
    """Return the file in which the page of a path lies: a folder's page is its `index.html`."""
    return path.removeprefix("/") + ("index.html" if path.endswith("/") else "")


@dataclass(frozen=True, slots=True)
class Place:
    """From where a page links, and what there is to link to.

    Attributes:
        path: The path of the page on the site.
        known: The paths of all pages that lie beside it.
        base_url: The address of the site, for what does not.
    """

    path: str
    known: Collection[str]
    base_url: str

    def link(self, address: str, *, sends: bool = False) -> str:
        """Return an address of the page as it must stand in the file; other sites' stay as they are.

        Names `index.html` where a folder is meant: without a server nobody looks for it. What a form sends needs one.
        """
        parts = urlsplit(address)
        if not address or address.startswith("#") or parts.scheme or parts.netloc:
            return address
        whole = urlsplit(urljoin(self.path, address))
        if sends or whole.query or whole.path not in self.known:
            return self.base_url + whole.geturl()
        file = posixpath.relpath(place_of(whole.path), posixpath.dirname(place_of(self.path)) or ".")
        return f"{file}#{whole.fragment}" if whole.fragment else file


class _Tags(HTMLParser):
    """Finds the start tags of a page; all that stands between them is kept byte by byte."""

    def __init__(self, text: str, change: Callable[[str], str]) -> None:
        super().__init__(convert_charrefs=False)
        self._text, self._change = text, change
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._parts: list[str] = []
        self._done = 0

    def run(self) -> str:
        self.feed(self._text)
        self.close()
        return "".join((*self._parts, self._text[self._done :]))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        line, column = self.getpos()
        start, raw = self._lines[line - 1] + column, self.get_starttag_text() or ""
        self._parts += [self._text[self._done : start], self._change(raw)]
        self._done = start + len(raw)


def _change_links(tag: str, place: Place) -> str:
    def change(match: re.Match[str]) -> str:
        name, equals, value = match.groups()
        if name.lower() not in _LINKING:
            return match[0]
        address = html.unescape(value.strip("\"'"))
        changed = place.link(address, sends=name.lower() in _SENDING)
        return match[0] if changed == address else f'{name}{equals}"{html.escape(changed)}"'

    return _ATTRIBUTE.sub(change, tag)


def relative_page(text: str, place: Place) -> str:
    """Return a page whose links lead to the files beside it, and to the site where there is no such file."""
    return _Tags(text, lambda tag: _change_links(tag, place)).run()
