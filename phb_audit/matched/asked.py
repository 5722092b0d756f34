"""What is matched tonight: payments that are new, all of holders looked at whole, and earlier ones a new receipt may stand beside.

Everything is decided from the nights of validated rows, never from those of matched rows: a night tried again asks the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from phb_audit.matched.budget_position import budget_years, tidy_budgets
from phb_audit.matched.receipts import WINDOWS
from phb_audit.matched.strength import PREAPPROVED_SHARE
from phb_audit.run import Run
from phb_audit.warehouse import sql

PAYMENTS_AT_ONCE = 600_000  # bounds the memory of a night, whatever its size

ASKED_TABLES = (
    *("open_nights", "touched_holders", "asked_payments", "open_receipts", "older_payments", "older_rows", "older_categories"),
    *("held_receipts", "candidate_receipts", "candidate_lines", "later_payments", "earlier_items"),
)


def ask(run: Run) -> pl.DataFrame:
    """Fill the temporary tables of what is looked at; returns one row per holder touched tonight.

    Columns: `holder_id`, `payments_count` (that may be matched), `first_open_on` (the first day matched anew, null when none is),
    `year_from_on` (the budget year that day lies in) and `spent_before_pence` (spend of that year before that day).
    """
    warehouse, tonight = run.warehouse, {"run_id": run.run_id}
    warehouse.run(sql(__file__, "open_nights"), tonight)
    for name in ("touched", "open_payments", "open_receipts"):
        warehouse.run(sql(__file__, name))
    warehouse.run(sql(__file__, "older_payments"), {**tonight, **WINDOWS})
    for name in ("older_rows", "older_categories", "older_asked", "held_receipts"):
        warehouse.run(sql(__file__, name))
    holders = warehouse.frame(sql(__file__, "asked_holders"))
    warehouse.execute_with(sql(__file__, "candidate_receipts"), {"far_days": WINDOWS["far_days"]}, holders_open=holders)
    warehouse.run(sql(__file__, "candidate_lines"))
    warehouse.execute_with(sql(__file__, "later_payments"), holders_open=holders)
    warehouse.run(sql(__file__, "earlier_items"), {"preapproved_share": PREAPPROVED_SHARE})
    return _with_opening(run, holders)


def forget_asked(run: Run) -> None:
    """Drop the temporary tables: the stages after this one need the memory."""
    for name in ASKED_TABLES:
        run.warehouse.run(f"DROP TABLE {name}")


def _with_opening(run: Run, holders: pl.DataFrame) -> pl.DataFrame:
    """The holders with `year_from_on` and `spent_before_pence`."""
    numbered = holders.with_row_index("holder_idx")
    budgets = tidy_budgets(run.warehouse.frame(sql(__file__, "budgets"), holders_now=numbered))
    opened = numbered.drop_nulls("first_open_on").with_columns(paid_on="first_open_on")
    years = budget_years(opened, budgets).select("holder_id", "first_open_on", "year_from_on")
    spent = run.warehouse.frame(sql(__file__, "spent_before"), years_open=years)
    return (
        holders.join(years.drop("first_open_on"), on="holder_id", how="left")
        .join(spent, on="holder_id", how="left")
        .with_columns(pl.col("spent_before_pence").fill_null(0))
        .sort("holder_id")
    )


def in_parts(holders: pl.DataFrame, payments_at_once: int = PAYMENTS_AT_ONCE) -> Iterator[pl.DataFrame]:
    """The holders in order, some at a time, numbered `holder_idx`, each part with about so many payments; a holder is never split."""
    part = (pl.col("payments_count").cum_sum() - pl.col("payments_count")) // payments_at_once
    for _, some in holders.sort("holder_id").with_columns(part=part).group_by("part", maintain_order=True):
        yield some.drop("part").with_row_index("holder_idx")
