"""Commands that are loaded when somebody asks for them: `flask publish` has no use for what the others import."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any

import click

from constanta.loading import loading


class LazyCommand(click.Group):
    """Stands for a command, or a group of them, that is imported at its first use.

    A group itself, so that the shell can complete the names of what is in it.
    """

    def __init__(self, name: str, place: str) -> None:
        """Make a command.

        Args:
            name: Its name.
            place: Where it is: a module, a colon, and a name in it.
        """
        super().__init__(name)
        self._place = place

    @cached_property
    def loaded(self) -> click.Command:
        """The command itself."""
        module, _, name = self._place.partition(":")
        with loading():
            command: click.Command = getattr(import_module(module), name)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Begin to run the command itself."""
        return self.loaded.make_context(info_name, args, parent, **extra)

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the list of commands says of it."""
        return self.loaded.get_short_help_str(limit)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of what is in a group."""
        return self.loaded.list_commands(ctx) if isinstance(self.loaded, click.Group) else []

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command of a group."""
        return self.loaded.get_command(ctx, cmd_name) if isinstance(self.loaded, click.Group) else None


i18n = LazyCommand("i18n", "constanta.cli.i18n:group")
mirror = LazyCommand("mirror", "constanta.cli.mirror:mirror")
newsletter = LazyCommand("newsletter", "constanta.cli.newsletter:group")
publish = LazyCommand("publish", "constanta.cli.publish:publish")
edition = LazyCommand("edition", "constanta.cli.editions:group")
