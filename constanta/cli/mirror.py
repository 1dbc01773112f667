"""`flask mirror`: an edition to carry anywhere, and whether one that was carried is still whole."""

from __future__ import annotations

import os
from pathlib import Path

import click

from constanta.cli.output import current_settings, echo, echo_json, json_option, tells_errors
from constanta.edition.mirror import require_own_zip, write_zip
from constanta.edition.mirror_check import Checked, check_mirror
from constanta.edition.mirror_source import open_mirror
from constanta.edition.signing import read_public_key, read_secret_key, sign_file, signature_path
from constanta.errors import EditionError, sentence

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


# Only the command line loads this module (see pyproject.toml): the site's processes need no signatures.
@click.command("mirror")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--zip", "zipped", is_flag=True, help="Write DIR.zip too.")
@click.option("--sign", "secret", metavar="KEY", type=_FILE, help="Sign with this secret key of minisign.")
@click.option("--verify", is_flag=True, help="Check the mirror in DIR instead of writing one.")
@click.option(
    "--key", "public", metavar="KEY", type=_FILE, help="With --verify: who must have signed (minisign.pub)."
)
@json_option
@tells_errors
def mirror(
    *, folder: Path, zipped: bool, secret: Path | None, verify: bool, public: Path | None, as_json: bool
) -> None:
    """Write the edition that is served into DIR, for any file server, a USB stick or an onion service."""
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - also “.” has a name then, and a link keeps its own
    if verify and (zipped or secret):
        raise click.UsageError("--verify changes nothing: leave out --zip and --sign.")
    if public and not verify:
        raise click.UsageError("--key belongs to --verify.")
    if verify:
        _show(check_mirror(folder, read_public_key(public) if public else None), as_json=as_json)
    else:
        _write(folder, zipped=zipped, secret=secret, as_json=as_json)


def _write(folder: Path, *, zipped: bool, secret: Path | None, as_json: bool) -> None:
    key = read_secret_key(secret, _ask_passphrase) if secret else None
    settings = current_settings()
    if folder.resolve().is_relative_to(settings.editions.resolve()):
        text = sentence("A mirror cannot lie among the editions. Name another folder.")
        raise EditionError.at(folder, None, text)
    opened = open_mirror(settings)
    archive = folder.with_name(f"{folder.name}.zip") if zipped else None
    if archive:
        require_own_zip(archive)
    pages = opened.write(folder, key)
    if archive:
        signature_path(archive).unlink(missing_ok=True)  # of an earlier one
        write_zip(folder, archive)
        if key:
            sign_file(archive, key, opened.comment)
    if as_json:
        echo_json({"edition": opened.edition, "pages": pages, "signed": key is not None})
    else:
        echo(
            sentence(
                "Wrote the edition %(name)s with %(pages)d pages to %(folder)s.",
                name=opened.edition,
                pages=pages,
                folder=folder,
            )
        )


def _ask_passphrase() -> str:
    passphrase: str = click.prompt("Passphrase", hide_input=True, err=True)
    return passphrase


def _show(checked: Checked, *, as_json: bool) -> None:
    if as_json:
        echo_json(
            {
                "files": checked.files,
                "key": checked.key,
                "key_given": checked.given,
                "comment": checked.comment or None,
            }
        )
        return
    echo(sentence("All %(number)d files are as they were made.", number=checked.files))
    if checked.key is None:
        echo(sentence("The mirror is not signed: this shows damage, and not who made it."))
        return
    echo(sentence("Signed with %(key)s: %(comment)s", key=checked.key, comment=checked.comment))
    if not checked.given:
        echo(
            sentence(
                "The key came with the mirror. Compare it with one that you got in another way, or name that with --key."
            )
        )
