"""Editions that there are: which, what differs, whether they are whole, going back, and removing old ones."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from constanta.edition.history import (
    check_edition,
    compare_editions,
    list_editions,
    prune_editions,
    use_edition,
)
from constanta.edition.manifest import CONTENT, MANIFEST
from constanta.edition.shelf import Shelf
from constanta.edition.switch import PublishedEdition
from constanta.errors import EditionError
from tests.edition.editions import make_project, publish, settings_of, shelf_of


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Three editions: the second has another text and one document more, the third has one less."""
    project = make_project(tmp_path_factory.mktemp("history") / "site")
    settings = settings_of(project)
    project.document("pages/about", "Words.")
    publish(settings)
    project.document("pages/about", "Other words.")
    path = project.document("pages/contacts", "Addresses.")
    publish(settings)
    path.unlink()
    publish(settings)
    return shelf_of(settings)


@pytest.fixture
def shelf(published: Shelf, tmp_path: Path) -> Shelf:
    """The same in a folder that may be changed."""
    shutil.copytree(published.folder, tmp_path / "editions", symlinks=True)
    return Shelf(tmp_path / "editions")


def test_editions_are_listed_with_their_time_and_which_is_served(shelf: Shelf) -> None:
    third, second, first = shelf.names()
    shelf.switch(second)
    os.utime(shelf.folder / first / MANIFEST, (0, 0))
    listed = list_editions(shelf)
    assert [(one.name, one.served) for one in listed] == [(third, False), (second, True), (first, False)]
    assert listed[-1].made == dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def test_going_back_and_forth(shelf: Shelf) -> None:
    for name in [*shelf.names()[::-1], *shelf.names()]:
        use_edition(shelf, name)
        assert shelf.current() == name


def damage(path: Path) -> None:
    """Change a file's last byte, without changing those of the editions that share it."""
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


@pytest.mark.parametrize("name", [MANIFEST, "content.db", "pages.db", "catalogs/be/LC_MESSAGES/messages.mo"])
@pytest.mark.parametrize("change", [damage, Path.unlink])
def test_a_damaged_edition_is_not_used(shelf: Shelf, name: str, change: Callable[[Path], None]) -> None:
    third, second, _ = shelf.names()
    change(shelf.folder / second / name)
    with pytest.raises(EditionError, match=f"The edition in .*{second} is not whole"):
        use_edition(shelf, second)
    assert shelf.current() == third


def test_pages_are_compared(shelf: Shelf) -> None:
    third, second, first = shelf.names()
    difference = compare_editions(shelf, first, second)
    languages = ("be", "en", "ru")
    about = [f"/{language}/about/" for language in languages]
    contacts = [f"/{language}/contacts/" for language in languages]
    assert (difference.added, difference.removed) == (contacts, [])
    assert set(about) < set(difference.changed)  # the new page is named at the foot of every page
    assert compare_editions(shelf, second, third).removed == contacts
    assert compare_editions(shelf, first, third).changed == about
    same = compare_editions(shelf, second, second)
    assert (same.added, same.removed, same.changed) == ([], [], [])


def test_a_whole_edition_is_whole(shelf: Shelf) -> None:
    third, second, _ = shelf.names()
    assert (check_edition(shelf), check_edition(shelf, second)) == (third, second)


def test_a_check_names_every_damaged_file(shelf: Shelf) -> None:
    folder = shelf.folder / shelf.names()[0]
    damage(folder / "pages/be/about.html.br")
    (folder / "pages/ru/feed.atom.gz").unlink()
    with pytest.raises(EditionError) as error:
        check_edition(shelf)
    assert [problem.path for problem in error.value.problems] == [
        folder / "pages/be/about.html.br",
        folder / "pages/ru/feed.atom.gz",
    ]
    assert "missing or damaged. Run: flask publish --anew" in str(error.value)


def test_where_nothing_is_published_a_check_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="Run: flask publish"):
        check_edition(Shelf(tmp_path))


def test_old_editions_are_removed_and_the_served_one_never(shelf: Shelf) -> None:
    third, second, first = shelf.names()
    shelf.switch(first)
    assert prune_editions(shelf, 1) == [second]
    assert (shelf.names(), shelf.current()) == ([third, first], first)
    assert check_edition(shelf) == first
    assert prune_editions(shelf, 1) == []
    assert shelf.next_name("a" * 64) == "0004-aaaaaaaa"


def test_what_is_served_in_the_place_of_a_damaged_edition_is_not_removed(shelf: Shelf) -> None:
    third, second, first = shelf.names()
    for name in (third, second):
        (shelf.folder / name / CONTENT).write_bytes(b"damaged")
    assert prune_editions(shelf, 1) == [second]
    assert PublishedEdition(shelf.folder)().folder.name == first
