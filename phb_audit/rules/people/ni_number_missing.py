"""An assistant on the payroll without a National Insurance number, or two assistants with the same one."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SAME, MISSING, NEW = "same", "missing", "new"
FIRST: dict[str, object] = {"person_ref": "N1", "ni_ref": "I1", "paid_on": date(2026, 8, 28)}
SECOND: dict[str, object] = {**FIRST, "pay_slip_id": "W2", "employee_id": "E2", "person_ref": "N2"}
BEFORE: dict[str, object] = {**FIRST, "pay_slip_id": "W0", "ni_ref": None, "paid_on": date(2026, 5, 8)}

RULE = Rule(
    id="W-18",
    title="National Insurance number missing or shared",
    family="A5",
    basis="pay_records",
    severity=3,
    outcome="query",
    looks_at="assistants on the payroll",
    sentence="An assistant has been paid since {first_on:day} in {slips_count:many pay slip}, the last on {last_on:day}. None of them "
    "has a National Insurance number.",
    not_found="The slips have a National Insurance number, and no other assistant of this budget has the same.",
    usual="Each assistant has a National Insurance number of their own, in the first {weeks} weeks at the latest.",
    innocent="Somebody new may be waiting for a number, which does not stop them working, or the payroll agent's file leaves it out.",
    ask="Ask the payroll agent whether the number is known. Nothing to ask the holder yet.",
    clears="The number on the next slip, or the payroll agent's word that it has been asked for.",
    overtaken="The number was added or put right.",
    same_flag=("holder_id", "employee_id", "variant_code"),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    restricted_with=("A-03", "A-11", "E-05", "E-06", "W-07"),
    variants={
        MISSING: Variant(severity=2),
        SAME: Variant(
            sentence="{people_count} assistants of this budget with different names have the same National Insurance number "
            "on their pay slips.",
            innocent="Somebody's name may have changed by marriage, or a clerk typed one number twice.",
            ask="Ask the payroll agent whether they are one person or two. Nothing to ask the holder yet.",
            clears="The payroll agent's word that it is one person, or a corrected number.",
        ),
        NEW: Variant(
            not_found="No number yet, but only {slips_count:many pay slip} since {first_on:day}; or other slips of that agent "
            "have none either."
        ),
    },
    examples=(
        flagged(
            "Sixteen weeks and no number, a colleague has one",
            pay_slips=(BEFORE, {**BEFORE, "pay_slip_id": "W1", "paid_on": date(2026, 8, 28)}, {**SECOND, "ni_ref": "I2"}),
        ),
        flagged("Two names, one number", flags=2, pay_slips=(FIRST, SECOND)),
        left_alone("Each their own number", pay_slips=(FIRST, {**SECOND, "ni_ref": "I2"})),
        left_alone("One person with two references", pay_slips=(FIRST, {**SECOND, "person_ref": "N1"})),
        left_alone(
            "The payroll agent sends no numbers at all", pay_slips=(BEFORE, {**BEFORE, "pay_slip_id": "W1", "paid_on": date(2026, 8, 28)})
        ),
        at_the_threshold(
            "Exactly twelve weeks",
            pay_slips=(
                {**BEFORE, "paid_on": date(2026, 6, 5)},
                {**BEFORE, "pay_slip_id": "W1", "paid_on": date(2026, 8, 28)},
                {**SECOND, "ni_ref": "I2"},
            ),
        ),
    ),
)


def find(spending: Spending, *, weeks: int = 12) -> pl.LazyFrame:
    """One row per assistant (employee) on the payroll of a holder."""
    slips = spending.pay_slips.with_columns(slip_on=pl.coalesce("paid_on", "period_to_on"))
    numbers = (
        slips.filter(pl.col("ni_ref").is_not_null())
        .group_by("holder_id", "ni_ref")
        .agg(pl.col("person_ref").drop_nulls().n_unique().cast(pl.Int64).alias("people_count"))
    )
    people = (
        slips.sort("slip_on", "pay_slip_id")
        .group_by("holder_id", "employee_id", maintain_order=True)
        .agg(
            pl.col("ni_ref").drop_nulls().last(),
            pl.col("slip_on").min().alias("first_on"),
            pl.col("slip_on").max().alias("last_on"),
            pl.len().cast(pl.Int64).alias("slips_count"),
            pl.col("pay_slip_id").last(),
            pl.col("net_pence").last().alias("at_stake_pence"),
        )
        .join(numbers, on=["holder_id", "ni_ref"], how="left")
        .with_columns(
            NO_PAYMENT,
            people_count=pl.col("people_count").fill_null(1),
            sends_numbers=pl.col("ni_ref").is_not_null().any().over("holder_id"),
        )
    )
    is_missing = pl.col("ni_ref").is_null()
    is_long = (pl.col("last_on") - pl.col("first_on")).dt.total_days() > weeks * 7
    variant = (
        pl.when(is_missing & is_long & pl.col("sends_numbers"))
        .then(pl.lit(MISSING))
        .when(is_missing)
        .then(pl.lit(NEW))
        .when(pl.col("people_count") > 1)
        .then(pl.lit(SAME))
        .otherwise(pl.lit(""))
    )
    people = people.with_columns(variant_code=variant)
    is_found = pl.col("variant_code").is_in([MISSING, SAME])
    measured = ("employee_id", "first_on", "last_on", "slips_count", "people_count", "variant_code")
    return about(people, "pay_slip", "pay_slip_id", "last_on", is_found, *measured)
