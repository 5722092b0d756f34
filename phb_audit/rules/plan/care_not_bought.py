"""Care that the plan agrees is hardly being bought: a need may not be met.

The weeks looked at end where the account's lines end, so a late statement is not taken for missing care. Whatever may have been care
counts as care: pay to people, whoever was paid for care before, and purchases whose words settle nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.plans_in_force import plans_in_force, running
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

CARE = ("C01", "C08", "C09", "C11")
RHYTHMS = ("weekly", "4-weekly", "monthly")
AWAY = ("admission", "absence", "suspension")
WAS_AWAY, TOO_NEW, BEHIND = "was_away", "too_new", "behind"
PLAN: dict[str, object] = {"category_code": "C08", "frequency_code": "weekly", "amount_pence": 100_00, "annual_pence": 5_200_00}
PLANS: tuple[dict[str, object], ...] = ({},)
LINES = (PLAN,)
ACCOUNTS: tuple[dict[str, object], ...] = ({},)
BUDGETS: tuple[dict[str, object], ...] = ({"starts_on": date(2026, 1, 1)},)
AGREED: dict[str, Any] = {"plans": PLANS, "plan_lines": LINES, "accounts": ACCOUNTS, "budgets": BUDGETS}
VISITS: dict[str, object] = {"category_code": "C08", "paid_on": date(2026, 10, 20), "amount_pence": 280_00}

RULE = Rule(
    id="P-11",
    title="Agreed care hardly bought",
    family="A2",
    basis="needs_met",
    severity=3,
    outcome="clinician",
    looks_at="holders of an open direct payment with lines of its account, whose plan in force has paid care in a weekly, four-weekly or "
    "monthly rhythm",
    sentence="From {since_on:day} to {subject_on:day} {bought_pence:pounds} was spent on paid care. For such a time the plan agrees "
    "{planned_pence:pounds}.",
    not_found="From {since_on:day} to {subject_on:day} {bought_pence:pounds} was spent on paid care, of {planned_pence:pounds} the plan "
    "agrees for such a time.",
    usual="Most of the paid care a plan agrees is bought; this is told below {least_share:percent} over {weeks} weeks.",
    innocent="Bills may come late, family may help out for a while, an assistant may have left, or care is paid from another account.",
    ask="Ask the care co-ordinator soon whether the person has the care they need. It is no question about the money.",
    clears="A note that the need is met in another way, invoices still to be paid, or a plan brought up to date.",
    overtaken="Care was paid for, or the plan has changed.",
    same_flag=("holder_id", "plan_version_id"),
    decides="plan",
    owner="Clinical lead for personalised care",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    is_safeguarding=True,
    waits_for=ALL_FEEDS,
    variants={
        WAS_AWAY: Variant(not_found="The person was in hospital, away or suspended in the weeks looked at."),
        TOO_NEW: Variant(not_found="The plan or the budget is younger than the weeks looked at and the weeks a bill may take."),
        BEHIND: Variant(not_found="The lines of the account end {subject_on:day}, too long ago to say what is bought now."),
    },
    examples=(
        flagged(
            "Six weeks with two visits paid, of 600 pounds agreed",
            **AGREED,
            payments=(VISITS,),
        ),
        left_alone(
            "Four weeks of the six were paid",
            **AGREED,
            payments=({**VISITS, "amount_pence": 400_00},),
        ),
        left_alone(
            "In hospital for a part of it",
            **AGREED,
            events=({"event_code": "admission", "from_on": date(2026, 10, 1)},),
            payments=(VISITS,),
        ),
        left_alone(
            "The plan began in August",
            plans=({"effective_from_on": date(2026, 8, 20)},),
            plan_lines=LINES,
            accounts=ACCOUNTS,
            budgets=BUDGETS,
            payments=(VISITS,),
        ),
        left_alone(
            "The last statement ends in May",
            plans=PLANS,
            plan_lines=LINES,
            accounts=({"last_line_on": date(2026, 5, 31)},),
            budgets=BUDGETS,
        ),
        left_alone(
            "The account has sent no line yet",
            plans=PLANS,
            plan_lines=LINES,
            accounts=({"last_line_on": None},),
            budgets=BUDGETS,
        ),
        left_alone(
            "A purchase whose words settle nothing may have been care",
            **AGREED,
            payments=(VISITS, {**VISITS, "payment_id": "P2", "category_code": "M04", "is_abstained": True}),
        ),
        left_alone(
            "The agency's last bill was misread",
            **AGREED,
            payments=(VISITS, {**VISITS, "payment_id": "P2", "category_code": "T01"}),
        ),
        at_the_threshold(
            "Exactly half",
            **AGREED,
            payments=({**VISITS, "amount_pence": 300_00},),
        ),
        at_the_threshold(
            "A penny less than half",
            flags=1,
            **AGREED,
            payments=({**VISITS, "amount_pence": 299_99},),
        ),
    ),
)


def find(spending: Spending, *, weeks: int = 6, least_share: float = 0.5, bill_weeks: int = 6, most_behind_days: int = 100) -> pl.LazyFrame:
    """One row per holder of an open direct payment with regular care in the plan in force."""
    span = timedelta(days=7 * weeks - 1)
    planned = (
        spending.plan_lines.filter(pl.col("category_code").is_in(CARE) & pl.col("frequency_code").is_in(RHYTHMS) & running(spending))
        .join(plans_in_force(spending), on="plan_version_id")
        .group_by("holder_id")
        .agg(
            (pl.col("annual_pence").sum() * weeks / 52).round(0).cast(pl.Int64).alias("planned_pence"),
            pl.col("plan_version_id").first(),
            pl.col("effective_from_on").max(),
        )
        .filter(pl.col("planned_pence") > 0)
    )
    has_lines = (pl.col("holding_code") == "direct_payment") & pl.col("last_line_on").is_not_null()
    reached = spending.accounts.filter(has_lines).group_by("holder_id")
    holders = (
        open_budgets(spending)
        .filter(pl.col("holding_code") == "direct_payment")
        .join(planned, on="holder_id")
        .join(reached.agg(reached_on=pl.col("last_line_on").min()), on="holder_id")
        .select("holder_id", "plan_version_id", "planned_pence", "reached_on", begun_on=pl.max_horizontal("effective_from_on", "starts_on"))
        .with_columns(since_on=pl.col("reached_on") - span)
    )
    rows = (
        holders.join(_bought(spending, holders), on="holder_id", how="left")
        .join(_away(spending, holders), on="holder_id", how="left")
        .with_columns(NO_PAYMENT, pl.col("bought_pence").fill_null(0))
        .with_columns(at_stake_pence=(pl.col("planned_pence") - pl.col("bought_pence")).clip(0))
    )
    is_young = pl.col("begun_on") > pl.col("since_on") - pl.duration(weeks=bill_weeks)
    is_behind = (pl.lit(spending.as_of) - pl.col("reached_on")).dt.total_days() > most_behind_days
    variant = (
        pl.when(is_behind)
        .then(pl.lit(BEHIND))
        .when(is_young.fill_null(False))
        .then(pl.lit(TOO_NEW))
        .when(pl.col("is_away").fill_null(False))
        .then(pl.lit(WAS_AWAY))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(variant_code=variant)
    is_found = (pl.col("bought_pence") < pl.col("planned_pence") * least_share) & (pl.col("variant_code") == "")
    return about(
        rows, "holder", "holder_id", "reached_on", is_found, "plan_version_id", "since_on", "bought_pence", "planned_pence", "variant_code"
    )


def _bought(spending: Spending, holders: pl.LazyFrame) -> pl.LazyFrame:
    """What each holder spent in their weeks on what was, or may have been, care."""
    is_care = pl.col("category_code").str.starts_with("C") | pl.col("line_category_code").fill_null("").str.starts_with("C")
    payee = ["holder_id", "payee_id"]
    spent = spending.payments.filter("is_spend").join(holders.select("holder_id", "since_on", "reached_on"), on="holder_id")
    carers = spent.filter(is_care).select(*payee, is_a_carer=pl.lit(True)).unique()
    in_weeks = spent.filter(pl.col("paid_on").is_between(pl.col("since_on"), pl.col("reached_on"))).join(carers, on=payee, how="left")
    may_be_care = (
        is_care | pl.col("is_a_carer") | pl.col("payee_ref").is_not_null() | pl.col("is_abstained") | (pl.col("category_code") == "M04")
    )
    return in_weeks.filter(may_be_care).group_by("holder_id").agg(pl.col("amount_pence").sum().alias("bought_pence"))


def _away(spending: Spending, holders: pl.LazyFrame) -> pl.LazyFrame:
    """Holders in hospital, away or suspended in some of their weeks."""
    return (
        spending.events.filter(pl.col("event_code").is_in(AWAY))
        .select("holder_id", "from_on", "to_on")
        .join(holders.select("holder_id", "since_on", "reached_on"), on="holder_id")
        .filter((pl.col("from_on") <= pl.col("reached_on")) & (pl.col("to_on").fill_null(spending.as_of) >= pl.col("since_on")))
        .select("holder_id", is_away=pl.lit(True))
        .unique()
    )
