"""A publisher that stays: what is saved is published at once, without the start of a program and with all links laid."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from watchfiles import watch

from constanta.content.loader import find_files
from constanta.edition.ahead import Ahead
from constanta.edition.frame import list_code
from constanta.edition.loaded import is_outdated
from constanta.edition.parallel import settle
from constanta.edition.publish import require_catalogs
from constanta.edition.shelf import Shelf
from constanta.edition.sources import stamp_file
from constanta.errors import EditionError, sentence
from constanta.settings import Settings

QUIET = 10
"""Milliseconds without another change after which what a person has saved is published."""

FEW = 4
"""How many files that is at most: a catalog, what was compiled of it, a copy of before. More come from git, say."""

IDLE = 300
"""Milliseconds without another change after which many files, or the program's own, are all there, and somebody who saves
nothing is taken to be thinking: then the next folder is laid out."""

LONGEST_WAIT = 5.0
"""Seconds after which many files are published though more and more come."""

FIRST_PAUSE = 2.0
LONGEST_PAUSE = 600.0
"""Seconds after which what could not be published is tried again: another process was publishing, or the disk was full.

Each time it takes twice as long, for what is broken in a document is tried as soon as somebody has saved it anew.
"""


def keep_published(settings: Settings, publish: Callable[[Ahead], bool], prepare: Callable[[], None]) -> None:
    """Publish now, and whenever a source is saved; return when the program itself has changed and must begin anew.

    Args:
        settings: The settings.
        publish: Publishes, into the folder that was laid out for it, and says what became of it; returns whether it could.
        prepare: Makes ready what a publication would otherwise make at its beginning; called once, after the first
            that succeeded.

    Raises:
        ConstantaError: There are no folders to watch, or the system cannot watch them.
    """
    sources = settings.content, settings.translations
    code = [folder for folder, _ in list_code(settings.root)]
    find_files(settings.content)
    require_catalogs(settings.translations)
    resident = _Resident(settings, publish, prepare)
    is_first = True
    while True:
        burst = _Burst(code)
        for changed in _watch([*sources, *code]):
            is_due = burst.add(changed)
            if is_due and burst.has_code:
                return
            if is_first and is_outdated():  # by what was saved before this loop began
                return
            is_first = False
            if is_due:
                resident.publish()
            elif not changed:
                resident.wait()
        if burst.has_code:
            return
        resident.publish()
        while not all(map(Path.is_dir, sources)):
            time.sleep(IDLE / 1000)
        resident.due = 0.0


class _Burst:
    """What was changed without a pause.

    Attributes:
        has_code: Whether the program itself is among it.
    """

    def __init__(self, code: Sequence[Path]) -> None:
        self._code = code
        self._files: set[Path] = set()
        self._since: float | None = None
        self.has_code = False

    def add(self, changed: Collection[Path]) -> bool:
        """Take in what has changed, nothing being a pause; return whether something is to be published now.

        That is at once where there are few files of the sources, else when a pause has come, or none for too long.
        """
        self._files.update(changed)
        self.has_code |= any(path.is_relative_to(folder) for path in changed for folder in self._code)
        is_small = len(self._files) <= FEW and not self.has_code
        if not changed:
            self._files.clear()
        elif self._since is None:
            self._since = time.monotonic()
        if self._since is None:
            return False
        is_due = not changed or is_small or time.monotonic() - self._since >= LONGEST_WAIT
        if is_due:
            self._since = None
        return is_due


def _watch(folders: Sequence[Path]) -> Iterator[set[Path]]:
    """Yield what was saved or removed, and nothing every now and then; end where another folder stands in a place.

    Raises:
        EditionError: The system cannot watch so many folders.
    """
    known = _identify(folders)
    while True:
        try:
            for changes in watch(*folders, step=QUIET, rust_timeout=IDLE, yield_on_timeout=True):
                yield {Path(path) for _, path in changes}
                if _identify(folders) != known:
                    return
        except (OSError, RuntimeError) as error:  # whichever the library has for it
            if _UNREADABLE_NAME in str(error):  # of any file; a publication says so of a document's
                yield {folders[0]}
                continue
            text = sentence("The system cannot watch the folders: %(reason)s.", reason=error)
            raise EditionError.at(None, None, text) from error


_UNREADABLE_NAME = "Unable to decode path"
"""What watchfiles says of a name that is not UTF-8."""


Stamps = Mapping[Path, str]
"""The times and sizes of files."""


def stamp_program(settings: Settings) -> Stamps:
    """Return by what is seen that the program changes."""
    return {
        file: stamp_file(file) for folder, names in list_code(settings.root) for file in folder.rglob(names)
    }


def wait_for_program(settings: Settings, before: Stamps) -> None:
    """Return when the program is no longer as it was `before`, and no more of it comes."""
    seen, last = before, None
    while seen == before or seen != last:
        time.sleep(IDLE / 1000)
        seen, last = stamp_program(settings), seen


def _identify(folders: Sequence[Path]) -> list[int | None]:
    return [folder.stat().st_ino if folder.exists() else None for folder in folders]


class _Resident:
    """What a publisher does when something was saved, and when nothing was."""

    def __init__(
        self, settings: Settings, publish: Callable[[Ahead], bool], prepare: Callable[[], None]
    ) -> None:
        self._shelf = Shelf(settings.editions)
        self._ahead = Ahead(self._shelf)
        self._publish = publish
        self._prepare = prepare
        self._is_prepared = False
        self.due: float | None = 0.0
        """When to publish, if nothing is saved before."""
        self._pause = FIRST_PAUSE
        self._laid: str | None = None
        """The edition after which a folder was to be laid out."""

    def publish(self) -> None:
        self._laid = None
        if not self._publish(self._ahead):
            self._postpone()
            return
        self.due, self._pause = None, FIRST_PAUSE
        if not self._is_prepared:
            self._prepare()
            self._is_prepared = True
            settle()

    def _postpone(self) -> None:
        self.due = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def wait(self) -> None:
        if self.due is not None:
            if time.monotonic() >= self.due:
                self.publish()
            return
        try:
            name = self._shelf.current()
            if name != self._laid:
                self._ahead.lay()
                self._laid = name
        except EditionError:  # another process is publishing, or the next publication says what is wrong
            self._postpone()
