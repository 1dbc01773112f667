"""`flask publish` and `flask edition`: what they print, how they end, and in which language."""

from __future__ import annotations

import datetime as dt
import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from constanta.cli.speech import find_speech
from constanta.errors import sentence
from constanta.settings import ROOT
from tests.conftest import Project
from tests.edition.editions import live, make_project, open_app, publish, settings_of, shelf_of

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with two editions; the second has another text."""
    project = make_project(tmp_path_factory.mktemp("commands") / "site")
    for language in ("be", "ru"):
        name = f"translations/{language}/LC_MESSAGES/tools.po"
        shutil.copyfile(ROOT / name, project.folder / name)
    project.document("pages/about", "Words.")
    publish(settings_of(project))
    project.document("pages/about", "Other words.")
    publish(settings_of(project))
    return project


@pytest.fixture
def project(published: Project, tmp_path: Path) -> Iterator[Project]:
    """The same; its documents and editions are put back."""
    kept = tmp_path / "kept"
    shutil.copytree(published.folder, kept, symlinks=True)
    yield published
    shutil.rmtree(published.folder)
    kept.rename(published.folder)


@pytest.fixture
def names(project: Project) -> list[str]:
    """The names of the editions, the newest first."""
    return shelf_of(settings_of(project)).names()


@pytest.fixture
def run(project: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.chdir(project.folder)
    monkeypatch.setattr(os, "sync", lambda: None)
    runner = open_app(settings_of(project)).test_cli_runner()
    return lambda *arguments: runner.invoke(args=arguments)


def load(result: Result) -> Any:
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def served(project: Project) -> str:
    return live(settings_of(project)).name


# --- publish -------------------------------------------------------------------------------------------------------


def test_publish_says_what_it_did(run: Run, project: Project) -> None:
    project.document("pages/about", "Different words.")
    result = run("publish")
    assert (result.exit_code, result.stderr) == (0, "")
    said = rf"Published the edition {served(project)}: 53 pages, of which 3 changed and 0 were removed, in \d+\.\d s\."
    assert re.fullmatch(said, result.stdout.rstrip("\n"))


def test_publish_says_that_nothing_has_changed(run: Run, names: list[str]) -> None:
    result = run("publish")
    assert result.exit_code == 0
    assert result.stdout == f"Nothing has changed: the site serves the edition {names[0]}.\n"


def test_publish_anew_makes_an_edition_of_the_same_pages(
    run: Run, names: list[str], project: Project
) -> None:
    result = run("publish", "--anew")
    assert result.exit_code == 0
    assert ": 53 pages, of which 0 changed and 0 were removed, in " in result.stdout
    number, digest = served(project).split("-")
    assert (number, digest) == ("0003", names[0].split("-")[1])


def test_publish_tells_programs_what_it_did(run: Run, project: Project) -> None:
    project.document("pages/contacts", "Addresses.")
    (project.settings.content / "pages/about.md").unlink()
    told = load(run("publish", "--json"))
    assert (told["edition"], told["new"], told["left_out"]) == (served(project), True, [])
    assert told["documents"] == {"built": ["pages/contacts"], "removed": ["pages/about"]}
    pages = told["pages"]
    assert (pages["all"], pages["removed"]) == (53, ["/be/about/", "/en/about/", "/ru/about/"])
    assert {"/be/contacts/", "/en/", "/sitemap.xml"} <= set(pages["changed"])
    assert pages["rendered"] >= len(pages["changed"])
    assert 0 < told["seconds"] < 60


def test_publish_says_which_translations_are_left_out(run: Run, project: Project) -> None:
    project.interface("be", {"The end: %(day)s": "Канец: %(hour)s"})
    catalog = project.catalog("pages/about", "ru", {("body", "Other words."): "[Другие](/ru/) слова."})
    result = run("publish")
    assert result.exit_code == 0
    said = result.stdout.splitlines()[:-1]
    assert any(line.startswith("translations/be/LC_MESSAGES/messages.po:") for line in said)
    line = catalog.read_text(encoding="utf-8").splitlines().index('msgid "Other words."') + 1
    assert any(one.startswith(f"translations/ru/content/pages/about.po:{line}: error [") for one in said)
    assert "Другие" not in open_app(settings_of(project)).test_client().get("/ru/about/").text


def test_publish_names_the_file_and_line_of_what_is_broken(
    run: Run, names: list[str], project: Project
) -> None:
    project.document("pages/about", "Words.", date="soon")
    for arguments in (["publish"], ["publish", "--json"], ["publish", "--anew"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("content/pages/about.md:3: “date” must be ")
    assert served(project) == names[0]
    assert "Other words." in open_app(settings_of(project)).test_client().get("/en/about/").text


def test_publish_names_what_is_broken_in_the_order_of_the_files(run: Run, project: Project) -> None:
    names = [f"content/{name}.md" for name in ("areas/a", "pages/about", "projects/a", "publications/a")]
    for name in reversed(names):
        project.document(name.removeprefix("content/").removesuffix(".md"), "Words.", date="soon")
    for arguments in (["publish"], ["publish", "--anew"]):
        assert [line.partition(":")[0] for line in run(*arguments).stderr.splitlines()] == names


def test_publish_spells_out_what_would_steer_a_terminal(run: Run, project: Project) -> None:
    project.write("content/pages/\x1b[31ma\nb.md", "No front matter.")
    assert run("publish").stderr.startswith("content/pages/\\x1b[31ma\\x0ab.md:1: The file must begin")


def test_publish_asks_before_it_removes_all_documents(run: Run, names: list[str], project: Project) -> None:
    """They may be gone because a disk is."""
    for folder in project.settings.content.iterdir():
        shutil.rmtree(folder)
    result = run("publish")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        "There are no documents here any more. If that is right, run: flask publish --anew" in result.stderr
    )
    assert served(project) == names[0]
    assert run("publish", "--anew").exit_code == 0


def test_publish_names_the_place_of_a_link_that_leads_nowhere_once(
    run: Run, names: list[str], project: Project
) -> None:
    project.document("pages/about", "[Nothing](/en/nothing/)")
    result = run("publish")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "content/pages/about.md:5: The link “/en/nothing/” leads nowhere.\n"
    assert served(project) == names[0]


def read_terminal(handle: int) -> Iterator[bytes]:
    """Yield what comes, until nobody has the other end any more."""
    with suppress(OSError), os.fdopen(handle, "rb", buffering=0) as terminal:
        while data := terminal.read(1024):
            yield data


def test_publish_shows_its_progress_on_a_terminal(project: Project) -> None:
    ours, theirs = pty.openpty()
    settings = {"INSTANCE": "instance", "CONTENT": "content", "TRANSLATIONS": "translations"}
    environment = {f"CONSTANTA_{name}": str(project.folder / value) for name, value in settings.items()}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("flask"), "publish", "--anew"],
        cwd=ROOT,
        env={**os.environ, **environment, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    shown = b"".join(read_terminal(ours)).decode()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, shown
    assert "53/53" in shown
    assert re.fullmatch(r"Published the edition 0003-\w{8}: 53 pages, .*\n", said)


# --- edition -------------------------------------------------------------------------------------------------------


def test_editions_are_listed_with_an_asterisk_for_the_one_that_is_served(
    run: Run, names: list[str], project: Project
) -> None:
    lines = run("edition", "list").stdout.splitlines()
    time = r"  20\d\d-\d\d-\d\d \d\d:\d\d"
    assert re.fullmatch(rf"\* {names[0]}{time}", lines[0])
    assert re.fullmatch(rf"  {names[1]}{time}", lines[1])
    told = load(run("edition", "list", "--json"))
    assert [(one["edition"], one["served"]) for one in told] == [(names[0], True), (names[1], False)]
    made = dt.datetime.fromisoformat(told[0]["made"])
    assert dt.timedelta() <= dt.datetime.now(dt.UTC) - made < dt.timedelta(hours=1)


def test_where_nothing_is_published_nothing_is_listed(run: Run, project: Project) -> None:
    shutil.rmtree(project.settings.instance)
    result = run("edition", "list")
    assert (result.exit_code, result.output) == (0, "")
    assert load(run("edition", "list", "--json")) == []


def test_an_edition_is_used(run: Run, names: list[str], project: Project) -> None:
    result = run("edition", "use", names[1])
    assert (result.exit_code, result.output) == (0, f"The site serves the edition {names[1]}.\n")
    assert served(project) == names[1]
    assert load(run("edition", "use", names[0], "--json")) == {"edition": names[0]}
    assert served(project) == names[0]


def test_a_damaged_edition_is_not_used(run: Run, names: list[str], project: Project) -> None:
    (live(settings_of(project)).with_name(names[1]) / "content.db").write_bytes(b"")
    result = run("edition", "use", names[1])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "is not whole: content.db" in result.stderr
    assert served(project) == names[0]


def test_what_differs_between_editions_is_printed(run: Run, names: list[str], project: Project) -> None:
    result = run("edition", "diff", names[1], names[0])
    assert (result.exit_code, result.output) == (0, "~ /be/about/\n~ /en/about/\n~ /ru/about/\n")
    project.document("pages/contacts", "Addresses.")
    (project.settings.content / "pages/about.md").unlink()
    newest = load(run("publish", "--json"))["edition"]
    lines = run("edition", "diff", names[0], newest).stdout.splitlines()
    assert {"+ /be/contacts/", "- /be/about/", "~ /be/"} <= set(lines)
    assert lines == sorted(lines, key=lambda line: line[2:])
    told = load(run("edition", "diff", newest, names[0], "--json"))
    assert told["added"] == ["/be/about/", "/en/about/", "/ru/about/"]
    assert told["removed"] == ["/be/contacts/", "/en/contacts/", "/ru/contacts/"]
    assert "/be/" in told["changed"]


def test_an_edition_is_checked(run: Run, names: list[str], project: Project) -> None:
    result = run("edition", "check")
    assert (result.exit_code, result.output) == (0, f"The edition {names[0]} is whole.\n")
    assert load(run("edition", "check", names[1], "--json")) == {"edition": names[1], "whole": True}
    page = live(settings_of(project)) / "pages/be/about.html.gz"
    page.unlink()
    for arguments in (["edition", "check"], ["edition", "check", "--json"]):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        place = page.relative_to(project.folder)
        assert result.stderr == f"{place}: The file is missing or damaged. Run: flask publish --anew\n"
    assert run("edition", "check", names[1]).exit_code == 0


def test_old_editions_are_removed(run: Run, names: list[str], project: Project) -> None:
    third = load(run("publish", "--anew", "--json"))["edition"]
    assert run("edition", "prune").output == f"Removed the edition {names[1]}.\n"
    run("edition", "use", names[0])
    result = run("edition", "prune", "--keep", "1")
    assert (result.exit_code, result.output) == (0, "")
    run("edition", "use", third)
    assert load(run("edition", "prune", "--keep", "1", "--json")) == {"removed": [names[0]]}
    assert shelf_of(settings_of(project)).names() == [third]
    assert run("edition", "prune", "--keep", "0").exit_code == 2


@pytest.mark.parametrize(
    "arguments", [["use", "0009-abcdef01"], ["check", "0009-abcdef01"], ["diff", "LIVE", "0009-abcdef01"]]
)
def test_a_name_that_no_edition_has_is_an_error(run: Run, names: list[str], arguments: list[str]) -> None:
    result = run("edition", *(names[0] if one == "LIVE" else one for one in arguments))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "There is no edition “0009-abcdef01”. See them with: flask edition list\n"


# --- languages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "done", "used", "unknown"),
    [
        (
            "be_BY.UTF-8",
            r"Апублікавана выданне \S+\. Старонак: 53, з іх змянілася: 3; выдалена: 0\. Час: \d+(,\d)? с\.",
            "Сайт паказвае выданне {}.",
            "Выдання «0009-abcdef01» няма.",
        ),
        (
            "ru_RU.UTF-8",
            r"Издание \S+ опубликовано за \d+(,\d)? с\. Страниц: 53; изменено: 3, удалено: 0\.",
            "Сайт показывает издание {}.",
            "Издания «0009-abcdef01» нет.",
        ),
    ],
)
def test_the_commands_speak_the_language_of_the_terminal(
    run: Run,
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    locale: str,
    done: str,
    used: str,
    unknown: str,
) -> None:
    monkeypatch.delenv("LC_ALL")
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LANG", locale)
    project.document("pages/about", "Different words.")
    assert re.fullmatch(done, run("publish").stdout.rstrip("\n").replace("\u00a0", " "))
    assert run("edition", "use", names[0]).stdout.rstrip("\n").replace("\u00a0", " ") == used.format(names[0])
    result = run("edition", "check", "0009-abcdef01")
    assert result.exit_code == 1
    assert result.stderr.replace("\u00a0", " ").startswith(unknown)


@pytest.mark.parametrize(("language", "said"), [("be", "12,3"), ("ru", "12,3"), ("en", "12.3")])
def test_numbers_have_the_decimal_sign_of_the_language(language: str, said: str) -> None:
    say = find_speech({"LANG": f"{language}.UTF-8"}, ROOT / "translations")
    assert say(sentence("%(seconds)s", seconds=12.3)) == said
