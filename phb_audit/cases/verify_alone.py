"""Checks the hash chain of a casebook with nothing but Python's standard library: for an outside auditor, on a copy, offline.

    python verify_alone.py casebook.sqlite [HEAD]

HEAD is the hash a report printed: it must be the hash of some event, or the log was cut since. Exit code 0 when the chain holds.
Each event's hash is the SHA-256 of the hash before, its number, kind, who, when and body, joined by the character 0x1f.
"""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

FIRST = "0" * 64
CHECKING = ("confirm_not_agreed", "confirm_referral", "send_back", "close_overtaken", "confirm_hand_on")
COLUMNS = "event_number, kind_code, decided_by, decided_at, body, previous_hash, event_hash"


def folded(name: str) -> str:
    """A name as it is compared: without capitals, and with one blank where there are several."""
    return " ".join(name.lower().split())


def problem_of(path: Path | str, head: str | None = None) -> tuple[str | None, int, str]:
    """What is wrong with the log, in a sentence; None where it holds. Also returns how many events there are and the last hash."""
    connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = connection.execute(f"SELECT {COLUMNS} FROM events ORDER BY event_number").fetchall()
        moves: dict[int, tuple[object, ...]] = {}
        if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'case_moves'").fetchone()[0]:
            moves = {
                row[0]: row[1:]
                for row in connection.execute("SELECT event_number, case_id, case_version, decided_by, checks_by FROM case_moves")
            }
    finally:
        connection.close()
    previous, hashes = FIRST, set()
    proposed: dict[str, str] = {}
    for place, (number, kind, who, when, body, before, own) in enumerate(rows, 1):
        told = "\x1f".join([previous, str(number), kind, who, when, body])
        if number != place or before != previous or own != hashlib.sha256(told.encode()).hexdigest():
            return f"The log does not hold from event {place} on.", len(rows), previous
        if kind == "case":
            said = json.loads(body)
            code = said.get("move_code", "")
            if moves.get(number) != (said["case_id"], said["case_version"], who, said["checks_by"]):
                return f"The row of event {number} in case_moves is not what the event says.", len(rows), previous
            if said["checks_by"] and folded(said["checks_by"]) == folded(who):
                return f"Event {number} is by the person who proposed it, or who read it first.", len(rows), previous
            if code in CHECKING and folded(said["checks_by"] or "") != folded(proposed.get(said["case_id"], "")):
                return f"Event {number} does not name the person whose proposal it checks.", len(rows), previous
            if code.startswith("propose_"):
                proposed[said["case_id"]] = who
        previous = own
        hashes.add(own)
    if head and head not in hashes:
        return "No event carries the hash of the report: the log was cut or is another one.", len(rows), previous
    return None, len(rows), previous


def main() -> None:
    """Check the file named first; with a second argument, that hash too."""
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    problem, count, last = problem_of(*sys.argv[1:])
    sys.stdout.write(f"{problem or 'The log holds.'} {count} event{'' if count == 1 else 's'}, the last {last}.\n")
    sys.exit(1 if problem else 0)


if __name__ == "__main__":
    main()
