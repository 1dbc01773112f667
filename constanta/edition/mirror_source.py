"""The mirror of the edition that the site serves."""

from __future__ import annotations

from constanta.edition.manifest import read_whole
from constanta.edition.mirror import Mirror
from constanta.edition.page_index import PageIndex
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError, sentence
from constanta.locales import parse_language
from constanta.settings import Settings

_NAME_LENGTH = 16
"""Hexadecimal digits of the digest of all pages that name an edition: enough that nobody makes another to match."""


def open_mirror(settings: Settings) -> Mirror:
    """Return the mirror of the edition that is served now.

    Its name is made of its pages alone: whoever builds the same pages on another machine gets the same mirror.

    Raises:
        EditionError: None has been published, or it is not whole.
    """
    shelf = Shelf(settings.editions)
    name = shelf.current()
    if name is None:
        text = sentence("No edition has been published yet. Run: flask publish")
        raise EditionError.at(None, None, text)
    folder = shelf.find(name)
    manifest = read_whole(folder)
    if not manifest.pages:
        text = sentence("The edition %(name)s has no pages. Run: flask publish", name=name)
        raise EditionError.at(None, None, text)
    return Mirror(
        folder,
        manifest.pages[:_NAME_LENGTH],
        tuple(map(parse_language, manifest.public)),
        tuple(PageIndex(folder)),
        manifest.base_url or settings.base_url,
        settings.root / "templates" / "mirror",
    )
