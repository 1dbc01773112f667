"""A damaged file is found by its digest and said, and readers get whole pages all the same."""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from constanta.edition import switch
from constanta.edition.models import open_engine
from constanta.edition.switch import PublishedEdition
from constanta.errors import EditionError
from constanta.pages.site import EXTENSION, site_of
from constanta.settings import Settings
from tests.conftest import Project
from tests.edition.editions import live, make_project, open_app, publish, settings_of, shelf_of, write_site
from tests.newsletter.parts import size

OLD, NEW = "The words of before.", "The words of now."
PAGE = "/en/publications/one/"
SEARCH = "/en/search/?q=words"
GUARDED = ["content.db", "pages.db", "edition.json", "catalogs/be/LC_MESSAGES/messages.mo"]
VARIANTS = {"br": "pages/en/publications/one.html.br", "gzip": "pages/en/publications/one.html.gz"}
BYTES = size(full=100, small=4)
"""How many bytes of each file are damaged, one after the other."""

SEED = 11


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site with two editions."""
    project = make_project(tmp_path_factory.mktemp("damage") / "site")
    write_site(project)
    for text in (OLD, NEW):
        project.document("publications/one", text)
        publish(settings_of(project))
    return project


@pytest.fixture
def settings(published: Project) -> Iterator[Settings]:
    """The settings of that site; the files of its newest edition are put back."""
    settings = settings_of(published)
    files = {path: path.read_bytes() for path in live(settings).rglob("*") if path.is_file()}
    yield settings
    for path, data in files.items():
        path.write_bytes(data)


@pytest.fixture
def copied(published: Project, tmp_path: Path) -> Settings:
    """The settings of a copy of that site, in which a test may publish."""
    shutil.copytree(published.folder, tmp_path / "site", symlinks=True)
    return settings_of(Project(tmp_path / "site"))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.CRITICAL)
    return caplog


def damage(file: Path, draw: random.Random) -> None:
    """Change one byte."""
    data = bytearray(file.read_bytes())
    data[draw.randrange(len(data))] ^= draw.choice((1, 255))
    file.write_bytes(data)


def run(settings: Settings, *arguments: str) -> tuple[int, str]:
    """Run a command, and return its exit code and what it said."""
    result = open_app(settings).test_cli_runner().invoke(args=[*arguments])
    return result.exit_code, result.output


def open_site(settings: Settings) -> FlaskClient:
    """Return a site as it is when it has just been started: it has not opened any edition yet."""
    app = open_app(settings)
    opening = PublishedEdition(settings.editions)
    app.extensions[EXTENSION] = replace(site_of(app), open_edition=opening)
    return app.test_client()


@pytest.mark.parametrize("name", GUARDED)
def test_of_a_damaged_edition_nothing_is_served(
    settings: Settings, log: pytest.LogCaptureFixture, name: str
) -> None:
    draw = random.Random(SEED)
    newest, before = shelf_of(settings).names()
    file = live(settings) / name
    whole = file.read_bytes()
    for _ in range(BYTES):
        damage(file, draw)
        log.clear()
        site = open_site(settings)
        assert OLD in site.get(PAGE).text
        assert site.get(SEARCH).status_code == 200
        assert f"The edition in {live(settings)} is not whole: {name}: " in log.text
        assert f"The edition {newest} is damaged; {before} is served in its place." in log.text
        code, said = run(settings, "edition", "check")
        assert (code, newest in said, name in said) == (1, True, True)
        file.write_bytes(whole)


def test_after_damage_the_next_publication_is_whole(copied: Settings) -> None:
    for name in ("content.db", "edition.json"):
        newest = shelf_of(copied).names()[0]
        damage(live(copied) / name, random.Random(SEED))
        assert publish(copied).name > newest
        assert run(copied, "edition", "check")[0] == 0
        assert NEW in open_site(copied).get(PAGE).text


@pytest.mark.parametrize("encoding", VARIANTS)
def test_a_damaged_page_is_rendered_from_the_same_edition(
    settings: Settings, log: pytest.LogCaptureFixture, encoding: str
) -> None:
    draw = random.Random(SEED)
    file = live(settings) / VARIANTS[encoding]
    whole = file.read_bytes()
    for _ in range(BYTES):
        damage(file, draw)
        log.clear()
        site = open_site(settings)
        assert NEW in site.get(PAGE).text
        answer = site.get(PAGE, headers={"Accept-Encoding": encoding})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, encoding)
        assert f"{file} is damaged: its digest is another. Run: flask publish --anew" in log.text
        code, said = run(settings, "edition", "check")
        assert (code, VARIANTS[encoding] in said) == (1, True)
        file.write_bytes(whole)


def test_a_page_that_lost_its_files_is_rendered(settings: Settings, log: pytest.LogCaptureFixture) -> None:
    for name in VARIANTS.values():
        (live(settings) / name).unlink()
    assert NEW in open_site(settings).get(PAGE).text
    assert f"{live(settings) / VARIANTS['gzip']} cannot be read" in log.text
    assert run(settings, "edition", "check")[0] == 1


def test_a_damaged_page_that_would_have_to_be_looked_through_is_named(copied: Settings) -> None:
    path = live(copied) / "pages/be/areas/asylum.html.gz"
    path.write_bytes(path.read_bytes()[:-1])
    (copied.content / "publications/three.md").unlink()
    with pytest.raises(EditionError) as caught:
        publish(copied)
    assert {problem.path for problem in caught.value.problems} == {path}
    assert "Run: flask publish --anew" in str(caught.value)
    publish(copied, anew=True)


def test_publishing_anew_mends_pages(copied: Settings, log: pytest.LogCaptureFixture) -> None:
    for name in VARIANTS.values():
        damage(live(copied) / name, random.Random(SEED))
    assert run(copied, "publish", "--anew")[0] == 0
    assert run(copied, "edition", "check")[0] == 0
    assert NEW in open_site(copied).get(PAGE).text
    assert log.records == []


@pytest.mark.parametrize("name", ["content.db", "pages.db"])
def test_damage_under_a_running_site_is_noticed_at_the_first_error(
    settings: Settings, log: pytest.LogCaptureFixture, name: str
) -> None:
    """A worker compares an edition when it opens it; what becomes unreadable later is found by the error."""
    site = open_site(settings)
    assert site.get("/healthz").text == "ok\n"
    file = live(settings) / name
    file.write_bytes(random.Random(SEED).randbytes(file.stat().st_size))
    answers = [site.get(path) for path in (SEARCH, PAGE, SEARCH, PAGE)]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert OLD in answers[-1].text
    assert f"The edition in {live(settings)} is not whole: {name}: the digest is another." in log.text


def test_what_a_reader_looked_for_stands_in_no_error(settings: Settings) -> None:
    engine = open_engine(live(settings) / "content.db")
    failing = sa.text("SELECT nothing FROM document WHERE slug = :slug")
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as error:
        connection.execute(failing, {"slug": "asylum"})
    engine.dispose()
    assert "asylum" not in str(error.value)


def test_where_no_edition_is_whole_it_is_said(
    copied: Settings, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in shelf_of(copied).names():
        damage(copied.editions / name / "content.db", random.Random(SEED))
    site = open_site(copied)
    answer = site.get(PAGE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    said = log.text.count("content.db: the digest is another")
    assert said >= 2
    assert site.get(PAGE).status_code == 503
    assert log.text.count("content.db: the digest is another") == said  # not looked at for each request
    monkeypatch.setattr(switch, "_RETRY", 0.0)
    assert site.get(PAGE).status_code == 503
    assert log.text.count("content.db: the digest is another") > said
    publish(copied)
    assert NEW in site.get(PAGE).text


def test_pages_of_a_damaged_edition_are_not_compared(settings: Settings) -> None:
    newest, before = shelf_of(settings).names()
    damage(live(settings) / "pages.db", random.Random(SEED))
    code, said = run(settings, "edition", "diff", before, newest)
    assert (code, "pages.db: the digest is another" in said) == (1, True)


def test_a_copy_that_followed_the_link_is_named(copied: Settings) -> None:
    """Tools that copy editions without their links leave a folder where the link should be."""
    link = copied.editions / "current"
    newest = link.readlink()
    link.unlink()
    shutil.copytree(link.with_name(str(newest)), link)
    for arguments in (["edition", "list"], ["publish"]):
        code, said = run(copied, *arguments)
        assert code == 1
        assert said.startswith(f"{link}: This is no link to an edition.")
    assert open_site(copied).get(PAGE).status_code == 503
    shutil.rmtree(link)
    assert run(copied, "edition", "use", str(newest))[0] == 0
    assert NEW in open_site(copied).get(PAGE).text
