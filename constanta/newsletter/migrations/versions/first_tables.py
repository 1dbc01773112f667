"""The first tables: sealed subscribers, those who left, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables and their indexes."""
    op.create_table(
        "subscriber",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("confirm_hash", sa.LargeBinary(32), unique=True),
        sa.Column("unsubscribe_hash", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.CheckConstraint("(confirm_hash IS NULL) = (expires_at IS NULL)", name="pending_expires"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "gone",
        sa.Column("unsubscribe_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column("last_id", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", _ROW_ID, primary_key=True, autoincrement=True),
        sa.Column("key_id", sa.LargeBinary(16), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("lease", sa.LargeBinary(16)),
    )
    op.create_index("ix_subscriber_expires_at", "subscriber", ["expires_at"])
    op.create_index("ix_gone_day", "gone", ["day"])
    op.create_index("ix_outbox_due_at", "outbox", ["due_at"])
    op.create_index("ix_outbox_expires_at", "outbox", ["expires_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("outbox", "gone", "subscriber"):
        op.drop_table(table)
