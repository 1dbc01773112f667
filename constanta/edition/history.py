"""The editions that there are: listing, comparing, checking, going back, and removing old ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from constanta.edition.failure import explain_failure
from constanta.edition.manifest import MANIFEST, is_whole, read_whole
from constanta.edition.page_index import Difference, PageIndex, compare_pages
from constanta.edition.pages import PAGES, Variant, file_of, make_variant
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError, Problem, sentence


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition among others: its name, when it was made, and whether it is the one that is served."""

    name: str
    made: dt.datetime
    served: bool


def list_editions(shelf: Shelf) -> list[Listed]:
    """Return the editions that there are, the newest first."""
    served = shelf.current()
    return [Listed(name, _made(shelf.folder / name), name == served) for name in shelf.names()]


def _made(folder: Path) -> dt.datetime:
    manifest = folder / MANIFEST
    status = manifest.stat() if manifest.exists() else folder.stat()
    return dt.datetime.fromtimestamp(status.st_mtime, tz=dt.UTC).astimezone()


def use_edition(shelf: Shelf, name: str) -> None:
    """Serve an edition that there is.

    Raises:
        EditionError: There is none with this name, it is damaged, or the folder of editions cannot be written.
    """
    with explain_failure(), shelf.locked():
        folder = shelf.find(name)
        read_whole(folder)
        shelf.switch(name)


def compare_editions(shelf: Shelf, first: str, second: str) -> Difference:
    """Return which pages differ between two editions.

    Raises:
        EditionError: There is none with one of the names, or it is damaged.
    """
    folders = [shelf.find(name) for name in (first, second)]
    for folder in folders:
        read_whole(folder)
    return compare_pages(*folders)


def check_edition(shelf: Shelf, name: str | None = None) -> str:
    """Compare all files of an edition with their digests, and return its name; by default the one that is served.

    Raises:
        EditionError: There is no such edition, or files of it are missing or damaged; names each.
    """
    name = name or shelf.current()
    if name is None:
        raise EditionError.at(None, None, sentence("No edition has been published yet. Run: flask publish"))
    folder = shelf.find(name)
    read_whole(folder)
    damaged = [
        folder / PAGES / file_of(page.path, encoding)
        for page in PageIndex(folder)
        for encoding, variant in page.variants.items()
        if not is_intact(folder, page.path, encoding, variant)
    ]
    if damaged:
        raise EditionError(*map(describe_damage, damaged))
    return name


def describe_damage(path: Path) -> Problem:
    """Return what is said of a page's file that is missing or damaged."""
    return Problem(sentence("The file is missing or damaged. Run: flask publish --anew"), path)


def is_intact(folder: Path, path: str, encoding: str, variant: Variant) -> bool:
    """Return whether a file of a page is there and as it was written."""
    try:
        return make_variant((folder / PAGES / file_of(path, encoding)).read_bytes()) == variant
    except OSError:
        return False


def _find_served(shelf: Shelf) -> str | None:
    """Return the edition that the site serves: the current one, else the newest before it that is whole."""
    name = shelf.current()
    names = [name, *shelf.before(name)] if name else []
    return next((one for one in names if is_whole(shelf.folder / one)), None)


def prune_editions(shelf: Shelf, keep: int) -> list[str]:
    """Remove all but the newest editions, and return the names of those removed; the one that is served stays.

    Where that is damaged, the site serves an older one in its place, which stays as well.

    Raises:
        EditionError: The folder of editions cannot be written.
    """
    with explain_failure(), shelf.locked():
        kept = {shelf.current(), _find_served(shelf)}
        old = [name for name in shelf.names()[keep:] if name not in kept]
        for name in old:
            shelf.remove(name)
    return old
