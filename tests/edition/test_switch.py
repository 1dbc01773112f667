"""A running site notices a switch at the next request, and a request reads one edition only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import Client

from constanta.edition.models import document_table
from constanta.edition.serve import PageServer
from constanta.edition.switch import PublishedEdition
from constanta.errors import EditionError
from constanta.factory import create_app
from constanta.pages.site import site_of
from constanta.settings import Settings
from tests.edition.editions import make_project, open_app, publish, settings_of, shelf_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

OLD, NEW = "Old words.", "New words."


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a site with two editions."""
    project = make_project(tmp_path_factory.mktemp("switch") / "site")
    settings = settings_of(project)
    for text in (OLD, NEW):
        project.document("publications/one", text)
        publish(settings)
    return settings


@pytest.fixture
def settings(published: Settings) -> Settings:
    """The same, while the older edition is served."""
    shelf_of(published).switch(shelf_of(published).names()[-1])
    return published


def switch_to_the_newest(settings: Settings) -> None:
    shelf_of(settings).switch(shelf_of(settings).names()[0])


def test_a_switch_is_noticed_at_the_next_request(settings: Settings) -> None:
    site = open_app(settings).test_client()
    assert OLD in site.get("/en/publications/one/").text
    assert site.get("/en/search/?q=old").text.count("/en/publications/one/") == 1
    switch_to_the_newest(settings)
    assert NEW in site.get("/en/publications/one/").text
    assert "/en/publications/one/" not in site.get("/en/search/?q=old").text
    shelf_of(settings).switch(shelf_of(settings).names()[-1])
    assert OLD in site.get("/en/publications/one/").text


def switched_on_the_way(settings: Settings) -> Client:
    """Return a reader of a site whose edition is switched between the pages and the application behind them."""
    app = open_app(settings)

    def switch_and_go_on(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        switch_to_the_newest(settings)
        return Flask.wsgi_app(app, environ, start_response)

    return Client(PageServer(switch_and_go_on, site_of(app).open_edition))


def switched_within(settings: Settings) -> Client:
    """Return a reader of an application alone, as those who send something are: it is switched while it answers."""
    app = create_app(settings)
    app.before_request(lambda: switch_to_the_newest(settings))
    return Client(partial(Flask.wsgi_app, app))


@pytest.mark.parametrize("open_site", [switched_on_the_way, switched_within])
def test_a_request_reads_the_edition_with_which_it_began(
    settings: Settings, open_site: Callable[[Settings], Client]
) -> None:
    site = open_site(settings)
    assert "/en/publications/one/" in site.get("/en/search/?q=old").text
    assert "/en/publications/one/" not in site.get("/en/search/?q=old").text


def test_what_is_being_read_is_read_to_the_end(settings: Settings) -> None:
    opened = PublishedEdition(settings.editions)
    connection = opened().engine.connect()
    switch_to_the_newest(settings)
    assert opened().folder.name == shelf_of(settings).names()[0]
    with connection:
        assert connection.scalars(sa.select(document_table.c.slug)).all() == ["one"]


def test_without_an_edition_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EditionError, match="Run: flask publish"):
        PublishedEdition(tmp_path)()


def test_an_edition_is_opened_once(settings: Settings) -> None:
    opened = PublishedEdition(settings.editions)
    assert opened() is opened()
    switch_to_the_newest(settings)
    assert opened() is opened()
