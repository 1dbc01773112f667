"""The same sources give the same bytes: in one process or several, wherever, and whatever Python's hashes are."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

from constanta.edition.parallel import BATCH
from constanta.settings import ROOT
from tests.edition.editions import make_project

FLASK = Path(sys.executable).with_name("flask")


def build(folder: Path, cores: set[int], seed: str) -> dict[str, bytes]:
    """Publish a site from nothing in a folder, and return the files of its edition and its name."""
    project = make_project(folder)
    project.document("topics/people")
    for number in range(4):
        project.document(f"areas/a{number}", topics="[people]")
    project.document("publications/one", "Words.", date="2025", topics="[people]")
    project.catalog("publications/one", "be", {("title", "One"): "Адзін", ("body", "Words."): "Словы."})
    # So many that several processes read them; withdrawn, so that they cost no pages.
    for number in range(2 * BATCH):
        project.document(f"publications/w{number}", f"Words number {number}.", withdrawn="true")
    settings = {"INSTANCE": "instance", "CONTENT": "content", "TRANSLATIONS": "translations"}
    subprocess.run(
        [FLASK, "publish"],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONHASHSEED": seed,
            **{f"CONSTANTA_{name}": str(folder / value) for name, value in settings.items()},
        },
        check=True,
        capture_output=True,
        preexec_fn=partial(os.sched_setaffinity, 0, cores),
    )
    edition = (folder / "instance/editions/current").resolve()
    files = {path.relative_to(edition).as_posix(): path for path in edition.rglob("*") if path.is_file()}
    return {"name": edition.name.encode(), **{name: path.read_bytes() for name, path in files.items()}}


def test_two_editions_that_were_built_from_nothing_are_equal_in_every_byte(tmp_path: Path) -> None:
    cores = os.sched_getaffinity(0)
    one = build(tmp_path / "one", {min(cores)}, "1")
    other = build(tmp_path / "somewhere" / "else", cores, "2")
    assert {"content.db", "pages.db", "edition.json", "pages/be/publications/one.html.br"} <= one.keys()
    assert [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)] == []
