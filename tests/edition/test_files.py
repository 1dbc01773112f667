"""Files of pages that one edition has from another."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from constanta.edition.files import link_page
from constanta.edition.pages import ENCODINGS, PAGES, file_of


@pytest.mark.parametrize("number", [errno.EMLINK, errno.EXDEV, errno.EPERM])
def test_where_the_system_makes_no_link_the_files_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(_source: str, _target: str) -> None:
        raise OSError(number, os.strerror(number))

    names = [file_of("/be/", encoding) for encoding in ENCODINGS]
    for folder in ("before", "after"):
        (tmp_path / folder / PAGES).mkdir(parents=True)
    for name in names:
        (tmp_path / "before" / PAGES / name).write_bytes(name.encode())
    monkeypatch.setattr(os, "link", refuse)
    assert link_page(tmp_path / "before", tmp_path / "after", "/be/")
    assert [(tmp_path / "after" / PAGES / name).read_bytes() for name in names] == [n.encode() for n in names]
