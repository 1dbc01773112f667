"""What must be right before readers get to see it: whole pages, links that lead somewhere, one round trip of data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Set
from html import unescape
from xml.parsers import expat

from constanta.edition.pages import Page
from constanta.errors import Problem, sentence

BUDGET = 14_336
"""The most bytes of a compressed page: what a server may send before the first answer (RFC 6928: ten segments)."""

DEAD_LINK = "dead-link"
"""The code of a problem with a link that leads nowhere; the sentence about a page has the link, spelled as in HTML, as `link`."""

_ATTRIBUTE = re.compile(r' ((?:href|src|action|id)="[^"]*)"')
"""A link, or a place for links, of our own HTML, which has every attribute in quotes: twenty times as fast as parsing it."""

_MOST_RIGHT = 5_000
"""After how many links that are right they are forgotten, so that a process holds a megabyte of them."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_START = re.compile(r"\s*<!doctype html>\s*<html lang=\"[^\"]+\"", re.IGNORECASE)


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

    def find_broken(self, text: str) -> list[str]:
        """Return the links in a page's HTML that lead nowhere, in their order."""
        found = _ATTRIBUTE.findall(text)
        there = set(found)
        if len(self._right) > _MOST_RIGHT:
            self._right.clear()
        broken = {attribute for attribute in there - self._right if not self._is_right(attribute, there)}
        return list(dict.fromkeys(_value_of(each) for each in found if each in broken)) if broken else []

    def _is_right(self, attribute: str, there: Set[str]) -> bool:
        """Return whether an attribute of a page, which has these, is no link or leads somewhere."""
        link = _value_of(attribute)
        if attribute.startswith("id") or link == "#":
            return True
        if link.startswith("#"):
            return f'id="{link[1:]}' in there
        leads = self._leads_anywhere(unescape(link))
        if leads:
            self._right.add(attribute)
        return leads

    def _leads_anywhere(self, address: str) -> bool:
        path = address.partition("#")[0].partition("?")[0]
        if f"{path}/".startswith(f"{self._base_url}/"):
            path = path.removeprefix(self._base_url) or "/"
        if not path.startswith("/"):
            return bool(_SCHEME.match(path))
        return path in self._paths or self._is_dynamic(path)


def _value_of(attribute: str) -> str:
    return attribute.partition('="')[2]


def check_page(page: Page, text: str, links: Links) -> Iterator[Problem]:
    """Yield what is wrong with a rendered page."""
    mimetype = dict(page.headers).get("Content-Type", "").partition(";")[0]
    if not _is_whole(mimetype, text):
        yield Problem(sentence("The page %(path)s is not whole.", path=page.path))
    if mimetype != "text/html":
        return
    yield from check_links(page.path, text, links)
    size = max(variant.size for variant in page.variants.values())
    if size > BUDGET:
        wrong = sentence(
            "The page %(path)s has %(size)d bytes when compressed; %(most)d are the most. Divide the text.",
            path=page.path,
            size=size,
            most=BUDGET,
        )
        yield Problem(wrong)


def check_links(path: str, text: str, links: Links) -> Iterator[Problem]:
    """Yield the links on a page that lead nowhere."""
    for link in links.find_broken(text):
        wrong = sentence("On the page %(path)s, the link “%(link)s” leads nowhere.", path=path, link=link)
        yield Problem(wrong, code=DEAD_LINK)


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
