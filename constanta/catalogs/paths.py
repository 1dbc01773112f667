"""Where each catalog lies under `translations/`."""

from __future__ import annotations

from pathlib import Path

from constanta.catalogs.po import Catalog, Message
from constanta.locales import Language

DOCUMENT_FIELD = "X-Constanta-Document"
"""The header field in which a content catalog names its document (`publications/some-slug`)."""

SOURCE_FIELD = "X-Source-Language"
"""The header field in which a content catalog names the language of its document."""


def interface_path(translations: Path, language: Language, domain: str = "messages") -> Path:
    """Return the path of an interface catalog; `domain` is `messages` or `tools`."""
    return translations / language.folder / "LC_MESSAGES" / f"{domain}.po"


def template_path(translations: Path, domain: str = "messages") -> Path:
    """Return the path of an interface template."""
    return translations / f"{domain}.pot"


def content_folder(translations: Path, language: Language) -> Path:
    """Return the folder of the catalogs of documents in a language."""
    return translations / language.folder / "content"


def document_path(translations: Path, language: Language, name: str) -> Path:
    """Return the path of the catalog of a document, by its name (`publications/some-slug`)."""
    return content_folder(translations, language) / f"{name}.po"


def find_document_catalogs(translations: Path, language: Language) -> dict[str, Path]:
    """Return the content catalogs that there are, by the name of the document that their place says."""
    folder = content_folder(translations, language)
    return {p.relative_to(folder).with_suffix("").as_posix(): p for p in find_catalogs(folder)}


def find_catalogs(folder: Path) -> list[Path]:
    """Return all catalogs below a folder; hidden files are what editors leave beside them."""
    return sorted(path for path in folder.rglob("*.po") if not path.name.startswith("."))


def is_content(catalog: Catalog) -> bool:
    """Return whether a catalog holds a document's Markdown rather than the interface."""
    return DOCUMENT_FIELD in catalog.header


def is_markdown(catalog: Catalog, message: Message) -> bool:
    """Return whether a message is a block of a document's body; a title and a summary are plain text."""
    return is_content(catalog) and message.source.msgctxt == "body"
