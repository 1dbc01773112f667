"""Building an edition beside the live one, and switching to it in one step once it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from constanta.catalogs.compile import compile_interface
from constanta.catalogs.paths import interface_path
from constanta.catalogs.po import State, read_catalog
from constanta.content.loader import find_files
from constanta.edition.ahead import Ahead
from constanta.edition.beside import Task
from constanta.edition.build import Update, update_content
from constanta.edition.failure import explain_failure
from constanta.edition.frame import digest_code, digest_frames
from constanta.edition.indexing import finishing
from constanta.edition.manifest import (
    CATALOGS,
    CONTENT,
    LARGE_PART,
    Manifest,
    digest_file,
    digest_files,
    is_whole,
    read_manifest,
)
from constanta.edition.models import open_engine
from constanta.edition.origins import name_origins
from constanta.edition.page_index import INDEX, compare_pages
from constanta.edition.press import Press, Printed
from constanta.edition.render import Website
from constanta.edition.shelf import Shelf
from constanta.edition.sources import Memory, Sources
from constanta.errors import CatalogError, EditionError, Problem, sentence
from constanta.locales import SITE_LANGUAGES, SOURCE_LANGUAGE, Language, find_languages
from constanta.settings import Settings

MEMORY = "digests.json"
KEPT = 10
"""How many editions `publish` leaves on the disk."""


def build_edition(
    settings: Settings,
    folder: Path,
    meanwhile: Callable[[], object] | None = None,
    *,
    leave_index: bool = False,
) -> Update:
    """Bring the content and the catalogs of the edition in a folder up to date; an empty folder gets whole ones.

    Problems of single documents are reported and leave those documents as they were. What is remembered of the
    files lies beside the folder. Where other processes read the documents, `meanwhile` is called. With `leave_index`, the
    index of words may be left to be finished (see `update_content`).

    Raises:
        ConstantaError: The documents or catalogs cannot be read as a whole.
    """
    languages = find_languages(settings.translations)
    require_catalogs(settings.translations)
    memory = Memory(folder.parent / MEMORY)
    compile_catalogs = cache(partial(compile_interface, settings.translations, folder / CATALOGS))

    def begin() -> None:
        compile_catalogs()
        if meanwhile:
            meanwhile()

    engine = open_engine(folder / CONTENT, writable=True)
    try:
        sources = Sources(settings.content, settings.translations, languages, memory)
        update = update_content(engine, sources, folder, begin, leave_index=leave_index)
    finally:
        engine.dispose()
    memory.save()
    update.left_out += compile_catalogs()
    public = tuple(lang.tag for lang in languages if _is_public(settings, lang))
    Manifest(tuple(lang.tag for lang in languages), public).write(folder)
    return update


def require_catalogs(translations: Path) -> None:
    """Refuse to go on where one of the site's own languages would be served untranslated, and nobody would be told."""
    languages = [Language(tag) for tag in SITE_LANGUAGES if tag != SOURCE_LANGUAGE]
    text = sentence(
        "The catalog of the interface is missing. Get it back from git, or make an empty one with: flask i18n sync"
    )
    paths = [interface_path(translations, language) for language in languages]
    missing = [Problem(text, path) for path in paths if not path.exists()]
    if missing:
        raise CatalogError(*missing)


def _is_public(settings: Settings, language: Language) -> bool:
    """Return whether a language is offered to every reader: the site's own always, others once enough is translated."""
    if language.tag in SITE_LANGUAGES:
        return True
    catalog = read_catalog(interface_path(settings.translations, language))
    states = [message.state for message in catalog.messages if not message.obsolete]
    return states.count(State.CURRENT) >= settings.preview_share * len(states) > 0


@dataclass(frozen=True, slots=True)
class Published:
    """What was published.

    Attributes:
        name: The name of the edition that is served now.
        is_new: Whether it differs from the one before; where nothing has changed, there is no new one.
        update: What was built of the content.
        printed: What was rendered.
    """

    name: str
    is_new: bool
    update: Update
    printed: Printed


