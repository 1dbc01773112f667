"""`flask i18n`: the translation workflow on the command line."""

from __future__ import annotations

import click

from constanta.cli.i18n_check import check
from constanta.cli.i18n_merge import merge, textconv
from constanta.cli.i18n_pseudo import pseudo
from constanta.cli.i18n_status import status
from constanta.cli.i18n_sync import add, compile_, sync
from constanta.cli.i18n_why import why

group = click.Group(
    "i18n",
    commands=[sync, check, status, compile_, add, merge, textconv, why, pseudo],
    help="Take texts into the catalogs, check translations, and compile them.",
)
