"""Links to places on other pages: whether they lead somewhere is seen only when both pages are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from html import unescape

from constanta.edition.pages import IndexWriter
from constanta.edition.render import Rendered
from constanta.edition.verify import find_ids, name_dead_link, split_link
from constanta.errors import Problem


class Fragments:
    """The links of an edition to places on other pages.

    Where neither page was rendered, a link is as right as it was in the edition before.

    Args:
        index: The index of the edition before, which becomes that of this one.
        base_url: The public address of the site.
        read: Returns the HTML of a page of this edition.
    """

    def __init__(self, index: IndexWriter, base_url: str, read: Callable[[str], str]) -> None:
        self._index = index
        self._base_url = base_url
        self._read = read
        self._links: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._same: dict[str, str] = {}

    def add(self, page: Rendered) -> None:
        """Take in a page that was rendered."""
        self._ids[page.path] = self._same.setdefault(page.ids, page.ids)  # most pages of a kind have the same
        if page.fragments:
            self._links[page.path] = page.fragments

    def keep(self, kept: Collection[str]) -> list[Problem]:
        """Write the links of the pages that were rendered, and of these that were taken over; return what is wrong with any."""
        if not self._links and not self._index.has_fragments(self._ids):
            return []
        before = dict(self._index.read_fragments())
        links = {path: links for path, links in before.items() if path in kept}
        same, new = _split_all(links.values()), _split_all(self._links.values())
        known = same | _split_all(links for path, links in before.items() if path not in kept)
        links |= self._links
        addresses = {link: split_link(link, self._base_url) for link in same | new}
        broken = {link for link, to in addresses.items() if not self._is_there(*to, is_known=link in known)}
        self._index.put_fragments(before, dict.fromkeys((path for path, _ in addresses.values()), "") | links)
        return [
            name_dead_link(path, link)
            for path in sorted(links if broken else ())
            for link in links[path].split()
            if link in broken
        ]

    def _is_there(self, path: str, fragment: str, *, is_known: bool) -> bool:
        ids = self._ids.get(path)
        if ids is None:
            if is_known:
                return True
            ids = self._ids[path] = " ".join(find_ids(self._read(path))) if path.endswith("/") else ""
        return fragment in unescape(ids).split()


def _split_all(links: Iterable[str]) -> set[str]:
    return set(" ".join(links).split())
