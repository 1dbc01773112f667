"""The mirror of the edition that the site serves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from constanta.edition.mirror import Mirror, Page
from constanta.edition.switch import CURRENT, MANIFEST
from constanta.errors import EditionError, sentence
from constanta.locales import parse_language
from constanta.settings import Settings

PAGES = "pages"
"""The folder of an edition's pages, laid out as their addresses are, so that a file server can serve it."""

_COMPRESSED = frozenset({".br", ".gz"})


def open_mirror(settings: Settings) -> Mirror:
    """Return the mirror of the edition that is served now.

    Raises:
        EditionError: None has been published, or it is not whole.
    """
    current = settings.instance / "editions" / CURRENT
    try:
        folder = current.resolve(strict=True)
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        pages = tuple(_find_pages(folder / PAGES))
    except (OSError, ValueError) as error:
        text = sentence("No edition has been published yet. Run: flask publish")
        raise EditionError.at(None, None, text) from error
    if not pages:
        text = sentence("The edition %(name)s has no pages. Run: flask publish", name=folder.name)
        raise EditionError.at(None, None, text)
    languages = tuple(parse_language(tag) for tag in manifest["public"])
    return Mirror(folder.name, languages, pages, settings.base_url, settings.root / "templates" / "mirror")


def _find_pages(folder: Path) -> Iterator[Page]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix not in _COMPRESSED:
            yield Page("/" + file.relative_to(folder).as_posix().removesuffix("index.html"), file)
