"""The files that a document is built from, and how a change to one of them is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from constanta.catalogs.header import check_header
from constanta.catalogs.paths import document_path
from constanta.catalogs.po import Catalog, read_catalog
from constanta.content.records import Document
from constanta.locales import Language


@dataclass(frozen=True, slots=True)
class Sources:
    """The folders of documents and catalogs, and the languages to build."""

    content: Path
    translations: Path
    languages: Sequence[Language]

    def read_catalog(self, document: Document, language: Language) -> Catalog | None:
        """Return the catalog of a document; None where there is none yet.

        Raises:
            CatalogError: It cannot be read, or is of another language.
        """
        path = document_path(self.translations, language, document.name)
        if document.lang == language.tag or not path.exists():
            return None
        catalog = read_catalog(path)
        check_header(catalog, language)
        return catalog

    def _files(self, path: Path, slug: str) -> Iterator[Path]:
        yield path
        name = f"{path.parent.name}/{slug}"
        yield from (document_path(self.translations, language, name) for language in self.languages)

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


@cache
def digest_program() -> str:
    """Return what changes with the program's own files from which documents are read, checked and rendered.

    What another version of the program has built is built anew, without anybody having to remember to say so.
    """
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b(digest_size=16)
    for folder in ("content", "catalogs", "edition"):
        for file in sorted((package / folder).rglob("*")):
            if file.suffix in {".py", ".csv"}:
                digest.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def stamp_file(path: Path) -> str:
    """Return a file's time of change and size, or `-` where it does not exist."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return "-"
    return f"{status.st_mtime_ns}:{status.st_size}"
