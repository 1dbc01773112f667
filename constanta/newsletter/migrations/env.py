"""Alembic's environment: it works on the connection that `constanta.newsletter.migrate` hands over."""

from __future__ import annotations

from alembic import context

from constanta.newsletter.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
