"""The folder of editions: which there are, which is served, and who may change that.

An edition is named by a number that grows, whatever the clock says, and by the digest of its pages: `0012-3f9a51c0`. It
never changes once it has its name. Folders whose name begins with a dot are being made or removed; whoever holds the lock
clears away what a killed process has left.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from constanta.errors import EditionError, sentence

CURRENT = "current"

_NAME = re.compile(r"(\d{4,})-[0-9a-f]{8}")
_LOCK = ".lock"
_PATIENCE = 2.0
"""Seconds in which the processes of a publication that was killed have ended."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder of editions."""

    folder: Path

    def names(self) -> list[str]:
        """Return the names of all editions, the newest first.

        Raises:
            EditionError: The folder cannot be read.
        """
        try:
            names = [
                path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir()
            ]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(error) from error
        return sorted(names, key=_number, reverse=True)

    def current(self) -> str | None:
        """Return the name of the edition that is served; None where none is.

        Raises:
            EditionError: What should point at it is something else, or cannot be read.
        """
        try:
            return os.readlink(f"{self.folder}/{CURRENT}")  # noqa: PTH115 - at every request, and five times as fast
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno != errno.EINVAL:  # which is how readlink(2) says that it is no link
                raise self._unreadable(error) from error
            text = sentence("This is no link to an edition. Remove it, and run: flask edition use NAME")
            raise EditionError.at(self.folder / CURRENT, None, text) from error

    def _unreadable(self, error: OSError) -> EditionError:
        text = sentence("The folder of editions cannot be read: %(reason)s.", reason=error.strerror)
        return EditionError.at(self.folder, None, text)

    def find(self, name: str) -> Path:
        """Return the folder of an edition.

        Raises:
            EditionError: There is none with this name.
        """
        if name not in self.names():
            text = sentence("There is no edition “%(name)s”. See them with: flask edition list", name=name)
            raise EditionError.at(None, None, text)
        return self.folder / name

    def before(self, name: str) -> list[str]:
        """Return the names of the editions older than one, the newest first."""
        return [other for other in self.names() if _number(other) < _number(name)]

    def switch(self, name: str) -> None:
        """Make an edition the one that is served, in one step; return when no power cut can undo it."""
        link = self.folder / f".{CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(self.folder / CURRENT)
        sync_folder(self.folder)

    def next_name(self, digest: str) -> str:
        """Return the name of the next edition, whose pages have this digest."""
        newest = max(map(_number, self.names()), default=0)
        return f"{newest + 1:04}-{digest[:8]}"

    def make_folder(self) -> Path:
        """Return a new folder to build an edition in."""
        return Path(tempfile.mkdtemp(dir=self.folder, prefix=".building-"))

    def ahead(self, name: str) -> Path:
        """Return where the folder lies that was laid out for the edition after this one (see `ahead`)."""
        return self.folder / f".ahead-{name}"

    def remove(self, name: str) -> None:
        """Remove a folder; its name tells at every moment that it is not whole any more."""
        away = self.folder / f".removing-{name}"
        (self.folder / name).rename(away)
        shutil.rmtree(away)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one to change the editions.

        Raises:
            EditionError: Another process is changing them, or the folder cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as file:
            deadline = time.monotonic() + _PATIENCE
            while not try_lock(file.fileno()):
                if time.monotonic() > deadline:
                    text = sentence("Another process is publishing. Wait until it has finished.")
                    raise EditionError.at(None, None, text)
                time.sleep(0.05)
            self._clear_away()
            yield

    def _clear_away(self) -> None:
        current = self.current()
        kept = {_LOCK, self.ahead(current).name} if current else {_LOCK}
        for path in self.folder.glob(".*"):
            if path.name in kept:
                continue
            if path.is_symlink() or not path.is_dir():
                path.unlink()
            elif path.name.startswith(".removing-"):
                shutil.rmtree(path)
            else:
                self.remove(path.name)


def sync_folder(folder: Path) -> None:
    """Return when no power cut can undo what was renamed in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _number(name: str) -> int:
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else 0


def try_lock(handle: int) -> bool:
    """Lock a file; the lock goes with the last process that holds it, also when they are killed."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
