"""The folder in memory: what stands there is gone when the server loses its power."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from pyrage.x25519 import Identity

from constanta.errors import Problem, SettingsError, sentence
from constanta.newsletter.keys import write_private

_KEY_FILE = "outbox.key"
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_MOUNTS = Path("/proc/self/mountinfo")


def file_system(path: Path) -> str:
    """Return the type of the file system that holds `path`, as proc(5) names it, or the empty string."""
    real = path.resolve()
    best: tuple[int, str] = (-1, "")
    for line in _MOUNTS.read_text(encoding="utf-8").splitlines() if _MOUNTS.exists() else ():
        mount, _, source = line.partition(" - ")
        # mountinfo writes a space in a name as \040.
        point = Path(mount.split(" ")[4].replace("\\040", " "))
        if real.is_relative_to(point) and len(point.parts) >= best[0]:
            best = len(point.parts), source.split(" ")[0]
    return best[1]


def require_memory(path: Path) -> None:
    """Make the folder `path` and see to it that it is in memory and private.

    Raises:
        SettingsError: It cannot be made or is not ours, or lies on a disk, where a seizure would find the outbox's key.
    """
    if file_system(path) not in _IN_MEMORY:
        on_disk = sentence(
            "This folder is not in memory. Point CONSTANTA_RUNTIME at a folder on tmpfs, for example under /run."
        )
        raise SettingsError(Problem(on_disk, path))
    make_private_folder(path)


def make_private_folder(path: Path) -> None:
    """Make a folder that only its owner may enter; one that is there is closed to others, unless they use it too.

    Raises:
        SettingsError: It cannot be made or is not ours.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _is_shared(path):  # to close /run, say, would stop every other program
            wrong = sentence("Others use this folder too. Point CONSTANTA_RUNTIME at a folder of its own.")
            raise SettingsError(Problem(wrong, path))
        path.chmod(0o700)
    except OSError as error:
        wrong = sentence("This folder cannot be made or is not writable for the site.")
        raise SettingsError(Problem(wrong, path)) from error


def _is_shared(path: Path) -> bool:
    """Return whether others may enter a folder, and it is one for everybody or has folders in it: the site makes none."""
    mode = path.stat().st_mode
    return bool(mode & (stat.S_IRWXG | stat.S_IRWXO)) and (
        bool(mode & stat.S_ISVTX) or any(entry.is_dir() for entry in path.iterdir())
    )


def outbox_identity(folder: Path) -> Identity:
    """Return the outbox's key of this node, made by whichever process needs it first."""
    path = folder / _KEY_FILE
    if not path.exists():
        _publish(path, str(Identity.generate()).encode("ascii"))
    return Identity.from_str(path.read_text(encoding="ascii"))


def _publish(path: Path, data: bytes) -> None:
    """Write a whole file at once unless another process was quicker (link(2) never overwrites)."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    write_private(draft, data)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
