"""The translation commands: what they print, how they end, and that they need no site."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from constanta.catalogs.paths import document_path, interface_path
from constanta.catalogs.po import Source, State, read_catalog, write_catalog
from constanta.catalogs.sync import sync_catalogs
from constanta.factory import create_app
from constanta.locales import parse_language
from constanta.settings import ROOT, Settings
from tests.catalogs.parts import HEADER
from tests.conftest import Project

BE = parse_language("be")
ONE = "publications/one"
Run = Callable[..., Result]


@pytest.fixture
def settings(project: Project) -> Settings:
    """The settings of a project of little code, with a document whose catalogs are synced."""
    project.document(ONE, "Plain words.\n\nMore words about a border.", summary="In short")
    project.write("babel.cfg", (ROOT / "babel.cfg").read_text(encoding="utf-8"))
    project.write("templates/home.html", "{{ _('Home') }}")
    project.write("static/mark.svg", "<svg/>")
    project.write("constanta/tools.py", 'sentence("Every catalog is up to date.")')
    settings = replace(project.settings, root=project.folder)
    sync_catalogs(settings)
    return settings


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of the group, in English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.chdir(settings.content.parent)
    runner = create_app(settings).test_cli_runner()
    return lambda *arguments: runner.invoke(args=["i18n", *map(str, arguments)])


def change(settings: Settings, msgid: str, msgstr: str) -> Path:
    """Give a message of the Belarusian catalog a translation."""
    path = document_path(settings.translations, BE, ONE)
    catalog = read_catalog(path)
    messages = tuple(replace(m, msgstr=(msgstr,)) if m.source.msgid == msgid else m for m in catalog.messages)
    write_catalog(path, replace(catalog, messages=messages))
    return path


def load(result: Result) -> Any:
    return json.loads(result.stdout)


# --- sync ----------------------------------------------------------------------------------------------------------


def test_sync_says_that_nothing_is_to_do(run: Run) -> None:
    result = run("sync")
    assert (result.exit_code, result.stdout) == (0, "Every catalog is up to date.\n")


def test_sync_names_what_it_wrote(run: Run, project: Project) -> None:
    project.document("areas/new", "Text.")
    result = run("sync")
    assert result.exit_code == 0
    assert "translations/be/content/areas/new.po: missing 2\n" in result.stdout


def test_sync_check_exits_with_1_and_writes_nothing(run: Run, project: Project) -> None:
    project.document("areas/new", "Text.")
    result = run("sync", "--check")
    assert result.exit_code == 1
    assert "flask i18n sync" in result.stderr
    assert not document_path(project.settings.translations, BE, "areas/new").exists()


def test_sync_refuses_a_loss_and_says_how_to_go_on(run: Run, settings: Settings) -> None:
    (settings.content / f"{ONE}.md").unlink()
    refused = run("sync")
    assert refused.exit_code == 1
    assert "--accept-loss" in refused.stderr
    assert run("sync", "--accept-loss").exit_code == 0


def test_sync_goes_on_past_a_broken_catalog_and_names_its_line(run: Run, settings: Settings) -> None:
    path = document_path(settings.translations, BE, ONE)
    path.write_text(HEADER + 'msgid "A\n', encoding="utf-8")
    result = run("sync")
    assert result.exit_code == 1
    assert f"translations/be/content/{ONE}.po:9: The quoted text does not end" in result.stderr
    assert path.read_text(encoding="utf-8") == HEADER + 'msgid "A\n'
    assert result.stdout == "All other catalogs are up to date.\n"


def test_sync_prints_json(run: Run, project: Project) -> None:
    project.document("areas/new", "Text.")
    report = load(run("sync", "--check", "--json"))
    found = {entry["file"]: entry for entry in report["changed"]}
    assert found["translations/be/content/areas/new.po"]["missing"] == 2
    assert (report["problems"], report["refused"]) == ([], [])


def test_an_unreadable_document_stops_sync_with_its_line(run: Run, project: Project) -> None:
    project.write("content/areas/bad.md", "---\ntitle: [\n---\n")
    result = run("sync")
    assert result.exit_code == 1
    assert "content/areas/bad.md:" in result.stderr


# --- compile -------------------------------------------------------------------------------------------------------


def test_compile_writes_the_interface_and_succeeds(run: Run, settings: Settings, tmp_path: Path) -> None:
    result = run("compile", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert interface_path(tmp_path / "out", BE).with_suffix(".mo").is_file()


def test_compile_exits_with_1_and_says_what_it_left_out(run: Run, settings: Settings) -> None:
    change(settings, "Plain words.", "<b>Звычайныя</b> [словы](https://evil.example/)")
    result = run("compile")
    assert result.exit_code == 1
    assert f"translations/be/content/{ONE}.po:" in result.stdout
    assert "[html]" in result.stdout
    left_out = load(run("compile", "--json"))["left_out"]
    assert {finding["msgid"] for finding in left_out} == {"Plain words."}


# --- check and status ----------------------------------------------------------------------------------------------


def test_check_shows_a_caret_under_the_place_and_exits_with_1(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Суды улічылі скаргі.")
    result = run("check", path)
    assert result.exit_code == 1
    found, *shown = result.stdout.splitlines()[:4]
    assert re.match(rf"translations/be/content/{ONE}\.po:\d+: error \[be-u-word\] ", found)
    assert shown == [
        "    Суды улічылі скаргі.",
        "         ^",
        "    → ў",
    ]


def test_check_without_files_checks_every_catalog_and_missing_ones_are_no_failure(run: Run) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("Errors: 0. Warnings: 0.")


def test_check_calls_no_error_what_is_no_failure(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Простыя словы.")
    catalog = read_catalog(path)
    write_catalog(path, replace(catalog, messages=tuple(m.with_flag("fuzzy") for m in catalog.messages)))
    for form in ("text", "github", "json"):
        result = run("check", path, "--format", form)
        assert result.exit_code == 0
        assert "fuzzy" in result.stdout
        assert "error" not in result.stdout


def test_what_an_editor_leaves_beside_a_catalog_is_none(run: Run, settings: Settings) -> None:
    """Emacs leaves a link that leads nowhere beside each file that has not been saved yet."""
    path = change(settings, "One", "Адзін")
    path.with_name(f".#{path.name}").symlink_to("somebody@laptop.1:2")
    path.with_name(f".{path.name}").write_text("half a save", encoding="utf-8")
    for command in ("check", "compile", "sync"):
        result = run(command)
        assert result.exit_code == 0, result.output
        assert ".#" not in result.output


def test_check_prints_a_list_of_findings_as_json(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Суды улічылі скаргі.")
    for arguments in (("--format", "json"), ("--json",)):
        found = [f for f in load(run("check", path, *arguments)) if f["msgid"] == "Plain words."]
        assert {key: found[0][key] for key in ("msgctxt", "check", "severity")} == {
            "msgctxt": "body",
            "check": "be-u-word",
            "severity": "error",
        }
        assert found[0].keys() >= {
            "file",
            "line",
            "msgctxt",
            "msgid",
            "check",
            "severity",
            "message",
            "suggestion",
        }
        assert path.read_text(encoding="utf-8").splitlines()[found[0]["line"] - 1].startswith("msgstr")


def test_check_prints_annotations(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Суды улічылі скаргі.")
    lines = run("check", path, "--format", "github").stdout.splitlines()
    assert any(line.startswith(f"::error file=translations/be/content/{ONE}.po,line=") for line in lines)


def test_check_fix_makes_the_safe_corrections_and_shows_them(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Суды улічылі скаргі.")
    result = run("check", path, "--fix")
    assert result.exit_code == 0
    assert "fixed [be-u-word]\n  - Суды улічылі скаргі.\n  + Суды ўлічылі скаргі.\n" in result.stdout
    assert ("Суды ўлічылі скаргі.",) in [m.msgstr for m in read_catalog(path).messages]
    assert "fixed" not in run("check", path, "--fix").stdout


def test_check_fix_corrects_nothing_in_a_catalog_that_calls_itself_another_language(
    run: Run, settings: Settings
) -> None:
    """The rules of another language would spoil what is right."""
    russian = document_path(settings.translations, parse_language("ru"), ONE)
    path = change(settings, "Plain words.", "Она учится у моря.")
    path.replace(russian)
    data = russian.read_bytes()
    result = run("check", russian, "--fix")
    assert result.exit_code == 1
    assert "[po-header-language]" in result.stdout
    assert "fixed" not in result.stdout
    assert russian.read_bytes() == data


def test_check_honours_and_counts_what_is_switched_off(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Суды улічылі скаргі.")
    catalog = read_catalog(path)
    silent = tuple(
        replace(m, comments=("nocheck: be-u-word",)) if m.translated else m for m in catalog.messages
    )
    write_catalog(path, replace(catalog, messages=silent))
    result = run("check", path)
    assert result.exit_code == 0
    assert "Switched off by nocheck: be-u-word 1." in result.stdout


BAD_FILES = {
    "empty": (b"", 1),
    "bom": (b"\xef\xbb\xbf" + HEADER.encode(), 1),
    "cp1251": (HEADER.encode() + 'msgid "A"\nmsgstr "Правы"\n'.encode("cp1251"), 10),
    "no-header": (b'msgid "A"\nmsgstr "B"\n', 1),
    "fuzzy-header": (b"#, fuzzy\n" + HEADER.encode(), 2),
    "duplicate": (HEADER.encode() + b'msgid "A"\nmsgstr ""\n\nmsgid "A"\nmsgstr ""\n', 12),
    "truncated": (HEADER.encode() + b'msgid "A"\nmsgstr "B', 10),
    "cut-entry": (HEADER.encode() + b'msgid "A"\n', 9),
    "conflict": (HEADER.encode() + b'<<<<<<< HEAD\nmsgid "A"\nmsgstr ""\n', 9),
    "wrong-language": (HEADER.replace("Language: be", "Language: ru").encode(), 1),
    "nonsense": (b"\x00\x01\x02", 1),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_check_names_the_line_of_a_bad_file_and_goes_on(run: Run, tmp_path: Path, name: str) -> None:
    data, line = BAD_FILES[name]
    bad, good = tmp_path / "bad.be.po", tmp_path / "good.be.po"
    bad.write_bytes(data)
    good.write_text(f'{HEADER}msgid "Courts"\nmsgstr "Суды улічылі"\n', encoding="utf-8")
    result = run("check", bad, good)
    assert result.exit_code == 1
    about_bad = [text for text in result.stdout.splitlines() if "bad.be.po" in text]
    assert [text.partition("bad.be.po:")[2].partition(":")[0] for text in about_bad] == [str(line)]
    assert "good.be.po:10" in result.stdout
    assert bad.read_bytes() == data


def test_check_names_a_folder_and_a_file_that_is_missing_or_huge(run: Run, tmp_path: Path) -> None:
    huge = tmp_path / "huge.po"
    with huge.open("wb") as file:
        file.truncate(50_000_000)
    result = run("check", tmp_path, tmp_path / "missing.po", huge)
    assert result.exit_code == 1
    assert len([line for line in result.stdout.splitlines() if "error [po-syntax]" in line]) == 3
    assert "missing.po: error [po-syntax] The file cannot be read" in result.stdout


def test_status_counts_states_words_and_findings(run: Run, settings: Settings) -> None:
    change(settings, "Plain words.", "Суды улічылі скаргі.")
    catalogs = load(run("status", "--json"))["catalogs"]
    found = next(c for c in catalogs if c["name"] == ONE and c["language"] == "be")
    assert {
        key: found[key] for key in ("current", "outdated", "needs_work", "missing", "words_left", "errors")
    } == {
        "current": 1,
        "outdated": 0,
        "needs_work": 0,
        "missing": 3,
        "words_left": 8,
        "errors": 1,
    }


def test_a_translation_of_spaces_alone_is_missing_for_every_command(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "\u00a0 ")
    checked, compiled = run("check", path), run("compile")
    assert (checked.exit_code, compiled.exit_code) == (0, 0)
    assert checked.stdout == "Errors: 0. Warnings: 0. Remarks: 0. Missing or fuzzy: 4.\n"
    assert "not translated yet" in run("why", "Plain words.").stdout
    catalogs = load(run("status", "--json"))["catalogs"]
    found = next(c for c in catalogs if c["name"] == ONE and c["language"] == "be")
    assert (found["current"], found["missing"], found["errors"]) == (0, 4, 0)


def test_a_copy_of_the_source_is_an_error_for_every_command(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Plain words.")
    checked, compiled = run("check", path), run("compile")
    assert (checked.exit_code, compiled.exit_code) == (1, 1)
    assert "error [untranslated]" in checked.stdout
    assert "Errors: 1. Warnings: 0. Remarks: 0. Missing or fuzzy: 3.\n" in checked.stdout
    assert "error [untranslated]" in compiled.stdout
    assert "left out, as a check found an error" in run("why", "Plain words.").stdout
    catalogs = load(run("status", "--json"))["catalogs"]
    assert next(c for c in catalogs if c["name"] == ONE and c["language"] == "be")["errors"] == 1


def test_a_copy_of_the_source_that_is_right_is_served(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Plain words.")
    catalog = read_catalog(path)
    right = tuple(
        replace(m, comments=("nocheck: untranslated (a name)",)) if m.translated else m
        for m in catalog.messages
    )
    write_catalog(path, replace(catalog, messages=right))
    assert (run("check", path).exit_code, run("compile").exit_code) == (0, 0)


@pytest.mark.parametrize("fields", [["Language"], ["Plural-Forms"], ["Language", "Plural-Forms"]])
@pytest.mark.parametrize(("text", "code"), [("Суды ўлічылі скаргі.", 0), ("Суды улічылі скаргі.", 1)])
def test_a_field_that_the_header_lacks_is_that_of_the_folder_for_every_command(
    run: Run, settings: Settings, fields: list[str], text: str, code: int
) -> None:
    path = change(settings, "Plain words.", text)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(tuple(f'"{field}:' for field in fields)))
    path.write_text(kept, encoding="utf-8")
    checked = run("check", path)
    assert (checked.exit_code, run("compile").exit_code) == (code, code)
    assert "warning [po-header-" in checked.stdout
    catalogs = load(run("status", "--json"))["catalogs"]
    assert next(c for c in catalogs if c["name"] == ONE and c["language"] == "be")["errors"] == code
    assert ("left out" in run("why", "Plain words.").stdout) is bool(code)
    assert run("sync").exit_code == 0
    assert "po-header" not in run("check", path).stdout


def test_a_folder_of_no_language_is_named_by_every_command(run: Run, settings: Settings) -> None:
    path = settings.translations / "by" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER, encoding="utf-8")
    for command in ("check", "status", "compile", "sync"):
        result = run(command)
        assert result.exit_code == 1, command
        assert "translations/by: CLDR knows no language" in result.stderr


def test_status_sees_a_change_before_any_sync(run: Run, settings: Settings, project: Project) -> None:
    change(settings, "Plain words.", "Звычайныя словы.")
    project.document(ONE, "Plain words changed.\n\nMore words about a border.", summary="In short")
    catalogs = load(run("status", "--json"))["catalogs"]
    assert next(c for c in catalogs if c["name"] == ONE and c["language"] == "be")["outdated"] == 1


def test_status_prints_a_table_with_sums(run: Run) -> None:
    lines = run("status").stdout.splitlines()
    assert "current" in lines[0]
    assert any(line.startswith("be    =") for line in lines)


def test_status_names_a_broken_catalog_and_exits_with_1(run: Run, settings: Settings) -> None:
    document_path(settings.translations, BE, ONE).write_bytes(b"")
    result = run("status")
    assert result.exit_code == 1
    assert f"translations/be/content/{ONE}.po:1:" in result.stderr


# --- the others ----------------------------------------------------------------------------------------------------


def test_add_creates_a_language(run: Run, settings: Settings) -> None:
    result = load(run("add", "pt_BR", "--json"))
    assert (result["language"], result["name"]) == ("pt-BR", "Português")
    assert (settings.translations / "pt_BR" / "content" / f"{ONE}.po").is_file()
    assert run("sync", "--check").exit_code == 0


@pytest.mark.parametrize("locale", ["be", "en", "xx", "../../etc"])
def test_add_refuses_what_is_no_new_language(run: Run, settings: Settings, locale: str) -> None:
    before = sorted(settings.translations.rglob("*"))
    assert run("add", locale).exit_code == 1
    assert sorted(settings.translations.rglob("*")) == before


def test_merge_writes_both_sides_work_into_ours(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("base.po", "ours.po", "theirs.po")]
    for path, one, two in zip(files, ("", "адзін", ""), ("", "", "два"), strict=True):
        path.write_text(
            f'{HEADER}msgid "One"\nmsgstr "{one}"\n\nmsgid "Two"\nmsgstr "{two}"\n', encoding="utf-8"
        )
    assert run("merge", *files).exit_code == 0
    assert [m.msgstr for m in read_catalog(files[1]).messages] == [("адзін",), ("два",)]


def test_merge_names_the_catalog_by_the_name_that_it_is_given(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("base.po", "ours.po", "theirs.po")]
    for path, one in zip(files, ("", "адзін", "адна"), strict=True):
        path.write_text(f'{HEADER}msgid "One"\nmsgstr "{one}"\n', encoding="utf-8")
    result = run("merge", *files, tmp_path / "be" / "one.po")
    assert result.exit_code == 1
    assert re.match(r"be/one\.po:\d+: Both sides changed this translation", result.stderr)
    files[1].write_text(f'{HEADER}msgid "One"\nmsgstr "ад\n', encoding="utf-8")
    told = load(run("merge", *files, tmp_path / "be" / "one.po", "--json"))
    assert (told["file"], told["conflicts"]) == ("be/one.po", [])
    assert {problem["file"] for problem in told["problems"]} == {"be/one.po"}


@pytest.mark.parametrize(
    "broken",
    [
        f'{HEADER}msgid "One"\nmsgstr "адна\n'.encode(),
        b"\xef\xbb\xbf" + f'{HEADER}msgid "One"\nmsgstr "адна"\n'.encode(),
        f'{HEADER}msgid "One"\nmsgstr "адна\0"\nmsgid'.encode(),
    ],
    ids=["quote", "mark", "bytes"],
)
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_merge_leaves_both_sides_marked_where_one_is_no_catalog(
    run: Run, tmp_path: Path, side: str, broken: bytes
) -> None:
    files = {name: tmp_path / f"{name}.po" for name in ("base", "ours", "theirs")}
    for name, path in files.items():
        one = "" if name == "base" else "адзін"
        path.write_text(f'{HEADER}msgid "One"\nmsgstr "{one}"\n', encoding="utf-8")
    files[side].write_bytes(broken)
    result = run("merge", *files.values(), tmp_path / "be" / "one.po")
    assert result.exit_code == 1
    assert result.stderr.count("be/one.po:") == result.stderr.count("\n") == 2
    assert f"on the side “{side}”" in result.stderr
    left = files["ours"].read_text(encoding="utf-8")
    assert all(text in left for text in ("адзін", "адна", "<<<<<<< ours\n", ">>>>>>> theirs\n"))
    assert run("check", files["ours"]).exit_code == 1


def test_merge_changes_nothing_where_a_file_is_missing(run: Run, tmp_path: Path) -> None:
    ours = tmp_path / "ours.po"
    ours.write_text(f'{HEADER}msgid "One"\nmsgstr ""\n', encoding="utf-8")
    result = run("merge", ours, ours, tmp_path / "typo.po")
    assert result.exit_code == 1
    assert "typo.po: The file cannot be read" in result.stderr
    assert ours.read_text(encoding="utf-8") == f'{HEADER}msgid "One"\nmsgstr ""\n'


def test_merge_takes_an_empty_base_as_git_gives_it(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("base.po", "ours.po", "theirs.po")]
    files[0].write_bytes(b"")
    for path in files[1:]:
        path.write_text(f'{HEADER}msgid "{path.stem}"\nmsgstr "x"\n', encoding="utf-8")
    assert run("merge", *files).exit_code == 0
    assert {m.source for m in read_catalog(files[1]).messages} == {Source("ours"), Source("theirs")}


def test_textconv_prints_states_and_texts(run: Run, settings: Settings) -> None:
    path = change(settings, "Plain words.", "Звычайныя словы.")
    assert "\n[current] body\nPlain words.\n→ Звычайныя словы.\n" in run("textconv", path).stdout


def test_textconv_prints_what_is_no_catalog_as_it_is(run: Run, tmp_path: Path) -> None:
    for number, (data, _) in enumerate(BAD_FILES.values()):
        path = tmp_path / f"{number}.po"
        path.write_bytes(data)
        if number != list(BAD_FILES).index("wrong-language"):
            result = run("textconv", path)
            assert (result.exit_code, result.stdout_bytes, result.stderr) == (0, data, "")
            assert run("textconv", path, "--json").exit_code == 1


def test_why_tells_the_state_of_a_text_in_each_language(run: Run, settings: Settings) -> None:
    change(settings, "Plain words.", "Звычайныя словы.")
    result = run("why", "Plain words.", "--json")
    assert result.exit_code == 0
    languages = load(result)["messages"][0]["languages"]
    assert {entry["language"]: entry["reason"] for entry in languages} == {
        "be": "current",
        "ru": "missing",
        "en": "source",
    }


@pytest.mark.parametrize("published", [True, False])
def test_why_lists_the_messages_on_a_page(settings: Settings, *, published: bool) -> None:
    change(settings, "Plain words.", "Звычайныя словы.")
    site = create_app(replace(settings, root=ROOT, debug=not published))
    if published:
        assert site.test_cli_runner().invoke(args=["publish"]).exit_code == 0
    arguments = ["i18n", "why", f"https://site.example/be/{ONE}/", "--json"]
    found = load(site.test_cli_runner().invoke(args=arguments))["messages"]
    states = {entry["msgid"]: entry["languages"][0]["reason"] for entry in found}
    assert states["Plain words."] == "current"
    assert states["More words about a border."] == "missing"
    assert any(entry["catalog"] == "messages" for entry in found)


@pytest.mark.parametrize("address", ["http://[::1/be/", "//[::1/be/"])
def test_why_says_that_an_address_is_none(run: Run, address: str) -> None:
    result = run("why", address)
    assert (result.exit_code, result.stderr) == (1, f"“{address}” is no address.\n")


def test_why_takes_the_address_of_a_site_without_a_path(run: Run) -> None:
    result = run("why", "https://site.example")
    assert (result.exit_code, result.stderr) == (1, "Nothing was found.\n")


def test_why_exits_with_1_where_nothing_is_found(run: Run) -> None:
    assert run("why", "no such text anywhere").exit_code == 1
    assert run("why", "/be/no-such-page/").exit_code == 1
    assert run("why", "https://site.example").exit_code == 1


def test_pseudo_says_how_to_look_at_it(run: Run, settings: Settings) -> None:
    result = run("pseudo")
    assert result.exit_code == 0
    assert "CONSTANTA_TRANSLATIONS=instance/pseudo" in result.stdout
    catalog = read_catalog(document_path(settings.instance / "pseudo", parse_language("en-XA"), ONE))
    assert {message.state for message in catalog.messages} == {State.CURRENT}


# --- what the system does not permit -------------------------------------------------------------------------------


@pytest.fixture
def run_bound(project: Project, tmp_path: Path) -> Iterator[Callable[..., subprocess.CompletedProcess[str]]]:
    """Run a command as somebody who must obey the permissions of files, also where the tests run as root."""
    project.document(ONE, "Plain words.")
    environment = {
        "PATH": os.environ["PATH"],
        "CONSTANTA_CONTENT": str(project.settings.content),
        "CONSTANTA_TRANSLATIONS": str(project.settings.translations),
        "CONSTANTA_INSTANCE": str(tmp_path / "closed" / "instance"),
        "LC_ALL": "C.UTF-8",
    }
    bound = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    command = [*bound, str(Path(sys.executable).with_name("flask")), "i18n"]

    def run_bound(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    sync_catalogs(project.settings)
    (tmp_path / "closed").mkdir(exist_ok=True)
    yield run_bound
    for path in [tmp_path, *tmp_path.rglob("*")]:
        path.chmod(0o755)


RunBound = Callable[..., subprocess.CompletedProcess[str]]


def test_sync_names_a_catalog_that_may_not_be_read_and_syncs_the_others(
    run_bound: RunBound, project: Project
) -> None:
    translations = project.settings.translations
    path, other = (document_path(translations, language, ONE) for language in (BE, parse_language("ru")))
    project.document(ONE, "Other words.")
    path.chmod(0)
    done = run_bound("sync")
    assert (done.returncode, done.stderr) == (
        1,
        f"translations/be/content/{ONE}.po: The file cannot be read: Permission denied.\n",
    )
    assert "Other words." in other.read_text(encoding="utf-8")


def test_sync_names_a_document_that_may_not_be_read(run_bound: RunBound, project: Project) -> None:
    (project.settings.content / f"{ONE}.md").chmod(0)
    done = run_bound("sync")
    said = f"content/{ONE}.md: The file cannot be read: Permission denied.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


@pytest.mark.parametrize("command", ["sync", "add", "check --fix", "compile", "merge"])
def test_who_may_not_write_into_a_folder_is_told_which_file_it_is_about(
    run_bound: RunBound, project: Project, command: str
) -> None:
    path = project.catalog(ONE, "be", {("body", "Plain words."): "Суды улічылі скаргі."})
    new = project.catalog("publications/new", "be", {("body", "Plain words."): "Суды ўлічылі скаргі."})
    files: dict[str, list[Path | str]] = {"add": ["pl"], "check --fix": [path], "merge": [path, path, new]}
    wanted = {"sync": path, "add": project.settings.translations / "pl", "check --fix": path, "merge": path}
    folders = [p for p in project.settings.translations.rglob("*") if p.is_dir()]
    for folder in [project.settings.translations, *folders]:
        folder.chmod(0o555)
    done = run_bound(*command.split(), *files.get(command, []))
    said = done.stderr.splitlines()[-1]
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert said.endswith(": This cannot be read or written: Permission denied.")
    place = wanted.get(command, interface_path(project.settings.translations, BE).with_suffix(".mo"))
    assert said.startswith(place.relative_to(project.folder).as_posix())


def test_pseudo_says_where_it_may_not_write_and_what_it_cannot_copy(
    run_bound: RunBound, project: Project, tmp_path: Path
) -> None:
    document_path(project.settings.translations, BE, ONE).chmod(0)
    done = run_bound("pseudo")
    assert done.returncode == 1
    assert f"translations/be/content/{ONE}.po: The file cannot be copied: " in done.stderr
    assert "Traceback" not in done.stderr
    shutil.rmtree(tmp_path / "closed" / "instance")
    (tmp_path / "closed").chmod(0o555)
    done = run_bound("pseudo")
    said = "closed/instance: This cannot be read or written: Permission denied.\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_sync_needs_no_place_for_what_only_saves_time(run: Run, settings: Settings) -> None:
    shutil.rmtree(settings.instance)
    settings.instance.write_bytes(b"")
    result = run("sync")
    assert (result.exit_code, result.stdout) == (0, "Every catalog is up to date.\n")


# --- languages and the environment ---------------------------------------------------------------------------------


def test_commands_speak_the_language_of_the_terminal(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = interface_path(settings.translations, BE, "tools")
    catalog = read_catalog(path)
    messages = tuple(
        replace(m, msgstr=("Усе каталогі сінхранізаваныя.",))
        if m.source.msgid == "Every catalog is up to date."
        else m
        for m in catalog.messages
    )
    write_catalog(path, replace(catalog, messages=messages))
    monkeypatch.setenv("LC_ALL", "be_BY.UTF-8")
    assert run("sync").stdout == "Усе каталогі сінхранізаваныя.\n"
    monkeypatch.setenv("LANGUAGE", "pl:en")
    assert run("sync").stdout == "Every catalog is up to date.\n"


def test_commands_work_without_the_site_and_its_secret(project: Project, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "translations", tmp_path / "catalogs")
    environment = {
        "PATH": os.environ["PATH"],
        "CONSTANTA_TRANSLATIONS": str(tmp_path / "catalogs"),
        "CONSTANTA_INSTANCE": str(tmp_path / "instance"),
        "LC_ALL": "C.UTF-8",
    }
    command = [str(Path(sys.executable).with_name("flask")), "i18n", "sync", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["problems"] == []
