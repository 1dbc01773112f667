"""The newsletter as the pages see it: sign up, confirm, unsubscribe, purge."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa

from constanta.errors import NewsletterError, Problem, sentence
from constanta.newsletter import subscribers
from constanta.newsletter.database import Database
from constanta.newsletter.keys import RecipientsFile
from constanta.newsletter.limits import Limits, NodeLimits
from constanta.newsletter.outbox import Letter, Outbox, purge_outbox
from constanta.newsletter.runtime import make_private_folder, outbox_identity, require_memory
from constanta.newsletter.seal import Subscription, seal_subscription
from constanta.newsletter.tokens import new_token
from constanta.newsletter.turns import Turns
from constanta.settings import NewsletterSettings, Settings


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each kind were deleted."""

    pending: int
    gone: int
    outbox: int


@dataclass(frozen=True, slots=True)
class Office:
    """What only a newsletter that accepts signups has: keys to seal to, the outbox, the limits."""

    recipients: RecipientsFile
    outbox: Outbox
    limits: Limits
    sender_domain: str


class Newsletter:
    """The newsletter of one node; without an office it accepts no signups, and people can still leave."""

    def __init__(
        self, database: Database, office: Office | None, clock: Callable[[], float] = time.time
    ) -> None:
        self.database = database
        self._office = office
        self._clock = clock
        self._turns = Turns()

    @property
    def is_open(self) -> bool:
        """Whether signups are accepted."""
        return self._office is not None

    @property
    def office(self) -> Office:
        """What signups and deliveries need.

        Raises:
            NewsletterError: The newsletter has no recipients' public keys.
        """
        if self._office is None:
            closed = sentence(
                "The newsletter has no public keys to seal to. Set CONSTANTA_NEWSLETTER_RECIPIENTS to the file "
                "recipients.txt that flask newsletter keygen made."
            )
            raise NewsletterError(Problem(closed))
        return self._office

    def now(self) -> int:
        """Return the time in whole seconds since 1970."""
        return int(self._clock())

    def sign_up(self, email: str, language: str, client: str) -> None:
        """Store a sealed, pending subscription and the letter that asks to confirm it, in one commit.

        An address that got a letter a short while ago gets a row and a letter like any other, but the
        letter is not sent: so nobody can see from outside that the address was here.

        Raises:
            LimitReachedError: The client, or all clients together, asked too often.
            LimitsUnavailableError: It cannot be counted how often they asked.
            NewsletterError: The newsletter accepts no signups.
            AwayError: The database did not answer a moment ago.
        """
        office, now = self.office, self.now()
        confirm, unsubscribe = new_token(), new_token()
        sealed = seal_subscription(Subscription(email, language, unsubscribe), office.recipients.current())
        message_id = f"<{new_token()}@{office.sender_domain}>"
        with self._turns.take(), office.limits.admission(client, email, now) as wanted:
            self._turns.check()
            letter = Letter(email, language, confirm, unsubscribe, message_id, now, wanted)
            payload = office.outbox.encrypt(letter)
            with self.database.write() as connection:
                subscribers.add_pending(
                    connection, confirm=confirm, unsubscribe=unsubscribe, sealed=sealed, now=now
                )
                office.outbox.add(connection, payload, now)

    def is_pending(self, token: str) -> bool:
        """Return whether the link with this token can still be used."""
        with self._turns.take(), self.database.read() as connection:
            return subscribers.is_pending(connection, token, self.now())

    def confirm(self, token: str) -> bool:
        """Confirm the subscription of a token; return whether there was one that waited for it."""
        with self._turns.take(), self.database.write() as connection:
            return subscribers.confirm_subscription(connection, token, self.now())

    def unsubscribe(self, token: str) -> None:
        """Delete the subscription of a token, if there is one."""
        with self._turns.take(), self.database.write() as connection:
            subscribers.remove_subscription(connection, token, self.now())

    def purge(self) -> Purged:
        """Delete expired pending rows, old outbox rows and old hashes of those who left."""
        with self.database.write() as connection:
            pending, gone = subscribers.purge_subscribers(connection, self.now())
            return Purged(pending, gone, purge_outbox(connection, self.now()))


def database_url(settings: Settings) -> str | sa.URL:
    """Return the address of the subscribers' database: SQLite in the instance folder unless another is set."""
    own = sa.URL.create("sqlite", database=str(settings.instance / "subscribers.sqlite"))
    return settings.database_url or own


def _runtime(settings: Settings) -> Path:
    """Return the folder in memory, made and checked; a developer's is beside everything else that the site makes."""
    if settings.debug:
        folder = settings.newsletter.runtime or settings.instance / "run"
        make_private_folder(folder)
    else:
        folder = settings.newsletter.runtime or Path("/run/constanta")
        require_memory(folder)
    return folder


def _limits(settings: NewsletterSettings, runtime: Path) -> Limits:
    if settings.limits_url is None:
        return NodeLimits(runtime / "limits.sqlite", settings.hourly_budget, settings.client_limit)
    # redis-py costs each process 6 MB; only nodes that count together pay.
    shared = import_module("constanta.newsletter.shared_limits")
    limits: Limits = shared.open_shared_limits(
        settings.limits_url, settings.hourly_budget, settings.client_limit
    )
    return limits


def open_newsletter(
    settings: Settings, recipients: RecipientsFile | None, clock: Callable[[], float] = time.time
) -> Newsletter:
    """Return the newsletter that the settings describe; it takes signups only where it has `recipients`.

    Raises:
        SettingsError: Outside debug mode, the runtime folder is not in memory; or the store of the limits writes
            to a disk.
    """
    database = Database(database_url(settings))
    if recipients is None:
        return Newsletter(database, None, clock)
    own, runtime = settings.newsletter, _runtime(settings)
    domain = parseaddr(own.sender)[1].rpartition("@")[2]
    office = Office(recipients, Outbox(database, outbox_identity(runtime)), _limits(own, runtime), domain)
    return Newsletter(database, office, clock)
