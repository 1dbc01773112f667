"""The pages of an edition: which are the same as before, which must be rendered, and whether all together are right."""

from __future__ import annotations

import pickle
import shutil
import sys
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from constanta.edition.build import Update
from constanta.edition.files import begin_sync, drop_pages, link_pages
from constanta.edition.fragments import Fragments
from constanta.edition.history import describe_damage
from constanta.edition.manifest import Manifest, read_manifest
from constanta.edition.page_index import INDEX, IndexWriter
from constanta.edition.pages import PAGES, digest_name, digest_reads, file_of
from constanta.edition.parallel import count_cores, spread
from constanta.edition.render import Address, Fetch, Rendered, Renderer, Website
from constanta.edition.spool import Place, Spool
from constanta.edition.switch import Edition
from constanta.edition.tracking import noting_reads
from constanta.edition.verify import Links, name_dead_link
from constanta.errors import EditionError, Problem

Progress = Callable[[int, int], None]
"""Is told how many of how many pages have been rendered."""

GROUP = 16
"""How many pages go through one step before the next begins."""

FEW = 256
"""Up to how many pages it counts that some take fifty times as long as others."""

ALONE = 64
"""How many pages this process renders by itself: each that others would take makes a copy of its memory, cold at first."""

HEAVY = 2**18
"""From how many bytes of digests of what they stand on so few pages are worth other processes all the same: the whole lists of
five thousand documents."""

FEW_NAMES = 6
"""Up to how many changes SQLite finds the pages that stand on them sooner than they are compared with all of each page."""

MANY = 256
"""From how many new pages on the disk writes them while their index is made; fewer are there sooner if it begins once."""

MOST_PROBLEMS = 50
"""After how many problems no more are told: a mistake in a template is on every page."""


@dataclass(slots=True)
class Printed:
    """What became of the pages.

    Attributes:
        pages: How many there are.
        rendered: How many were rendered.
        changed: The paths of those that differ from before or were not there.
        removed: The paths of those that are gone.
        digest: A digest of all pages.
    """

    pages: int = 0
    rendered: int = 0
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    digest: str = ""


