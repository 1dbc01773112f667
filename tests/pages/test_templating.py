from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from constanta.settings import ROOT
from tests.conftest import Project


def test_what_a_developer_saves_is_seen_where_it_is_imported_by_what_is_imported(
    project: Project, open_site: Callable[..., FlaskClient], tmp_path: Path
) -> None:
    """A card takes its icons from one file, and a page its cards from another."""
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, tmp_path / "root" / folder)
    project.document("publications/one", "Words.")
    site = open_site(root=tmp_path / "root")
    assert '<svg class="icon"' in site.get("/en/publications/").text
    icons = tmp_path / "root/templates/parts/icons.html"
    text = icons.read_text(encoding="utf-8")
    icons.write_text(text.replace('<svg class="icon"', '<svg class="drawing"'), encoding="utf-8")
    assert '<svg class="icon"' not in site.get("/en/publications/").text
