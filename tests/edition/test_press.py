"""After any edit, the edition that took over what had not changed equals one that was built from nothing."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from constanta.edition import page_index, parallel, press
from constanta.edition.ahead import Ahead
from constanta.edition.pages import PAGES, Page
from constanta.errors import EditionError
from constanta.settings import ROOT, Settings
from tests.conftest import Project
from tests.edition.editions import (
    ONE,
    TEXT,
    find_rendered,
    live,
    make_project,
    publish,
    read_files,
    read_index,
    settings_of,
    shelf_of,
    write_site,
)

Edit = Callable[[Project], object]


class Desk:
    """A project that has been published, and can be put back to what it was then."""

    def __init__(self, folder: Path) -> None:
        self.project = make_project(folder / "work")
        self.settings = settings_of(self.project)
        self._published = folder / "published"
        write_site(self.project)
        publish(self.settings)
        shutil.copytree(self.project.folder, self._published, symlinks=True)

    def clear(self) -> None:
        """Put everything back."""
        work = self.project.folder
        shutil.rmtree(work)
        shutil.copytree(self._published, work, ignore=shutil.ignore_patterns("instance"))
        # What has been published never changes, so a copy needs no bytes of its own.
        shutil.copytree(self._published / "instance", work / "instance", symlinks=True, copy_function=os.link)

    def build_from_nothing(self, settings: Settings) -> Path:
        """Publish without anything from before, also without what is remembered of files."""
        shutil.rmtree(settings.instance)
        publish(settings)
        return live(settings)


@pytest.fixture(scope="module")
def _one_process() -> Iterator[None]:
    """Render in this process: a few pages are not worth the start of others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "LEAST", 1_000_000)
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, _one_process: None) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(published: Desk) -> Desk:
    """The small site, published."""
    published.clear()
    return published


def read_edition(folder: Path) -> tuple[dict[str, Page], dict[str, bytes]]:
    return read_index(folder), read_files(folder)


def list_differing(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def assert_same(settings: Settings, desk: Desk) -> None:
    """Hold the live edition against one that is built from nothing, which takes its place."""
    pages, files = read_edition(live(settings))
    expected_pages, expected_files = read_edition(desk.build_from_nothing(settings))
    assert list_differing(files, expected_files) == []
    assert list_differing(pages, expected_pages) == []


# --- edits of files ------------------------------------------------------------------------------------------------


def edit_a_paragraph(project: Project) -> None:
    project.document("publications/one", TEXT.replace("second", "last"), **ONE)


def edit_a_title(project: Project) -> None:
    project.document("publications/two", "Words.", date="2025-02-01", topics="[people]", title="Second")


def edit_a_date(project: Project) -> None:
    project.document("publications/one", TEXT, **{**ONE, "date": "2023-03-01"})


def edit_a_year_within_a_topic(project: Project) -> None:
    """Move the boundary between two years, of which the order of the list says nothing."""
    project.document("publications/two", "Words.", date="2024-12-31", topics="[people]")


def lose_a_date_and_keep_the_place(project: Project) -> None:
    """Take a year away from a topic of several pages, whose list has the same members in the same order as before."""
    project.document("publications/one", TEXT, **{**ONE, "date": "2025-03", "order": "2025-03-01"})
    for number in range(1, 4):
        project.document(f"publications/old{number}", date=f"2023-0{number}", topics="[people]")
    publish(settings_of(project))
    without = {name: value for name, value in ONE.items() if name != "date"}
    project.document("publications/one", TEXT, **without, order="2025-03-01")


def edit_a_source_language_that_the_site_does_not_have(project: Project) -> None:
    project.document("publications/four", "Wort.", title="Four", lang="de")
    project.catalog("publications/four", "be", {("title", "Four"): "Чатыры", ("body", "Wort."): "Слова."})
    publish(settings_of(project))
    project.document("publications/four", "Wort.", title="Four", lang="nl")


def edit_a_topic(project: Project) -> None:
    project.document("topics/borders")
    project.document("publications/one", TEXT, **{**ONE, "topics": "[borders]"})


def edit_the_title_of_an_area(project: Project) -> None:
    project.document("areas/asylum", "About it.", topics="[people]", title="Refuge")


def edit_a_translation(project: Project) -> None:
    project.catalog(
        "publications/one",
        "be",
        {("title", "One"): "Адзін", ("body", "The first paragraph."): "Абзац нумар адзін."},
    )


def edit_the_interface(project: Project) -> None:
    project.interface("be", {"Publications": "Публікацыі", "Special projects": "Спецыяльныя праекты"})


def add_a_language(project: Project) -> None:
    project.interface("pl", {"Publications": "Publikacje"})


def add_a_document(project: Project) -> None:
    project.document("publications/four", "New.", date="2025-02-15", topics="[people]")


def add_a_publication_with_the_name_of_a_project(project: Project) -> None:
    project.document("publications/atlas", "Words.", date="2024-02", areas="[asylum]")


def remove_a_document(project: Project) -> None:
    (project.settings.content / "pages/about.md").unlink()


def rename_a_document(project: Project) -> None:
    path = project.settings.content / "publications/two.md"
    path.rename(path.with_name("deux.md"))


def exchange_slugs(project: Project) -> None:
    project.document("publications/one", TEXT, **ONE, slug="two")
    project.document("publications/two", "Words.", date="2025-02-01", topics="[people]", slug="one")


def withdraw_a_document(project: Project) -> None:
    project.document("pages/about", "About us.", withdrawn="true")


def archive_a_document(project: Project) -> None:
    project.document("publications/two", "Words.", date="2025-02-01", topics="[people]", archived="true")


EDITS: tuple[Edit, ...] = (
    edit_a_title,
    edit_a_date,
    edit_a_year_within_a_topic,
    lose_a_date_and_keep_the_place,
    edit_a_source_language_that_the_site_does_not_have,
    edit_a_topic,
    edit_the_title_of_an_area,
    add_a_language,
    add_a_document,
    add_a_publication_with_the_name_of_a_project,
    remove_a_document,
    rename_a_document,
    withdraw_a_document,
    archive_a_document,
    exchange_slugs,
)


@pytest.mark.parametrize("heavy", [press.HEAVY, 0], ids=["alone", "shared out"])
@pytest.mark.parametrize("edit", EDITS)
def test_after_an_edit_the_edition_is_as_if_built_from_nothing(
    desk: Desk, edit: Edit, heavy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "HEAVY", heavy)
    edit(desk.project)
    assert publish(desk.settings).is_new
    assert_same(desk.settings, desk)


@pytest.mark.parametrize("edit", EDITS)
def test_so_it_is_where_its_folder_was_laid_ahead(desk: Desk, edit: Edit) -> None:
    Ahead(shelf_of(desk.settings)).lay()
    edit(desk.project)
    publish(desk.settings)
    assert_same(desk.settings, desk)


def test_after_an_edit_of_a_template_the_edition_is_as_if_built_from_nothing(desk: Desk) -> None:
    root = desk.project.folder / "root"
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, root / folder)
    template = root / "templates" / "article.html"
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("<h1>", '<h1 class="title">'), encoding="utf-8")
    settings = replace(desk.settings, root=root)
    assert "/be/about/" in publish(settings).printed.changed
    assert_same(settings, desk)


