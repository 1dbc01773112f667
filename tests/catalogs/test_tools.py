"""At home with others: what the usual tools make of a catalog, a sync brings back to the canonical form, whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polib
import pytest

from constanta.catalogs.header import make_header
from constanta.catalogs.merge import merge_messages
from constanta.catalogs.po import (
    Catalog,
    Message,
    Source,
    format_catalog,
    parse_catalog,
    read_catalog,
    write_catalog,
)
from constanta.locales import parse_language
from tests.catalogs.parts import current, outdated

BELARUSIAN = parse_language("be")
LONG = (
    "A paragraph that is long enough to be wrapped by every tool that wraps lines, because it goes on and on."
)

TEMPLATE = (
    Message(Source("Results of 2024", "title"), extracted=("Title",), references=("content/a/b.md",)),
    Message(Source(LONG, "body"), extracted=("Paragraph",), references=("content/a/b.md",)),
    Message(Source("Changed since", "body"), references=("content/a/b.md",)),
    Message(Source('Quotes "here" and\nlines', "body"), references=("content/a/b.md",)),
    Message(
        Source("%(n)s file", None, "%(n)s files"), references=("content/a/b.md",), flags=("python-format",)
    ),
    Message(Source("Not translated", "body"), references=("content/a/b.md",)),
    Message(Source("Doubted", "body"), references=("content/a/b.md",)),
)
OLD = (
    replace(current("Results of 2024", "Вынікі 2024⁠ года", "title"), comments=("A note — with a dash",)),
    current(
        LONG,
        "Абзац, дастаткова доўгі, каб яго перанеслі ўсе праграмы, якія пераносяць радкі; і яшчэ трошкі слоў.",
    ),
    outdated("Changed since", "Зменена", "Before the change"),
    current('Quotes "here" and\nlines', "Двукоссі «тут» і\nрадкі"),
    Message(Source("%(n)s file", None, "%(n)s files"), ("%(n)s файл", "%(n)s файлы", "%(n)s файлаў")),
    current("Doubted", "Сумніўна").with_flag("fuzzy"),
    replace(current("Gone", "Знікла"), obsolete=True),
    replace(outdated("Gone after a change", "Знікла пасля", "Gone before"), obsolete=True),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalog in the canonical form, with every kind of entry."""
    path = tmp_path / "be.po"
    messages = merge_messages(TEMPLATE, OLD, 3).messages
    write_catalog(path, Catalog(make_header(BELARUSIAN), messages))
    return path


def resync(path: Path) -> str:
    """Return what a sync makes of the file."""
    catalog = read_catalog(path)
    messages = merge_messages(TEMPLATE, catalog.messages, 3).messages
    header = make_header(BELARUSIAN, None, catalog.header)
    return format_catalog(Catalog(header, messages, header_comments=catalog.header_comments))


def run(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def msgcat_wrapped(path: Path) -> None:
    path.write_bytes(run("msgcat", "--width=60", path))


def msgcat_indented(path: Path) -> None:
    path.write_bytes(run("msgcat", "--indent", "--add-location=full", path))


def msgcat_escaped(path: Path) -> None:
    path.write_bytes(run("msgcat", "--escape", path))


def msgcat_sorted(path: Path) -> None:
    path.write_bytes(run("msgcat", "--sort-output", path))


def msgattrib(path: Path) -> None:
    path.write_bytes(run("msgattrib", "--no-location", path))


def through_polib(path: Path) -> None:
    polib.pofile(str(path), wrapwidth=50).save()


def with_windows_line_ends(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def through_msgmerge(path: Path) -> None:
    pot = path.with_suffix(".pot")
    write_catalog(pot, Catalog({**make_header(None), "POT-Creation-Date": "2026-01-01 10:00+0000"}, TEMPLATE))
    path.write_bytes(run("msgmerge", "--previous", "--quiet", path, pot))


@pytest.mark.parametrize(
    "rewrite",
    [
        msgcat_wrapped,
        msgcat_indented,
        msgcat_escaped,
        msgcat_sorted,
        msgattrib,
        through_msgmerge,
        with_windows_line_ends,
    ],
)
def test_a_sync_brings_back_the_canonical_form(path: Path, rewrite: Callable[[Path], None]) -> None:
    before = path.read_text(encoding="utf-8")
    rewrite(path)
    assert path.read_bytes() != before.encode()
    assert resync(path) == before


def test_polib_loses_only_what_an_obsolete_entry_was_made_for(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    through_polib(path)
    lost = '#~| msgctxt "body"\n#~| msgid "Gone before"\n'
    assert lost in before
    assert resync(path) == before.replace(lost, "")


def test_translate_toolkit_changes_nothing_that_counts(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    script = (
        "import sys; from translate.storage import factory; store = factory.getobject(sys.argv[1]);"
        "store.updateheader(add=True, X_Generator='Translate Toolkit'); store.save()"
    )
    run(sys.executable, "-c", script, path)
    assert "X-Generator: Translate Toolkit" in path.read_text(encoding="utf-8")
    assert resync(path).replace('"X-Generator: Translate Toolkit\\n"\n', "") == before


def test_msgfmt_accepts_the_canonical_form(path: Path, tmp_path: Path) -> None:
    run("msgfmt", "--check", "--output-file", tmp_path / "be.mo", path)


def test_msgcat_leaves_the_canonical_form_unchanged(path: Path) -> None:
    assert run("msgcat", "--no-wrap", path) == path.read_bytes()


def test_what_a_translator_did_in_a_wrapped_copy_is_kept(path: Path) -> None:
    msgcat_wrapped(path)
    path.write_text(path.read_text(encoding="utf-8").replace("Зменена", "Зменена нанова"), encoding="utf-8")
    assert 'msgstr "Зменена нанова"' in resync(path)
    assert parse_catalog(resync(path).encode()).messages[2].previous == Source("Before the change", "body")
