"""What a night of flagging reads: which holders, in batches that fit in memory, and their rows as a `Spending`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from phb_audit.rules.register import Registered, rules_version
from phb_audit.rules.spending import FRAMES, Spending
from phb_audit.run import Run
from phb_audit.tables.flagged import EVERYONE
from phb_audit.warehouse import Warehouse, sql

# Payments older than this are not looked at again, unless they came tonight; their flags stay as they are. Longer than a year, so
# that yearly plan lines and a person's own history are whole.
HORIZON_DAYS = 400
PAYMENTS_A_BATCH = 300_000
WITH_HORIZON = ("payments", "receipts", "receipt_lines")
BY_RUN = ("feeds",)


@dataclass(frozen=True)
class NightBefore:
    """What is known of the latest earlier night; all None on the first."""

    as_of: date | None
    rules_version: str | None
    receipts_reached_on: date | None


def horizon(as_of: date) -> date:
    """The first day of payments looked at again."""
    return as_of - timedelta(days=HORIZON_DAYS)


def night_before(run: Run) -> NightBefore:
    """The latest earlier night in nights.runs."""
    rows = run.warehouse.frame(sql(__file__, "night_before"), {"as_of": run.as_of})
    if rows.is_empty():
        return NightBefore(None, None, None)
    run_id, as_of, version = rows.row(0)
    reached = run.warehouse.frame(sql(__file__, "receipts_reach"), {"run_id": run_id}).item()
    return NightBefore(as_of, version, reached)


def holders_tonight(run: Run, rules: Sequence[Registered], before: NightBefore) -> pl.DataFrame:
    """One row per holder to look at (holder_id): touched by tonight's rows, and all of them when the rules or limits changed."""
    if before.rules_version is not None and before.rules_version != rules_version(rules):
        return run.warehouse.frame(sql(__file__, "holders_all"))
    return run.warehouse.frame(sql(__file__, "holders_tonight"), {"run_id": run.run_id})


def batches(warehouse: Warehouse, tonight: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Tonight's holders in lots whose payments fit in memory; at least one lot, even when it is empty."""
    counted = warehouse.frame(sql(__file__, "payment_counts"), tonight=tonight)
    lots = counted.with_columns(lot=pl.col("payments_count").cum_sum() // PAYMENTS_A_BATCH)
    if lots.is_empty():
        yield lots.select("holder_id")
    for lot in lots.partition_by("lot", maintain_order=True):
        yield lot.select("holder_id")


def read_spending(warehouse: Warehouse, run_id: str, as_of: date, batch: pl.DataFrame, horizon_on: date | None = None) -> Spending:
    """The rows of the holders in `batch` (holder_id), payments and receipts from the horizon on or admitted in the night `run_id`."""
    frames = {}
    for name, columns in FRAMES.items():
        statement = sql(__file__, f"read_{name}")
        parameters: dict[str, object] = {}
        if name in WITH_HORIZON:
            parameters = {"run_id": run_id, "horizon_on": horizon_on or horizon(as_of)}
        elif name in BY_RUN:
            parameters = {"run_id": run_id}
        frame = warehouse.frame(statement, parameters, batch=batch)
        frames[name] = frame.select(pl.col(column).cast(kind) for column, kind in columns.items())
    return Spending.of(as_of, frames)


def clock_spending(run: Run, before: NightBefore, days: int) -> Spending:
    """All holders' small tables, and the payments without a receipt whose due day passed since the night before."""
    everyone = run.warehouse.frame(sql(__file__, "holders_all"))
    reached = min(filter(None, (before.as_of, before.receipts_reached_on)), default=run.as_of)
    window: dict[str, object] = {"from_on": reached - timedelta(days=days + 1), "to_on": run.as_of - timedelta(days=days)}
    frames = {"payments": run.warehouse.frame(sql(__file__, "clock_payments"), window)}
    for name in ("budgets", "events", "plans", "feeds"):
        parameters: dict[str, object] = {"run_id": run.run_id} if name in BY_RUN else {}
        frames[name] = run.warehouse.frame(sql(__file__, f"read_{name}"), parameters, batch=everyone)
    return Spending.of(
        run.as_of, {name: frame.select(pl.col(key).cast(kind) for key, kind in FRAMES[name].items()) for name, frame in frames.items()}
    )


def with_everyone(holders: pl.DataFrame) -> pl.DataFrame:
    """The holders and the commissioner's own line, which flags about whole feeds hang on."""
    return pl.concat([holders.select("holder_id"), pl.DataFrame({"holder_id": [EVERYONE]})]).unique().sort("holder_id")
