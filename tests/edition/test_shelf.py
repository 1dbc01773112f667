"""The folder of editions: names that grow, a switch in one step, and one process at a time that changes anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from constanta.edition import shelf as module
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf with four editions and other things."""
    for name in ("9998-0a0a0a0a", "0002-ffffffff", "10000-00000000", "9999-bbbbbbbb"):
        (tmp_path / name).mkdir()
    for name in (".building-x", "0003-FFFFFFFF", "0004", "notes", ".10001-aaaaaaaa"):
        (tmp_path / name).mkdir()
    (tmp_path / "10001-cccccccc").touch()
    return Shelf(tmp_path)


def test_editions_are_ordered_by_their_numbers(shelf: Shelf) -> None:
    assert shelf.names() == ["10000-00000000", "9999-bbbbbbbb", "9998-0a0a0a0a", "0002-ffffffff"]
    assert shelf.before("9999-bbbbbbbb") == ["9998-0a0a0a0a", "0002-ffffffff"]


def test_numbers_grow_whatever_the_clock_says(shelf: Shelf) -> None:
    os.utime(shelf.folder / "0002-ffffffff", (4e9, 4e9))
    os.utime(shelf.folder / "10000-00000000", (0, 0))
    assert shelf.next_name("cafe" * 16) == "10001-cafecafe"


def test_the_first_edition_has_the_number_one(tmp_path: Path) -> None:
    assert Shelf(tmp_path / "nowhere").next_name("cafe" * 16) == "0001-cafecafe"
    assert (Shelf(tmp_path / "nowhere").names(), Shelf(tmp_path).current()) == ([], None)


def test_a_switch_leaves_nothing_but_the_link(shelf: Shelf) -> None:
    before = {path.name for path in shelf.folder.iterdir()}
    for name in ("9999-bbbbbbbb", "0002-ffffffff"):
        shelf.switch(name)
        assert shelf.current() == name
        assert (shelf.folder / "current").resolve() == shelf.find(name)
    assert {path.name for path in shelf.folder.iterdir()} == {*before, "current"}


@pytest.mark.parametrize("name", ["0001-aaaaaaaa", "current", "", "..", "notes", ".building-x"])
def test_what_is_no_edition_is_not_found(shelf: Shelf, name: str) -> None:
    with pytest.raises(EditionError, match=rf"There is no edition “{name}”\. See them with: flask edition"):
        shelf.find(name)


def test_a_folder_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for ask in (Shelf(tmp_path / "file").names, Shelf(tmp_path / "file").current):
        with pytest.raises(EditionError, match="cannot be read: Not a directory"):
            ask()


def test_whoever_has_the_lock_clears_away_what_a_killed_process_left(shelf: Shelf) -> None:
    (shelf.folder / ".removing-0001-aaaaaaaa" / "pages").mkdir(parents=True)
    (shelf.folder / ".building-x" / "content.db").touch()
    (shelf.folder / ".current").symlink_to("0002-ffffffff")
    shelf.switch("9999-bbbbbbbb")
    with shelf.locked():
        left = {path.name for path in shelf.folder.iterdir() if path.name.startswith(".")}
    assert left == {".lock"}
    assert {*shelf.names(), "notes", "current"} <= {path.name for path in shelf.folder.iterdir()}


def test_of_two_at_once_the_second_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.0)
    with shelf.locked():
        mine = shelf.make_folder()
        with pytest.raises(EditionError, match="Another process is publishing"), shelf.locked():
            pass
        assert mine.is_dir()
    with shelf.locked():
        assert not mine.exists()
