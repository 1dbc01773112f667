"""The mirror of the edition that the site serves."""

from __future__ import annotations

from constanta.edition.manifest import read_manifest
from constanta.edition.mirror import Mirror, Page
from constanta.edition.pages import PAGES, PageIndex, file_of
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError, sentence
from constanta.locales import parse_language
from constanta.settings import Settings


def open_mirror(settings: Settings) -> Mirror:
    """Return the mirror of the edition that is served now.

    Raises:
        EditionError: None has been published, or it is not whole.
    """
    shelf = Shelf(settings.instance / "editions")
    name = shelf.current()
    if name is None:
        raise EditionError.at(None, None, sentence("No edition has been published yet. Run: flask publish"))
    folder = shelf.find(name)
    manifest = read_manifest(folder)
    if not manifest.pages:
        text = sentence("The edition %(name)s has no pages. Run: flask publish", name=name)
        raise EditionError.at(None, None, text)
    pages = tuple(Page(page.path, folder / PAGES / file_of(page.path, "gzip")) for page in PageIndex(folder))
    languages = tuple(parse_language(tag) for tag in manifest.public)
    return Mirror(name, languages, pages, settings.base_url, settings.root / "templates" / "mirror")
