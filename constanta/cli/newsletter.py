"""`flask newsletter …`: the operator's commands, and the worker that sends mail."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from functools import partial
from threading import Event

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from constanta.cli import newsletter_operator as operator
from constanta.cli.newsletter_operator import fail, say
from constanta.cli.output import tells_errors
from constanta.errors import NewsletterError, Problem, sentence
from constanta.newsletter.database import UNAVAILABLE
from constanta.newsletter.delivery import deliver_due, watch
from constanta.newsletter.outbox import Letter
from constanta.newsletter.transport import Connect, FileTransport, ServerUnavailableError, SmtpTransport
from constanta.pages.newsletter import compose, current_newsletter
from constanta.pages.site import current_site
from constanta.settings import Settings


@click.group("newsletter")
def group() -> None:
    """Keys, subscribers and mail of the newsletter."""


for command in (operator.keygen, operator.pull, operator.open_, operator.canary_group, operator.stats):
    group.add_command(command)


@group.command()
@click.option("--watch", "keep_on", is_flag=True, help="Go on until stopped, and purge from time to time.")
@with_appcontext
@tells_errors
def deliver(keep_on: bool) -> None:
    """Send the mail that waits."""
    settings = current_site().settings
    newsletter, connect = current_newsletter(), _transport(settings)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    write = partial(compose_in_context, app)
    if keep_on:
        with _stop_on_signals() as stop:
            watch(newsletter, write, connect, stop)
        return
    with _reaching_database():
        try:
            with _stop_on_signals() as stop:
                tally = deliver_due(newsletter, write, connect, stop)
        except ServerUnavailableError as error:
            raise fail(
                sentence("The mail server took nothing more (%(code)d); what waits stays.", code=error.code)
            ) from error
        finally:
            newsletter.purge()
    say(
        sentence(
            "Sent %(sent)d; refused for good %(refused)d; put off %(deferred)d.",
            sent=tally.sent,
            refused=tally.refused,
            deferred=tally.deferred,
        )
    )


@group.command()
@with_appcontext
@tells_errors
def purge() -> None:
    """Delete expired pending rows, old letters, and old hashes of those who left."""
    with _reaching_database():
        purged = current_newsletter().purge()
    say(
        sentence(
            "Deleted: pending %(pending)d, letters %(letters)d, hashes %(gone)d.",
            pending=purged.pending,
            letters=purged.outbox,
            gone=purged.gone,
        )
    )


@contextmanager
def _reaching_database() -> Iterator[None]:
    """End a command with a sentence where the database is away."""
    try:
        yield
    except UNAVAILABLE as error:
        kind = type(error).__name__
        raise fail(
            sentence(
                "The subscribers' database cannot be used now (%(kind)s). What is in it stays.", kind=kind
            )
        ) from error


def compose_in_context(app: Flask, letter: Letter) -> EmailMessage:
    """Return the mail of a letter, written in a context of its own, so that a worker sees each new edition."""
    with app.app_context():
        return compose(letter, current_site().settings.base_url)


def _transport(settings: Settings) -> Connect:
    if settings.newsletter.smtp_host:
        return partial(SmtpTransport, settings.newsletter)
    if settings.debug:
        return partial(FileTransport, settings.instance / "mail")
    text = sentence(
        "There is no mail server. Set CONSTANTA_SMTP_HOST, and CONSTANTA_MAIL_FROM to the address to send from."
    )
    raise NewsletterError(Problem(text))


@contextmanager
def _stop_on_signals() -> Iterator[Event]:
    """Give an event that SIGTERM and SIGINT set, so that a letter under way is finished first."""
    stop = Event()
    before = {
        number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
