"""What is too much to keep in memory: laid on the disk in any order, and read again in another one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

Place = tuple[int, int]
"""Where something lies: the first byte, and how many there are."""


class Spool:
    """A file without a name, which is gone when it is closed, also when the process is killed."""

    def __init__(self, folder: Path) -> None:
        """Make the file in a folder: on the disk that what is made of it will need as well."""
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `__exit__`
        self._end = 0

    def __enter__(self) -> Self:
        """Return the spool."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was kept."""
        self._file.close()

    def keep(self, data: bytes) -> Place:
        """Keep some bytes; return where they lie."""
        place = (self._end, len(data))
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)
        return place

    def read(self, place: Place) -> bytes:
        """Return the bytes that lie at a place."""
        self._file.seek(place[0])
        return self._file.read(place[1])
