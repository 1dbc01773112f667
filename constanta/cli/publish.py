"""`flask publish`: build what is served."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager

import click
from flask import current_app
from flask.cli import with_appcontext

from constanta.catalogs.findings import Finding
from constanta.cli.output import (
    current_settings,
    echo,
    echo_findings,
    echo_json,
    echo_problems,
    finding_record,
    json_option,
    tells_errors,
)
from constanta.edition.ahead import Ahead
from constanta.edition.publish import Published, publish_edition
from constanta.edition.resident import keep_published, stamp_program, wait_for_program
from constanta.edition.switch import PublishedEdition
from constanta.errors import ConstantaError, Problem, sentence
from constanta.pages.addresses import describe_website


@click.command("publish")
@click.option("--anew", is_flag=True, help="Render every page, also those that have not changed.")
@click.option("--watch", is_flag=True, help="Stay, and publish at once whatever is saved.")
@json_option
@with_appcontext
@tells_errors
def publish(*, anew: bool, watch: bool, as_json: bool) -> None:
    """Build an edition from the files beside the live one, check all of it, and serve it.

    If anything is broken, what is served stays as it is, and the command exits with 1; with --watch it says what is
    broken, and waits until that is mended.
    """
    if watch:
        _publish_changes(anew=anew, as_json=as_json)
    else:
        _tell(*_publish(anew=anew), as_json=as_json)


def _publish(*, anew: bool, ahead: Ahead | None = None) -> tuple[Published, float]:
    """Publish; return what was published, and in how many seconds."""
    started = time.monotonic()
    with _progress() as progress:
        published = publish_edition(
            current_settings(), describe_website(current_app), anew=anew, progress=progress, ahead=ahead
        )
    return published, time.monotonic() - started


def _publish_changes(*, anew: bool, as_json: bool) -> None:
    """Publish whatever is saved; when the program changes, become one of the new program, once that can start."""
    publisher = _Publisher(anew=anew, as_json=as_json)
    command = [sys.executable, *(argument for argument in sys.orig_argv[1:] if argument != "--anew")]
    try:
        keep_published(current_settings(), publisher.publish, _warm_up)
        tried = stamp_program(current_settings())
        while not _can_start(command):
            wait_for_program(current_settings(), tried)
            tried = stamp_program(current_settings())
    except KeyboardInterrupt:  # this is how a person ends it
        return
    os.execv(command[0], command)  # noqa: S606 - as it was begun itself


def _can_start(command: Sequence[str]) -> bool:
    """Return whether the program can be loaded; say what keeps it from that."""
    tried = subprocess.run([*command, "--help"], capture_output=True, text=True, check=False)  # noqa: S603
    if tried.returncode:
        text = sentence(
            "The program was changed and cannot start; what is served stays as it is until that is mended:\n%(lines)s",
            lines=tried.stderr,
        )
        echo(text, err=True)
    return tried.returncode == 0


class _Publisher:
    """Publishes again and again, and says what is new: of what stays as it was it speaks once."""

    def __init__(self, *, anew: bool, as_json: bool) -> None:
        self._anew = anew
        self._as_json = as_json
        self._is_first = True
        self._left_out: Collection[Finding] = ()
        self._problems: Collection[Problem] = ()

    def publish(self, ahead: Ahead) -> bool:
        """Publish, or say why that is not possible; return whether it was."""
        try:
            published, seconds = _publish(anew=self._anew, ahead=ahead)
        except ConstantaError as error:
            return self._refuse(error.problems)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next save may be the one that mends it
            return self._refuse([_describe_mistake(error)])
        if published.is_new or self._is_first or self._problems:
            left_out = published.update.left_out
            _tell(published, seconds, as_json=self._as_json, known=self._left_out)
            self._left_out = left_out
        self._anew = self._is_first = False
        self._problems = ()
        return True

    def _refuse(self, problems: Collection[Problem]) -> bool:
        """Say what keeps from publishing, as far as it is new; return that it was not possible."""
        echo_problems(problem for problem in problems if problem not in self._problems)
        self._problems = problems
        return False


def _describe_mistake(error: Exception) -> Problem:
    """Return where the program itself has failed."""
    text = sentence(
        "A mistake in the program keeps the edition from being published; what is served stays as it is. "
        "Please report it with these lines:\n%(lines)s",
        lines="".join(traceback.format_exception(error)),
    )
    return Problem(text)


def _warm_up() -> None:
    """Compile all templates and render some pages: the next publication need not wait for what the first of a kind takes."""
    website, open_live = describe_website(current_app), PublishedEdition(current_settings().editions)
    website.make_ready()
    with closing(open_live()) as edition, website.showing(edition) as fetch:
        addresses = list(website.list_addresses())
        for address in addresses[:: len(addresses) // _SAMPLE or 1]:
            fetch(address.path)


_SAMPLE = 100
"""How many pages are rendered for that: all languages and most kinds are among them."""


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


def _tell(published: Published, seconds: float, *, as_json: bool, known: Collection[Finding] = ()) -> None:
    """Say what was published, and what was left out of it, but for what is known already."""
    if as_json:
        echo_json(_record(published, seconds))
        return
    echo_findings(finding for finding in published.update.left_out if finding not in known)
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
