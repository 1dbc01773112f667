"""Sources to catalogs: extracts what there is to translate and merges it into every catalog of every language."""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from dataclasses import dataclass

import babel

from constanta.catalogs.extract import extract_templates
from constanta.catalogs.plan import Planned, Planner
from constanta.catalogs.po import write_if_changed
from constanta.errors import CatalogError, Problem, sentence
from constanta.locales import SOURCE_LANGUAGE, Language
from constanta.settings import Settings

STAMP = "catalogs.synced"
"""The file of the instance folder that remembers what was read when nothing was left to do."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync did, or would do.

    Attributes:
        changed: The files written, moved or removed, with what happened in them.
        problems: The catalogs that could not be read, and were left as they are.
        refused: Why nothing was written at all.
    """

    changed: tuple[Planned, ...] = ()
    problems: tuple[Problem, ...] = ()
    refused: tuple[Problem, ...] = ()


def sync_catalogs(
    settings: Settings, *, write: bool = True, accept_loss: bool = False, trivial: bool = False
) -> SyncReport:
    """Bring every catalog up to the sources; write only what changes, and nothing where much would vanish at once.

    A catalog that cannot be read is reported and left alone. `trivial` keeps translations current where a source
    changed only in spelling.

    Raises:
        CatalogError: Code or a page template cannot be read.
        ContentError: A document cannot be read.
    """
    if _read_stamp(settings) == _make_stamp(settings):
        return SyncReport()
    planner = Planner(settings.translations, extract_templates(settings), trivial=trivial)
    changed = tuple(plan for plan in planner.plan() if plan.changes)
    refused = () if accept_loss else tuple(_loss(p) for p in changed if p.loses)
    if write and not refused:
        for plan in changed:
            _carry_out(plan)
        if not planner.problems:
            with suppress(
                OSError
            ):  # it only saves time: where it cannot be kept, the next sync reads all files again
                write_if_changed(settings.instance / STAMP, _make_stamp(settings).encode())
    return SyncReport(changed, tuple(planner.problems), refused)


def _read_stamp(settings: Settings) -> str:
    try:
        return (settings.instance / STAMP).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""


def _make_stamp(settings: Settings) -> str:
    """Return what is the same exactly where a sync would read the same files: sources, catalogs and its own code."""
    digest = hashlib.blake2b(f"{sys.version} {babel.__version__}".encode(), digest_size=20)
    for folder, pattern in (
        (settings.root, "babel.cfg"),
        (settings.root / "constanta", "**/*.py"),
        (settings.root / "templates", "**/*"),
        (settings.content, "**/*.md"),
        (settings.translations, "**/*.po*"),
    ):
        for path in sorted(path for path in folder.glob(pattern) if path.is_file()):
            try:
                data = path.read_bytes()
            except OSError as error:  # what it means is said by whoever needs the file
                digest.update(f"{path} {error} ".encode())
            else:
                digest.update(f"{path} {len(data)} ".encode() + data)
    return digest.hexdigest()


def add_language(settings: Settings, language: Language) -> tuple[Planned, ...]:
    """Create the catalogs of a language that the site does not have, and return them.

    Raises:
        CatalogError: The language is there already, or code or a page template cannot be read.
        ContentError: A document cannot be read.
    """
    folder = settings.translations / language.folder
    if folder.exists() or language.tag == SOURCE_LANGUAGE:
        text = sentence("The language “%(tag)s” is there already.", tag=language.tag)
        raise CatalogError.at(None, None, text)
    planner = Planner(settings.translations, extract_templates(settings))
    planned = tuple(planner.plan_language(language))
    for plan in planned:
        _carry_out(plan)
    return planned


def _loss(plan: Planned) -> Problem:
    vanished = len(plan.merge.vanished) if plan.merge else 0
    text = sentence("%(number)s messages would vanish from this catalog at once.", number=vanished)
    return Problem(text, plan.path)


def _carry_out(plan: Planned) -> None:
    data = plan.data
    if data is not None:
        write_if_changed(plan.path, data)
    else:
        plan.path.unlink()
    if plan.moved_from is not None:
        plan.moved_from.unlink()
