"""A person paid for support like somebody employed, regularly and for long, who is on no payroll."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import employed
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SUPPORT = ("C01", "C11")


def _fortnightly(count: int, pence: int = 480_00, **more: object) -> tuple[Row, ...]:
    first = date(2026, 10, 30) - timedelta(weeks=2 * (count - 1))
    paid = {"payee_ref": "Y1", "payee_id": "Y1", "payee_shown": "a named person (Y12ab)", "category_code": "C11", **more}
    return tuple(
        {**paid, "payment_id": f"P{place}", "paid_on": first + timedelta(weeks=2 * place), "amount_pence": pence} for place in range(count)
    )


RULE = Rule(
    id="W-16",
    title="Self-employed, but paid like an employee",
    family="A5",
    basis="employment_status",
    severity=2,
    outcome="query",
    looks_at="persons paid for support out of direct payments who have no pay slip",
    sentence="{payee_shown} was paid {times_count} times for support from {first_on:day} to {subject_on:day}, usually "
    "{middle_pence:pounds} each "
    "time. No pay slip of that person is on file.",
    not_found="{payee_shown} was paid {times_count} times for support since {first_on:day}, which is not regular, long or "
    "much enough to be like wages.",
    usual="Somebody who helps every week at the same hours and pay is mostly an employee, with payroll, holiday and pension.",
    innocent="The person may work for several families and be truly self-employed, or the payroll has them under another name.",
    ask="Ask the holder how the person is engaged, and offer support to check the employment status. Nobody has to pay "
    "anything back for it.",
    clears="A check of the employment status with its result, a contract for services, or pay slips.",
    overtaken="Pay slips were added, or the payments are no longer regular.",
    same_flag=("holder_id", "payee_ref"),
    decides="payroll",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll", "bank"),
    examples=(
        flagged("480 pounds every fortnight for half a year", payments=_fortnightly(14)),
        left_alone("On the payroll", payments=_fortnightly(14), pay_slips=({"payee_ref": "Y1"},)),
        left_alone("30 pounds a week to a befriender", payments=_fortnightly(14, 60_00)),
        left_alone("A few weeks only", payments=_fortnightly(5)),
        at_the_threshold("Exactly 26 weeks from the first payment to the last", flags=1, payments=_fortnightly(14)),
        at_the_threshold("24 weeks from the first payment to the last", payments=_fortnightly(13)),
    ),
)


def find(spending: Spending, *, weeks: int = 26, least_week_pence: int = 150_00, most_gap_days: int = 35) -> pl.LazyFrame:
    """One row per holder and person paid for support: how often, since when, and how evenly."""
    person = ["holder_id", "payee_ref"]
    paid = spending.payments.filter(
        pl.col("payee_ref").is_not_null()
        & pl.col("category_code").is_in(SUPPORT)
        & ~pl.col("is_abstained")
        & (pl.col("amount_pence") > 0)
        & (pl.col("holding_code") == "direct_payment")
    ).join(employed(spending), on=person, how="anti")
    amount = pl.col("amount_pence")
    people = (
        paid.sort("paid_on", "payment_id")
        .group_by(person, maintain_order=True)
        .agg(
            pl.len().cast(pl.Int64).alias("times_count"),
            pl.col("paid_on").min().alias("first_on"),
            pl.col("paid_on").max().alias("last_on"),
            pl.col("paid_on").diff().dt.total_days().max().alias("gap_days"),
            amount.median().round(0).cast(pl.Int64).alias("middle_pence"),
            ((amount - amount.median()).abs() <= amount.median() * 0.25).mean().alias("even_share"),
            amount.sum().alias("at_stake_pence"),
            pl.col("payee_shown").first(),
        )
        .with_columns(NO_PAYMENT, span_days=(pl.col("last_on") - pl.col("first_on")).dt.total_days())
    )
    is_found = (
        (pl.col("span_days") >= weeks * 7)
        & (pl.col("gap_days") <= most_gap_days)
        & (pl.col("even_share") >= 0.75)
        & (pl.col("at_stake_pence") / (pl.col("span_days") / 7 + 1) >= least_week_pence)
    )
    measured = ("payee_ref", "payee_shown", "times_count", "first_on", "middle_pence", "span_days", "gap_days", "even_share")
    return about(people, "holder", "holder_id", "last_on", is_found, *measured)
