"""The folder of the next edition, laid out while nobody waits for it: a copy of the live one, whose pages are links.

Most of an edition after an edit is what was there before, and most of the time that `publish` takes is for linking that.
Whoever publishes takes this folder, if it is there and whole, and changes in it what has changed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from constanta.edition.failure import explain_failure
from constanta.edition.files import link_pages
from constanta.edition.manifest import CATALOGS, CONTENT, Manifest, check_files, read_manifest
from constanta.edition.page_index import INDEX, PageIndex
from constanta.edition.shelf import Shelf
from constanta.edition.sources import stamp_file
from constanta.errors import EditionError


class Ahead:
    """The folder of the next edition, and what this process knows of it.

    Whoever has laid it out, and goes on, sees by the stamps of its files that nobody has changed them since; anybody else
    compares them with their digests. Only then may they become a part of an edition, which is given digests of its own.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._stamps: Mapping[str, str] = {}

    def lay(self) -> None:
        """Lay out the folder, if the live edition has pages and is whole.

        Raises:
            EditionError: Another process is publishing, or the system refuses.
        """
        shelf = self._shelf
        with explain_failure(), shelf.locked():
            name = shelf.current()
            if name is None or not (shelf.folder / name / INDEX).exists() or shelf.ahead(name).exists():
                return
            folder = shelf.make_folder()
            try:
                if _copy(shelf.folder / name, folder):
                    os.sync()  # whoever publishes then waits for the disk with what has changed alone
                    self.put(folder, name)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def put(self, folder: Path, name: str) -> None:
        """Put a folder that is like an edition into its place."""
        self._stamps = _stamp(folder, read_manifest(self._shelf.folder / name))
        folder.rename(self._shelf.ahead(name))

    def take(self, folder: Path) -> Path | None:
        """Put what was laid out for the edition after the live one in the place of an empty folder; return the live one.

        Nothing is laid out where nobody had the time, or another edition is served now; what is damaged is removed.
        """
        name = self._shelf.current()
        if name is None or not self._shelf.ahead(name).exists():
            return None
        live, laid = self._shelf.folder / name, self._shelf.ahead(name)
        try:
            manifest = read_manifest(live)
            if _stamp(laid, manifest) != self._stamps:
                check_files(laid, manifest)
        except EditionError:
            self._shelf.remove(laid.name)
            return None
        laid.rename(folder)
        return live


def _copy(base: Path, folder: Path) -> bool:
    """Copy an edition into an empty folder, its pages as links; return whether all of it was there, and whole."""
    try:
        manifest = read_manifest(base)
        for name in (CONTENT, INDEX):
            shutil.copyfile(base / name, folder / name)
        shutil.copytree(base / CATALOGS, folder / CATALOGS)
        check_files(folder, manifest)
    except (EditionError, FileNotFoundError):
        return False
    return not link_pages(base, folder, [page.path for page in PageIndex(base)])


def _stamp(folder: Path, manifest: Manifest) -> dict[str, str]:
    return {name: stamp_file(folder / name) for name in manifest.files}
