"""What a person is told where the system refuses to read or write an edition's files."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from constanta.errors import EditionError, Sentence, sentence

SYSTEM_ERRORS = (OSError, sqlite3.Error, sa.exc.DBAPIError)
"""What the system's refusals are raised as."""


@contextmanager
def explain_failure() -> Iterator[None]:
    """Say what a person can do where the system refuses to read or write.

    Raises:
        EditionError: In the place of the system's own error.
    """
    try:
        yield
    except SYSTEM_ERRORS as error:
        reason = getattr(error, "orig", None) or error
        raise EditionError.at(None, None, _explain(reason)) from error


def _explain(reason: BaseException) -> Sentence:
    number, path = getattr(reason, "errno", None), getattr(reason, "filename", None)
    if number in {errno.ENOSPC, errno.EDQUOT} or _sqlite_code(reason) == sqlite3.SQLITE_FULL:
        return sentence(
            "The disk is full. Make room, for example with “flask edition prune”, and try again. What is served "
            "stays as it is."
        )
    if number == errno.EROFS:
        return sentence(
            "%(path)s is on a disk that can only be read. What is served stays as it is.", path=path
        )
    if number in {errno.EACCES, errno.EPERM}:
        return sentence(
            "The system does not permit access to %(path)s. Run the command as the user whom the editions belong "
            "to. What is served stays as it is.",
            path=path,
        )
    return sentence(
        "The edition cannot be written: %(reason)s. What is served stays as it is.", reason=reason
    )


def _sqlite_code(reason: BaseException) -> int | None:
    """Return SQLite's primary result code (sqlite.org/rescode.html)."""
    code = getattr(reason, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
