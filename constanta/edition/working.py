"""The edition of a developer: what is saved is seen at the next page load."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from constanta.edition.publish import build_edition
from constanta.edition.sources import stamp_file
from constanta.edition.switch import Edition
from constanta.errors import ConstantaError, EditionError, Problem
from constanta.settings import Settings


class WorkingEdition:
    """Brought up to date with the files before a page is shown.

    What is broken stays as it was; `problems` says what is wrong and where.
    """

    INTERVAL = 0.3
    """Seconds in which the files are not looked at again."""

    def __init__(self, settings: Settings) -> None:
        self.problems: tuple[Problem, ...] = ()
        self._settings = settings
        self._folder = settings.instance / "working"
        self._lock = threading.Lock()
        self._checked = 0.0
        self._stamps: list[str] = []
        self._edition: Edition | None = None

    def __call__(self) -> Edition:
        """Return the working edition, up to date.

        Raises:
            EditionError: Nothing could be built yet; names every problem.
        """
        with self._lock:
            if time.monotonic() - self._checked > self.INTERVAL or self._edition is None:
                self._refresh()
                self._checked = time.monotonic()
            if self._edition is None:
                raise EditionError(*self.problems)
            return self._edition

    def _refresh(self) -> None:
        stamps = [f"{path} {stamp_file(path)}" for path in self._files()]
        if stamps == self._stamps:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            self.problems = tuple(build_edition(self._settings, self._folder).problems)
        except ConstantaError as error:
            self.problems = error.problems
        self._stamps = stamps
        self._reopen()

    def _reopen(self) -> None:
        """Open what was built; where that failed, what had been built before, also by an earlier process."""
        try:
            edition = Edition(self._folder, immutable=False)
        except EditionError as error:
            self.problems = self.problems or error.problems
            return
        if self._edition is not None:
            self._edition.close()
        self._edition = edition

    def _files(self) -> Iterator[Path]:
        """Yield every file that the edition is built from, and the folders, whose times tell of new files."""
        yield from sorted(self._settings.content.rglob("*"))
        yield from sorted(self._settings.translations.rglob("*"))
