"""What must be right before readers get to see it: whole pages, links that lead somewhere, one round trip of data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Set
from enum import Enum, auto
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from constanta.edition.pages import Page
from constanta.errors import Problem, sentence

BUDGET = 14_336
"""The most bytes of a compressed page: what a server may send before the first answer (RFC 6928: ten segments)."""

DEAD_LINK = "dead-link"
"""The code of a problem with a link that leads nowhere; the sentence about a page has the link, spelled as in HTML, as `link`."""

TOO_LARGE = "too-large"
"""The code of a problem with a page that is too large; the sentence has its address as `path`."""

_ATTRIBUTE = re.compile(r' ((?:href|src|action|id)="[^"]*)"')
"""A link, or a place for links, of our own HTML, which has every attribute in quotes: twenty times as fast as parsing it."""

_MOST_RIGHT = 5_000
"""After how many links that are right they are forgotten, so that a process holds a megabyte of them."""

_BEGINNING = {"", "top"}
"""The fragments, in small letters, that lead to the beginning of any page (HTML, “select the indicated part”)."""

_DIRECTIVE = ":~:"
"""What comes after it in a fragment names no place but words to be shown (WICG, “URL Fragment Text Directives”)."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_START = re.compile(r"\s*<!doctype html>\s*<html lang=\"[^\"]+\"", re.IGNORECASE)


class Found(NamedTuple):
    """What there is on a page, as it is spelled in HTML.

    Attributes:
        broken: The links that lead nowhere, in their order.
        fragments: The links to a place on another page of the edition; that page is there, the place may not be.
        ids: The places to which a fragment can lead.
    """

    broken: list[str]
    fragments: list[str]
    ids: list[str]


class _Verdict(Enum):
    """What is to be said of a link: a fragment leads to a place on another page of the edition."""

    RIGHT = auto()
    BROKEN = auto()
    FRAGMENT = auto()


class Links:
    """Where the links of an edition's pages may lead.

    Args:
        paths: The pages of the edition.
        is_dynamic: Returns whether a path leads to something that is made for each request.
        base_url: The public address of the site: links that begin with it are internal too.
    """

    def __init__(self, paths: Set[str], is_dynamic: Callable[[str], bool], base_url: str) -> None:
        self._paths = paths
        self._is_dynamic = is_dynamic
        self._base_url = base_url
        self._right: set[str] = set()
        """Links that are right on any page, as they stand in its HTML."""

    def examine(self, text: str) -> Found:
        """Return what there is of links and of places for them in a page's HTML."""
        found = _ATTRIBUTE.findall(text)
        there = set(found)
        if len(self._right) > _MOST_RIGHT:
            self._right.clear()
        verdicts = {attribute: self._judge(attribute, there) for attribute in there - self._right}
        broken = {each for each, verdict in verdicts.items() if verdict is _Verdict.BROKEN}
        fragments = {_value_of(each) for each, verdict in verdicts.items() if verdict is _Verdict.FRAGMENT}
        dead = dict.fromkeys(_value_of(each) for each in found if each in broken) if broken else ()
        return Found(list(dead), sorted(fragments), _ids_in(there))

    def _judge(self, attribute: str, there: Set[str]) -> _Verdict:
        """Return what is to be said of an attribute of a page, which has these; one that is no link is right."""
        link = _value_of(attribute)
        if attribute.startswith("id"):
            return _Verdict.RIGHT
        if link.startswith("#"):
            place = link[1:].partition(_DIRECTIVE)[0]
            is_there = place.lower() in _BEGINNING or f'id="{place}' in there
            return _Verdict.RIGHT if is_there else _Verdict.BROKEN
        path, fragment = split_link(link, self._base_url)
        if path in self._paths and fragment.lower() not in _BEGINNING:
            # An id has no spaces (HTML, 3.2.6).
            return _Verdict.FRAGMENT if len(link.split()) == 1 else _Verdict.BROKEN
        if path not in self._paths and not (
            self._is_dynamic(path) if path.startswith("/") else _SCHEME.match(path)
        ):
            return _Verdict.BROKEN
        self._right.add(attribute)
        return _Verdict.RIGHT


def split_link(link: str, base_url: str) -> tuple[str, str]:
    """Return the path to which a link leads, or the address where it leads away from the site; and its fragment.

    Args:
        link: The link as it stands in HTML.
        base_url: The public address of the site.
    """
    address, _, fragment = unescape(link).partition("#")
    path = address.partition("?")[0]
    fragment = fragment.partition(_DIRECTIVE)[0]
    if f"{path}/".startswith(f"{base_url}/"):
        path = path.removeprefix(base_url) or "/"
    return path, unquote(fragment)


def find_ids(text: str) -> list[str]:
    """Return the places on a page to which a fragment can lead."""
    return _ids_in(_ATTRIBUTE.findall(text))


def _ids_in(attributes: Iterable[str]) -> list[str]:
    return sorted([_value_of(each) for each in attributes if each.startswith("id")])


def _value_of(attribute: str) -> str:
    return attribute.partition('="')[2]


class Checked(NamedTuple):
    """What is wrong with a page, its links to places on other pages, and its own ids; each with spaces between them."""

    problems: tuple[Problem, ...]
    fragments: str
    ids: str


def check_page(page: Page, text: str, links: Links) -> Checked:
    """Return what is wrong with a rendered page, and what can be seen only when all pages are there."""
    mimetype = dict(page.headers).get("Content-Type", "").partition(";")[0]
    is_html = mimetype == "text/html"
    broken, fragments, ids = links.examine(text) if is_html else Found([], [], [])
    problems = [name_dead_link(page.path, link) for link in broken]
    if not _is_whole(mimetype, text):
        problems.insert(0, Problem(sentence("The page %(path)s is not whole.", path=page.path)))
    size = max(variant.size for variant in page.variants.values())
    if is_html and size > BUDGET:
        wrong = sentence(
            "The page %(path)s has %(size)d bytes when compressed; %(most)d are the most. Divide the text.",
            path=page.path,
            size=size,
            most=BUDGET,
        )
        problems.append(Problem(wrong, code=TOO_LARGE))
    return Checked(tuple(problems), " ".join(fragments), " ".join(ids))


def name_dead_link(path: str, link: str) -> Problem:
    """Return the problem of a page on which a link leads nowhere."""
    wrong = sentence("On the page %(path)s, the link “%(link)s” leads nowhere.", path=path, link=link)
    return Problem(wrong, code=DEAD_LINK)


def _is_whole(mimetype: str, text: str) -> bool:
    if mimetype == "text/html":
        # `</main>` stands near the end, so it is looked for from there.
        return bool(_START.match(text)) and text.rfind("</main>") >= 0 and text.rstrip().endswith("</html>")
    if mimetype.endswith("json"):
        return _parses(json.loads, text)
    if mimetype.endswith("xml"):
        return _parses(_parse_xml, text)
    return text.endswith("\n")


def _parse_xml(text: str) -> None:
    expat.ParserCreate().Parse(text, True)  # noqa: FBT003 - nothing may follow, so nothing may be missing


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except (ValueError, expat.ExpatError):
        return False
    return True
