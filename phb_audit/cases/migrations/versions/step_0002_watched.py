"""What the database itself watches over: one move for a place of a case, four eyes, and that nothing is changed or deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
TABLES = ("events", "case_moves")
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_not_changed BEFORE UPDATE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'what was decided is not changed'); END",
    "CREATE TRIGGER IF NOT EXISTS {table}_not_deleted BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'what was decided is not deleted'); END",
)
POSTGRESQL_REFUSAL = (
    "CREATE OR REPLACE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'what was decided is not changed or deleted'; END $$"
)
POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION only_added()",
)


def upgrade() -> None:
    """Make the table of moves and every trigger, where absent."""
    op.create_table(
        "case_moves",
        sa.Column("event_number", sa.Integer, sa.ForeignKey("events.event_number"), primary_key=True, autoincrement=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("case_version", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("checks_by", sa.Text),
        sa.UniqueConstraint("case_id", "case_version", name="one_move_for_a_place"),
        sa.CheckConstraint("checks_by IS NULL OR lower(trim(checks_by)) <> lower(trim(decided_by))", name="four_eyes"),
        if_not_exists=True,
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(POSTGRESQL_REFUSAL)
    for table in TABLES:
        for statement in POSTGRESQL if on_postgresql else SQLITE:
            op.execute(statement.format(table=table))