def test_a_broken_template_is_named_once(desk: Desk) -> None:
    root = desk.project.folder / "broken"
    for folder in ("templates", "static"):
        shutil.copytree(ROOT / folder, root / folder)
    template = root / "templates" / "article.html"
    lines = template.read_text(encoding="utf-8").count("\n")
    with template.open("a", encoding="utf-8") as file:
        file.write("{% if %}\n")
    with pytest.raises(EditionError, match="The template cannot be read: Expected an expression") as caught:
        publish(replace(desk.settings, root=root))
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [(template, lines + 1)]


def test_after_any_walk_of_edits_the_edition_is_as_if_built_from_nothing(desk: Desk) -> None:
    chance = random.Random(6)
    desk.project.document("topics/borders")
    for _ in range(2):
        for _ in range(6):
            edit_anything(chance, desk.project)
            if chance.random() < 0.5:
                Ahead(shelf_of(desk.settings)).lay()
            publish(desk.settings)
        assert_same(desk.settings, desk)


NAMES = (
    "publications/one",
    "publications/two",
    "publications/three",
    "projects/atlas",
    "projects/one",
    "areas/asylum",
    "pages/about",
    "topics/people",
)
FRONT = {
    "title": ("One", "Another"),
    "summary": ("In short.", "In other words."),
    "date": ("2025-03-01", "2025-02", "2024", "2023/2024"),
    "order": ("2025-01-01", "2024-06-01"),
    "position": ("1", "2"),
    "lang": ("be", "ru"),
    "archived": ("true",),
    "topics": ("[people]", "[borders]", "[people, borders]"),
    "areas": ("[asylum]",),
    "original": ("https://work.example/",),
    "withdrawn": ("true",),
}
FOR_ALL = 7
"""How many of the keys above any document may have."""

TEXTS = ("Words.", "The first paragraph.", TEXT)


def edit_anything(chance: random.Random, project: Project) -> None:
    """Write or remove a document or one of its catalogs."""
    name = chance.choice(NAMES)
    is_work = name.startswith(("publications/", "projects/"))
    if chance.random() < 0.4:
        sources = [("title", "One"), *(("body", text) for text in TEXTS)]
        known = {source: "Пераклад." for source in sources if chance.random() < 0.7}
        project.catalog(name, chance.choice(("be", "ru")), known)
    elif is_work and chance.random() < 0.2:
        (project.settings.content / f"{name}.md").unlink(missing_ok=True)
    else:
        keys = [*FRONT] if is_work else [*FRONT][:FOR_ALL]
        front = {key: chance.choice(FRONT[key]) for key in keys if chance.random() < 0.4}
        project.document(name, chance.choice(TEXTS), **front)


