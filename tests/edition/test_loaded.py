"""A process that has loaded code of which another version may be there now."""

from __future__ import annotations

import pytest

from constanta.edition import frame, loaded, sources
from constanta.settings import ROOT

TIMES = [path.stat().st_ctime_ns for path in (ROOT / "constanta").rglob("*.py")]


def digests() -> tuple[bytes, str]:
    """Return what editions and content databases bear of the code."""
    return frame.digest_code.__wrapped__(ROOT), sources.digest_program.__wrapped__()


def test_code_that_was_saved_while_it_was_loaded_is_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests()
    assert not loaded.is_outdated()
    found = []
    for nanoseconds in (1, 2):
        monkeypatch.setattr(loaded, "LOADED", max(TIMES) - nanoseconds)
        assert loaded.is_outdated()
        found.append(digests())
    for one, other, mixed in zip(before, *found, strict=True):
        assert len({one, other, mixed}) == 3
    monkeypatch.setattr(loaded, "LOADED", max(TIMES) + 10**9)
    assert digests() == before


def test_a_clock_that_was_set_back_makes_no_code_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaded, "LOADED", min(TIMES) - 10**15)
    monkeypatch.setattr("time.time_ns", lambda: min(TIMES) - 10**14)
    assert not loaded.is_outdated()
