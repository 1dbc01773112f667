"""Whether a mirror is whole, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from minisign import PublicKey

from constanta.edition.manifest import digest_file
from constanta.edition.mirror import PUBLIC_KEY, SUMS, list_files
from constanta.edition.signing import check_file, public_text, read_public_key, signature_path
from constanta.errors import EditionError, Problem, sentence

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True, slots=True)
class Checked:
    """A mirror that is whole.

    Attributes:
        files: How many files it has.
        key: The public key that its signature fits; None where it is not signed.
        given: Whether that key was given by whoever checks, and not found in the mirror itself.
        comment: What the signature vouches for besides the files.
    """

    files: int
    key: str | None = None
    given: bool = False
    comment: str = ""


def check_mirror(folder: Path, key: PublicKey | None = None) -> Checked:
    """Return what a mirror is, where every file is as it was when the mirror was made.

    Args:
        folder: The mirror.
        key: The key that must have signed it. Without one the key in the mirror is tried: that shows damage and not
            deceit, since whoever changes a mirror can sign it anew with a key of their own.

    Raises:
        EditionError: It is no mirror, or something was changed, added or taken away; names each file.
    """
    sums = _read_sums(folder / SUMS)
    problems = tuple(_compare(folder, sums))
    if problems:
        raise EditionError(*problems)
    if key is None and not signature_path(folder / SUMS).exists() and not (folder / PUBLIC_KEY).exists():
        return Checked(len(sums))
    if not _is_file(signature_path(folder / SUMS)):
        text = sentence("There is no signature, or something else stands in its place.")
        raise EditionError.at(signature_path(folder / SUMS), None, text)
    if key is None and not _is_file(folder / PUBLIC_KEY):
        text = sentence("The key is missing. Name one that you got in another way with --key.")
        raise EditionError.at(folder / PUBLIC_KEY, None, text)
    used = key or read_public_key(folder / PUBLIC_KEY)
    return Checked(len(sums), public_text(used), key is not None, check_file(folder / SUMS, used))


def _read_sums(path: Path) -> dict[str, str]:
    unreadable = EditionError.at(path, None, sentence("This is no mirror: its list of sums cannot be read."))
    if not _is_file(path):
        raise unreadable
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable from error
    sums = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or not _stays_inside(match[2]):
            text = sentence("This line is no SHA-256 sum of a file in the mirror.")
            raise EditionError.at(path, number, text)
        sums[match[2]] = match[1]
    return sums


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.as_posix() == name


def _compare(folder: Path, sums: dict[str, str]) -> Iterator[Problem]:
    present = set(list_files(folder)) - {SUMS, signature_path(folder / SUMS).name}
    for name in sorted(present | sums.keys()):
        if name not in sums:
            yield Problem(sentence("This file is not of the mirror."), folder / name)
        elif name not in present:
            yield Problem(sentence("This file is missing."), folder / name)
        elif not _is_file(folder / name):
            yield Problem(sentence("This file was changed."), folder / name)
        else:
            yield from _compare_file(folder / name, sums[name])


def _compare_file(path: Path, digest: str) -> Iterator[Problem]:
    try:
        found = digest_file(path)
    except OSError as error:
        yield Problem(sentence("The file cannot be read: %(reason)s.", reason=error.strerror), path)
    else:
        if found != digest:
            yield Problem(sentence("This file was changed."), path)


def _is_file(path: Path) -> bool:
    """Return whether something is a file, and no link, which may lead out of the mirror, nor anything that never ends."""
    return path.is_file() and not path.is_symlink()
