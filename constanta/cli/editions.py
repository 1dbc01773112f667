"""`flask edition`: see which editions there are, compare them, and go back."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from constanta.cli.output import current_settings, echo, echo_json, json_option, tells_errors
from constanta.edition import history
from constanta.edition.shelf import Shelf
from constanta.errors import sentence


def _shelf() -> Shelf:
    return Shelf(current_settings().editions)


@click.group("edition")
def group() -> None:
    """See the editions, compare them, choose which one is served, and remove old ones."""


@group.command("list")
@json_option
@with_appcontext
@tells_errors
def list_(*, as_json: bool) -> None:
    """Print the editions, the newest first, with the time they were made; an asterisk marks the one that is served."""
    listed = history.list_editions(_shelf())
    if as_json:
        echo_json(
            [{"edition": one.name, "served": one.served, "made": one.made.isoformat()} for one in listed]
        )
        return
    for one in listed:
        click.echo(f"{'*' if one.served else ' '} {one.name}  {one.made:%Y-%m-%d %H:%M}")


@group.command("use")
@click.argument("edition")
@json_option
@with_appcontext
@tells_errors
def use(*, edition: str, as_json: bool) -> None:
    """Serve the edition EDITION, after comparing its database, catalogs and index with their digests."""
    history.use_edition(_shelf(), edition)
    if as_json:
        echo_json({"edition": edition})
    else:
        echo(sentence("The site serves the edition %(name)s.", name=edition))


@group.command("diff")
@click.argument("first")
@click.argument("second")
@json_option
@with_appcontext
@tells_errors
def diff(*, first: str, second: str, as_json: bool) -> None:
    """Print which pages differ between the editions FIRST and SECOND: added (+), removed (-), changed (~)."""
    difference = history.compare_editions(_shelf(), first, second)
    if as_json:
        echo_json({"added": difference.added, "removed": difference.removed, "changed": difference.changed})
        return
    marks = [("+", difference.added), ("-", difference.removed), ("~", difference.changed)]
    lines = sorted((path, mark) for mark, paths in marks for path in paths)
    for path, mark in lines:
        click.echo(f"{mark} {path}")


@group.command("check")
@click.argument("edition", required=False)
@json_option
@with_appcontext
@tells_errors
def check(*, edition: str | None, as_json: bool) -> None:
    """Compare every file of EDITION (by default the one that is served) with its digest; exit with 1 if any differs."""
    name = history.check_edition(_shelf(), edition)
    if as_json:
        echo_json({"edition": name, "whole": True})
    else:
        echo(sentence("The edition %(name)s is whole.", name=name))


@group.command("prune")
@click.option("--keep", type=click.IntRange(min=1), default=2, show_default=True, help="How many to keep.")
@json_option
@with_appcontext
@tells_errors
def prune(*, keep: int, as_json: bool) -> None:
    """Remove all but the newest editions; the one that is served always stays."""
    removed = history.prune_editions(_shelf(), keep)
    if as_json:
        echo_json({"removed": removed})
        return
    for name in removed:
        echo(sentence("Removed the edition %(name)s.", name=name))
