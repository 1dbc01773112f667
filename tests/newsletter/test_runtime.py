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


def test_a_folder_on_a_disk_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    on_disk = next(path for path in (tmp_path, Path("/")) if file_system(path) != "tmpfs")
    mode = on_disk.stat().st_mode
    with pytest.raises(SettingsError, match="not in memory"):
        require_memory(on_disk / ".." / on_disk.name)
    assert on_disk.stat().st_mode == mode


@pytest.mark.parametrize(("mode", "inside"), [(0o755, ["systemd"]), (0o1777, [])])
def test_a_folder_that_others_use_is_refused_and_stays_as_it_is(
    memory: Path, mode: int, inside: list[str]
) -> None:
    """As /run and /dev/shm are."""
    shared = memory / "shared"
    shared.mkdir()
    for name in inside:
        (shared / name).mkdir()
    shared.chmod(mode)
    with pytest.raises(SettingsError, match="Others use this folder too"):
        require_memory(shared)
    assert stat.S_IMODE(shared.stat().st_mode) == mode


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
