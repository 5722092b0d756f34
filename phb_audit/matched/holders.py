"""Who was touched tonight, and everything on file about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from phb_audit.matched.budget_position import tidy_budgets
from phb_audit.matched.plan_in_force import latest
from phb_audit.run import Run
from phb_audit.warehouse import Warehouse, sql

PAYMENTS_AT_ONCE = 250_000  # bounds the memory of a night, whatever its size


@dataclass(frozen=True)
class Holders:
    """All that was admitted about some holders, each thing once, as the latest night said it."""

    payments: pl.DataFrame
    budgets: pl.DataFrame
    plans: pl.DataFrame
    plan_lines: pl.DataFrame
    outcomes: pl.DataFrame
    receipts: pl.DataFrame
    receipt_lines: pl.DataFrame
    events: pl.DataFrame
    pay_slips: pl.DataFrame
    instalments: pl.DataFrame


def read_holders(warehouse: Warehouse, holders: pl.DataFrame) -> Holders:
    """Read the whole history of the holders (`holder_id, holder_idx`), and of nobody else.

    Payments come in order of holder, day and id, numbered `pay_idx`: each later step answers one row per `pay_idx`.
    """

    def of(name: str) -> pl.DataFrame:
        return warehouse.frame(sql(__file__, name), holders_now=holders)

    return Holders(
        payments=of("payments").with_row_index("pay_idx"),
        budgets=tidy_budgets(of("budgets")),
        plans=latest(of("plans"), "plan_version_id"),
        plan_lines=latest(of("plan_lines"), "plan_line_id"),
        outcomes=latest(of("outcomes"), "outcome_id"),
        receipts=latest(of("receipts"), "receipt_id"),
        receipt_lines=of("receipt_lines"),
        events=of("events"),
        pay_slips=of("pay_slips"),
        instalments=of("instalments"),
    )


def touched(run: Run) -> pl.DataFrame:
    """One row per holder with a row of tonight in any validated table: `holder_id, payments_count, sum_pence` of all on file."""
    return run.warehouse.frame(sql(__file__, "touched"), {"run_id": run.run_id})


def in_parts(holders: pl.DataFrame, payments_at_once: int = PAYMENTS_AT_ONCE) -> Iterator[pl.DataFrame]:
    """The holders in order, some at a time (`holder_id, holder_idx`), each part with about so many payments; a holder is never split."""
    part = (pl.col("payments_count").cum_sum() - pl.col("payments_count")) // payments_at_once
    for _, some in holders.sort("holder_id").with_columns(part=part).group_by("part", maintain_order=True):
        yield some.select("holder_id").with_row_index("holder_idx")
