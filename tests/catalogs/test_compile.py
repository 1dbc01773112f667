"""What is compiled, what is left out, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polib
import pytest

from constanta.catalogs.checks.entries import blocks
from constanta.catalogs.checks.files import check_catalog
from constanta.catalogs.compile import compile_catalogs, compile_interface, usable_messages
from constanta.catalogs.header import make_header
from constanta.catalogs.paths import document_path, interface_path
from constanta.catalogs.po import Catalog, Message, Source, write_catalog
from constanta.errors import CatalogError
from constanta.locales import parse_language
from tests.catalogs.parts import current, outdated

BE, RU = parse_language("be"), parse_language("ru")


def interface(*messages: Message) -> Catalog:
    return Catalog(make_header(BE), messages)


def test_only_current_messages_are_usable() -> None:
    catalog = interface(
        current("Home", "Галоўная", None),
        outdated("Changed", "Зменена", "Before", None),
        current("Doubted", "Сумніўна", None).with_flag("fuzzy"),
        current("Missing", "", None),
        current("Blank", " \u00a0\u202f\n", None),
        replace(current("Gone", "Знікла", None), obsolete=True),
    )
    assert usable_messages(catalog) == ({(None, "Home"): ("Галоўная",)}, [])


def test_a_message_with_an_error_is_left_out_and_reported() -> None:
    bad = replace(current("Home", "<b>Галоўная</b>", None), line=12)
    usable, findings = usable_messages(replace(interface(bad), path=Path("be.po")))
    assert usable == {}
    assert {(f.path, f.line, f.check) for f in findings} >= {(Path("be.po"), 12, "html")}


@pytest.mark.parametrize("text", ["Галоўная %XX", "Галоўная %(name)s", "Галоўная <b>", "Галоўная"])
def test_whatever_is_left_out_is_an_error_of_the_check(text: str) -> None:
    catalog = interface(current("Home", text, None))
    errors = [finding for finding in check_catalog(catalog) if blocks(finding)]
    assert {(f.key, f.check) for f in errors} == {(f.key, f.check) for f in usable_messages(catalog)[1]}
    assert bool(errors) == (text != "Галоўная")


def test_the_interface_is_compiled_for_every_language_but_the_source(tmp_path: Path) -> None:
    files = Message(
        Source("%(num)s file", None, "%(num)s files"), ("%(num)s файл", "%(num)s файлы", "%(num)s файлаў")
    )
    write_catalog(interface_path(tmp_path, BE), interface(current("Search", "Пошук", "verb"), files))
    assert compile_interface(tmp_path, tmp_path / "out") == []
    compiled = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.mo")}
    assert compiled == {"be/LC_MESSAGES/messages.mo", "ru/LC_MESSAGES/messages.mo"}
    entries = polib.mofile(str(tmp_path / "out/be/LC_MESSAGES/messages.mo"))
    assert {e.msgid: (e.msgctxt, e.msgstr, e.msgstr_plural) for e in entries} == {
        "Search": ("verb", "Пошук", {}),
        "%(num)s file": (None, "", {0: "%(num)s файл", 1: "%(num)s файлы", 2: "%(num)s файлаў"}),
    }


def test_a_broken_catalog_stops_the_interface(tmp_path: Path) -> None:
    path = interface_path(tmp_path, RU)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    with pytest.raises(CatalogError, match=r"messages\.po:1"):
        compile_interface(tmp_path, tmp_path / "out")


def test_a_broken_catalog_does_not_stop_the_others(tmp_path: Path) -> None:
    write_catalog(interface_path(tmp_path, BE), interface(current("Home", "Галоўная", None)))
    broken = document_path(tmp_path, RU, "pages/about")
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"\xff")
    compiled = compile_catalogs(tmp_path, tmp_path)
    assert [problem.path for problem in compiled.problems] == [broken]
    assert len(compiled.files) == 2


def test_what_is_left_out_of_documents_is_reported_too(tmp_path: Path) -> None:
    header = {**make_header(BE), "X-Constanta-Document": "pages/about"}
    catalog = Catalog(header, (current("Plain words.", "[x](https://evil.example/)"),))
    write_catalog(document_path(tmp_path, BE, "pages/about"), catalog)
    assert "html" in {finding.check for finding in compile_catalogs(tmp_path, tmp_path).left_out}


def test_a_second_compilation_touches_no_file(tmp_path: Path) -> None:
    write_catalog(interface_path(tmp_path, BE), interface(current("Home", "Галоўная", None)))
    compile_interface(tmp_path, tmp_path)
    compiled = interface_path(tmp_path, BE).with_suffix(".mo")
    before = compiled.stat().st_mtime_ns, compiled.stat().st_ino
    compile_interface(tmp_path, tmp_path)
    assert (compiled.stat().st_mtime_ns, compiled.stat().st_ino) == before
