"""The plan has assistants do clinical tasks, and no training of an assistant is on the list of papers."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about
from phb_audit.rules.support import beside_assistants

EXPIRED, MISSING, NO_TASK = "expired", "missing", "no_task"
OF_ASSISTANTS = ("C01", "C05")
TASKS = (
    r"(?i)\b(?:peg|gastrostomy|enteral|tube feed\w*|suction\w*|trache\w*|ventilat\w*|oxygen|insulin|catheter\w*|stoma|"
    r"rescue med\w*|buccal|midazolam|bowel care|wound care|delegated)\b"
)
SLIP: dict[str, object] = {"payee_ref": "Y1", "period_from_on": date(2026, 3, 2)}
PLAN: tuple[dict[str, object], ...] = ({},)
LINE: tuple[dict[str, object], ...] = ({"category_code": "C01", "description": "Personal assistants with PEG feeding"},)
TRAINED: dict[str, object] = {"record_code": "training", "employee_id": "E1", "valid_from_on": date(2026, 1, 5)}
LIST: dict[str, object] = {"record_code": "contract", "employee_id": "E1"}

RULE = Rule(
    id="P-13",
    title="Clinical task without training",
    family="A2",
    basis="delegated_tasks",
    severity=3,
    outcome="clinician",
    looks_at="employed assistants of holders whose plan speaks of clinical tasks and for whom a list of papers is kept",
    sentence="The plan's lines for assistants speak of '{task_shown}'. {payee_shown} has worked from {first_on:day} to {last_on:day}, and "
    "the papers kept for this "
    "budget hold no training for that person.",
    not_found="Training of {payee_shown} is on the list, or the person has not worked for more than {weeks} weeks.",
    usual="Whoever does a clinical task is trained for it and signed off by a clinician first.",
    innocent="This assistant may leave the task to others, or be trained and signed off with no paper on the list.",
    ask="Ask the care co-ordinator who does the task and who signed the training off. Nothing to ask the holder yet.",
    clears="The training and its sign-off, or a note that others do the task.",
    overtaken="Training was put on the list, or the plan has changed.",
    same_flag=("holder_id", "employee_id", "variant_code"),
    decides="plan",
    owner="Clinical lead for personalised care",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    waits_for=("support_records", "payroll", "plans", "plan_lines"),
    variants={
        MISSING: Variant(),
        EXPIRED: Variant(
            sentence="The plan's lines for assistants speak of '{task_shown}'. The training of {payee_shown} on the list of papers held "
            "until {holds_until_on:day}; "
            "the person has worked up to {last_on:day}.",
        ),
        NO_TASK: Variant(not_found="The plan's lines for assistants speak of no clinical task."),
    },
    examples=(
        flagged("PEG feeding and no training on the list", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,), support_records=(LIST,)),
        flagged(
            "Training that held until May",
            plans=PLAN,
            plan_lines=LINE,
            pay_slips=(SLIP,),
            support_records=({**TRAINED, "valid_until_on": date(2026, 5, 31)},),
        ),
        left_alone("Trained in January", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,), support_records=(TRAINED,)),
        left_alone("No clinical task in the plan", plans=PLAN, pay_slips=(SLIP,), support_records=(LIST,)),
        left_alone("No list of papers is kept", plans=PLAN, plan_lines=LINE, pay_slips=(SLIP,)),
        at_the_threshold(
            "Exactly four weeks of work", plans=PLAN, plan_lines=LINE, pay_slips=({"payee_ref": "Y1"},), support_records=(LIST,)
        ),
    ),
)


def find(spending: Spending, *, weeks: int = 4) -> pl.LazyFrame:
    """One row per employed assistant of a holder with a list of papers."""
    tasks = (
        spending.plan_lines.filter(pl.col("category_code").is_in(OF_ASSISTANTS) & pl.col("description").str.contains(TASKS))
        .join(spending.plans.filter(pl.col("status_code") == "approved").select("plan_version_id"), on="plan_version_id", how="semi")
        .sort("plan_line_id")
        .group_by("holder_id", maintain_order=True)
        .agg(pl.col("description").last().str.extract(f"({TASKS})", 1).alias("task_shown"))
    )
    people = beside_assistants(spending, "training").join(tasks, on="holder_id", how="left")
    is_long = (pl.col("last_on") - pl.col("first_on")).dt.total_days() + 1 > weeks * 7
    is_expired = ~pl.col("has_no_end") & (pl.col("holds_until_on") < pl.col("last_on")).fill_null(value=False)
    variant = (
        pl.when(pl.col("task_shown").is_null())
        .then(pl.lit(NO_TASK))
        .when((pl.col("papers_count") == 0) & is_long)
        .then(pl.lit(MISSING))
        .when(is_expired)
        .then(pl.lit(EXPIRED))
        .otherwise(pl.lit(""))
    )
    people = people.with_columns(variant_code=variant)
    is_found = pl.col("variant_code").is_in([MISSING, EXPIRED])
    measured = ("employee_id", "task_shown", "payee_shown", "first_on", "last_on", "holds_until_on", "variant_code")
    return about(people, "pay_slip", "pay_slip_id", "slip_on", is_found, *measured)
