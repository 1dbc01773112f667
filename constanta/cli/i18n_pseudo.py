"""`flask i18n pseudo`: the pseudo-locale."""

from __future__ import annotations

import click

from constanta.catalogs.pseudo import write_pseudo
from constanta.cli.output import current_settings, echo, echo_json, json_option, show_path, tells_errors
from constanta.errors import sentence
from constanta.locales import PSEUDO_LANGUAGE


@click.command("pseudo")
@json_option
@tells_errors
def pseudo(*, as_json: bool) -> None:
    """Make the pseudo-locale en-XA, in which every text that escaped translation is seen.

    Its catalogs go into a folder of their own under the instance folder; the command says how to look at the site with
    them.
    """
    settings = current_settings()
    target = settings.instance / "pseudo"
    written = write_pseudo(settings, target)
    if as_json:
        echo_json(
            {"language": PSEUDO_LANGUAGE, "folder": str(target), "written": [show_path(p) for p in written]}
        )
        return
    echo(sentence("Files written: %(number)s.", number=len(written)))
    echo(
        sentence(
            "To look at it: CONSTANTA_TRANSLATIONS=%(folder)s flask run --debug, then open /%(language)s/",
            folder=show_path(target),
            language=PSEUDO_LANGUAGE,
        )
    )
