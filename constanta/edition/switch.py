"""Editions that are open for reading, and which of them the site serves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from babel.support import NullTranslations, Translations

from constanta.edition.manifest import CATALOGS, CONTENT, check_files, not_whole, read_manifest, read_whole
from constanta.edition.models import open_engine
from constanta.edition.page_index import INDEX
from constanta.edition.ready import ReadyPages
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError, Problem, sentence
from constanta.locales import SOURCE_LANGUAGE, Language, parse_language

_LOG = logging.getLogger(__name__)

_PAUSE = 60.0
"""Seconds between two comparisons of an open edition with its digests."""

_RETRY = 5.0
"""Seconds after which editions of which none was whole are looked at again: somebody may have brought one back."""


class Untranslated(str):
    """An interface text that is still in the source language."""

    __slots__ = ()


class _SourceTexts(NullTranslations):
    """Gives every text as it stands in the source, marked as such; the last resort of a catalog."""

    def gettext(self, message: str) -> str:
        return Untranslated(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return Untranslated(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return Untranslated(message)

    def npgettext(self, context: str, singular: str, plural: str, num: int) -> str:  # noqa: ARG002
        return Untranslated(singular if num == 1 else plural)

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext


class Edition:
    """One edition, open for reading: the content database, the interface's catalogs, the languages, and the pages."""

    def __init__(self, folder: Path, *, immutable: bool = True) -> None:
        """Open the edition in a folder.

        Args:
            folder: The folder.
            immutable: Whether its content never changes any more.

        Raises:
            EditionError: The folder holds no whole edition.
        """
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.languages: Sequence[Language] = tuple(map(parse_language, self.manifest.languages))
        self.public: Sequence[Language] = tuple(map(parse_language, self.manifest.public))
        try:
            self.translations: Mapping[str, Translations | NullTranslations] = {
                str(language.locale): _load_translations(folder, language) for language in self.languages
            }
        except (OSError, ValueError) as error:
            raise not_whole(folder, error) from error
        self.pages = ReadyPages(folder) if (folder / INDEX).exists() else None
        self.engine = open_engine(folder / CONTENT, immutable=immutable)
        self.is_damaged = False
        self._compared = -_PAUSE

    def find_language(self, tag: str) -> Language | None:
        """Return the edition's language with a tag, or None."""
        return next((language for language in self.languages if language.tag == tag), None)

    def doubt(self) -> bool:
        """Compare the files with their digests once more, after an error; return whether they are damaged.

        Errors may come with every request, so it looks only now and then.
        """
        if not self.is_damaged and time.monotonic() - self._compared >= _PAUSE:
            self._compared = time.monotonic()
            try:
                check_files(self.folder, self.manifest)
            except EditionError as error:
                self.is_damaged = True
                _LOG.critical("%s", error)
        return self.is_damaged

    def close(self) -> None:
        """Close what is not in use; requests that still read finish first."""
        self.engine.dispose()


def _load_translations(folder: Path, language: Language) -> Translations | NullTranslations:
    if language.tag == SOURCE_LANGUAGE:
        return NullTranslations()
    with (folder / CATALOGS / language.folder / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        translations = Translations(file, domain="messages")
    translations.add_fallback(_SourceTexts())
    return translations


class PublishedEdition:
    """The edition that `editions/current` points at; a switch is noticed at the next request, without restart."""

    def __init__(self, editions: Path) -> None:
        self._shelf = Shelf(editions)
        self._lock = threading.Lock()
        self._opened: tuple[str, Edition] | None = None
        self._failed: tuple[str, float, Sequence[Problem]] | None = None
        """The name for which no edition was whole, when that was seen, and why."""

    def __call__(self) -> Edition:
        """Return the edition to serve now.

        Raises:
            EditionError: None has been published yet, or none is whole.
        """
        name = self._shelf.current()
        if name is None:
            raise EditionError.at(
                None, None, sentence("No edition has been published yet. Run: flask publish")
            )
        opened = self._opened
        if opened is None or opened[0] != name or opened[1].is_damaged:
            with self._lock:
                opened = self._open(name)
        return opened[1]

    def _open(self, name: str) -> tuple[str, Edition]:
        before = self._opened
        if before is not None and before[0] == name and not before[1].is_damaged:
            return before
        if self._failed:
            failed, since, problems = self._failed
            if failed == name and time.monotonic() - since < _RETRY:
                raise EditionError(*problems)
        try:
            self._opened = (name, self._open_whole(name))
        except EditionError as error:
            self._failed = name, time.monotonic(), error.problems
            raise
        if before is not None:
            before[1].close()
        return self._opened

    def _open_whole(self, name: str) -> Edition:
        """Return the edition with a name, or the newest before it that is whole."""
        try:
            return open_checked(self._shelf.folder / name)
        except EditionError as error:
            _LOG.critical("%s", error)
            for other in self._shelf.before(name):
                try:
                    edition = open_checked(self._shelf.folder / other)
                except EditionError as worse:
                    _LOG.critical("%s", worse)
                else:
                    _LOG.critical("The edition %s is damaged; %s is served in its place.", name, other)
                    return edition
            raise


def open_checked(folder: Path) -> Edition:
    """Return the edition in a folder after its files were compared with their digests.

    Raises:
        EditionError: It is damaged.
    """
    read_whole(folder)
    return Edition(folder)
