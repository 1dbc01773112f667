"""Missing catalogs, stray folders and clocks that go wrong: each is said or makes no difference, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from constanta.edition import build, sources
from constanta.edition.prepare import Prepared, prepare_documents
from constanta.edition.sources import Memory
from constanta.settings import ROOT
from tests.conftest import Project
from tests.edition.editions import live, make_project, open_app, publish, settings_of, shelf_of, write_site

PAGE = "/en/publications/one/"
CATALOG = "translations/be/LC_MESSAGES/messages.po"
MISSING = "Каталога интерфейса нет. Верните его из git или создайте пустой: flask i18n sync"
TOOLS = "LC_MESSAGES/tools.po"
LONG_AGO = 1_000_000_000 * 10**9
LONG_AFTER = 4_000_000_000 * 10**9
"""Nanoseconds of the years 2001 and 2096."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = make_project(tmp_path_factory.mktemp("sources") / "site")
    write_site(project)
    shutil.copyfile(ROOT / "translations" / "ru" / TOOLS, project.folder / "translations" / "ru" / TOOLS)
    publish(settings_of(project))
    return project


@pytest.fixture
def project(published: Project) -> Iterator[Project]:
    """A site that is published; its catalogs are put back."""
    translations = published.settings.translations
    kept = published.folder / "kept"
    shutil.copytree(translations, kept)
    yield published
    shutil.rmtree(translations)
    kept.rename(translations)


def run(project: Project, *arguments: str) -> tuple[int, str]:
    """Run a command in Russian; return its exit code and what it said."""
    environment = {"LANGUAGE": "ru", "LC_ALL": "C.UTF-8"}
    result = open_app(settings_of(project)).test_cli_runner(env=environment).invoke(args=[*arguments])
    return result.exit_code, result.output.replace("\xa0", " ")


def read(project: Project, path: str = PAGE) -> str:
    answer = open_app(settings_of(project)).test_client().get(path)
    assert answer.status_code == 200
    return answer.text


def remove_language(project: Project) -> None:
    shutil.rmtree(project.folder / "translations" / "be")


def remove_catalog(project: Project) -> None:
    (project.folder / CATALOG).unlink()


def empty_catalog(project: Project) -> None:
    (project.folder / CATALOG).write_bytes(b"")


def cut_catalog(project: Project) -> None:
    path = project.folder / CATALOG
    path.write_bytes(path.read_bytes().rstrip()[:-1])


def replace_catalog_by_a_folder(project: Project) -> None:
    remove_catalog(project)
    (project.folder / CATALOG).mkdir()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (remove_language, MISSING),
        (remove_catalog, MISSING),
        (empty_catalog, "В файле нет заголовка"),
        (cut_catalog, "не закрыт"),
        (replace_catalog_by_a_folder, "Файл не удаётся прочитать"),
    ],
    ids=["no folder", "no file", "empty", "cut off", "a folder"],
)
def test_a_language_whose_catalog_is_gone_is_not_published(
    project: Project, harm: Callable[[Project], None], said: str
) -> None:
    name, page = live(settings_of(project)).name, read(project, "/be/publications/")
    assert "Публікацыі" in page
    harm(project)
    code, output = run(project, "publish")
    assert code == 1
    assert output.startswith(f"{project.folder / CATALOG}:"), output
    assert said in output
    assert (shelf_of(settings_of(project)).names(), read(project, "/be/publications/")) == ([name], page)


def test_the_catalog_of_a_document_may_be_missing(project: Project) -> None:
    """Nobody has translated it yet; its source is shown."""
    shutil.rmtree(project.folder / "translations" / "be" / "content")
    assert "Адзін" in read(project, "/be/publications/one/")
    assert run(project, "publish")[0] == 0
    assert "Адзін" not in read(project, "/be/publications/one/")


def make_loop(path: Path) -> None:
    path.symlink_to(path)


def lead_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("anew", [[], ["--anew"]], ids=["edit", "anew"])
@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("publications/one.po", Path.mkdir),
        ("publications/one.po", make_loop),
        ("publications", make_loop),
        ("publications/one.po", lead_nowhere),
    ],
    ids=["a folder", "a loop", "all of them", "nowhere"],
)
def test_the_catalog_of_a_document_that_cannot_be_read_is_named(
    project: Project, harm: Callable[[Path], None], name: str, anew: list[str]
) -> None:
    path = project.folder / "translations" / "be" / "content" / name
    path.rename(project.folder / "was there")
    harm(path)
    before, page = live(settings_of(project)).name, read(project, "/be/publications/one/")
    for _ in range(2):
        code, output = run(project, "publish", *anew)
        assert (code, output.count("\n")) == (1, 1), output
        assert output.startswith(f"{path}: Это не удаётся прочитать: "), output
    assert (live(settings_of(project)).name, read(project, "/be/publications/one/")) == (before, page)
    path.rmdir() if path.is_dir() else path.unlink()
    (project.folder / "was there").rename(path)
    assert run(project, "publish", *anew)[0] == 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [("foo bar", "«foo bar» — не тег языка"), ("xx", "В CLDR нет языка с тегом «xx»")],
    ids=["no tag", "no language"],
)
def test_a_folder_that_is_of_no_language_is_named(project: Project, name: str, reason: str) -> None:
    folder = project.folder / "translations" / name
    folder.mkdir()
    for arguments in (["publish"], ["i18n", "sync"]):
        code, output = run(project, *arguments)
        assert code == 1
        assert output.startswith(f"{folder}: {reason}"), output
    assert read(project)


