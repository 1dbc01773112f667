"""`flask publish` and `flask edition`: build what is served, see which editions there are, and go back."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext

from constanta.cli.output import (
    current_settings,
    echo,
    echo_findings,
    echo_json,
    finding_record,
    json_option,
    tells_errors,
)
from constanta.edition import history
from constanta.edition.publish import Published, publish_edition
from constanta.edition.shelf import Shelf
from constanta.errors import sentence
from constanta.pages.addresses import describe_website


def _shelf() -> Shelf:
    return Shelf(current_settings().instance / "editions")


@click.command("publish")
@click.option("--anew", is_flag=True, help="Render every page, also those that have not changed.")
@json_option
@with_appcontext
@tells_errors
def publish(*, anew: bool, as_json: bool) -> None:
    """Build an edition from the files beside the live one, check all of it, and serve it.

    If anything is broken, what is served stays as it is, and the command exits with 1.
    """
    started = time.monotonic()
    with _progress() as progress:
        published = publish_edition(
            current_settings(), describe_website(current_app), anew=anew, progress=progress
        )
    seconds = time.monotonic() - started
    if as_json:
        echo_json(_record(published, seconds))
        return
    echo_findings(published.update.left_out)
    _summarise(published, seconds)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on a terminal while pages are rendered."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=0, file=sys.stderr, show_pos=True) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def _record(published: Published, seconds: float) -> dict[str, object]:
    printed, update = published.printed, published.update
    return {
        "edition": published.name,
        "new": published.is_new,
        "documents": {"built": update.built, "removed": update.removed},
        "pages": {
            "all": printed.pages,
            "rendered": printed.rendered,
            "changed": printed.changed,
            "removed": printed.removed,
        },
        "left_out": [finding_record(finding) for finding in update.left_out],
        "seconds": round(seconds, 3),
    }


def _summarise(published: Published, seconds: float) -> None:
    if not published.is_new:
        echo(sentence("Nothing has changed: the site serves the edition %(name)s.", name=published.name))
        return
    printed = published.printed
    echo(
        sentence(
            "Published the edition %(name)s: %(pages)d pages, of which %(changed)d changed and %(removed)d were "
            "removed, in %(seconds)s s.",
            name=published.name,
            pages=printed.pages,
            changed=len(printed.changed),
            removed=len(printed.removed),
            seconds=round(seconds, 1),
        )
    )


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