class Press:
    """Makes the pages of one edition.

    Args:
        website: What renders the pages.
        folder: The folder of the edition, with its content and catalogs; where it was laid out ahead, also with all that
            `base` has.
        base: The edition before; its pages are taken over where nothing that they stand on has changed.
        manifest: What the edition will say of itself, with its frames.
        update: What has changed of the content since `base`.
    """

    def __init__(
        self, website: Website, folder: Path, base: Path | None, manifest: Manifest, update: Update
    ) -> None:
        self.website = website
        self.folder = folder
        self.base = base if base and not update.anew and (base / INDEX).exists() else None
        self.is_laid = (folder / PAGES).exists()
        frames = read_manifest(self.base).frames if self.base else {}
        self.reframed = {tag for tag, frame in manifest.frames.items() if frames.get(tag) != frame}
        self.names = sorted(map(digest_name, update.changed))
        self.changed = {int.from_bytes(name, sys.byteorder) for name in self.names}
        self.printed = Printed()

    def print(
        self, progress: Progress | None = None, meanwhile: Callable[[], object] | None = None
    ) -> Printed:
        """Make the pages and their index; where other processes render them, call `meanwhile` as soon as they have begun.

        Raises:
            EditionError: A page is not right; names every problem.
        """
        pages, listed = self.folder / PAGES, self.folder / INDEX
        if self.is_laid and not self.base:  # for an edition of which nothing can be taken over
            shutil.rmtree(pages)
            listed.unlink()
        elif self.base and not self.is_laid:
            shutil.copyfile(self.base / INDEX, listed)
        pages.mkdir(exist_ok=True)
        edition = Edition(self.folder)
        index = IndexWriter(self.folder)
        try:
            with self.website.showing(edition) as fetch:
                self._make(edition, fetch, index, progress, meanwhile)
            self.printed.digest = index.digest()
        finally:
            edition.close()
            index.close()
        return self.printed

    def _make(
        self,
        edition: Edition,
        fetch: Fetch,
        index: IndexWriter,
        progress: Progress | None,
        meanwhile: Callable[[], object] | None,
    ) -> None:
        old, outdated = self._look_through(index)
        addresses = self._list_addresses(index, old)
        edition.engine.dispose()  # no open connection may be copied into another process
        paths = addresses.keys()
        fresh = [path for path in old if path in paths and path not in outdated]
        kept = self._leave(fresh, old) if self.is_laid else self._take_over(fresh)
        stale = [Address(path, language) for path, language in addresses.items() if path not in kept]
        removed = sorted(old.keys() - paths)
        renderer = Renderer(self.website, fetch, self.folder, paths, self.base)
        # Where anything fails, all processes must have ended before the folder into which they write is removed.
        spreading = _spread(renderer, stale, outdated, meanwhile)
        with Spool(self.folder) as spool, closing(spreading) as pages:
            fragments = Fragments(index, self.website.base_url, partial(_read_page, self.base or self.folder))
            places = self._render(pages, len(stale), spool, fragments, progress)
            if removed:
                self._check_links(kept, paths)
            if len(places) >= MANY:
                begin_sync()
            index.remove(removed)
            index.put(pickle.loads(spool.read(places[path])) for path in sorted(places))  # noqa: S301 - our own
            if problems := fragments.check():
                raise EditionError(*problems[:MOST_PROBLEMS])
        self.printed.pages, self.printed.rendered, self.printed.removed = len(paths), len(places), removed

    def _look_through(self, index: IndexWriter) -> tuple[dict[str, str], dict[str, int]]:
        """Return the language of each page that is there, and how much those stand on of which that has changed."""
        if len(self.names) <= FEW_NAMES and not self.reframed:
            return dict(index.read_languages()), dict(index.find(self.names))
        languages: dict[str, str] = {}
        outdated: dict[str, int] = {}
        for path, language, reads in index.read():
            languages[path] = language
            if self._is_stale(language, reads):
                outdated[path] = len(reads)
        return languages, outdated

    def _list_addresses(self, index: IndexWriter, old: Mapping[str, str]) -> Mapping[str, str]:
        """Return the languages of all pages by path: those of before where nothing says otherwise."""
        if old and not self._is_stale("", index.listing):
            return old
        with noting_reads() as reads:
            addresses = dict(self.website.list_addresses())
        index.listing = digest_reads(reads)
        return addresses

    def _is_stale(self, language: str, reads: bytes) -> bool:
        return language in self.reframed or not self.changed.isdisjoint(_numbers(reads))

    def _leave(self, paths: Sequence[str], old: Iterable[str]) -> Mapping[str, None]:
        """Take all pages but these out of a folder that was laid out ahead."""
        kept = dict.fromkeys(paths)
        drop_pages(self.folder, (path for path in old if path not in kept))
        return kept

    def _take_over(self, paths: Sequence[str]) -> Mapping[str, None]:
        """Let the edition have files of the one before; return the pages of which all were there."""
        if self.base is None:
            return {}
        missing = set(link_pages(self.base, self.folder, paths))
        return dict.fromkeys(path for path in paths if path not in missing)

    def _render(
        self,
        pages: Iterable[Rendered],
        number: int,
        spool: Spool,
        fragments: Fragments,
        progress: Progress | None,
    ) -> dict[str, Place]:
        """Render pages; return where each lies in the spool: they come in any order, and the index wants its own."""
        places: dict[str, Place] = {}
        problems: list[Problem] = []
        for rendered in pages:
            places[rendered.path] = spool.keep(rendered.row)
            problems += rendered.problems
            fragments.add(rendered)
            if rendered.is_new:
                self.printed.changed.append(rendered.path)
            if progress:
                progress(len(places), number)
            if len(problems) >= MOST_PROBLEMS:
                break
        if problems:
            raise EditionError(*problems)
        self.printed.changed.sort()
        return places

    def _check_links(self, kept: Iterable[str], paths: Set[str]) -> None:
        """Look for links to pages that are gone, on the pages that were taken over."""
        links = Links(paths, self.website.is_dynamic, self.website.base_url)
        check = partial(_check_share, self.base or self.folder, links)
        problems = list(spread(check, list(kept)))
        if problems:
            raise EditionError(*problems)


def _spread(
    renderer: Renderer,
    addresses: Sequence[Address],
    weights: Mapping[str, int],
    meanwhile: Callable[[], object] | None,
) -> Generator[Rendered, None, None]:
    """Yield the pages of some addresses, rendered by as many processes as are worth it; of what was there, the heavy ones first."""
    if len(addresses) <= ALONE and sum(weights.values()) < HEAVY:
        return renderer.render([addresses], count_cores())
    if len(addresses) > FEW:
        groups = [addresses[start : start + GROUP] for start in range(0, len(addresses), GROUP)]
        return spread(renderer.render, groups, batch=2, meanwhile=meanwhile)

    def weigh(address: Address) -> int:
        return -weights.get(address.path, 0)  # who stands on more takes longer

    singly = [[one] for one in sorted(addresses, key=weigh)]
    return spread(renderer.render, singly, batch=1, in_order=True, meanwhile=meanwhile)


def _check_share(folder: Path, links: Links, paths: Iterable[str]) -> Iterator[Problem]:
    for path in paths:
        if path.endswith("/"):
            try:
                broken = links.examine(_read_page(folder, path)).broken
            except EditionError as error:
                yield from error.problems
            else:
                yield from (name_dead_link(path, link) for link in broken)


def _read_page(folder: Path, path: str) -> str:
    """Return the text of a page of an edition.

    Raises:
        EditionError: Its file is missing or damaged.
    """
    file = folder / PAGES / file_of(path, "gzip")
    try:
        return zlib.decompress(file.read_bytes(), 31).decode()
    except (FileNotFoundError, zlib.error) as error:
        raise EditionError(describe_damage(file)) from error


def _numbers(reads: bytes) -> Iterable[int]:
    return memoryview(reads).cast("Q") if reads else ()
