"""A newsletter on each kind of database, the site around it, and a mail server on loopback."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from pyrage.x25519 import Identity
from redis import Redis

from constanta.catalogs.po import Catalog, Message, Source, write_catalog
from constanta.edition.publish import publish_edition
from constanta.factory import create_app
from constanta.locales import parse_language
from constanta.newsletter.delivery import Tally, deliver_due
from constanta.newsletter.keys import (
    OPERATOR_FILE,
    RECIPIENTS_FILE,
    RecipientsFile,
    make_keys,
    read_identity,
)
from constanta.newsletter.opening import Opened, open_pulled
from constanta.newsletter.pulled import Pulled, add_snapshot
from constanta.newsletter.service import Newsletter, open_newsletter
from constanta.newsletter.sources import read_snapshot
from constanta.newsletter.transport import SmtpTransport
from constanta.pages.newsletter import EXTENSION, compose
from constanta.settings import NewsletterSettings, Settings
from tests.newsletter.parts import Clock, Postbox, Store, free_port, run_postgres, run_store

TRANSLATED = {
    "be": {"Confirm your email address": "Пацвердзіце свой адрас электроннай пошты"},
    "ru": {"Confirm your email address": "Подтвердите адрес электронной почты"},
    # Too little for it to be offered: its pages are under /preview/.
    "pl": {"Confirm your email address": ""},
}
DATABASE_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server; the address has a place for the database's name."""
    with run_postgres() as address:
        yield address


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """An empty PostgreSQL database."""
    name = f"test{next(DATABASE_NUMBERS)}"
    engine = sa.create_engine(postgres.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return postgres.format(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'instance' / 'subscribers.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def running_store() -> Iterator[Store]:
    """A Redis server as deploy/ configures it."""
    with run_store() as store:
        yield store


@pytest.fixture
def store(running_store: Store) -> Store:
    """The Redis server, empty."""
    with Redis.from_url(running_store.url) as client:
        client.flushall()
    return running_store


@pytest.fixture(scope="session")
def keys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The operator's and the recovery key."""
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder / "pair")
    return folder / "pair"


@pytest.fixture(scope="session")
def operator(keys_folder: Path) -> Identity:
    """The operator's private key."""
    return read_identity(keys_folder / OPERATOR_FILE)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory."""
    folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until it is moved."""
    return Clock()


@pytest.fixture
def settings(tmp_path: Path, memory: Path, keys_folder: Path, editions: Path) -> Settings:
    """The settings of a site in production, with generous limits."""
    instance = tmp_path / "instance"
    instance.mkdir(exist_ok=True)
    (instance / "editions").symlink_to(editions)
    return Settings(
        instance=instance,
        base_url="https://site.example",
        onion_url="http://site.onion",
        secret_key="only for tests",
        newsletter=NewsletterSettings(
            recipients=keys_folder / RECIPIENTS_FILE,
            runtime=memory / "run",
            sender="News <news@mail.example>",
            smtp_host="127.0.0.1",
            smtp_security="none",
            hourly_budget=60_000,
            client_limit=60_000,
        ),
    )


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published edition without documents."""
    folder = tmp_path_factory.mktemp("edition")
    (folder / "content").mkdir()
    for tag, texts in TRANSLATED.items():
        header = {
            "Language": tag,
            "Content-Type": "text/plain; charset=UTF-8",
            "Plural-Forms": parse_language(tag).plural_forms,
        }
        messages = tuple(Message(Source(text), (translation,)) for text, translation in texts.items())
        write_catalog(folder / "translations" / tag / "LC_MESSAGES/messages.po", Catalog(header, messages))
    publish_edition(
        Settings(
            instance=folder / "instance", content=folder / "content", translations=folder / "translations"
        )
    )
    return folder / "instance" / "editions"


@pytest.fixture
def newsletter(settings: Settings, database_url: str, clock: Clock) -> Iterator[Newsletter]:
    """A newsletter that takes signups, on each kind of database."""
    assert settings.newsletter.recipients is not None
    newsletter = open_newsletter(
        replace(settings, database_url=database_url), RecipientsFile(settings.newsletter.recipients), clock
    )
    yield newsletter
    newsletter.database.close()


@pytest.fixture
def open_app(settings: Settings, clock: Clock) -> Iterator[Callable[..., Flask]]:
    """Start the site; arguments change its newsletter's settings."""
    opened: list[Flask] = []

    def open_app(database_url: str | None = None, **changes: object) -> Flask:
        own = replace(settings.newsletter, **changes)  # type: ignore[arg-type]
        app = create_app(replace(settings, database_url=database_url, newsletter=own))
        app.extensions[EXTENSION]._clock = clock
        opened.append(app)
        return app

    yield open_app
    for app in opened:
        app.extensions[EXTENSION].database.close()


@pytest.fixture
def app(open_app: Callable[..., Flask]) -> Flask:
    """The site, on SQLite."""
    return open_app()


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    """A reader of the site."""
    return app.test_client()


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Controller]:
    """An SMTP server on loopback."""
    controller = Controller(Postbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def postbox(mail_server: Controller) -> Postbox:
    """What the mail server takes during the test."""
    postbox = Postbox()
    mail_server.handler = postbox
    return postbox


@pytest.fixture
def smtp(settings: Settings, mail_server: Controller) -> NewsletterSettings:
    """The settings that lead to the mail server."""
    return replace(settings.newsletter, smtp_port=mail_server.port)


@pytest.fixture
def deliver(postbox: Postbox, smtp: NewsletterSettings) -> Callable[[Flask], Tally]:
    """Send what an application's outbox holds, over SMTP."""

    def deliver(app: Flask) -> Tally:
        with app.app_context():
            return deliver_due(
                app.extensions[EXTENSION],
                partial(compose, base_url="https://site.example"),
                partial(SmtpTransport, smtp, 2),
            )

    return deliver


@pytest.fixture
def links(postbox: Postbox, deliver: Callable[[Flask], Tally]) -> Callable[[Flask], list[str]]:
    """Deliver, and return the paths of the links in all mails so far."""

    def links(app: Flask) -> list[str]:
        deliver(app)
        texts = [part.get_content() for mail in postbox.parsed() if (part := mail.get_body(("plain",)))]
        return [re.search(r"https://site\.example(\S+)", text)[1] for text in texts]  # type: ignore[index]

    return links


@pytest.fixture
def subscribers(operator: Identity) -> Callable[[str], Opened]:
    """Pull from a database and open what was pulled."""

    def subscribers(url: str) -> Opened:
        return open_pulled(add_snapshot(Pulled(), read_snapshot(url), Path()), [operator])

    return subscribers


def count_rows(newsletter: Newsletter) -> dict[str, int]:
    """Return how many rows each table has."""
    with newsletter.database.read() as connection:
        return {
            name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) or 0
            for name in ("subscriber", "gone", "outbox")
        }
