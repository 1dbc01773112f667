"""`flask i18n merge` and `textconv`: catalogs in git, message by message rather than line by line."""

from __future__ import annotations

from pathlib import Path

import click

from constanta.catalogs.po import Catalog, Message, read_catalog, write_catalog
from constanta.catalogs.threeway import reconcile_catalogs
from constanta.cli.output import echo_json, echo_problems, json_option, show_path, tells_errors
from constanta.errors import Problem, sentence

_FILE = click.Path(path_type=Path)


@click.command("merge")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@json_option
@tells_errors
def merge(*, base: Path, ours: Path, theirs: Path, as_json: bool) -> None:
    """Merge two catalogs that come from one BASE, and write the result into OURS.

    Both sides' work is kept. Where both changed one translation, ours stays as the text, theirs stands in a comment,
    and the entry is marked fuzzy; then the command exits with 1. A file that cannot be read changes nothing.

    As a merge driver of git: make setup-git
    """
    result = reconcile_catalogs(_read_base(base), read_catalog(ours), read_catalog(theirs))
    write_catalog(ours, result.catalog)
    if as_json:
        conflicts = [{"msgctxt": context, "msgid": msgid} for context, msgid in result.conflicts]
        echo_json({"file": show_path(ours), "conflicts": conflicts})
    else:
        lines = {message.key: message.line for message in read_catalog(ours).messages}
        echo_problems(_conflict(ours, lines[key], key[1]) for key in result.conflicts)
    if result.conflicts:
        raise SystemExit(1)


def _read_base(path: Path) -> Catalog:
    """Return the common ancestor; git gives an empty file where both sides added the catalog."""
    empty = path.is_file() and not path.stat().st_size
    return Catalog({}) if empty else read_catalog(path)


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

    Used by git diff after: make setup-git
    """
    catalog = read_catalog(file)
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
