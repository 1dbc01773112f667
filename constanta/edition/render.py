"""Every page of an edition, rendered by the application itself, checked, compressed and written."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Generator, Iterable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from constanta.edition.compression import COMPRESSORS, Body, divide
from constanta.edition.files import link_page
from constanta.edition.page_index import PageIndex, make_row
from constanta.edition.pages import PAGES, Headers, Page, Variant, digest_reads, file_of, make_variant
from constanta.edition.switch import Edition
from constanta.edition.tracking import noting_reads
from constanta.edition.verify import Links, check_page
from constanta.errors import Problem, sentence


class Address(NamedTuple):
    """The address of a page: its path, and the tag of its language; empty where it stands in none."""

    path: str
    language: str


Answer = tuple[str, Headers, str]
"""Status, headers without those that depend on the encoding, and text."""

Fetch = Callable[[str], Answer]
"""Returns what a path is answered with."""


@dataclass(frozen=True, slots=True)
class Website:
    """What renders the pages.

    Attributes:
        base_url: The public address of the site.
        showing: Makes the application show an edition inside a `with` block, which is given what renders its pages.
        list_addresses: Returns the addresses of all pages of the edition that is shown.
        is_dynamic: Returns whether a path leads to something that is made for each request.
        make_ready: Compiles all templates, so that no process that renders pages has to.
    """

    base_url: str
    showing: Callable[[Edition], AbstractContextManager[Fetch]]
    list_addresses: Callable[[], Iterable[Address]]
    is_dynamic: Callable[[str], bool]
    make_ready: Callable[[], None]


class Rendered(NamedTuple):
    """A page that was rendered.

    Attributes:
        path: Its address on the site.
        row: The row of the index of pages, packed with pickle: most go through many hands before they are looked at.
        is_new: Whether it differs from the one before.
        problems: What is wrong with it.
        ids: What a fragment can name on it, with spaces between them.
    """

    path: str
    row: bytes
    is_new: bool
    problems: tuple[Problem, ...]
    ids: str = ""


class Renderer:
    """Renders pages into the folder of an edition.

    Args:
        website: What the pages belong to.
        fetch: Renders a page.
        folder: The edition's folder.
        paths: The paths of all pages that the edition will have.
        before: The edition whose files are used again where a page is the same as before.
    """

    def __init__(
        self, website: Website, fetch: Fetch, folder: Path, paths: Set[str], before: Path | None
    ) -> None:
        self._website = website
        self._answer = fetch
        self._folder = folder
        self._pages = f"{folder}/{PAGES}/"
        self._paths = paths
        self._before = before

    def render(
        self, groups: Iterable[Sequence[Address]], threads: int = 1
    ) -> Generator[Rendered, None, None]:
        """Yield the pages of each group once their files are written.

        A step is done for a whole group before the next begins, so that its code and data stay at hand for the
        processor: that is a fifth of the time. Several threads compress several pages at once.
        """
        links = Links(self._paths, self._website.is_dynamic, self._website.base_url)
        index = PageIndex(self._before) if self._before else None
        for group in groups:
            drafts = [self._fetch(address) for address in group]
            whole = [draft for draft in drafts if draft.status == "200 OK"]
            taken = {draft.page.path: self._take_over(draft.page, index) for draft in whole}
            written = self._write([draft for draft in whole if not taken[draft.page.path]], threads)
            for draft in drafts:
                path = draft.page.path
                if draft.status != "200 OK":
                    wrong = sentence("The page %(path)s answers %(status)s.", path=path, status=draft.status)
                    yield Rendered(path, b"", is_new=True, problems=(Problem(wrong),))
                    continue
                page = draft.page._replace(variants=taken[path] or written[path])
                problems, fragments, ids = check_page(page, draft.text, links)
                row = pickle.dumps(make_row(page._replace(fragments=fragments)))
                yield Rendered(path, row, path in written, problems, ids)

    def _fetch(self, address: Address) -> _Draft:
        """Return what the application answers, and what it has read for that."""
        with noting_reads() as reads:
            status, headers, text = self._answer(address.path)
        body = text.encode()
        page = Page(address.path, address.language, headers, make_variant(body), {}, digest_reads(reads))
        return _Draft(status, page, text, body)

    def _take_over(self, page: Page, index: PageIndex | None) -> dict[str, Variant]:
        """Use the files of the page before once more where they are the same; nothing where they are not."""
        old = index.find(page.path) if index else None
        if old is None or self._before is None or old.plain != page.plain:
            return {}
        return old.variants if link_page(self._before, self._folder, page.path) else {}

    def _write(self, drafts: Sequence[_Draft], threads: int) -> dict[str, dict[str, Variant]]:
        """Compress and write pages; return their forms by path and encoding."""
        written: dict[str, dict[str, Variant]] = {draft.page.path: {} for draft in drafts}
        bodies = [(draft.page.path, divide(draft.body)) for draft in drafts]
        # No thread begins a long one when others have done theirs.
        bodies.sort(key=lambda body: -len(body[1].rest))
        for encoding, compress in COMPRESSORS.items():
            packed = _compress(compress, [body for _, body in bodies], threads)
            for (path, _), data in zip(bodies, packed, strict=True):
                written[path][encoding] = write_file(self._pages + file_of(path, encoding), data)
        return written


def _compress(compress: Callable[[Body], bytes], bodies: Sequence[Body], threads: int) -> list[bytes]:
    if threads == 1:
        return list(map(compress, bodies))
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(compress, bodies))


class _Draft(NamedTuple):
    """What the application answered: the status, the page without its compressed forms, its text and its bytes."""

    status: str
    page: Page
    text: str
    body: bytes


def write_file(path: str, data: bytes) -> Variant:
    """Write a file with the time that goes with its bytes."""
    variant = make_variant(data)
    try:
        handle = os.open(path, _NEW, 0o644)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, _NEW, 0o644)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.utime(handle, (variant.time, variant.time))
    finally:
        os.close(handle)
    return variant


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
