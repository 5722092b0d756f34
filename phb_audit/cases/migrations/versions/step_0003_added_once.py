"""What was decided is not replaced either, and a move that checks a proposal names whose it was.

SQLite fires no trigger of a deletion for INSERT OR REPLACE, so what is there already is refused before it is written. PostgreSQL's ON
CONFLICT DO UPDATE is a change, which step 2 refuses.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
CHECKING = "('confirm_not_agreed', 'confirm_referral', 'send_back', 'close_overtaken', 'confirm_hand_on')"
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS events_not_replaced BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE "
    "event_number = NEW.event_number OR previous_hash = NEW.previous_hash OR event_hash = NEW.event_hash) "
    "BEGIN SELECT RAISE(ABORT, 'what was decided is not replaced'); END",
    "CREATE TRIGGER IF NOT EXISTS case_moves_not_replaced BEFORE INSERT ON case_moves WHEN EXISTS (SELECT 1 FROM case_moves WHERE "
    "event_number = NEW.event_number OR (case_id = NEW.case_id AND case_version = NEW.case_version)) "
    "BEGIN SELECT RAISE(ABORT, 'one_move_for_a_place'); END",
    "CREATE TRIGGER IF NOT EXISTS case_moves_name_whom BEFORE INSERT ON case_moves WHEN NEW.checks_by IS NULL AND EXISTS (SELECT 1 FROM "
    f"events WHERE event_number = NEW.event_number AND json_extract(body, '$.move_code') IN {CHECKING}) "
    "BEGIN SELECT RAISE(ABORT, 'a check names whose proposal it is'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION names_whom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.checks_by IS NULL AND EXISTS (SELECT 1 FROM events WHERE event_number = NEW.event_number AND "
    f"body::json ->> 'move_code' IN {CHECKING}) "
    "THEN RAISE EXCEPTION 'a check names whose proposal it is'; END IF; RETURN NEW; END $$",
    "CREATE OR REPLACE TRIGGER case_moves_name_whom BEFORE INSERT ON case_moves FOR EACH ROW EXECUTE FUNCTION names_whom()",
)


def upgrade() -> None:
    """Make every trigger, where absent."""
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
