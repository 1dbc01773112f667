"""The folder of the next edition, laid out while nobody waits for it: a copy of the live one, whose pages are links.

Most of an edition after an edit is what was there before, and most of the time that `publish` takes is for linking that.
Whoever publishes takes this folder, if it is there, and changes in it what has changed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from constanta.edition.failure import explain_failure
from constanta.edition.files import link_pages
from constanta.edition.manifest import CATALOGS, CONTENT, check_files, read_manifest
from constanta.edition.pages import INDEX, PageIndex
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError


def lay_ahead(shelf: Shelf) -> None:
    """Lay out the folder of the next edition, if the live one has pages and is whole.

    Raises:
        EditionError: Another process is publishing, or the system refuses.
    """
    with explain_failure(), shelf.locked():
        name = shelf.current()
        if name is None or not (shelf.folder / name / INDEX).exists() or shelf.ahead(name).exists():
            return
        folder = shelf.make_folder()
        try:
            if _copy(shelf.folder / name, folder):
                os.sync()  # whoever publishes then waits for the disk with what has changed alone
                folder.rename(shelf.ahead(name))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _copy(base: Path, folder: Path) -> bool:
    """Copy an edition into an empty folder, its pages as links; return whether all of it was there."""
    try:
        check_files(base, read_manifest(base))
    except EditionError:
        return False
    for name in (CONTENT, INDEX):
        shutil.copyfile(base / name, folder / name)
    shutil.copytree(base / CATALOGS, folder / CATALOGS)
    return not link_pages(base, folder, [page.path for page in PageIndex(base)])


def take_ahead(shelf: Shelf, folder: Path) -> Path | None:
    """Put what was laid out for the edition after the live one in the place of an empty folder; return the live one.

    Nothing is laid out where nobody had the time, or another edition is served now.
    """
    name = shelf.current()
    if name is None or not shelf.ahead(name).exists():
        return None
    shelf.ahead(name).rename(folder)
    return shelf.folder / name
