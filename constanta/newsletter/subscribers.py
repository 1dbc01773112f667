"""The rows of subscribers: pending, confirmed, gone. Nothing here can be looked up by an address."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from constanta.newsletter.tables import gone, subscriber
from constanta.newsletter.tokens import hash_token

LINK_SECONDS = 48 * 3600
"""How long the link in a mail can be used."""

_DAY = 24 * 3600
_KEEP_GONE_DAYS = 180


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of each kind there are."""

    pending: int
    confirmed: int
    gone: int


def add_pending(
    connection: sa.Connection, *, confirm: str, unsubscribe: str, sealed: bytes, now: int
) -> None:
    """Insert a subscription that waits for its confirmation."""
    connection.execute(
        sa.insert(subscriber).values(
            confirm_hash=hash_token(confirm),
            unsubscribe_hash=hash_token(unsubscribe),
            sealed=sealed,
            expires_at=now + LINK_SECONDS,
        )
    )


def is_pending(connection: sa.Connection, confirm: str, now: int) -> bool:
    """Return whether the link with the token `confirm` can still be used."""
    return connection.execute(sa.select(sa.literal(1)).where(*_usable(confirm, now))).first() is not None


def confirm_subscription(connection: sa.Connection, confirm: str, now: int) -> bool:
    """Make the pending row of a token a confirmed one; return whether there was one.

    The row gets a new id, so that ids stand in the order of confirmations, and loses its time.
    """
    pending = connection.execute(
        sa.delete(subscriber)
        .where(*_usable(confirm, now))
        .returning(subscriber.c.unsubscribe_hash, subscriber.c.sealed)
    ).one_or_none()
    if pending is None:
        return False
    connection.execute(
        sa.insert(subscriber).values(unsubscribe_hash=pending.unsubscribe_hash, sealed=pending.sealed)
    )
    return True


def remove_subscription(connection: sa.Connection, unsubscribe: str, now: int) -> None:
    """Delete the row of a token; of a confirmed one the hash stays, so that the operator's copies follow."""
    hashed = hash_token(unsubscribe)
    last_id = connection.scalar(sa.select(sa.func.max(subscriber.c.id)))
    removed = connection.execute(
        sa.delete(subscriber)
        .where(subscriber.c.unsubscribe_hash == hashed)
        .returning(subscriber.c.confirm_hash)
    ).one_or_none()
    if removed is not None and removed.confirm_hash is None:
        connection.execute(sa.insert(gone).values(unsubscribe_hash=hashed, last_id=last_id, day=now // _DAY))


def purge_subscribers(connection: sa.Connection, now: int) -> tuple[int, int]:
    """Delete pending rows whose link has expired, and old hashes of those who left; return how many of each."""
    pending = connection.execute(sa.delete(subscriber).where(subscriber.c.expires_at <= now))
    left = connection.execute(sa.delete(gone).where(gone.c.day < now // _DAY - _KEEP_GONE_DAYS))
    return pending.rowcount, left.rowcount


def count_subscribers(connection: sa.Connection) -> Counts:
    """Return how many rows of each kind there are."""
    pending = sa.func.count(subscriber.c.confirm_hash)
    row = connection.execute(sa.select(pending, sa.func.count() - pending).select_from(subscriber)).one()
    left = connection.scalar(sa.select(sa.func.count()).select_from(gone))
    return Counts(row[0], row[1], left or 0)


def _usable(confirm: str, now: int) -> tuple[sa.ColumnElement[bool], ...]:
    return subscriber.c.confirm_hash == hash_token(confirm), subscriber.c.expires_at > now
