"""The subscribers' tables: sealed rows, hashes of tokens, and nothing that names a person."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

_RowId = sa.BigInteger().with_variant(sa.Integer, "sqlite")

subscriber = sa.Table(
    "subscriber",
    metadata,
    # Never used twice by one database: `gone.last_id` tells later subscriptions of the same person from earlier ones.
    # Restored from a backup it is another one, whose ids the operator's file does not compare with those from before.
    sa.Column("id", _RowId, primary_key=True, autoincrement=True),
    sa.Column("confirm_hash", sa.LargeBinary(32), unique=True),
    sa.Column("unsubscribe_hash", sa.LargeBinary(32), nullable=False, unique=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    # Only a pending row has a time (seconds since 1970); a confirmed one says nothing about when.
    sa.Column("expires_at", sa.BigInteger, index=True),
    sa.CheckConstraint("(confirm_hash IS NULL) = (expires_at IS NULL)", name="pending_expires"),
    sqlite_autoincrement=True,
)

gone = sa.Table(
    "gone",
    metadata,
    sa.Column("unsubscribe_hash", sa.LargeBinary(32), primary_key=True),
    sa.Column("last_id", sa.BigInteger, nullable=False),
    sa.Column("day", sa.Integer, nullable=False, index=True),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", _RowId, primary_key=True, autoincrement=True),
    sa.Column("key_id", sa.LargeBinary(16), nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("expires_at", sa.BigInteger, nullable=False, index=True),
    sa.Column("lease", sa.LargeBinary(16)),
)
