"""The budget is less than the services in the plan cost: the commissioner's own duty, and often why something looks odd."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.plans_in_force import plans_in_force, running
from phb_audit.rules.rule import PLAN_FEEDS, Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

BUDGET: tuple[dict[str, object], ...] = ({"annual_pence": 9_000_00},)
LINE: dict[str, object] = {"annual_pence": 10_000_00, "frequency_code": "weekly"}

RULE = Rule(
    id="G-09",
    title="Budget below the plan",
    family="A6",
    basis="sufficiency",
    severity=4,
    outcome="information",
    looks_at="open budgets with a plan in force whose lines have amounts",
    sentence="The services in the plan in force cost {plan_pence:pounds} a year; the budget is {annual_pence:pounds}, "
    "{short_pence:pounds} less.",
    not_found="The services in the plan in force cost {plan_pence:pounds} a year; the budget is {annual_pence:pounds}.",
    usual="The budget covers the full cost of each service in the plan, give or take {over_share:percent}.",
    innocent="Part of the care may be paid from another fund, or a line has ended and is still in the plan.",
    ask="Ask the commissioner to raise the budget or to put the plan right. The holder has done nothing wrong.",
    clears="A budget that covers the plan, or a plan whose lines come to the budget.",
    overtaken="The budget or the plan was put right.",
    same_flag=("holder_id",),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    waits_for=("budgets", *PLAN_FEEDS),
    examples=(
        flagged("A plan of 10,000 and a budget of 9,000", budgets=BUDGET, plans=({},), plan_lines=(LINE,)),
        left_alone(
            "A one-off item is paid once, beside the yearly budget",
            budgets=BUDGET,
            plans=({},),
            plan_lines=(
                {**LINE, "annual_pence": 8_900_00},
                {**LINE, "plan_line_id": "PL1/v1/2", "annual_pence": 900_00, "frequency_code": "one-off"},
            ),
        ),
        left_alone(
            "A line that has ended no longer costs", budgets=BUDGET, plans=({},), plan_lines=({**LINE, "ends_on": date(2026, 6, 30)},)
        ),
        left_alone(
            "One budget of 10,000 written on the rows of two accounts, beside one that has ended",
            budgets=(
                {"annual_pence": 10_000_00, "starts_on": date(2026, 4, 1)},
                {"annual_pence": 10_000_00, "starts_on": date(2026, 4, 1), "budget_id": "G2", "account_id": "B2"},
                {"annual_pence": 8_000_00, "starts_on": date(2025, 4, 1), "ends_on": date(2026, 3, 31), "budget_id": "G3"},
            ),
            plans=({},),
            plan_lines=(LINE,),
        ),
        flagged(
            "The same budget of 9,000 on the rows of two accounts is no budget of 18,000",
            budgets=({"annual_pence": 9_000_00}, {"annual_pence": 9_000_00, "budget_id": "G2", "account_id": "B2"}),
            plans=({},),
            plan_lines=(LINE,),
        ),
        at_the_threshold(
            "Two per cent more than the budget",
            budgets=({"annual_pence": 10_000_00},),
            plans=({},),
            plan_lines=({**LINE, "annual_pence": 10_200_00},),
        ),
    ),
)


def find(spending: Spending, *, over_share: float = 0.02, over_pence: int = 100_00) -> pl.LazyFrame:
    """One row per holder with an open budget and a plan in force; recurring lines that run on the day looked at are added up."""
    cost = (
        spending.plan_lines.filter(running(spending) & (pl.col("frequency_code").fill_null("") != "one-off"))
        .join(plans_in_force(spending), on="plan_version_id")
        .group_by("holder_id")
        .agg(pl.col("annual_pence").sum().alias("plan_pence"), pl.col("effective_from_on").max())
    )
    beside = (
        open_budgets(spending)
        .join(cost, on="holder_id")
        .filter(pl.col("annual_pence") > 0)
        .with_columns(NO_PAYMENT, short_pence=pl.col("plan_pence") - pl.col("annual_pence"))
        .with_columns(at_stake_pence=pl.col("short_pence").clip(0))
    )
    is_found = pl.col("short_pence") > pl.max_horizontal(pl.col("annual_pence") * over_share, pl.lit(over_pence))
    return about(beside, "holder", "holder_id", "effective_from_on", is_found, "plan_pence", "annual_pence", "short_pence")