def test_an_index_for_which_the_disk_has_no_room_is_said_to_be_that(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_index, "_SCHEMA", f"PRAGMA max_page_count = 6; {page_index._SCHEMA}")
    name = live(desk.settings).name
    with pytest.raises(EditionError, match="The disk is full"):
        publish(desk.settings, anew=True)
    assert live(desk.settings).name == name


# --- what is rendered, and what is taken over ----------------------------------------------------------------------


def in_languages(*names: str, languages: tuple[str, ...] = ("be", "ru", "en")) -> set[str]:
    return {f"/{language}/{name}" for language in languages for name in names}


FEEDS = tuple(
    f"{place}feed.{ending}"
    for place in ("", "publications/topic/people/", "areas/asylum/")
    for ending in ("atom", "json")
)
"""The feeds that carry the full text of `publications/one`."""

ENGLISH_FEEDS = tuple(
    f"{place}feed.{ending}"
    for place in (
        "publications/translated/",
        "publications/translated/topic/people/",
        "areas/asylum/translated/",
    )
    for ending in ("atom", "json")
)
"""Those that carry it only in its own language: no translation of it is whole."""


def changed_by_a_paragraph() -> set[str]:
    return in_languages("publications/one/", *FEEDS) | in_languages(*ENGLISH_FEEDS, languages=("en",))


def test_a_new_paragraph_renders_its_document_and_the_feeds_that_carry_it(desk: Desk) -> None:
    edit_a_paragraph(desk.project)
    assert find_rendered(desk.settings) == changed_by_a_paragraph()
    assert_same(desk.settings, desk)


def test_a_new_translation_of_a_paragraph_renders_the_same_in_its_language(desk: Desk) -> None:
    edit_a_translation(desk.project)
    assert find_rendered(desk.settings) == in_languages("publications/one/", *FEEDS, languages=("be",))
    assert_same(desk.settings, desk)


def test_a_paragraph_that_makes_a_translation_outdated_renders_the_lists_that_say_so(desk: Desk) -> None:
    project = desk.project
    project.document("publications/two", "Other words.", date="2025-02-01", topics="[people]")
    rendered = find_rendered(desk.settings)
    assert in_languages("", "publications/", "publications/topic/people/") <= rendered
    # The whole list says of each document what there is in its own language, and of no other.
    assert rendered & in_languages("publications.csv", "publications.json") == {
        "/be/publications.csv",
        "/be/publications.json",
    }
    assert not rendered & in_languages(
        "about/", "projects/atlas/", "publications/one/", "publications/three/"
    )


def test_a_new_title_renders_the_lists_as_well(desk: Desk) -> None:
    desk.project.document("publications/one", TEXT, **{**ONE, "title": "First"})
    rendered = find_rendered(desk.settings)
    assert in_languages("", "publications/", "areas/asylum/", "publications.json", *FEEDS) <= rendered
    assert not rendered & in_languages("about/", "projects/", "publications/2024/", "publications/three/")


def test_new_texts_of_the_interface_render_the_pages_of_their_language(desk: Desk) -> None:
    edit_the_interface(desk.project)
    pages = read_index(live(desk.settings)).values()
    assert find_rendered(desk.settings) == {page.path for page in pages if page.language in {"be", ""}}
    assert_same(desk.settings, desk)


def test_a_new_setting_renders_every_page(desk: Desk) -> None:
    settings = replace(desk.settings, base_url="https://other.example")
    assert find_rendered(settings) == read_index(live(settings)).keys()
    assert_same(settings, desk)


def list_inodes(edition: Path) -> dict[str, int]:
    return {name: (edition / PAGES / name).stat().st_ino for name in read_files(edition)}


def test_pages_that_are_as_before_are_the_same_files(desk: Desk) -> None:
    before = list_inodes(live(desk.settings))
    edit_a_paragraph(desk.project)
    publish(desk.settings)
    own = {name for name, inode in list_inodes(live(desk.settings)).items() if before[name] != inode}
    pages = {f"{path[1:-1]}.html" if path.endswith("/") else path[1:] for path in changed_by_a_paragraph()}
    assert own == {f"{page}.{ending}" for page in pages for ending in ("br", "gz")}


def test_a_page_that_was_rendered_and_is_as_before_is_the_same_file(desk: Desk) -> None:
    before = list_inodes(live(desk.settings))
    settings = replace(desk.settings, onion_url="http://site.onion")
    published = publish(settings)
    assert (published.printed.rendered, published.printed.changed) == (published.printed.pages, [])
    assert list_inodes(live(settings)) == before
    assert_same(settings, desk)


