"""Links to places on other pages: whether they lead somewhere is seen only when both pages are there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from html import unescape

from constanta.edition.page_index import IndexWriter
from constanta.edition.render import Rendered
from constanta.edition.verify import find_ids, name_dead_link, split_link
from constanta.errors import Problem


class Fragments:
    """The links of an edition to places on other pages.

    Where neither page was rendered, a link is as right as it was in the edition before.

    Args:
        index: The index of the pages of this edition.
        base_url: The public address of the site.
        read: Returns the HTML of a page of this edition.
    """

    def __init__(self, index: IndexWriter, base_url: str, read: Callable[[str], str]) -> None:
        self._index = index
        self._base_url = base_url
        self._read = read
        self._ids: dict[str, str] = {}
        self._same: dict[str, str] = {}

    def add(self, page: Rendered) -> None:
        """Take in a page that was rendered."""
        self._ids[page.path] = self._same.setdefault(page.ids, page.ids)  # most pages of a kind have the same

    def check(self) -> list[Problem]:
        """Return which links to places lead nowhere."""
        if not self._index.has_fragments(self._ids):
            return []
        known, new = set[str](), set[str]()
        for path, links in self._index.read_fragments():
            (new if path in self._ids else known).update(links.split())
        addresses = {link: split_link(link, self._base_url) for link in known | new}
        self._index.put_targets(sorted({addresses[link][0] for link in new}))
        broken = {link for link, to in addresses.items() if not self._is_there(*to, is_known=link in known)}
        return list(self._name(broken)) if broken else []

    def _is_there(self, path: str, fragment: str, *, is_known: bool) -> bool:
        ids = self._ids.get(path)
        if ids is None:
            if is_known:
                return True
            ids = self._ids[path] = " ".join(find_ids(self._read(path))) if path.endswith("/") else ""
        return fragment in unescape(ids).split()

    def _name(self, broken: Collection[str]) -> Iterator[Problem]:
        for path, links in self._index.read_fragments():
            yield from (name_dead_link(path, link) for link in links.split() if link in broken)
