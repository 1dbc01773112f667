"""Whether the program is still the one that this process has loaded, so that no edition bears the digest of other code."""

from __future__ import annotations

import time
from pathlib import Path

from constanta import LOADED

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of the program's code."""

_COARSE = 20_000_000
"""How many nanoseconds a file's time may lie before the moment at which it was saved: a tick of the system."""


def version_of_process() -> bytes:
    """Return nothing, or what no other process returns where nobody knows which version of its code this one has loaded.

    What is made by such a process is made again by the next one.
    """
    return str(LOADED).encode() if is_outdated() else b""


def is_outdated() -> bool:
    """Return whether code was saved since this process began to load it; times to come are those of another clock."""
    began, now = LOADED - _COARSE, time.time_ns()
    return any(began < _changed(path) <= now for path in PACKAGE.rglob("*.py"))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_ctime_ns
    except FileNotFoundError:  # it has gone meanwhile
        return 0
