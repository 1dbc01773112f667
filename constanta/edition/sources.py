"""The files that a document is built from, and how a change to one of them is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from constanta.catalogs.po import Catalog, read_catalog
from constanta.content.records import Document
from constanta.locales import Language


@dataclass(frozen=True, slots=True)
class Sources:
    """The folders of documents and catalogs, and the languages to build."""

    content: Path
    translations: Path
    languages: Sequence[Language]

    def catalog_path(self, kind: str, slug: str, language: Language) -> Path:
        """Return where the catalog of a document lies."""
        return self.translations / language.folder / "content" / kind / f"{slug}.po"

    def read_catalog(self, document: Document, language: Language) -> Catalog | None:
        """Return the catalog of a document; None where there is none yet.

        Raises:
            CatalogError: It cannot be read.
        """
        path = self.catalog_path(document.kind, document.slug, language)
        return read_catalog(path) if path.exists() else None

    def _files(self, path: Path, slug: str) -> Iterator[Path]:
        yield path
        yield from (self.catalog_path(path.parent.name, slug, language) for language in self.languages)

    def stamp(self, path: Path, slug: str) -> str:
        """Return what changes whenever a file of a document is saved: quick to make, sometimes new without reason."""
        return " ".join(map(stamp_file, self._files(path, slug)))

    def digest(self, path: Path, slug: str) -> str:
        """Return what changes exactly when the bytes of a document's files change."""
        digest = hashlib.blake2b(digest_size=16)
        for file in self._files(path, slug):
            data = file.read_bytes() if file.exists() else b""
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()


def stamp_file(path: Path) -> str:
    """Return a file's time of change and size, or `-` where it does not exist."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return "-"
    return f"{status.st_mtime_ns}:{status.st_size}"
