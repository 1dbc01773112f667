"""An edition says what it is made of, and notices when that, or what it says, is not so any more."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from constanta.edition.manifest import (
    MANIFEST,
    Manifest,
    check_files,
    digest_file,
    digest_files,
    read_manifest,
)
from constanta.errors import EditionError


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """The folder of an edition of two files."""
    (tmp_path / "catalogs").mkdir()
    (tmp_path / "catalogs" / "be.mo").write_bytes(b"catalog")
    (tmp_path / "content.db").write_bytes(b"content")
    files = digest_files(tmp_path, ["content.db", "catalogs/be.mo"])
    Manifest(("be", "ru"), ("be",), "pages", {"": "a", "be": "b"}, files).write(tmp_path)
    return tmp_path


def test_a_digest_is_that_of_the_whole_file(tmp_path: Path) -> None:
    for data in (b"", b"four", b"more than four"):
        (tmp_path / "file").write_bytes(data)
        assert digest_file(tmp_path / "file", part=4) == hashlib.sha256(data).hexdigest()


def test_what_was_written_is_read(edition: Path) -> None:
    assert read_manifest(edition) == Manifest(
        ("be", "ru"),
        ("be",),
        "pages",
        {"": "a", "be": "b"},
        {
            "catalogs/be.mo": "652f55016243bf1b9f1bbea46d5749ef892dbe394e46de9d66ab1aacf0b4af57",
            "content.db": "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
        },
    )
    check_files(edition, read_manifest(edition))


def spoil_the_syntax(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8")[:-3], encoding="utf-8")


def change_a_value(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace('"pages": "pages"', '"pages": "page"'), "utf-8")


def leave_a_value_out(path: Path) -> None:
    values = json.loads(path.read_text(encoding="utf-8"))
    del values["public"]
    path.write_text(json.dumps(values), encoding="utf-8")


def write_something_else(path: Path) -> None:
    path.write_text("[]", encoding="utf-8")


def write_a_number(path: Path) -> None:
    path.write_text("1", encoding="utf-8")


def write_no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize(
    "damage",
    [
        Path.unlink,
        spoil_the_syntax,
        change_a_value,
        leave_a_value_out,
        write_something_else,
        write_a_number,
        write_no_text,
    ],
)
def test_a_damaged_manifest_is_noticed(edition: Path, damage: Callable[[Path], object]) -> None:
    damage(edition / MANIFEST)
    with pytest.raises(EditionError, match="is not whole") as error:
        read_manifest(edition)
    assert str(edition) in str(error.value)


@pytest.mark.parametrize("name", ["content.db", "catalogs/be.mo"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_a_damaged_file_is_noticed(edition: Path, name: str, damage: Callable[[Path], object]) -> None:
    damage(edition / name)
    with pytest.raises(EditionError, match=f"is not whole: .*{name}"):
        check_files(edition, read_manifest(edition))
