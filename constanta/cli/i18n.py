"""`flask i18n`: the translation workflow on the command line.

git begins a command for each catalog that it merges or shows, so each loads only what it needs itself.
"""

from __future__ import annotations

import click

from constanta.cli.lazy import LazyCommand

_MODULES = {
    "sync": "i18n_sync:sync",
    "check": "i18n_check:check",
    "status": "i18n_status:status",
    "compile": "i18n_sync:compile_",
    "add": "i18n_sync:add",
    "merge": "i18n_merge:merge",
    "textconv": "i18n_merge:textconv",
    "why": "i18n_why:why",
    "pseudo": "i18n_pseudo:pseudo",
}

group = click.Group(
    "i18n",
    commands=[LazyCommand(name, f"constanta.cli.{place}") for name, place in _MODULES.items()],
    help="Take texts into the catalogs, check translations, and compile them.",
)