def test_anew_shares_nothing_with_the_edition_before(desk: Desk) -> None:
    pages, files = read_edition(live(desk.settings))
    before = list_inodes(live(desk.settings))
    published = publish(desk.settings, anew=True)
    assert (published.is_new, published.printed.rendered) == (True, len(pages))
    assert (published.printed.changed, published.printed.removed) == ([], [])
    assert read_edition(live(desk.settings)) == (pages, files)
    assert not set(before.values()) & set(list_inodes(live(desk.settings)).values())


def test_where_nothing_has_changed_there_is_no_new_edition(desk: Desk) -> None:
    path = desk.project.document("publications/one", TEXT, **ONE)
    os.utime(path)
    name = live(desk.settings).name
    published = publish(desk.settings)
    assert (published.name, published.is_new, published.printed.rendered) == (name, False, 0)
    assert live(desk.settings).name == name


@pytest.mark.parametrize("ending", ["br", "gz"])
def test_a_page_that_lost_a_file_is_rendered_again(desk: Desk, ending: str) -> None:
    lost = live(desk.settings) / PAGES / f"be/about.html.{ending}"
    data = lost.read_bytes()
    lost.unlink()
    edit_a_paragraph(desk.project)
    assert find_rendered(desk.settings) == {"/be/about/"} | changed_by_a_paragraph()
    assert (live(desk.settings) / PAGES / lost.relative_to(lost.parents[1])).read_bytes() == data


def test_a_page_that_was_taken_over_may_not_link_to_one_that_is_gone(desk: Desk) -> None:
    desk.project.document("pages/about", "[Words](/en/publications/two/).")
    name = publish(desk.settings).name
    (desk.project.settings.content / "publications/two.md").unlink()
    with pytest.raises(EditionError, match=r"about\.md:5: The link “/en/publications/two/” leads nowhere"):
        publish(desk.settings)
    assert live(desk.settings).name == name


def test_a_page_that_was_taken_over_may_not_link_to_a_place_that_is_gone_from_another(desk: Desk) -> None:
    desk.project.document(
        "pages/about",
        "[Maps](/en/#projects), [how to cite](http://127.0.0.1:5000/en/publications/two/#cite).",
    )
    name = publish(desk.settings).name
    edit_a_title(desk.project)  # both pages are rendered again, and this one is not
    assert publish(desk.settings).name != name
    (desk.project.settings.content / "projects/atlas.md").unlink()
    with pytest.raises(EditionError) as error:
        publish(desk.settings)
    assert str(error.value).splitlines() == [
        f"{desk.project.settings.content}/pages/about.md:5: The link “/en/#projects” leads nowhere."
    ]
    desk.project.document("pages/about", "About us.")
    assert publish(desk.settings).is_new
    desk.project.document("publications/two", "Words.", date="2025-02-01", topics="[people]", title="Third")
    assert "/en/" in publish(desk.settings).printed.changed


def test_an_edition_with_links_to_places_on_other_pages_equals_one_from_nothing(desk: Desk) -> None:
    desk.project.document("pages/about", "[Maps](/en/#projects).")
    publish(desk.settings)
    assert read_index(live(desk.settings))["/be/about/"].fragments == "/en/#projects"
    desk.project.document("pages/about", "[Words](/en/publications/two/#cite) and [maps](/be/#projects).")
    publish(desk.settings)
    assert_same(desk.settings, desk)


def test_a_link_to_a_place_is_missed_also_where_no_other_page_has_one(tmp_path: Path) -> None:
    project = make_project(tmp_path / "site")
    project.document("areas/asylum", "About it.")
    atlas = project.document("projects/atlas", "Maps.", date="2024-02", areas="[asylum]")
    project.document("pages/about", "[Areas](/en/#areas)")
    publish(settings_of(project))
    path = project.document("pages/about", "[Maps](/en/#projects)")
    publish(settings_of(project))
    atlas.unlink()
    with pytest.raises(EditionError, match=rf"{path}:5: The link “/en/#projects” leads nowhere"):
        publish(settings_of(project))


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"")], ids=["gone", "empty"])
def test_a_damaged_page_to_which_a_link_leads_is_named(desk: Desk, damage: Callable[[Path], object]) -> None:
    ahead = Ahead(shelf_of(desk.settings))
    ahead.lay()
    file = live(desk.settings) / PAGES / "en/areas.html.gz"
    damage(file)
    desk.project.document("pages/about", "[Areas](/en/areas/#content)")
    with pytest.raises(EditionError) as error:
        publish(desk.settings, ahead=ahead)
    assert str(error.value) == f"{file}: The file is missing or damaged. Run: flask publish --anew"