def publish_edition(
    settings: Settings,
    website: Website | None = None,
    *,
    anew: bool = False,
    progress: Callable[[int, int], None] | None = None,
    ahead: Ahead | None = None,
) -> Published:
    """Build an edition beside the live one, taking over what has not changed, and switch to it.

    Args:
        settings: The settings.
        website: What renders the pages; without it the edition has none, and the site renders each for each request.
        anew: Whether nothing of the edition before is used.
        progress: Is told how many of how many pages have been rendered.
        ahead: What the caller knows of the folder that was laid out for this edition.

    Raises:
        EditionError: Something is broken or cannot be written; the live edition goes on being served.
    """
    shelf = Shelf(settings.editions)
    with explain_failure(), shelf.locked():
        folder = shelf.make_folder()
        try:
            return _publish(settings, website, shelf, folder, anew, progress, ahead or Ahead(shelf))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _find_live(shelf: Shelf) -> Path | None:
    """Return the live edition, if it is whole."""
    name = shelf.current()
    return shelf.folder / name if name and is_whole(shelf.folder / name) else None


def _publish(
    settings: Settings,
    website: Website | None,
    shelf: Shelf,
    folder: Path,
    anew: bool,  # noqa: FBT001 - as the caller was told
    progress: Callable[[int, int], None] | None,
    ahead: Ahead,
) -> Published:
    laid = None if anew else ahead.take(folder)
    live = laid or _find_live(shelf)
    base = None if anew else live
    if base and not laid:
        shutil.copyfile(base / CONTENT, folder / CONTENT)
    update = build_edition(settings, folder, partial(_make_ready, settings, website), leave_index=True)
    if update.problems:
        raise EditionError(*sorted(update.problems, key=lambda each: (str(each.path), each.line or 0)))
    if update.removed and not find_files(settings.content):
        text = sentence("There are no documents here any more. If that is right, run: flask publish --anew")
        raise EditionError.at(settings.content, None, text)
    manifest = read_manifest(folder)
    manifest = replace(manifest, frames=digest_frames(settings, folder, manifest))
    digest_content: Callable[..., str] = partial(digest_file, folder / CONTENT)
    if update.indexer is None:  # nothing more is written into it
        digest_content = Task(partial(digest_content, LARGE_PART)).result
    printed = Printed()
    with finishing(folder, update.indexer) as finish_index:
        if website:
            try:
                printed = Press(website, folder, base, manifest, update).print(progress, finish_index)
            except EditionError as error:
                raise EditionError(*name_origins(error.problems, settings.content)) from error
    if website:
        if live and (anew or update.anew):
            # Nothing was taken over, yet for readers not all has changed.
            difference = compare_pages(live, folder)
            printed.changed = sorted(difference.added + difference.changed)
            printed.removed = difference.removed
        manifest = replace(manifest, base_url=website.base_url, pages=printed.digest)
    manifest = replace(manifest, files={CONTENT: digest_content(), **digest_files(folder, _guarded(folder))})
    if base and manifest == read_manifest(base):
        if laid:
            ahead.put(folder, base.name)  # all in it is as it was
        return Published(base.name, is_new=False, update=update, printed=printed)
    manifest.write(folder)
    name = _finish(shelf, folder, manifest)
    return Published(name, is_new=True, update=update, printed=printed)


def _make_ready(settings: Settings, website: Website | None) -> None:
    """Do what rendering begins with."""
    if website:
        digest_code(settings.root)
        website.make_ready()


def _guarded(folder: Path) -> list[str]:
    """Return the names of the files that the manifest guards besides the content database."""
    catalogs = [path.relative_to(folder).as_posix() for path in (folder / CATALOGS).rglob("*.mo")]
    return [*catalogs, *(name for name in (INDEX,) if (folder / name).exists())]


def _finish(shelf: Shelf, folder: Path, manifest: Manifest) -> str:
    """Give an edition its name and serve it; a power cut leaves either this one or the one before."""
    folder.chmod(0o755)
    os.sync()
    name = shelf.next_name(manifest.pages or manifest.files[CONTENT])
    folder.rename(shelf.folder / name)
    shelf.switch(name)
    for old in shelf.names()[KEPT:]:
        shelf.remove(old)
    return name
