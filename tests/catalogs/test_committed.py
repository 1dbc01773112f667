"""The catalogs that are committed: in step with the sources, without errors, in the canonical form."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from constanta.catalogs.compile import compile_catalogs
from constanta.catalogs.paths import interface_path
from constanta.catalogs.po import read_catalog
from constanta.catalogs.sync import sync_catalogs
from constanta.locales import parse_language
from constanta.settings import ROOT, Settings

CATALOGS = sorted((ROOT / "translations").rglob("*.po"))


def test_the_catalogs_are_in_step_with_the_sources(tmp_path: Path) -> None:
    report = sync_catalogs(Settings(instance=tmp_path), write=False)
    assert report.problems == ()
    assert [plan.path.relative_to(ROOT).as_posix() for plan in report.changed] == [], "run: make i18n"


def test_no_committed_translation_is_left_out(tmp_path: Path) -> None:
    compiled = compile_catalogs(ROOT / "translations", tmp_path)
    assert compiled.problems == ()
    assert [f"{f.path}:{f.line}: {f.check}: {f.text}" for f in compiled.left_out] == []


@pytest.mark.parametrize("language", ["be", "ru"])
@pytest.mark.parametrize("state", ["outdated", "needs work"])
def test_commands_call_a_state_as_the_documentation_does(language: str, state: str) -> None:
    catalog = read_catalog(interface_path(ROOT / "translations", parse_language(language), "tools"))
    (said,) = [m.msgstr[0] for m in catalog.messages if m.source.msgid.startswith(f"{state}: ")]
    guide = (ROOT / "docs" / f"translating.{language}.md").read_text(encoding="utf-8")
    assert f"**{said.partition(':')[0]}**" in guide


@pytest.mark.parametrize(
    "path", CATALOGS, ids=lambda path: path.relative_to(ROOT / "translations").as_posix()
)
def test_gnu_gettext_accepts_a_catalog_and_leaves_its_form(path: Path, tmp_path: Path) -> None:
    subprocess.run(["msgfmt", "--check", "-o", tmp_path / "x.mo", path], check=True, capture_output=True)
    rewritten = subprocess.run(["msgcat", "--no-wrap", path], check=True, capture_output=True).stdout
    assert rewritten == path.read_bytes()
