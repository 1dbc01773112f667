"""Which messages of the interface a page asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from babel.support import NullTranslations, Translations

from constanta.catalogs.po import Key

if TYPE_CHECKING:
    from constanta.edition.switch import Edition


class _Recorder(NullTranslations):
    """Passes every question on to a catalog and remembers what was asked, once each, in order."""

    def __init__(self, catalog: Translations | NullTranslations, asked: dict[Key, None]) -> None:
        super().__init__()
        self.catalog = catalog
        self.asked = asked

    def gettext(self, message: str) -> str:
        self.asked[None, message] = None
        return self.catalog.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.asked[None, msgid1] = None
        return self.catalog.ngettext(msgid1, msgid2, n)

    def upgettext(self, context: str, message: str) -> str:
        self.asked[context, message] = None
        return self.catalog.upgettext(context, message)

    def unpgettext(self, context: str, singular: str, plural: str, num: int) -> str:
        self.asked[context, singular] = None
        return self.catalog.unpgettext(context, singular, plural, num)

    ugettext = gettext
    ungettext = ngettext


@contextmanager
def record_messages(edition: Edition) -> Iterator[dict[Key, None]]:
    """Lend an edition catalogs that remember which messages are asked for, in the order of the first question."""
    asked: dict[Key, None] = {}
    translations = edition.translations
    edition.translations = {name: _Recorder(catalog, asked) for name, catalog in translations.items()}
    try:
        yield asked
    finally:
        edition.translations = translations
