"""A night's own life: the lock, the row in nights.runs, the order it refuses, and what it says when it ends.

The stages themselves stand in one place only, `flows/nightly.py`; this module keeps the book around them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from phb_audit import __version__
from phb_audit.errors import NightAlreadyRunning, PhbAuditError, UsageError
from phb_audit.identity import read_or_make_key
from phb_audit.run import Run
from phb_audit.settings import Settings
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql


@dataclass(frozen=True)
class Night:
    """Which night to run: plain values only, so that any task runner can carry it to another process."""

    commissioner_code: str
    as_of: date
    inbox: Path
    home: Path
    accounts_stand_in: bool = False
    without_feeds: tuple[str, ...] = ()
    mappings: tuple[Path, ...] = ()
    memory_limit: str = "2GB"
    threads: int | None = None
    decisions_up_to: int | None = None
    classifier: str | None = None

    @property
    def run_id(self) -> str:
        """'<commissioner>-<as_of>'."""
        return f"{self.commissioner_code}-{self.as_of.isoformat()}"

    @property
    def settings(self) -> Settings:
        """Where this installation keeps its files."""
        return Settings.at(self.home, os.environ)

    @contextmanager
    def opened(self) -> Iterator[Run]:
        """The night's run on its opened warehouse; closed again whatever happens."""
        warehouse = Warehouse(self.settings.warehouse_path(self.commissioner_code), memory_limit=self.memory_limit, threads=self.threads)
        try:
            warehouse.make_tables()
            yield Run(
                self.commissioner_code,
                self.as_of,
                self.inbox,
                self.settings,
                warehouse,
                stand_in_holders=self.accounts_stand_in,
                without_feeds=frozenset(self.without_feeds),
                mappings=self.mappings,
                decisions_up_to=self.decisions_up_to,
                classifier=self.classifier,
            )
        finally:
            warehouse.close()


@contextmanager
def only_one(night: Night) -> Iterator[None]:
    """Hold this commissioner's lock; the operating system lets go of it when the process ends, however it ends.

    Raises NightAlreadyRunning when another process holds it.
    """
    path = night.settings.folder("warehouse", night.commissioner_code) / "night.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise NightAlreadyRunning(
                f"A night of {night.commissioner_code} is running already.",
                do="Wait until it has ended, or see `phb-audit status`.",
            ) from error
        yield
    finally:
        os.close(descriptor)


def require_its_key(run: Run) -> None:
    """Insist on the identity key the warehouse was built with: another would make every person and row a new one.

    The first night of a warehouse makes the key, or takes the one it finds. Raises UsageError when the key has gone or is another.
    """
    path = run.settings.key_path(run.commissioner_code)
    known = run.warehouse.frame("SELECT key_fingerprint FROM nights.keys").to_series().to_list()
    has_history = bool(known) or any(run.settings.folder("landing", run.commissioner_code).iterdir())
    if has_history and not path.exists():
        raise UsageError(
            f"The identity key of {run.commissioner_code} is missing, and there are files and pseudonyms made with it.",
            do=f"Restore {path.name} in the keys folder from your backup. A new key would count every person and payment again.",
        )
    fingerprint = read_or_make_key(path).fingerprint
    if known and fingerprint not in known:
        raise UsageError(
            f"The identity key of {run.commissioner_code} is not the one its warehouse was made with.",
            do=f"Restore the right {path.name} in the keys folder from your backup.",
        )
    if not known:
        table = TABLES["nights.keys"]
        run.warehouse.write(table, pl.DataFrame([{"key_fingerprint": fingerprint}], schema=table.polars_schema))


def begin(run: Run) -> None:
    """Write the night down as running. Raises UsageError when its key is not the warehouse's, or a later night is there already."""
    require_its_key(run)
    later = run.warehouse.frame(
        "SELECT max(as_of_on) AS latest_on FROM nights.runs WHERE as_of_on > $as_of AND state_code = 'published'", {"as_of": run.as_of}
    ).item()
    if later is not None:
        raise UsageError(
            f"The night of {later} is in the warehouse already, and {run.as_of} is before it.",
            do="Run with --as-of of that day or later, or run past nights again with `python -m flows.replay`.",
        )
    mark(run, state="running", stage="start")


def unfinished(run: Run) -> list[date]:
    """Days before tonight, after the last published night, whose nights failed or were killed; oldest first.

    Their rows are in the warehouse under their own run: they are run again before tonight, so that nothing of them is passed over.
    """
    rows = run.warehouse.frame(sql(__file__, "unfinished_nights"), {"as_of": run.as_of})
    return [row["as_of_on"] for row in rows.rows(named=True)]


def mark(run: Run, *, state: str, stage: str, problem: str | None = None, rules_version: str | None = None) -> None:
    """Write down where the night stands; `problem` must hold no personal data."""
    row = {
        "run_id": run.run_id,
        "commissioner_code": run.commissioner_code,
        "as_of_on": run.as_of,
        "state_code": state,
        "stage_name": stage,
        "problem": problem,
        "version": __version__,
        "rules_version": rules_version,
    }
    table = TABLES["nights.runs"]
    with run.warehouse.transaction():
        run.warehouse.replace_run(table, run.run_id, pl.DataFrame([row], schema=table.polars_schema))
    leave_note(run.settings, run.commissioner_code, run.as_of, state)


def leave_note(settings: Settings, commissioner_code: str, as_of: date, state: str) -> None:
    """Say beside the warehouse which night was worked on last and how it stands: others may not open the warehouse while a night runs."""
    path = _note_path(settings, commissioner_code)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(f"{as_of} {state}\n", encoding="utf-8")
    new.replace(path)


def last_worked_on(settings: Settings, commissioner_code: str) -> tuple[date, str, datetime] | None:
    """The night that was worked on last, its state (running, failed, published) and when that was written; None where it is not known."""
    path = _note_path(settings, commissioner_code)
    try:
        day, state = path.read_text(encoding="utf-8").split()
        return date.fromisoformat(day), state, datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, ValueError):
        return None


def _note_path(settings: Settings, commissioner_code: str) -> Path:
    return settings.home / "warehouse" / commissioner_code / "last_night.txt"


def problem_of(error: BaseException) -> str:
    """What a reader may be told of an error: our own sentences whole; of a stranger only its kind, for its text may hold data."""
    if isinstance(error, PhbAuditError):
        return str(error)
    return (
        f"The night met an error it did not expect ({type(error).__name__}). "
        "Run it again; if it fails again, run it with --debug and read the log."
    )
