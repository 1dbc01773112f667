"""The files of an edition's pages: taken over from the edition before, without copying a byte."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from constanta.edition.beside import Task
from constanta.edition.pages import ENCODINGS, PAGES, file_of
from constanta.edition.parallel import spread

_NOT_LINKABLE = {errno.EMLINK, errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP}


def link_page(source: Path, target: Path, path: str) -> bool:
    """Let one edition have the files of a page of another: all of them, or none; return whether they were there."""
    linked: list[str] = []
    for encoding in ENCODINGS:
        name = f"{PAGES}/{file_of(path, encoding)}"
        if not _link(f"{source}/{name}", f"{target}/{name}"):
            for other in linked:
                os.unlink(other)  # noqa: PTH108
            return False
        linked.append(f"{target}/{name}")
    return True


def link_pages(source: Path, target: Path, paths: Sequence[str]) -> list[str]:
    """Let one edition have the files of many pages of another; return the pages of which files are missing."""
    for folder in sorted({os.path.dirname(file_of(path, "gzip")) for path in paths}):  # noqa: PTH120
        os.makedirs(f"{target}/{PAGES}/{folder}", exist_ok=True)  # noqa: PTH103
    return list(spread(partial(_link_share, source, target), paths))


def drop_pages(folder: Path, paths: Iterable[str]) -> None:
    """Take the files of pages out of an edition that is being made, and folders in which nothing is left."""
    emptied = set()
    for path in paths:
        for encoding in ENCODINGS:
            file = f"{folder}/{PAGES}/{file_of(path, encoding)}"
            with suppress(FileNotFoundError):
                os.unlink(file)  # noqa: PTH108
            emptied.add(os.path.dirname(file))  # noqa: PTH120
    for name in emptied:
        with suppress(OSError):
            os.removedirs(name)


def begin_sync() -> None:
    """Have the system begin to write to the disk what it was given; `os.sync` then has less to wait for, and is still needed."""
    Task(os.sync)


def _link_share(source: Path, target: Path, paths: Iterable[str]) -> Iterator[str]:
    return (path for path in paths if not link_page(source, target, path))


def _link(source: str, target: str) -> bool:
    try:
        os.link(source, target)
    except FileNotFoundError:
        if not os.path.exists(source):  # noqa: PTH110
            return False
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NOT_LINKABLE:
            raise
        shutil.copy2(source, target)
    return True