def test_hidden_folders_are_of_no_interest(project: Project) -> None:
    (project.folder / "translations" / ".idea").mkdir()
    assert run(project, "publish")[0] == 0


def test_edits_are_seen_and_numbers_grow_whatever_the_clock_says(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are saved with the same size, at times that go back, are yet to come, or were set to what they had been."""
    monkeypatch.setattr(sources, "_SETTLED", 0)  # as if there were two seconds between saving and publishing
    settings = settings_of(project)
    name = live(settings).name
    for number, saved in enumerate((LONG_AGO, LONG_AGO, LONG_AFTER, LONG_AFTER, LONG_AGO)):
        os.utime(live(settings), ns=(LONG_AFTER, LONG_AFTER))
        path = project.document("publications/one", f"Text number {number}", date="2025-03-01")
        os.utime(path, ns=(saved, saved))
        assert publish(settings).name > name
        name = live(settings).name
        assert shelf_of(settings).names()[0] == name
        assert f"Text number {number}" in read(project)


def test_a_document_that_is_saved_while_others_are_prepared_is_seen_by_the_next_publication(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what was read, only the times from before the reading are remembered."""
    monkeypatch.setattr(sources, "_SETTLED", 0)  # as if there were two seconds between saving and publishing

    def prepare_and_save(files: sources.Sources, names: Iterable[str]) -> Iterator[Prepared]:
        yield from prepare_documents(files, names)
        project.document("publications/late", "Late words.", date="2025-03-01")

    project.document("publications/late", "First words.", date="2025-03-01")
    with monkeypatch.context() as patched:
        patched.setattr(build, "prepare_documents", prepare_and_save)
        publish(settings_of(project))
    assert "First words." in read(project, "/en/publications/late/")
    publish(settings_of(project))
    assert "Late words." in read(project, "/en/publications/late/")


def test_what_was_just_built_is_not_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "_SETTLED", 0)
    project.document("publications/new", "New words.", date="2025-03-01")
    publish(settings_of(project))
    monkeypatch.delattr(sources.Sources, "digest")
    assert not publish(settings_of(project)).is_new


@pytest.mark.parametrize("ago", [-3600, 0, 1])
def test_what_was_just_saved_is_read_again(ago: int) -> None:
    """It may be saved once more within the same tick of the clock; so may what is from the future."""
    memory = Memory()
    old, new = LONG_AGO, time.time_ns() - ago * 10**9
    for number, stamp in enumerate((f"{new}:{old}:7", f"{old}:{new}:7", f"{old}:{old}:7 - {new}:{new}:7")):
        memory.keep(f"document {number}", stamp, "digest")
        assert memory.find(f"document {number}", stamp) is None


@pytest.mark.parametrize("text", ["", "[]", '{"document": 7}', '{"document": [7]}', '{"document"'])
def test_a_memory_that_was_damaged_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "digests.json").write_text(text, encoding="utf-8")
    memory = Memory(tmp_path / "digests.json")
    stamp = f"{LONG_AGO}:{LONG_AGO}:7"
    assert memory.find("document", stamp) is None
    memory.keep("document", stamp, "digest")
    assert memory.find("document", stamp) == "digest"


def test_a_link_of_an_editor_that_leads_nowhere_is_no_document(project: Project) -> None:
    """Emacs leaves one beside each file that has not been saved yet."""
    settings = project.settings
    links = (
        settings.content / "publications/.#one.md",
        settings.translations / "be/content/publications/.#one.po",
    )
    for link in links:
        link.symlink_to("somebody@laptop.1:2")
    code, said = run(project, "publish")
    links[0].unlink()
    assert code == 0, said


def test_a_link_of_an_editor_that_leads_nowhere_is_no_part_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PACKAGE", tmp_path)
    names = [tmp_path / "locales.py", tmp_path / "content" / "loader.py"]
    for name in names:
        name.parent.mkdir(exist_ok=True)
        name.write_text("", encoding="utf-8")
        name.with_name(f".#{name.name}").symlink_to("somebody@laptop.1:2")
    assert sources.list_program() == sorted(names)


def test_what_has_been_the_same_for_long_is_not_read_again() -> None:
    memory = Memory()
    memory.keep("document", f"{LONG_AGO}:{LONG_AGO}:7 -", "digest")
    assert memory.find("document", f"{LONG_AGO}:{LONG_AGO}:7 -") == "digest"
    assert memory.find("document", f"{LONG_AGO}:{LONG_AGO + 1}:7 -") is None
