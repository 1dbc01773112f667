"""Every command explains itself, and stands in the documentation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from constanta.cli.lazy import LazyCommand
from constanta.factory import create_app
from constanta.settings import ROOT, Settings


def find_commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield the full name of each command and the command."""
    for name, listed in group.commands.items():
        command = listed.loaded if isinstance(listed, LazyCommand) else listed
        if isinstance(command, click.Group):
            yield from find_commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


APP = create_app(Settings(secret_key="only for tests"))
COMMANDS = dict(find_commands(APP.cli))
TRANSLATION = [name for name in COMMANDS if name.startswith("i18n ")]
DOCUMENTATION = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.get_short_help_str(limit=200)
    with click.Context(command) as context:
        missing = [p.name for p in command.get_params(context) if isinstance(p, click.Option) and not p.help]
    assert missing == []


def test_the_list_of_commands_says_what_each_is_for() -> None:
    said = CliRunner().invoke(APP.cli, ["--help"]).output
    assert "Build an edition from the files beside the live one" in said
    assert "Take texts into the catalogs" in said


def test_the_shell_can_complete_what_is_in_a_group_that_is_not_loaded_yet() -> None:
    completion = ShellComplete(APP.cli, {}, "flask", "_FLASK_COMPLETE")
    assert {item.value for item in completion.get_completions(["i18n"], "s")} == {"status", "sync"}
    assert {item.value for item in completion.get_completions(["publish"], "--a")} == {"--anew"}


def run_python(program: str) -> str:
    """Return what a program prints in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "CONSTANTA_SECRET_KEY": "only for tests"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_publishing_loads_nothing_that_only_other_commands_need() -> None:
    loaded = run_python("import app, sys, constanta.cli.publish; print(*sorted(sys.modules))").split()
    others = ("cli.i18n", "cli.newsletter", "cli.mirror", "catalogs.pseudo", "edition.mirror")
    assert [name for name in loaded if name.startswith(tuple(f"constanta.{other}" for other in others))] == []


def test_merging_loads_nothing_that_needs_the_site_or_a_database() -> None:
    """Git begins it for each catalog, and somebody waits."""
    load = "from constanta.cli.lazy import i18n; import sys; i18n.loaded.commands['merge'].loaded; print(*sys.modules)"
    loaded = run_python(load).split()
    assert "constanta.cli.i18n_merge" in loaded
    assert [name for name in loaded if name in {"sqlalchemy", "constanta.pages", "constanta.edition"}] == []


def test_circles_of_objects_are_looked_for_once_everything_is_imported() -> None:
    """A process that stays would grow otherwise; at its end nobody needs it."""
    assert run_python("import gc, app; print(gc.isenabled())").split() == ["True"]
    end = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 1000)); import app"
    assert run_python(end).split() == ["True"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_documentation(name: str) -> None:
    assert any(f"{program} {name}" in DOCUMENTATION for program in ("flask", "constanta"))


@pytest.mark.parametrize("name", TRANSLATION)
def test_a_translation_command_prints_json(name: str) -> None:
    assert "as_json" in {parameter.name for parameter in COMMANDS[name].params}


@pytest.mark.parametrize("name", TRANSLATION)
@pytest.mark.parametrize("language", ["", ".be", ".ru"])
def test_a_translation_command_stands_in_every_guide_with_all_its_options(name: str, language: str) -> None:
    guide = (ROOT / "docs" / f"translating{language}.md").read_text(encoding="utf-8")
    section = guide.partition(f"`flask {name}")[2].partition("\n## ")[0]
    options = [
        p.opts[0] for p in COMMANDS[name].params if isinstance(p, click.Option) and p.opts != ["--json"]
    ]
    assert section
    assert [option for option in options if option not in section] == []
