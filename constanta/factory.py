"""The one place where everything is put together."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping

from flask import Flask
from flask.helpers import get_debug_flag
from werkzeug.middleware.proxy_fix import ProxyFix

from constanta.cli import editions, i18n
from constanta.cli import newsletter as newsletter_commands
from constanta.edition.serve import PageServer
from constanta.edition.switch import PublishedEdition
from constanta.edition.working import WorkingEdition
from constanta.pages import (
    encoding,
    errors,
    feeds,
    formats,
    headers,
    languages,
    layout,
    links,
    machines,
    metadata,
    newsletter,
    reading,
    search,
    texts,
)
from constanta.pages.site import Site, init_site, site_of
from constanta.settings import Settings, read_settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the site as a WSGI application.

    Args:
        settings: The settings; read from the environment where none are given.

    Raises:
        SettingsError: A setting is missing or cannot be used.
    """
    settings = settings or read_settings(_environment(), debug=get_debug_flag())
    app = Flask(__name__, root_path=str(settings.root), instance_path=str(settings.instance))
    app.config.update(SECRET_KEY=settings.secret_key, TEMPLATES_AUTO_RELOAD=settings.debug)
    app.config["TRUSTED_HOSTS"] = list(settings.hosts) or None
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_site(app, _site(settings))
    encoding.init_encoding(app)
    languages.init_languages(app)
    texts.init_texts(app)
    formats.init_formats(app)
    errors.init_errors(app)
    headers.init_headers(app)
    links.init_links(app)
    layout.init_layout(app)
    metadata.init_metadata(app)
    app.register_blueprint(reading.blueprint)
    app.register_blueprint(search.blueprint)
    app.register_blueprint(feeds.blueprint)
    app.register_blueprint(machines.blueprint)
    app.cli.add_command(editions.publish)
    app.cli.add_command(editions.group)
    app.cli.add_command(i18n.group)
    app.cli.add_command(newsletter_commands.group)
    newsletter.init_newsletter(app, settings)
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]
    if not settings.debug:
        server = PageServer(app.wsgi_app, lambda: site_of(app).open_edition(), settings.hosts)
        app.wsgi_app = server  # type: ignore[method-assign]
    return app


def _environment() -> Mapping[str, str]:
    """Return the environment; a command serves nobody, so it gets a secret for as long as it runs.

    Translators and the newsletter's operator run commands on machines that have none of the site's settings.
    """
    is_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
    return {"CONSTANTA_SECRET_KEY": secrets.token_hex(32), **os.environ} if is_command else os.environ


def _site(settings: Settings) -> Site:
    if settings.debug:
        working = WorkingEdition(settings)
        return Site(settings, working, lambda: working.problems)
    return Site(settings, PublishedEdition(settings.instance / "editions"), lambda: ())
