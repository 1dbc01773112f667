"""Every command explains itself, and stands in the documentation."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from constanta.factory import create_app
from constanta.settings import ROOT, Settings


def find_commands(group: click.Group, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield the full name of each command and the command."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from find_commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


COMMANDS = dict(find_commands(create_app(Settings(secret_key="only for tests")).cli))
TRANSLATION = [name for name in COMMANDS if name.startswith("i18n ")]
DOCUMENTATION = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md")))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_help(name: str) -> None:
    command = COMMANDS[name]
    assert command.get_short_help_str(limit=200)
    with click.Context(command) as context:
        missing = [p.name for p in command.get_params(context) if isinstance(p, click.Option) and not p.help]
    assert missing == []


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_in_the_documentation(name: str) -> None:
    assert f"flask {name}" in DOCUMENTATION


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
