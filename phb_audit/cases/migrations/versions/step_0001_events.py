"""The chain of events. Casebooks made before there were steps have the table already, and keep it as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of events where it is absent."""
    op.create_table(
        "events",
        sa.Column("event_number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind_code", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False, unique=True),
        sa.Column("event_hash", sa.Text, nullable=False, unique=True),
        if_not_exists=True,
    )
