"""Building an edition beside the live one and switching to it in one step."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from constanta.catalogs.compile import compile_interface
from constanta.catalogs.po import State, read_catalog
from constanta.edition.build import Update, update_content
from constanta.edition.models import open_engine
from constanta.edition.sources import Sources
from constanta.edition.switch import CATALOGS, CONTENT, CURRENT, Edition, Manifest
from constanta.errors import EditionError, sentence
from constanta.locales import SITE_LANGUAGES, Language, find_languages
from constanta.settings import Settings


def build_edition(settings: Settings, folder: Path) -> Update:
    """Bring the edition in a folder up to date with the files; an empty folder gets a whole one.

    Problems of single documents are reported and leave those documents as they were.
    """
    languages = find_languages(settings.translations)
    engine = open_engine(folder / CONTENT, writable=True)
    try:
        update = update_content(engine, Sources(settings.content, settings.translations, languages))
    finally:
        engine.dispose()
    compile_interface(settings.translations, folder / CATALOGS)
    public = tuple(lang.tag for lang in languages if _is_public(settings, lang))
    Manifest(tuple(lang.tag for lang in languages), public).write(folder)
    return update


def _is_public(settings: Settings, language: Language) -> bool:
    """Return whether a language is offered to every reader: the site's own always, others once enough is translated."""
    if language.tag in SITE_LANGUAGES:
        return True
    catalog = read_catalog(settings.translations / language.folder / "LC_MESSAGES" / "messages.po")
    states = [message.state for message in catalog.messages if not message.obsolete]
    return states.count(State.CURRENT) >= settings.preview_share * len(states) > 0


@dataclass(frozen=True, slots=True)
class Published:
    """A new edition: its name, and what was built for it."""

    name: str
    update: Update


def publish_edition(settings: Settings) -> Published:
    """Build an edition beside the live one, starting from a copy of it, and switch to it.

    Raises:
        EditionError: A document or catalog is broken; the live edition goes on being served.
    """
    editions = settings.instance / "editions"
    editions.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=editions, prefix=".building-"))
    try:
        live = editions / CURRENT / CONTENT
        if live.exists():
            shutil.copyfile(live, folder / CONTENT)
        update = build_edition(settings, folder)
        if update.problems:
            raise EditionError(*update.problems)
        folder.chmod(0o755)
        name = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{folder.name[-8:]}"
        folder.rename(editions / name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    switch_edition(editions, name)
    return Published(name, update)


def switch_edition(editions: Path, name: str) -> None:
    """Make an edition the one that is served, in one step."""
    link = editions / f".{CURRENT}-{name}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(editions / CURRENT)


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition among others: its name, and whether it is the one that is served."""

    name: str
    served: bool


def list_editions(editions: Path) -> list[Listed]:
    """Return the editions that there are, the newest first."""
    link = editions / CURRENT
    served = link.readlink().name if link.is_symlink() else ""
    names = [path.name for path in editions.glob("[!.]*") if path.is_dir() and not path.is_symlink()]
    return [Listed(name, name == served) for name in sorted(names, reverse=True)]


def use_edition(editions: Path, name: str) -> None:
    """Serve an edition that there is.

    Raises:
        EditionError: There is none with this name, or it is not whole.
    """
    if name not in {edition.name for edition in list_editions(editions)}:
        text = sentence("There is no edition “%(name)s”. See them with: flask edition list", name=name)
        raise EditionError.at(None, None, text)
    Edition(editions / name).close()
    switch_edition(editions, name)
