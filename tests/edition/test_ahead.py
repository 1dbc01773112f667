"""The folder of the next edition that is laid out while nobody waits: when there is one, who takes it, when it goes away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from constanta.edition import ahead as module
from constanta.edition.ahead import Ahead
from constanta.edition.manifest import CATALOGS, CONTENT, MANIFEST
from constanta.edition.page_index import INDEX
from constanta.edition.pages import PAGES
from constanta.edition.shelf import Shelf
from constanta.errors import EditionError
from constanta.settings import Settings
from tests.conftest import Project
from tests.edition.commands import Command, Moment
from tests.edition.editions import live, make_project, publish, read_files, read_index, settings_of, shelf_of
from tests.edition.faulty import environment_of


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project that has been published twice."""
    project = make_project(tmp_path_factory.mktemp("ahead") / "site")
    project.document("topics/people")
    for text in ("Words.", "Other words."):
        project.document("pages/about", text)
        project.document("publications/one", text, date="2025-01-01", topics="[people]")
        publish(settings_of(project))
    return project.folder


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Iterator[Project]:
    """The same, as it was."""
    kept = tmp_path / "kept"
    shutil.copytree(published, kept, symlinks=True)
    yield Project(published)
    shutil.rmtree(published)
    kept.rename(published)


@pytest.fixture
def settings(project: Project) -> Settings:
    return settings_of(project)


@pytest.fixture
def shelf(settings: Settings) -> Shelf:
    return shelf_of(settings)


def list_hidden(shelf: Shelf) -> set[str]:
    """Return the names of what is being made or removed."""
    return {path.name for path in shelf.folder.glob(".*")} - {".lock"}


def edit(project: Project) -> None:
    project.document("pages/about", "New words.")


def test_a_folder_laid_ahead_is_the_live_edition_whose_pages_are_the_same_files(shelf: Shelf) -> None:
    Ahead(shelf).lay()
    name = shelf.current() or ""
    laid, base = shelf.ahead(name), shelf.folder / name
    assert list_hidden(shelf) == {laid.name}
    assert read_files(laid) == read_files(base)
    for path in (base / PAGES).rglob("*.*"):
        assert path.samefile(laid / path.relative_to(base))
    for path in (base / CONTENT, base / INDEX, *(base / CATALOGS).rglob("*.mo")):
        copy = laid / path.relative_to(base)
        assert (copy.read_bytes(), copy.samefile(path)) == (path.read_bytes(), False)


