"""The files that documents are built from, and how a change to one of them is noticed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from itertools import chain, product
from pathlib import Path

from constanta.catalogs.header import check_header
from constanta.catalogs.paths import content_folder, document_path
from constanta.catalogs.po import Catalog, parse_catalog
from constanta.content.records import Document, Kind
from constanta.edition.loaded import PACKAGE, version_of_process
from constanta.errors import CatalogError, sentence
from constanta.locales import Language

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file can no longer be saved again within one tick of its time."""


UNREADABLE = "unreadable"
"""The digest of a document of which a file cannot be read: like no other, so that whoever reads it says why."""


class Memory:
    """The digests of documents' files by the times and sizes of the files, kept between runs as git's index is."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: dict[str, list[str]] = {}
        if path is not None and path.exists():
            try:
                known = json.loads(path.read_text(encoding="utf-8"))
                self._known = {name: [stamp, digest] for name, (stamp, digest) in known.items()}
            except (ValueError, TypeError, AttributeError):
                self._known = {}  # only a memory: what it does not know is read again

    def find(self, name: str, stamp: str) -> str | None:
        """Return the digest that was remembered with this stamp."""
        known = self._known.get(name)
        return known[1] if known and known[0] == stamp else None

    def keep(self, name: str, stamp: str, digest: str) -> None:
        """Remember a digest, unless a file is so new that it could change without its stamp."""
        times = [int(part) for file in stamp.split() if file != "-" for part in file.split(":")[:2]]
        if max(times, default=0) < time.time_ns() - _SETTLED:
            self._known[name] = [stamp, digest]

    def save(self) -> None:
        """Write what is known, in one step; one process at a time may."""
        if self._path is not None:
            draft = self._path.with_name(f".{self._path.name}")
            try:
                draft.write_text(json.dumps(self._known), encoding="utf-8")
                draft.replace(self._path)
            finally:
                draft.unlink(missing_ok=True)


@dataclass(frozen=True)
class Sources:
    """The folders of documents and catalogs, the languages to build, and what is known of the files from before."""

    content: Path
    translations: Path
    languages: Sequence[Language]
    memory: Memory = field(default_factory=Memory, compare=False)
    _stamps: dict[str, str] = field(default_factory=dict, init=False, compare=False)

    def read_catalogs(self, name: str, slug: str) -> list[bytes | None]:
        """Return the bytes of a document's catalogs, in the order of the languages; None where there is none yet.

        Raises:
            CatalogError: One of them is there and cannot be read.
        """
        return list(map(_read, self._files(name, slug)[1:]))

    def parse_catalog(self, document: Document, language: Language, data: bytes | None) -> Catalog | None:
        """Return the catalog of a document that was read; its own language needs none.

        Raises:
            CatalogError: It cannot be used, or is of another language.
        """
        if document.lang == language.tag or data is None:
            return None
        catalog = parse_catalog(data, document_path(self.translations, language, document.name))
        check_header(catalog, language)
        return catalog

    def name_of(self, path: Path) -> str:
        """Return the name of a document's file within the folder of documents: the same on every machine."""
        return path.relative_to(self.content).as_posix()

    def digest(self, name: str, slug: str) -> str:
        """Return what changes exactly when the bytes of a document's files change; `UNREADABLE` where one cannot be read."""
        try:
            return digest_files(map(_read, self._files(name, slug)))
        except CatalogError:
            return UNREADABLE

    def digest_all(self, slugs: Mapping[str, str]) -> dict[str, str]:
        """Return the digests of documents, reading only the files that are not as they were.

        To be called before any other file is read: what is changed after that must not be taken for what was read.

        Args:
            slugs: The documents' slugs by the names of their files.

        Raises:
            CatalogError: A folder cannot be read.
        """
        self._stamps.clear()
        for folder, kind in product((str(self.content), *self._catalogs), Kind):
            _stamp_folder(f"{folder}/{kind}", self._stamps)
        digests = {}
        for name, slug in slugs.items():
            digest = self.memory.find(name, self._stamps_of(name, slug))
            if digest is None:
                digest = self.digest(name, slug)
                if digest != UNREADABLE:
                    self.remember(name, slug, digest)
            digests[name] = digest
        return digests

    def remember(self, name: str, slug: str, digest: str) -> None:
        """Remember the digest of a document that was read after `digest_all`."""
        self.memory.keep(name, self._stamps_of(name, slug), digest)

    def _stamps_of(self, name: str, slug: str) -> str:
        return " ".join([self._stamps.get(file, "-") for file in self._files(name, slug)])

    def _files(self, name: str, slug: str) -> list[str]:
        """Return the paths of a document and of its catalogs, in the order of the languages."""
        kind = name.partition("/")[0]
        return [f"{self.content}/{name}", *(f"{folder}/{kind}/{slug}.po" for folder in self._catalogs)]

    @cached_property
    def _catalogs(self) -> list[str]:
        """The folders of documents' catalogs, one for each language."""
        return [f"{content_folder(self.translations, language)}" for language in self.languages]


def digest_files(contents: Iterable[bytes | None]) -> str:
    """Return the digest of the bytes of a document's files, the document first, then its catalogs."""
    digest = hashlib.blake2b(digest_size=16)
    for data in contents:
        digest.update(b"-" if data is None else len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - many paths of one folder; a `Path` costs more than its file
            return file.read()
    except (FileNotFoundError, NotADirectoryError) as error:
        if os.path.islink(path):  # noqa: PTH114 - as above
            raise _unreadable(path, error) from error
        return None
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: str, error: OSError) -> CatalogError:
    reason = sentence("This cannot be read: %(reason)s.", reason=error.strerror or str(error))
    return CatalogError.at(Path(path), None, reason)


def _stamp_folder(folder: str, stamps: dict[str, str]) -> None:
    """Add the stamps of a folder's files by their paths: a file alone costs five times as much."""
    try:
        entries = os.scandir(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unreadable(folder, error) from error
    with entries:
        for entry in entries:
            try:
                stamps[entry.path] = _stamp(entry.stat())
            except OSError:  # editors leave links that lead nowhere, and files come and go
                continue


_LIBRARIES = ("babel", "markdown-it-py", "mdurl", "polib", "pyyaml")
"""By which documents and catalogs are read and rendered."""


@cache
def digest_program() -> str:
    """Return what changes with the program's own files and libraries that read, check and render documents.

    What another version of the program has built is built anew, without anybody having to remember to say so.
    """
    digest = hashlib.blake2b(version_of_process(), digest_size=16)
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\0".encode())
    for file in list_program():
        digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def list_program() -> list[Path]:
    """Return the program's own files that read, check and render documents, or say what languages are."""
    folders = [(PACKAGE / folder).rglob("*") for folder in ("content", "catalogs", "edition")]
    found = chain(PACKAGE.glob("*"), *folders)
    return sorted(file for file in found if file.suffix in {".py", ".csv"} and file.is_file())


def stamp_file(path: Path) -> str:
    """Return a file's times of change and its size, or `-` where it does not exist.

    The second time is that of the system, which no program can set: tools that copy files set the first one back.
    """
    try:
        return _stamp(path.stat())
    except FileNotFoundError:
        return "-"


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_size}"
