"""An hourly rate far above the one the plan agrees, or its money and hours come to."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.agreed_hours import slips_beside_plans
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

NOT_SAID = "not_said"
PLAN: tuple[dict[str, object], ...] = ({},)
LINE: dict[str, object] = {"category_code": "C01", "description": "Personal assistants, 20 hours a week at £13 an hour"}
SLIP: dict[str, object] = {"hours_count": 80.0, "rate_pence": 21_00}

RULE = Rule(
    id="W-13",
    title="Hourly rate above the plan",
    family="A5",
    basis="agreed_hours",
    severity=2,
    outcome="query",
    looks_at="hours paid as worked to employed assistants, with their rate",
    sentence="{payee_shown} was paid {rate_pence:pounds} an hour for {period_from_on:day} to {period_to_on:day}. By the plan it "
    "would be {agreed_rate_pence:pounds}.",
    not_found="The slip pays {rate_pence:pounds} an hour; by the plan it would be {agreed_rate_pence:pounds}.",
    usual="The rate is that of the plan, and rises with it. Asked about only above {times} times the plan's.",
    innocent="Nights and bank holidays are often paid higher, and a rate may have been raised to keep an assistant before the plan "
    "said so.",
    ask="Ask the payroll agent or the holder what the rate is for.",
    clears="A note of the agreed rate, or of nights and bank holidays.",
    overtaken="The pay slip or the plan was corrected.",
    same_flag=("holder_id", "employee_id", "rate_pence", "agreed_rate_pence"),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll", "plans", "plan_lines"),
    variants={NOT_SAID: Variant(not_found="The plan in force says neither a rate nor hours, so nothing can be held against it.")},
    examples=(
        flagged("21 pounds where 13 are agreed", plans=PLAN, plan_lines=(LINE,), pay_slips=(SLIP,)),
        left_alone("13.50 after a rise", plans=PLAN, plan_lines=(LINE,), pay_slips=({**SLIP, "rate_pence": 13_50},)),
        left_alone(
            "The plan's money and hours come to 15 pounds",
            plans=PLAN,
            plan_lines=({**LINE, "description": "20 hours a week", "annual_pence": 15_600_00},),
            pay_slips=(SLIP,),
        ),
        left_alone("The plan says nothing", plans=PLAN, plan_lines=({**LINE, "description": "Own team"},), pay_slips=(SLIP,)),
        at_the_threshold("Exactly one and a half times", plans=PLAN, plan_lines=(LINE,), pay_slips=({**SLIP, "rate_pence": 19_50},)),
    ),
)


def find(spending: Spending, *, times: float = 1.5) -> pl.LazyFrame:
    """One row per pay slip with worked hours and a rate."""
    rows = slips_beside_plans(spending).filter(pl.col("rate_pence") > 0)
    over = ((pl.col("rate_pence") - pl.col("agreed_rate_pence")).clip(0) * pl.col("hours_count")).fill_null(0).round(0).cast(pl.Int64)
    rows = rows.with_columns(at_stake_pence=over)
    variant = pl.when(pl.col("agreed_rate_pence").is_null()).then(pl.lit(NOT_SAID)).otherwise(pl.lit("")).alias("variant_code")
    is_found = pl.col("rate_pence") > pl.col("agreed_rate_pence") * times
    measured = ("pay_slip_id", "employee_id", "rate_pence", "agreed_rate_pence", "period_from_on", "period_to_on", "payee_shown")
    return about(rows, "pay_slip", "pay_slip_id", "slip_on", is_found, *measured, variant_code=variant)