def test_a_publication_takes_the_folder_and_links_nothing(
    shelf: Shelf, settings: Settings, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ahead(shelf).lay()
    before = shelf.folder / (shelf.current() or "")
    monkeypatch.delattr("constanta.edition.press.link_pages")
    edit(project)
    assert publish(settings).printed.changed == [f"/{tag}/about/" for tag in ("be", "en", "ru")]
    assert list_hidden(shelf) == set()
    kept = "en/publications/one.html.gz"
    assert (live(settings) / PAGES / kept).samefile(before / PAGES / kept)


@pytest.mark.parametrize("name", [CONTENT, INDEX])
@pytest.mark.parametrize("goes_on", [True, False])
def test_what_was_changed_in_the_folder_becomes_a_part_of_no_edition(
    shelf: Shelf, settings: Settings, project: Project, name: str, *, goes_on: bool
) -> None:
    ahead = Ahead(shelf)
    ahead.lay()
    file = shelf.ahead(shelf.current() or "") / name
    data = file.read_bytes()
    assert b"Other words" in data or name == INDEX
    file.write_bytes(data.replace(b"Other", b"OTHER").replace(b"/en/", b"/EN/"))
    edit(project)
    assert publish(settings, ahead=ahead if goes_on else None).printed.changed == [
        f"/{tag}/about/" for tag in ("be", "en", "ru")
    ]
    assert b"OTHER" not in (live(settings) / CONTENT).read_bytes()
    assert read_index(live(settings)).keys() >= {"/en/about/", "/en/publications/one/"}


def test_whoever_has_laid_it_out_does_not_read_all_of_it_once_more(
    shelf: Shelf, settings: Settings, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = Ahead(shelf)
    ahead.lay()
    monkeypatch.delattr("constanta.edition.ahead.check_files")
    for _ in range(2):
        assert not publish(settings, ahead=ahead).is_new
    edit(project)
    assert publish(settings, ahead=ahead).is_new


def test_a_damaged_edition_does_not_keep_the_next_one_from_being_published(
    shelf: Shelf, settings: Settings, project: Project
) -> None:
    Ahead(shelf).lay()
    (live(settings) / MANIFEST).write_text("{}")
    edit(project)
    assert publish(settings).is_new
    assert list_hidden(shelf) == set()


def test_what_is_removed_leaves_no_file_and_no_folder(
    shelf: Shelf, settings: Settings, project: Project
) -> None:
    Ahead(shelf).lay()
    for name in ("publications/one", "topics/people"):
        (project.settings.content / f"{name}.md").unlink()
    removed = publish(settings).printed.removed
    assert {"/en/publications/one/", "/en/publications/2025/"} <= set(removed)
    assert not (live(settings) / PAGES / "en/publications/one.html.gz").exists()
    assert not (live(settings) / PAGES / "en/publications/topic").exists()
    assert [
        path for path in (live(settings) / PAGES).rglob("*") if path.is_dir() and not any(path.iterdir())
    ] == []
    assert not read_index(live(settings)).keys() & set(removed)


def test_where_nothing_has_changed_the_folder_is_given_back(
    shelf: Shelf, settings: Settings, project: Project
) -> None:
    Ahead(shelf).lay()
    laid = shelf.ahead(shelf.current() or "")
    assert not publish(settings).is_new
    assert read_files(laid) == read_files(live(settings))
    edit(project)
    assert publish(settings).is_new
    assert list_hidden(shelf) == set()


def test_where_another_edition_is_served_the_folder_goes_away(
    shelf: Shelf, settings: Settings, project: Project
) -> None:
    Ahead(shelf).lay()
    shelf.switch(shelf.names()[-1])
    project.document("publications/one", "Other words.", date="2025-01-01", topics="[people]")
    published = publish(settings)
    assert list_hidden(shelf) == set()
    assert published.printed.changed, "it follows the older edition, which had other words"


def test_a_publication_of_everything_anew_takes_nothing_of_it(shelf: Shelf, settings: Settings) -> None:
    Ahead(shelf).lay()
    before = live(settings)
    published = publish(settings, anew=True)
    assert sorted(published.update.built) == ["pages/about", "publications/one", "topics/people"]
    assert list_hidden(shelf) <= {shelf.ahead(before.name).name}
    page = "en/about.html.gz"
    assert not (live(settings) / PAGES / page).samefile(before / PAGES / page)
    with shelf.locked():
        assert list_hidden(shelf) == set()


def test_what_could_not_be_published_takes_the_folder_with_it(
    shelf: Shelf, settings: Settings, project: Project
) -> None:
    Ahead(shelf).lay()
    project.document("pages/about", "Words.", date="soon")
    with pytest.raises(EditionError):
        publish(settings)
    assert list_hidden(shelf) == set()
    edit(project)
    assert publish(settings).is_new


def test_where_all_pages_are_new_their_index_has_nothing_of_the_folder(
    shelf: Shelf, settings: Settings, project: Project
) -> None:
    Ahead(shelf).lay()
    project.interface("pl", {"Publications": "Publikacje"})
    publish(settings)
    index = (live(settings) / INDEX).read_bytes()
    shutil.rmtree(settings.instance)
    publish(settings)
    assert (live(settings) / INDEX).read_bytes() == index


@pytest.mark.parametrize("name", [CONTENT, INDEX])
def test_of_a_damaged_edition_nothing_is_laid_out(shelf: Shelf, settings: Settings, name: str) -> None:
    with (live(settings) / name).open("ab") as file:
        file.write(b"!")
    Ahead(shelf).lay()
    assert list_hidden(shelf) == set()


def test_of_an_edition_that_lost_a_page_nothing_is_laid_out(shelf: Shelf, settings: Settings) -> None:
    (live(settings) / PAGES / "en/about.html.gz").unlink()
    Ahead(shelf).lay()
    assert list_hidden(shelf) == set()


def test_where_nothing_is_published_nothing_is_laid_out(tmp_path: Path) -> None:
    Ahead(Shelf(tmp_path)).lay()
    assert list_hidden(Shelf(tmp_path)) == set()


def test_what_could_not_be_laid_out_leaves_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "link_pages", fail)
    with pytest.raises(EditionError, match="The disk is full"):
        Ahead(shelf).lay()
    assert list_hidden(shelf) == set()


def test_a_folder_whose_removal_was_killed_is_not_taken_for_a_whole_one(
    shelf: Shelf, project: Project, tmp_path: Path
) -> None:
    Ahead(shelf).lay()
    laid, served = shelf.ahead(shelf.current() or "").name, shelf.current() or ""
    shelf.switch(shelf.names()[-1])
    killed = Moment("os.remove", r"(?<!\.current)\.(gz|br)", number=3)
    command = Command(environment_of(project), ("edition", "use", served), tmp_path / "said", killed)
    command.start()
    assert command.wait() == -killed.signal, command.said
    assert f".removing-{laid}" in list_hidden(shelf)
    assert laid not in list_hidden(shelf)
