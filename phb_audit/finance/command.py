"""What `phb-audit finance` answers: its tables in words, and one of them as CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import polars as pl

from phb_audit.errors import CLEAN, UsageError
from phb_audit.finance.period import Period
from phb_audit.finance.register import ANSWERS, Question, answer
from phb_audit.finance.unspent import LIMIT_WEEKS
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

Say = Callable[[str], None]


@contextmanager
def opened(settings: Settings, commissioner_code: str) -> Iterator[Warehouse]:
    """The commissioner's warehouse, read only. Raises UsageError where no night has been run."""
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.is_file():
        raise UsageError(f"No night of {commissioner_code} has been run here yet.", do="Run `phb-audit run`; or give --home.")
    warehouse = Warehouse(path, read_only=True)
    try:
        yield warehouse
    finally:
        warehouse.close()


def period_of(warehouse: Warehouse, first: date | None, last: date | None) -> Period:
    """The days asked for: by default the financial year up to the newest night's day. Raises UsageError where they make none."""
    if last is None:
        nights = warehouse.frame(sql(__file__, "newest_night"))
        if nights.is_empty():
            raise UsageError("No night has come to its end here yet.", do="See `phb-audit status`, or give --to.")
        last = nights.item()
    try:
        return Period(first, last) if first else Period.year_to(last)
    except ValueError as error:
        raise UsageError(f"There is no day from {first} to {last}.", do="Give --from before --to.") from error


def list_tables(*, as_json: bool, say: Say) -> int:
    """Every table: its name and what one row is."""
    told = {name: f"one row per {table.grain}" for name, (table, _) in ANSWERS.items()}
    say(json.dumps(told, indent=1) if as_json else "\n".join(f"{name:22} {words}" for name, words in told.items()))
    return CLEAN


def show_table(
    name: str,
    *,
    settings: Settings,
    commissioner_code: str,
    first: date | None,
    last: date | None,
    out: Path | None,
    as_json: bool,
    say: Say,
    limit_weeks: float = LIMIT_WEEKS,
) -> int:
    """One table as CSV (or JSON) to standard output or a file."""
    with opened(settings, commissioner_code) as warehouse:
        question = Question(warehouse, period_of(warehouse, first, last), limit_weeks=limit_weeks)
        frame = answer(name, question)
    written = _as_json(frame) if as_json else frame.write_csv()
    if out is None:
        say(written.rstrip("\n"))
    else:
        out.write_text(written, encoding="utf-8")
        say(f"{frame.height} rows: {out}")
    return CLEAN


def _as_json(frame: pl.DataFrame) -> str:
    return json.dumps(frame.to_dicts(), default=str, indent=1) + "\n"
