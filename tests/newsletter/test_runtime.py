from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from constanta.errors import SettingsError
from constanta.newsletter.runtime import file_system, outbox_identity, require_memory


def test_a_folder_in_memory_is_made_for_its_owner_alone(memory: Path) -> None:
    require_memory(memory / "run")
    assert stat.S_IMODE((memory / "run").stat().st_mode) == 0o700


def test_a_folder_that_others_may_enter_is_closed_to_them(memory: Path) -> None:
    (memory / "run").mkdir()
    (memory / "run").chmod(0o777)
    require_memory(memory / "run")
    assert stat.S_IMODE((memory / "run").stat().st_mode) == 0o700


def test_a_folder_on_a_disk_is_refused() -> None:
    on_disk = next(path for path in (Path(__file__).parent, Path("/")) if file_system(path) != "tmpfs")
    with pytest.raises(SettingsError, match="not in memory"):
        require_memory(on_disk / ".." / on_disk.name)


def test_a_folder_that_cannot_be_made_is_told(memory: Path) -> None:
    (memory / "file").touch()
    with pytest.raises(SettingsError, match="cannot be made"):
        require_memory(memory / "file" / "run")


def test_processes_that_start_together_agree_on_one_outbox_key(memory: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = {str(identity) for identity in pool.map(outbox_identity, [memory] * 32)}
    assert len(found) == 1
    assert [path.name for path in memory.iterdir()] == ["outbox.key"]
    assert stat.S_IMODE((memory / "outbox.key").stat().st_mode) == 0o600
