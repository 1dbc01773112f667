"""The outbox's worker: leases a letter, hands it over, and decides what a failure means."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Event

from constanta.newsletter.database import UNAVAILABLE
from constanta.newsletter.mail import UnwritableError
from constanta.newsletter.outbox import Leased, Letter, Outbox
from constanta.newsletter.service import Newsletter
from constanta.newsletter.transport import (
    ClosedError,
    Connect,
    DeferredError,
    RefusedError,
    ServerUnavailableError,
    Transport,
)

Compose = Callable[[Letter], EmailMessage]
"""Makes the mail of a letter."""

_PURGE_SECONDS = 600
_LONGEST_PAUSE = 60
_LAST_SECONDS = 60
_LONGEST_WAIT = 5
_LAST_PAUSE = 1

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What became of the letters of one round."""

    sent: int = 0
    refused: int = 0
    deferred: int = 0


def deliver_due(
    newsletter: Newsletter,
    compose: Compose,
    connect: Connect,
    stop: Event | None = None,
    tally: Tally | None = None,
) -> Tally:
    """Send what is due, until `stop` is set; a letter under way is finished, and all are added to `tally`.

    Raises:
        ServerUnavailableError: The mail server took nothing more; letters wait for their next turn.
    """
    tally, outbox, stop = tally or Tally(), newsletter.office.outbox, stop or Event()
    while not stop.is_set() and outbox.has_due(newsletter.now()):
        sent_before = tally.sent
        try:
            # Connected before leasing: while the server is away, no letter uses up an attempt.
            with connect() as transport:
                while not stop.is_set() and (leased := outbox.lease(newsletter.now())) is not None:
                    if _deliver(newsletter, leased, compose, transport, tally):
                        _remove(outbox, leased, stop)
                return tally
        except ServerUnavailableError:
            # Some servers take a few letters over each connection: one that took any may be asked anew at once.
            if tally.sent == sent_before:
                raise
    return tally


def _deliver(
    newsletter: Newsletter, leased: Leased, compose: Compose, transport: Transport, tally: Tally
) -> bool:
    """Send one letter, or give its row back; return whether the row is done with."""
    try:
        if leased.letter is not None and leased.letter.wanted:
            transport.send(compose(leased.letter))
            tally.sent += 1
    except ClosedError:
        newsletter.office.outbox.release(leased, newsletter.now())
        raise
    except DeferredError as error:
        newsletter.office.outbox.postpone(leased, newsletter.now())
        tally.deferred += 1
        log.info("a letter was put off (%d)", error.code)
        if isinstance(error, ServerUnavailableError):
            raise
        return False
    except RefusedError as error:
        tally.refused += 1
        log.warning("the mail server refused a letter for good (%d)", error.code)
    except UnwritableError:
        tally.refused += 1
        log.warning("a letter could not be written to its address and was dropped")
    else:
        if leased.letter is None:
            log.warning("a letter could not be read and was dropped")
    return True


def _remove(outbox: Outbox, leased: Leased, stop: Event) -> None:
    """Delete the row of a letter that must not go out again, however long the database is away.

    Nothing else could be sent meanwhile. Once `stop` is set, it is tried for a while more. The pauses are short, for as soon
    as the database is back, another worker may take the letter whose lease has run out meanwhile.
    """
    wait, deadline = 1, math.inf
    while True:
        try:
            return outbox.remove(leased)
        except UNAVAILABLE as error:
            if stop.is_set():
                deadline = min(deadline, time.monotonic() + _LAST_SECONDS)
            if time.monotonic() >= deadline:
                raise
            kind = type(error).__name__
        log.warning("a letter that is done with cannot be removed (%s); next try in %d s", kind, wait)
        if stop.wait(wait):
            time.sleep(_LAST_PAUSE)
        wait = min(wait * 2, _LONGEST_WAIT)


def watch(
    newsletter: Newsletter, compose: Compose, connect: Connect, stop: Event, *, pause: float = 2
) -> None:
    """Deliver and purge until `stop` is set; look every `pause` seconds, less often while nothing works."""
    wait, purge_at = pause, 0
    while not stop.is_set():
        tally = Tally()
        try:
            if newsletter.now() >= purge_at:
                purge_at = newsletter.now() + _PURGE_SECONDS  # also where it fails: mail does not wait for it
                newsletter.purge()
            deliver_due(newsletter, compose, connect, stop, tally)
            wait = pause
        except ServerUnavailableError as error:
            wait = min((pause if tally.sent else wait) * 2, _LONGEST_PAUSE)
            log.warning("the mail server is unavailable (%d); next try in %g s", error.code, wait)
        except UNAVAILABLE as error:
            wait = min(wait * 2, _LONGEST_PAUSE)
            log.warning("the database is unavailable (%s); next try in %g s", type(error).__name__, wait)
        stop.wait(wait)
