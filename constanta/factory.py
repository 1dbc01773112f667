"""The one place where everything is put together: the site, what developers need, and the commands."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

from flask import Flask
from flask.helpers import get_debug_flag

from constanta.cli import lazy
from constanta.edition.working import WorkingEdition
from constanta.pages.site import Site
from constanta.serving import assemble, create_site
from constanta.settings import Settings, read_settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site as a WSGI application, with its commands.

    Args:
        settings: The settings; read from the environment where none are given.

    Raises:
        SettingsError: A setting is missing or cannot be used.
    """
    settings = settings or read_settings(_environment(), debug=get_debug_flag())
    app = _create_working_site(settings) if settings.debug else create_site(settings)
    for command in (lazy.publish, lazy.edition, lazy.i18n, lazy.newsletter):
        app.cli.add_command(command)
    return app


def _create_working_site(settings: Settings) -> Flask:
    working = WorkingEdition(settings)
    return assemble(Site(settings, working, lambda: working.problems))


def _environment() -> Mapping[str, str]:
    """Return the environment; a command serves nobody, so it gets a secret for as long as it runs.

    Translators and the newsletter's operator run commands on machines that have none of the site's settings.
    """
    is_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
    return {"CONSTANTA_SECRET_KEY": secrets.token_hex(32), **os.environ} if is_command else os.environ
