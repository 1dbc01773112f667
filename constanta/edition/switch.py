"""Editions that are open for reading, and which of them the site serves."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.support import NullTranslations, Translations

from constanta.edition.models import open_engine
from constanta.errors import EditionError, sentence
from constanta.locales import SOURCE_LANGUAGE, Language, parse_language

CONTENT = "content.db"
CATALOGS = "catalogs"
MANIFEST = "edition.json"
CURRENT = "current"


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


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an edition says of itself: its languages, and which of them are offered to every reader."""

    languages: tuple[str, ...]
    public: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Write it into an edition's folder."""
        values = {"languages": self.languages, "public": self.public}
        (folder / MANIFEST).write_text(json.dumps(values) + "\n", encoding="utf-8")


class Edition:
    """One edition, open for reading: the content database, the interface's catalogs and the languages."""

    def __init__(self, folder: Path) -> None:
        """Open the edition in a folder.

        Raises:
            EditionError: The folder holds no whole edition.
        """
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            self.languages: Sequence[Language] = tuple(map(parse_language, manifest["languages"]))
            self.public: Sequence[Language] = tuple(map(parse_language, manifest["public"]))
            self.translations: Mapping[str, Translations | NullTranslations] = {
                str(language.locale): _load_translations(folder, language) for language in self.languages
            }
        except (OSError, ValueError, KeyError) as error:
            text = sentence(
                "The edition in %(folder)s is not whole: %(reason)s.", folder=folder, reason=error
            )
            raise EditionError.at(None, None, text) from error
        self.folder = folder
        self.engine = open_engine(folder / CONTENT)

    def find_language(self, tag: str) -> Language | None:
        """Return the edition's language with a tag, or None."""
        return next((language for language in self.languages if language.tag == tag), None)

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
        self._link = editions / CURRENT
        self._lock = threading.Lock()
        self._target = Path()
        self._edition: Edition | None = None

    def __call__(self) -> Edition:
        """Return the edition to serve now.

        Raises:
            EditionError: None has been published yet.
        """
        try:
            target = self._link.readlink()
        except OSError as error:
            text = sentence("No edition has been published yet. Run: flask publish")
            raise EditionError.at(None, None, text) from error
        edition = self._edition
        if edition is None or target != self._target:
            with self._lock:
                edition = self._open(target)
        return edition

    def _open(self, target: Path) -> Edition:
        if self._edition is not None and self._target == target:
            return self._edition
        edition = Edition(self._link.parent / target)
        if self._edition is not None:
            self._edition.close()
        self._edition, self._target = edition, target
        return edition
