"""What a night of flagging reads: which holders, in batches that fit in memory, and their rows as a `Spending`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from phb_audit.detectors.network import shared_accounts
from phb_audit.detectors.repeats import repeats
from phb_audit.detectors.twins import twins
from phb_audit.rules.register import Registered, rules_version, shipped_rules
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import FRAMES, Spending
from phb_audit.run import Run
from phb_audit.tables.flagged import EVERYONE
from phb_audit.warehouse import Warehouse, sql

# Payments older than this are not looked at again, unless they came tonight; their flags stay as they are. Longer than a year, so
# that yearly plan lines and a person's own history are whole.
HORIZON_DAYS = 400
PAYMENTS_A_BATCH = 600_000
PEER_DAYS = 91  # what is usual among all holders is read off so many days


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
        return all_holders(run.warehouse)
    return run.warehouse.frame(sql(__file__, "holders_tonight"), {"run_id": run.run_id, "as_of": run.as_of})


def all_holders(warehouse: Warehouse) -> pl.DataFrame:
    """One row per holder with a budget or a payment (holder_id)."""
    return warehouse.frame(sql(__file__, "holders_all"))


def batches(warehouse: Warehouse, tonight: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Tonight's holders in lots whose payments fit in memory; at least one lot, even when it is empty."""
    counted = warehouse.frame(sql(__file__, "payment_counts"), tonight=tonight)
    lots = counted.with_columns(lot=pl.col("payments_count").cum_sum() // PAYMENTS_A_BATCH)
    if lots.is_empty():
        yield lots.select("holder_id")
    for lot in lots.partition_by("lot", maintain_order=True):
        yield lot.select("holder_id")


def read_of_all(warehouse: Warehouse, run_id: str, as_of: date) -> dict[str, pl.DataFrame]:
    """The frames that do not depend on whose payments are looked at: of a night with many lots they are read once."""
    night = {"run_id": run_id}
    lately: dict[str, object] = {"from_on": as_of - timedelta(days=PEER_DAYS - 1), "to_on": as_of}
    return {
        "feeds": warehouse.frame(sql(__file__, "read_feeds"), night),
        "groups": warehouse.frame(sql(__file__, "read_groups"), night, asking=asking()),
        "limit_changes": warehouse.frame(sql(__file__, "read_limit_changes"), night),
        "judged": warehouse.frame(sql(__file__, "read_judged")),
        "peers": warehouse.frame(sql(__file__, "read_peers"), lately),
        "gates": warehouse.frame(sql(__file__, "read_gates"), night),
        "repeats": repeats(warehouse, horizon(as_of), as_of),
        "twins": twins(warehouse, horizon(as_of), as_of),
        "shared_accounts": shared_accounts(warehouse),
    }


def read_spending(
    warehouse: Warehouse,
    run_id: str,
    as_of: date,
    batch: pl.DataFrame,
    horizon_on: date | None = None,
    of_all: Mapping[str, pl.DataFrame] | None = None,
) -> Spending:
    """The rows of the holders in `batch` (holder_id), payments and receipts from the horizon on or admitted in the night `run_id`.

    `of_all`: what `read_of_all` gave, where it was read already.
    """
    first_on, night = horizon_on or horizon(as_of), {"run_id": run_id}
    receipts = warehouse.frame(sql(__file__, "read_receipts"), {**night, "horizon_on": first_on}, batch=batch)
    papers = receipts.select("receipt_id", "payment_id", "dated_on", "received_on", "is_near")
    frames = {
        "payments": _payments(warehouse, run_id, batch, first_on),
        "receipts": receipts.filter("is_near"),
        "receipt_lines": warehouse.frame(sql(__file__, "read_receipt_lines"), night, papers=papers),
        "statement_ends": warehouse.frame(sql(__file__, "read_statement_ends"), {"horizon_on": first_on}, batch=batch),
        "returns": warehouse.frame(sql(__file__, "read_returns"), {"horizon_on": first_on}, batch=batch),
        "raised": warehouse.frame(sql(__file__, "read_raised"), night, batch=batch, asking=asking()),
        "visits": warehouse.frame(sql(__file__, "read_visits"), {"from_on": first_on}, batch=batch),
        "shared_shifts": warehouse.frame(sql(__file__, "read_shared_shifts"), {"from_on": first_on}, batch=batch),
        **(read_of_all(warehouse, run_id, as_of) if of_all is None else of_all),
    }
    for name in ("repeats", "twins", "shared_accounts"):
        frames[name] = frames[name].join(batch, on="holder_id", how="semi")
    for name in FRAMES.keys() - frames.keys():
        frames[name] = warehouse.frame(sql(__file__, f"read_{name}"), batch=batch)
    return _spending(as_of, frames)


def asking() -> pl.DataFrame:
    """One row per rule that asks somebody something openly (rule_id): what only tells, and the organisation's own duties, wait for nobody;
    what may be restricted is not counted where all can read it.
    """
    return pl.DataFrame({"rule_id": [one.rule.id for one in shipped_rules() if _asks_openly(one.rule)]})


def _asks_openly(rule: Rule) -> bool:
    return rule.outcome != "information" and not rule.is_commissioners and not rule.may_be_apart


def _payments(warehouse: Warehouse, run_id: str, batch: pl.DataFrame, horizon_on: date) -> pl.DataFrame:
    """Payments from the horizon on, and the few older ones that came tonight."""
    statement = sql(__file__, "read_payments")
    near = warehouse.frame(statement, {"from_on": horizon_on, "to_on": date.max}, batch=batch)
    late = warehouse.frame(sql(__file__, "read_late"), {"run_id": run_id, "horizon_on": horizon_on}, batch=batch)
    if late.is_empty():
        return near
    days = {"from_on": late["paid_on"].min(), "to_on": horizon_on - timedelta(days=1)}
    older = warehouse.frame(statement, days, batch=late.select("holder_id").unique())
    return pl.concat([near, older.join(late.select("payment_id"), on="payment_id", how="semi", maintain_order="left")])


def _spending(as_of: date, frames: Mapping[str, pl.DataFrame]) -> Spending:
    read = {name: frame.select(pl.col(key).cast(kind) for key, kind in FRAMES[name].items()) for name, frame in frames.items()}
    return Spending.of(as_of, read)


def clock_spending(run: Run, before: NightBefore, days: int) -> Spending:
    """All holders' small tables, and the payments without a receipt whose due day passed since the night before."""
    everyone = all_holders(run.warehouse)
    reached = min(filter(None, (before.as_of, before.receipts_reached_on)), default=run.as_of)
    window: dict[str, object] = {"from_on": reached - timedelta(days=days + 1), "to_on": run.as_of - timedelta(days=days)}
    frames = {"payments": run.warehouse.frame(sql(__file__, "clock_payments"), window)}
    frames["feeds"] = run.warehouse.frame(sql(__file__, "read_feeds"), {"run_id": run.run_id})
    frames["raised"] = run.warehouse.frame(sql(__file__, "read_raised"), {"run_id": run.run_id}, batch=everyone, asking=asking())
    for name in ("budgets", "events", "plans", "asked"):
        frames[name] = run.warehouse.frame(sql(__file__, f"read_{name}"), batch=everyone)
    return _spending(run.as_of, frames)


def with_everyone(holders: pl.DataFrame) -> pl.DataFrame:
    """The holders and the commissioner's own line, which flags about whole feeds hang on."""
    return pl.concat([holders.select("holder_id"), pl.DataFrame({"holder_id": [EVERYONE]})]).unique().sort("holder_id")
