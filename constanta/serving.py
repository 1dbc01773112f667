"""The site as it answers readers, without the commands and what developers need: those take time and memory to load."""

from __future__ import annotations

import os

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from constanta.edition.serve import PageServer
from constanta.edition.switch import PublishedEdition
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
    templating,
    texts,
)
from constanta.pages.site import Site, init_site, site_of
from constanta.settings import Settings, read_settings


def create_site(settings: Settings | None = None) -> Flask:
    """Return the site as gunicorn finds it: whatever happens to the checkout later, it goes on as it has begun.

    Args:
        settings: The settings; read from the environment where none are given.

    Raises:
        SettingsError: A setting is missing or cannot be used.
    """
    settings = settings or read_settings(os.environ, debug=False)
    app = serve_editions(settings)
    templating.hold_templates(app)
    headers.hold_sheets(settings.root)
    return app


def serve_editions(settings: Settings) -> Flask:
    """Return the site that serves what was published."""
    app = assemble(Site(settings, PublishedEdition(settings.editions), lambda _: ()))
    server = PageServer(app.wsgi_app, lambda: site_of(app).open_edition(), settings.hosts)
    app.wsgi_app = server  # type: ignore[method-assign]
    return app


def assemble(site: Site) -> Flask:
    """Return an application that renders the pages of a site for each request."""
    settings = site.settings
    app = Flask(
        __name__, static_folder=None, root_path=str(settings.root), instance_path=str(settings.instance)
    )
    app.config.update(SECRET_KEY=settings.secret_key, TEMPLATES_AUTO_RELOAD=settings.debug)
    app.config["TRUSTED_HOSTS"] = list(settings.hosts) or None
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "cache_size": -1}
    templating.init_templating(app)
    init_site(app, site)
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
    newsletter.init_newsletter(app, settings)
    if settings.proxies:
        trusted = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted)  # type: ignore[method-assign]
    return app
