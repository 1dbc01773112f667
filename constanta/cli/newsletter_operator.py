"""The operator's commands of `flask newsletter`: they need none of the site's settings and no application."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import click
from pyrage.x25519 import Identity

from constanta.cli.output import echo, tells_errors
from constanta.errors import Sentence, sentence
from constanta.newsletter import canary, keys
from constanta.newsletter.opening import Opened, as_records, format_csv, format_json, open_pulled
from constanta.newsletter.pulled import Pulled, add_snapshot, read_pulled, write_file, write_pulled
from constanta.newsletter.sources import read_snapshot

_FILE = click.Path(path_type=Path, dir_okay=False)
_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)
_key_option = click.option(
    "--key",
    "key_files",
    type=_EXISTING,
    required=True,
    multiple=True,
    help="The private key's file; after a change of keys give the older one too.",
)
_list_option = click.option("--list", "listed", type=_FILE, required=True, help="The file of your canaries.")


def say(text: Sentence) -> None:
    """Print a sentence to the error output, in the language of the terminal, so that it never mixes with data."""
    echo(text, err=True)


def fail(text: Sentence) -> SystemExit:
    """Print a sentence; return what ends the command with 1."""
    say(text)
    return SystemExit(1)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--passphrase", "protect", is_flag=True, help="Ask for a passphrase that protects the private keys."
)
@tells_errors
def keygen(folder: Path, protect: bool) -> None:
    """Make the operator's and the recovery key in FOLDER; only recipients.txt goes to the server."""
    secret = (
        click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True) if protect else ""
    )
    keys.make_keys(folder, secret)
    say(
        sentence(
            "Made %(operator)s and %(recovery)s: they never go to the server, and the recovery key lives apart "
            "from the other. Copy %(recipients)s to the server and name it in CONSTANTA_NEWSLETTER_RECIPIENTS.",
            operator=folder / keys.OPERATOR_FILE,
            recovery=folder / keys.RECOVERY_FILE,
            recipients=folder / keys.RECIPIENTS_FILE,
        )
    )


@click.command()
@click.argument("source")
@click.argument("file", type=_FILE)
@tells_errors
def pull(source: str, file: Path) -> None:
    """Fetch sealed rows from SOURCE (a database's address, a SQLite file or a plain dump) into FILE."""
    snapshot = read_snapshot(source)
    pulled = add_snapshot(read_pulled(file) if file.exists() else Pulled(), snapshot, file)
    write_pulled(file, pulled)
    say(sentence("Pulled %(rows)d sealed subscriptions.", rows=len(pulled.current)))


@click.command("open")
@click.argument("file", type=_EXISTING)
@_key_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="How to write the list.",
)
@click.option("--output", type=_FILE, help="The file to write; the terminal where none is given.")
@click.option("--site", help="The site's address, for whole links to unsubscribe instead of tokens.")
@tells_errors
def open_(
    file: Path,
    key_files: tuple[Path, ...],
    form: Literal["csv", "json"],
    output: Path | None,
    site: str | None,
) -> None:
    """Decrypt FILE: each subscriber once, without those who unsubscribed."""
    opened = open_pulled(read_pulled(file), _read_keys(key_files))
    records = as_records(opened.subscriptions, site)
    text = format_csv(records) if form == "csv" else format_json(records)
    if output:
        write_file(output, text)
    else:
        click.echo(text, nl=False)
    say(
        sentence(
            "%(people)d subscribers; left out: %(duplicates)d duplicates, %(gone)d of people who unsubscribed.",
            people=len(opened.subscriptions),
            duplicates=opened.duplicates,
            gone=opened.left,
        )
    )
    _check(opened)


@click.group("canary")
def canary_group() -> None:
    """Test subscriptions that reveal when somebody swapped the keys on the server."""


@canary_group.command("plant")
@click.argument("site")
@click.argument("email")
@_list_option
@click.option("--language", default="en", show_default=True, help="The language of the page to sign up on.")
@tells_errors
def canary_plant(site: str, email: str, listed: Path, language: str) -> None:
    """Sign up EMAIL at SITE as a reader would; then press the button behind the link that it gets."""
    planted = canary.read_canaries(listed)
    canary.plant_canary(site, language, email)
    canary.write_canaries(listed, [*planted, email])
    say(sentence("Planted. Now open the mail that comes to this address and press the button."))


@canary_group.command("check")
@click.argument("file", type=_EXISTING)
@_key_option
@_list_option
@tells_errors
def canary_check(file: Path, key_files: tuple[Path, ...], listed: Path) -> None:
    """See whether the key opens all rows of FILE, the canaries among them."""
    opened = open_pulled(read_pulled(file), _read_keys(key_files))
    missing = canary.missing_canaries(
        canary.read_canaries(listed), (one.email for one in opened.subscriptions)
    )
    for email in missing:
        click.echo(email)
    if missing:
        raise fail(
            sentence(
                "These canaries are missing: the keys on the server may have been swapped, or rows deleted. "
                "See docs/operating-newsletter.md."
            )
        )
    _check(opened)
    say(sentence("All canaries are there, and every row opens."))


@click.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@tells_errors
def stats(source: str, as_json: bool) -> None:
    """Count the rows of SOURCE (as for pull) without decrypting any; say how long the oldest letter waits."""
    snapshot, now = read_snapshot(source), int(time.time())
    waits = max(0, now - (snapshot.oldest_letter or now))
    counts = {
        "confirmed": len(snapshot.rows),
        "pending": snapshot.pending,
        "gone": len(snapshot.gone),
        "letters": snapshot.letters,
    }
    if as_json:
        click.echo(json.dumps({**counts, "oldest_letter_seconds": waits}))
        return
    for name, count in counts.items():
        click.echo(f"{name:<10} {count}")
    click.echo(f"{'oldest':<10} {waits // 3600} h {waits % 3600 // 60} min")


def _read_keys(paths: Iterable[Path]) -> list[Identity]:
    return [keys.read_identity(path, _ask_passphrase(path)) for path in paths]


def _ask_passphrase(path: Path) -> str:
    if not keys.is_protected(path):
        return ""
    secret: str = click.prompt(f"Passphrase ({path.name})", hide_input=True, err=True)
    return secret


def _check(opened: Opened) -> None:
    if opened.unreadable or opened.strange:
        raise fail(
            sentence(
                "WARNING: %(unreadable)d rows cannot be opened with this key, and %(strange)d were not written by "
                "the site as it should be. The keys on the server may have been swapped. "
                "See docs/operating-newsletter.md.",
                unreadable=opened.unreadable,
                strange=opened.strange,
            )
        )
