"""An assistant has worked for some time and no contract is on the list of papers kept for the budget."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about
from phb_audit.rules.support import beside_assistants

ON_FILE = "on_file"
SLIP: dict[str, object] = {"period_from_on": date(2026, 3, 2), "payee_ref": "Y1"}
LIST: dict[str, object] = {"record_code": "employers_liability", "about_code": "holder"}
CONTRACT: dict[str, object] = {"record_id": "D2", "record_code": "contract", "about_code": "assistant", "employee_id": "E1"}

RULE = Rule(
    id="E-14",
    title="Contract missing",
    family="A3",
    basis="support_papers",
    severity=2,
    outcome="query",
    looks_at="employed assistants of holders for whom a list of papers is kept",
    sentence="{payee_shown} has worked from {first_on:day} to {last_on:day}. The papers kept for this budget hold no "
    "contract for that person.",
    not_found="{payee_shown} has worked since {first_on:day}, which is not yet more than {weeks} weeks.",
    usual="An assistant has a contract in the first {weeks} weeks at the latest.",
    innocent="The contract may be signed and simply not on the list yet.",
    ask="Ask the support service for the contract. Where there is none, offer the holder a model of one.",
    clears="The contract, put on the list.",
    overtaken="A contract was put on the list.",
    same_flag=("holder_id", "employee_id"),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("support_records", "payroll"),
    variants={ON_FILE: Variant(not_found="A contract of {payee_shown} is on the list.")},
    examples=(
        flagged("Six months of work, a list of papers, no contract", pay_slips=(SLIP,), support_records=(LIST,)),
        left_alone("A contract under the payroll's number", pay_slips=(SLIP,), support_records=(LIST, CONTRACT)),
        left_alone(
            "A contract under the name",
            pay_slips=(SLIP,),
            support_records=(LIST, {**CONTRACT, "employee_id": None, "payee_ref": "Y1"}),
        ),
        left_alone("No list of papers is kept", pay_slips=(SLIP,)),
        at_the_threshold("Exactly eight weeks", pay_slips=({**SLIP, "period_from_on": date(2026, 7, 4)},), support_records=(LIST,)),
    ),
)


def find(spending: Spending, *, weeks: int = 8) -> pl.LazyFrame:
    """One row per employed assistant of a holder with a list of papers."""
    people = beside_assistants(spending, "contract")
    days = (pl.col("last_on") - pl.col("first_on")).dt.total_days() + 1
    is_found = (pl.col("papers_count") == 0) & (days > weeks * 7)
    variant = pl.when(pl.col("papers_count") > 0).then(pl.lit(ON_FILE)).otherwise(pl.lit("")).alias("variant_code")
    measured = ("employee_id", "payee_shown", "first_on", "last_on", "papers_count")
    return about(people, "pay_slip", "pay_slip_id", "slip_on", is_found, *measured, variant_code=variant)
