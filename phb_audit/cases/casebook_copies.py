"""Copies of a casebook: taken while it is in use, put back into an empty one. A copy is always a SQLite file that stands alone.

So a casebook moves from SQLite to PostgreSQL, and back, by a copy; and an outside auditor reads any of them with verify_alone.py.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from phb_audit.cases.casebook import CASE_MOVES, EVENTS, last_of, open_casebook
from phb_audit.cases.casebook_store import ONLY_READS, BrokenCasebook, bring_up_to_date, hold_for_writing, is_kept, sqlite_engine
from phb_audit.cases.verify_alone import problem_of
from phb_audit.errors import UsageError
from phb_audit.settings import Settings

Rows = Sequence[RowMapping]


def back_up(settings: Settings, commissioner_code: str, target: Path) -> tuple[int, str]:
    """Write a copy of the casebook to `target`, which must not be there; returns its number of events and the last hash.

    Raises UsageError where nothing was decided yet or the file is there, BrokenCasebook where the log does not hold: nothing is kept then.
    """
    if not is_kept(settings, commissioner_code):
        raise UsageError(f"Nobody has decided anything for {commissioner_code} yet: there is no casebook.")
    with open_casebook(settings, commissioner_code) as casebook:
        return write_copy(casebook.engine, target)


def write_copy(engine: Engine, target: Path) -> tuple[int, str]:
    """The same for whatever book is behind an engine."""
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # the name is ours from here on
    except FileExistsError as error:
        raise UsageError(f"{target.name} is there already, and is not written over.", do="Name another file.") from error
    except OSError as error:
        raise UsageError(f"{target.name} cannot be written.", do="Check the folder and its permissions.") from error
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            written = Path(folder) / "casebook.sqlite"
            copy_to(engine, written)
            problem, count, last = checked(written)
            if problem:
                raise BrokenCasebook(problem, do="Nothing was kept. Run `phb-audit verify-log`, and restore the newest copy that holds.")
            written.chmod(0o600)
            written.replace(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return count, last


def restore(settings: Settings, commissioner_code: str, source: Path, *, head: str | None = None) -> tuple[int, str]:
    """Put a copy back into a casebook without events; returns its number of events and the last hash.

    Raises UsageError where the casebook has events or the file is no copy, BrokenCasebook where the copy's log does not hold (or no
    event carries `head`).
    """
    found = require_holds(source, head)
    with open_casebook(settings, commissioner_code) as casebook:
        put_back(casebook.engine, source, f"The casebook of {commissioner_code}")
    return found


def require_holds(source: Path, head: str | None = None) -> tuple[int, str]:
    """How many events a copy has, and the last hash. Raises as `restore` does where it is none, or does not hold."""
    if not source.is_file():
        raise UsageError(f"There is no file {source.name}.", do="Name a file that `phb-audit casebook backup` wrote.")
    problem, count, last = checked(source, head)
    if problem:
        raise BrokenCasebook(f"{source.name}: {problem}", do="Nothing was restored. Take an earlier copy.")
    return count, last


def put_back(engine: Engine, source: Path, what: str) -> None:
    """Write a copy that holds into the book behind an engine. Raises UsageError where that has events; `what` names it."""
    events, moves = rows_of(source)
    with engine.begin() as connection:
        hold_for_writing(connection, engine)
        if last_of(connection)[0]:
            do = "Move it away first (the SQLite file with its -wal and -shm, or rename the schema)."
            raise UsageError(f"{what} has events, and is not written over.", do=do)
        for table, rows in ((EVENTS, events), (CASE_MOVES, moves)):
            if rows:
                connection.execute(insert(table), rows)


def checked(path: Path, head: str | None = None) -> tuple[str | None, int, str]:
    """What verify_alone.py says of a file. Raises UsageError where it is no casebook."""
    try:
        return problem_of(path, head)
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{path.name} cannot be read as a casebook.", do="Name a file that `phb-audit casebook backup` wrote.") from error


def copy_to(engine: Engine, path: Path) -> None:
    """Write the casebook behind an engine, as it stands at one moment, to a new SQLite file. Raises BrokenCasebook where it cannot."""
    one_moment = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {ONLY_READS: True}
    with engine.connect().execution_options(**one_moment) as connection:
        events: Rows = connection.execute(select(EVENTS).order_by(EVENTS.c.event_number)).mappings().all()
        moves: Rows = connection.execute(select(CASE_MOVES).order_by(CASE_MOVES.c.event_number)).mappings().all()
    copy = sqlite_engine(path)
    try:
        bring_up_to_date(copy)
        with copy.begin() as connection:
            for table, rows in ((EVENTS, events), (CASE_MOVES, moves)):
                if rows:
                    connection.execute(insert(table), [dict(row) for row in rows])
    except IntegrityError as error:
        raise BrokenCasebook("The casebook holds what its database should have refused.", do="Run `phb-audit verify-log`.") from error
    finally:
        copy.dispose()
    stand_alone(path)


def stand_alone(path: Path) -> None:
    """Take everything out of the write-ahead log, so that one file is all there is to keep, and it opens read-only."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def rows_of(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events and moves of a SQLite casebook, read only; no moves where the file is of before there were any."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        events = [dict(row) for row in connection.execute("SELECT * FROM events ORDER BY event_number")]
        known = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'case_moves'").fetchone()[0]
        moves = [dict(row) for row in connection.execute("SELECT * FROM case_moves ORDER BY event_number")] if known else []
    finally:
        connection.close()
    return events, moves


def verified(settings: Settings, commissioner_code: str, head: str | None = None) -> tuple[str | None, int, str]:
    """What verify_alone.py says of a commissioner's casebook, wherever it is kept. Raises UsageError where there is none."""
    if not is_kept(settings, commissioner_code):
        raise UsageError(f"Nobody has decided anything for {commissioner_code} yet: there is no casebook.")
    with tempfile.TemporaryDirectory() as folder, open_casebook(settings, commissioner_code) as casebook:
        if casebook.engine.dialect.name == "sqlite":
            return problem_of(str(casebook.engine.url.database), head)
        copy_to(casebook.engine, Path(folder) / "casebook.sqlite")
        return problem_of(Path(folder) / "casebook.sqlite", head)
