"""Mail that waits: encrypted with a key in memory, leased by one worker at a time, given up after a day."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field

import sqlalchemy as sa
from pyrage import DecryptError, decrypt, encrypt
from pyrage.x25519 import Identity

from constanta.newsletter.database import Database
from constanta.newsletter.seal import pad
from constanta.newsletter.tables import outbox
from constanta.newsletter.tokens import hash_token

GIVE_UP_SECONDS = 24 * 3600
"""How long a mail is tried."""

_PADDED_BYTES = 1024
_LONGEST_PAUSE = 3600


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail is made of, the same at every attempt.

    Attributes:
        email: The recipient.
        language: The tag of the language to write in.
        confirm: The token of the link that confirms.
        unsubscribe: The token of the link that unsubscribes.
        message_id: The Message-ID, with its angle brackets.
        written_at: The time of the Date header, in seconds since 1970.
        wanted: False for a letter that is written only so that its signup looks like any other.
    """

    email: str = field(repr=False)
    language: str
    confirm: str = field(repr=False)
    unsubscribe: str = field(repr=False)
    message_id: str
    written_at: int
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that one worker holds; `letter` is None where it cannot be read."""

    id: int
    lease: bytes
    attempts: int
    letter: Letter | None


class Outbox:
    """The outbox of one node: it reads only what was written with the node's own key.

    `lease_seconds` is longer than the attempt to send one mail may take; `retry_seconds` is the first pause
    after a temporary failure, doubled at each further one.
    """

    def __init__(
        self, database: Database, identity: Identity, *, lease_seconds: int = 300, retry_seconds: int = 60
    ) -> None:
        self.database = database
        self._identity = identity
        self._recipient = identity.to_public()
        self._key_id = hash_token(str(self._recipient))[:16]
        self._lease_seconds = lease_seconds
        self._retry_seconds = retry_seconds

    def encrypt(self, letter: Letter) -> bytes:
        """Return the letter as it may stand on a disk; its length says nothing about the address."""
        return encrypt(pad(asdict(letter), _PADDED_BYTES), [self._recipient])

    def add(self, connection: sa.Connection, payload: bytes, now: int) -> None:
        """Insert an encrypted letter that is due at once."""
        connection.execute(
            sa.insert(outbox).values(
                key_id=self._key_id, payload=payload, due_at=now, expires_at=now + GIVE_UP_SECONDS
            )
        )

    def has_due(self, now: int) -> bool:
        """Return whether there is anything to send."""
        with self.database.read() as connection:
            return connection.execute(self._due(now).limit(1)).first() is not None

    def lease(self, now: int) -> Leased | None:
        """Take the row that is due longest, so that no other worker gets it while the lease lasts."""
        lease = secrets.token_bytes(16)
        oldest = (
            self._due(now).order_by(outbox.c.due_at, outbox.c.id).limit(1).with_for_update(skip_locked=True)
        )
        statement = (
            sa.update(outbox)
            .where(outbox.c.id == oldest.scalar_subquery())
            .values(lease=lease, due_at=now + self._lease_seconds, attempts=outbox.c.attempts + 1)
            .returning(outbox.c.id, outbox.c.attempts, outbox.c.payload)
        )
        with self.database.write() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else Leased(row.id, lease, row.attempts, self._decrypt(row.payload))

    def remove(self, leased: Leased) -> None:
        """Delete a row that is sent or never can be."""
        with self.database.write() as connection:
            connection.execute(sa.delete(outbox).where(*_held(leased)))

    def postpone(self, leased: Leased, now: int) -> None:
        """Give a row back, to be tried again after a pause that grows with its attempts."""
        pause = min(self._retry_seconds * 2 ** (leased.attempts - 1), _LONGEST_PAUSE)
        with self.database.write() as connection:
            connection.execute(sa.update(outbox).where(*_held(leased)).values(lease=None, due_at=now + pause))

    def release(self, leased: Leased, now: int) -> None:
        """Give a row back that was not tried at all, to be tried at once."""
        values = {"lease": None, "due_at": now, "attempts": outbox.c.attempts - 1}
        with self.database.write() as connection:
            connection.execute(sa.update(outbox).where(*_held(leased)).values(values))

    def _due(self, now: int) -> sa.Select[tuple[int]]:
        return sa.select(outbox.c.id).where(
            outbox.c.key_id == self._key_id, outbox.c.due_at <= now, outbox.c.expires_at > now
        )

    def _decrypt(self, payload: bytes) -> Letter | None:
        try:
            return Letter(**json.loads(decrypt(payload, [self._identity])))
        except (DecryptError, ValueError, TypeError):
            return None


def purge_outbox(connection: sa.Connection, now: int) -> int:
    """Delete what has been tried for a day, whichever node wrote it; return how much."""
    return connection.execute(sa.delete(outbox).where(outbox.c.expires_at <= now)).rowcount


def _held(leased: Leased) -> tuple[sa.ColumnElement[bool], ...]:
    return outbox.c.id == leased.id, outbox.c.lease == leased.lease
