"""Everything on file about some holders that the payments looked at tonight are held against."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.matched.budget_position import tidy_budgets
from phb_audit.matched.outcome_keys import ANYBODY
from phb_audit.matched.plan_in_force import latest
from phb_audit.matched.said import in_order
from phb_audit.warehouse import Warehouse, sql


@dataclass(frozen=True)
class Holders:
    """What was admitted about some holders, each thing once, as the latest night said it.

    `payments` and `receipts` are those looked at; `later` payments and `items` (one-off purchases) are of earlier nights and stand.
    `said` is what the payments say, by their `said_idx` (see `phb_audit.matched.said`).
    `openings` is one row per holder, as `phb_audit.matched.asked.ask` gives it, with `holder_idx`.
    """

    openings: pl.DataFrame
    payments: pl.DataFrame
    said: pl.DataFrame
    budgets: pl.DataFrame
    plans: pl.DataFrame
    plan_lines: pl.DataFrame
    outcomes: pl.DataFrame
    goal_tags: pl.DataFrame
    receipts: pl.DataFrame
    events: pl.DataFrame
    later: pl.DataFrame
    items: pl.DataFrame
    pairs_decided: pl.DataFrame


def read_holders(warehouse: Warehouse, holders: pl.DataFrame) -> Holders:
    """Read what concerns these holders and nobody else, after `ask` has filled its temporary tables.

    Payments come in order of holder, day and id.
    """
    names = holders.select("holder_idx", "holder_id")

    def of(name: str) -> pl.DataFrame:
        return warehouse.frame(sql(__file__, name), holders_now=names)

    payments, said = in_order(of("payments"), warehouse.frame(sql(__file__, "categories")))
    return Holders(
        openings=holders,
        payments=payments,
        said=said,
        budgets=tidy_budgets(of("budgets")),
        plans=latest(of("plans"), "plan_version_id"),
        plan_lines=latest(of("plan_lines"), "plan_line_id"),
        outcomes=latest(of("outcomes"), "outcome_id"),
        goal_tags=warehouse.frame(sql(__file__, "goal_tags"), {"anybody": ANYBODY}, holders_now=names),
        receipts=latest(of("receipts"), "receipt_id"),
        events=of("events"),
        later=of("later"),
        items=of("items"),
        pairs_decided=of("pairs_decided"),
    )
