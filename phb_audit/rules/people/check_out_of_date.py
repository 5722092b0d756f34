"""The plan asks for DBS checks, and that of an assistant is missing or older than agreed."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about
from phb_audit.rules.support import beside_assistants

OLD, MISSING, NOT_ASKED = "old", "missing", "not_asked"
WORDS = r"(?i)\bdbs\b|disclosure and barring"
SLIP: dict[str, object] = {"payee_ref": "Y1", "period_from_on": date(2026, 3, 2)}
PLAN: tuple[dict[str, object], ...] = ({},)
LINE: tuple[dict[str, object], ...] = ({"category_code": "C04", "description": "Payroll bureau and DBS checks"},)
CHECK: dict[str, object] = {"record_code": "dbs", "about_code": "assistant", "employee_id": "E1", "valid_from_on": date(2023, 5, 1)}
LIST: dict[str, object] = {"record_code": "contract", "employee_id": "E1"}

RULE = Rule(
    id="W-24",
    title="DBS check out of date",
    family="A5",
    basis="support_papers",
    severity=1,
    outcome="query",
    looks_at="employed assistants of holders whose plan speaks of DBS checks and for whom a list of papers is kept",
    sentence="{payee_shown} worked up to {last_on:day}. The newest DBS check on the list of papers is of {dated_on:day}.",
    not_found="The newest DBS check of {payee_shown} on the list is of {dated_on:day}.",
    usual="Where the plan asks for it, a DBS check is not older than {years} years.",
    innocent="The check may have been renewed by the update service, which gives no new paper.",
    ask="Ask the support service for the date of the last check.",
    clears="A newer check, or a note that the update service was looked at.",
    overtaken="A check was put on the list.",
    same_flag=("holder_id", "employee_id", "dated_on"),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("support_records", "payroll", "plans", "plan_lines"),
    variants={
        OLD: Variant(),
        MISSING: Variant(
            sentence="{payee_shown} worked from {first_on:day} to {last_on:day}. The plan speaks of DBS checks, and the "
            "papers kept for this budget "
            "hold none for that person.",
        ),
        NOT_ASKED: Variant(not_found="The plan does not ask for DBS checks."),
    },
    examples=(
        flagged("A check of May 2023", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,), support_records=(CHECK,)),
        flagged("No check on the list", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,), support_records=(LIST,)),
        left_alone(
            "A check of last year",
            plans=PLAN,
            plan_lines=LINE,
            pay_slips=(SLIP,),
            support_records=({**CHECK, "valid_from_on": date(2025, 5, 1)},),
        ),
        left_alone("The plan does not ask for it", plans=PLAN, pay_slips=(SLIP,), support_records=(LIST,)),
        left_alone("No list of papers is kept", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,)),
        at_the_threshold(
            "Three years to the day",
            plans=PLAN,
            plan_lines=LINE,
            pay_slips=(SLIP,),
            support_records=({**CHECK, "valid_from_on": date(2023, 8, 28)},),
        ),
    ),
)


def find(spending: Spending, *, years: int = 3, weeks: int = 8) -> pl.LazyFrame:
    """One row per employed assistant of a holder with a list of papers."""
    asked = (
        spending.plan_lines.filter(pl.col("description").str.contains(WORDS))
        .join(spending.plans.filter(pl.col("status_code") == "approved").select("plan_version_id"), on="plan_version_id", how="semi")
        .select("holder_id", is_asked=pl.lit(value=True))
        .unique()
    )
    people = beside_assistants(spending, "dbs").join(asked, on="holder_id", how="left")
    is_missing = (pl.col("papers_count") == 0) & ((pl.col("last_on") - pl.col("first_on")).dt.total_days() + 1 > weeks * 7)
    is_old = (pl.col("dated_on").dt.offset_by(f"{years}y") < pl.col("last_on")).fill_null(value=False)
    is_asked = pl.col("is_asked").fill_null(value=False)
    variant = (
        pl.when(~is_asked).then(pl.lit(NOT_ASKED)).when(pl.col("papers_count") == 0).then(pl.lit(MISSING)).otherwise(pl.lit(OLD))
    ).alias("variant_code")
    measured = ("employee_id", "payee_shown", "first_on", "last_on", "dated_on")
    return about(people, "pay_slip", "pay_slip_id", "slip_on", is_asked & (is_missing | is_old), *measured, variant_code=variant)
