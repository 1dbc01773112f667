"""`flask i18n merge` and `textconv`: catalogs in git, message by message rather than line by line."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from constanta.catalogs.po import (
    Catalog,
    Message,
    parse_catalog,
    read_catalog,
    read_data,
    write_catalog,
    write_if_changed,
)
from constanta.catalogs.threeway import reconcile_catalogs
from constanta.cli.output import (
    echo_json,
    echo_problems,
    json_option,
    problem_record,
    show_path,
    tells_errors,
)
from constanta.errors import CatalogError, Problem, sentence

_FILE = click.Path(path_type=Path)


@click.command("merge")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("name", type=_FILE, required=False)
@json_option
@tells_errors
def merge(*, base: Path, ours: Path, theirs: Path, name: Path | None, as_json: bool) -> None:
    """Merge two catalogs that come from one BASE, and write the result into OURS.

    Both sides' work is kept. Where both changed one translation, ours stays as the text, theirs stands in a comment,
    and the entry is marked fuzzy; then the command exits with 1. It does so too where one of the three is no catalog
    as it stands: then git merges their lines, with its marks where both sides changed the same. NAME is what the
    catalog is called in messages, if not OURS.

    As a merge driver of git: make setup-git
    """
    name = name or ours
    sides = {"base": read_data(base), "ours": read_data(ours), "theirs": read_data(theirs)}
    catalogs: list[Catalog] = []
    unreadable: list[Problem] = []
    for side, data in sides.items():
        try:
            catalogs.append(_parse(data, side))
        except CatalogError as error:
            unreadable += _place_problems(error, name, side)
    if unreadable:
        _merge_lines(base, ours, theirs)
        if as_json:
            problems = [problem_record(each) for each in unreadable]
            echo_json({"file": show_path(name), "conflicts": [], "problems": problems})
        else:
            echo_problems(unreadable)
        raise SystemExit(1)
    result = reconcile_catalogs(*catalogs)
    write_catalog(ours, result.catalog)
    if as_json:
        conflicts = [{"msgctxt": context, "msgid": msgid} for context, msgid in result.conflicts]
        echo_json({"file": show_path(name), "conflicts": conflicts, "problems": []})
    else:
        lines = {message.key: message.line for message in read_catalog(ours).messages}
        echo_problems(_conflict(name, lines[key], key[1]) for key in result.conflicts)
    if result.conflicts:
        raise SystemExit(1)


def _parse(data: bytes, side: str) -> Catalog:
    """Return the catalog of a side; git gives an empty common ancestor where both sides added the catalog."""
    return parse_catalog(data) if data or side != "base" else Catalog({})


def _place_problems(error: CatalogError, name: Path, side: str) -> Iterator[Problem]:
    """Yield what keeps a side from being read, and on which side that is."""
    for problem in error.problems:
        yield replace(problem, path=name)
    text = sentence(
        "So it stands on the side “%(side)s”; therefore git has merged the lines of this file. Resolve what it has "
        "marked, mend what is named here, and check the file before you commit.",
        side=side,
    )
    yield Problem(text, name, error.problems[0].line)


def _merge_lines(base: Path, ours: Path, theirs: Path) -> None:
    """Merge files as git merges any text, with its marks in ours, so that neither side's work is out of sight.

    What git cannot merge (bytes that it takes for no text) stands in the file whole, one side after the other.
    """
    labels = ("-L", "ours", "-L", "base", "-L", "theirs")
    command = ["git", "merge-file", "--quiet", *labels, *map(str, (ours, base, theirs))]
    try:
        code = subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603 - the user's own files
    except FileNotFoundError:  # there may be no git where somebody merges by hand
        code = _NOT_MERGED
    if not 0 <= code < _NOT_MERGED:
        marks = (
            b"<<<<<<< ours\n",
            ours.read_bytes(),
            b"\n=======\n",
            theirs.read_bytes(),
            b"\n>>>>>>> theirs\n",
        )
        write_if_changed(ours, b"".join(marks))


_NOT_MERGED = 128
"""From which exit code on `git merge-file` has failed; below it is the number of conflicts."""


def _conflict(path: Path, line: int, msgid: str) -> Problem:
    text = sentence(
        "Both sides changed this translation; theirs stands in the comment: “%(msgid)s”", msgid=msgid
    )
    return Problem(text, path, line)


@click.command("textconv")
@click.argument("file", type=_FILE)
@json_option
@tells_errors
def textconv(*, file: Path, as_json: bool) -> None:
    """Print a catalog so that a difference is easy to read: state, source and translation, without the PO syntax.

    What is no catalog as it stands is printed as it is, since git shows no difference at all where this command fails.

    Used by git diff after: make setup-git
    """
    data = read_data(file)
    try:
        catalog = parse_catalog(data, file)
    except CatalogError:
        if as_json:
            raise
        click.echo(data, nl=False)
        return
    if as_json:
        echo_json([_record(message) for message in catalog.messages])
        return
    for name, value in catalog.header.items():
        click.echo(f"{name}: {value}")
    for message in catalog.messages:
        click.echo("\n" + "\n".join(_readable(message)))


def _readable(message: Message) -> list[str]:
    state = "obsolete" if message.obsolete else message.state.value
    context = f" {message.source.msgctxt}" if message.source.msgctxt is not None else ""
    lines = [f"[{state}]{context}", *(f"# {comment}" for comment in message.comments)]
    if message.previous is not None:
        lines.append(f"made for: {message.previous.msgid}")
    lines += [message.source.msgid, *filter(None, [message.source.msgid_plural])]
    return [*lines, *(f"→ {form}" for form in message.msgstr if form)]


def _record(message: Message) -> dict[str, object]:
    return {
        "state": "obsolete" if message.obsolete else message.state.value,
        "msgctxt": message.source.msgctxt,
        "msgid": message.source.msgid,
        "msgid_plural": message.source.msgid_plural,
        "previous": message.previous.msgid if message.previous else None,
        "comments": message.comments,
        "msgstr": message.msgstr,
    }
