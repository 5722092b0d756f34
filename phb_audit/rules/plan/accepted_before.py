"""A purchase outside the plan is like one that stood in the account at the last financial audit, or for long without a word.

Whoever heard nothing could take it for agreed. The history is put beside the question, once for a payee and a kind, so that nothing
is asked back without notice.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import agreed_exception, at_the_threshold, flagged, left_alone
from phb_audit.rules.plan_match import against_plan
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

NOTHING_LIKE, NO_AUDIT, SILENCE = "nothing_like", "no_audit", "silence"
SOFA: dict[str, object] = {"category_code": "H04", "match_code": "no_match", "amount_pence": 60_00}
EARLIER: dict[str, object] = {**SOFA, "payment_id": "P0", "paid_on": date(2026, 3, 2)}
ART: tuple[dict[str, object], ...] = ({"category_code": "A05"},)
AUDIT: tuple[dict[str, object], ...] = ({"event_code": "financial_audit", "from_on": date(2026, 5, 12)},)

RULE = Rule(
    id="P-14",
    title="Like purchases accepted before",
    family="A2",
    basis="silence",
    severity=2,
    outcome="information",
    looks_at="purchases of a kind the plan in force does not name, made after the last financial audit, or where none is on file",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}, which the plan does not name. "
    "At the financial audit of {audited_on:day} the account had {before_count:many purchase} of that kind, last on {before_on:day}.",
    not_found="{category_code:category} is not outside the plan in force, or too small to be asked about.",
    usual="What an audit does not accept is said to the holder at the audit.",
    innocent="The audit may have asked and noted it elsewhere, or looked at a sample only.",
    ask="Ask whoever audited then whether it was talked about. If not, tell the holder for the future and ask nothing back.",
    clears="A note of the audit that it was questioned then, or that it is agreed.",
    overtaken="The plan, the audit on file or our reading of the purchases has changed.",
    same_flag=("holder_id", "payee_id", "category_code"),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    duty_of="the finance team's audit lead",
    is_commissioners=True,
    waits_for=ALL_FEEDS,
    variants={
        NO_AUDIT: Variant(not_found="No financial audit before it is on file, and none like it stood in the account for long."),
        SILENCE: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}, which the plan does "
            "not name. One of that kind stood in the account since {like_on:day}, for {silent_days} days or more, and nobody asked.",
            usual="What is not accepted is said to the holder soon after it stands in the account.",
            innocent="Somebody may have asked and noted it elsewhere.",
            ask="Ask the team whether it was ever talked about. If not, tell the holder for the future and ask nothing back.",
            clears="A note that it was questioned then, or that it is agreed.",
        ),
        NOTHING_LIKE: Variant(not_found="At the financial audit of {audited_on:day} the account had no purchase of that kind."),
    },
    examples=(
        flagged("A carpet in August, and one in March before the audit of May", payments=(SOFA, EARLIER), plan_lines=ART, events=AUDIT),
        flagged(
            "Two carpets from one shop since the audit: one flag",
            payments=(SOFA, {**SOFA, "payment_id": "P2", "paid_on": date(2026, 9, 3)}, EARLIER),
            plan_lines=ART,
            events=AUDIT,
        ),
        left_alone("Nothing like it before the audit", payments=(SOFA,), plan_lines=ART, events=AUDIT),
        left_alone("No audit on file, and five months between them", payments=(SOFA, EARLIER), plan_lines=ART),
        flagged(
            "No audit on file, and half a year without a word",
            payments=(SOFA, {**EARLIER, "paid_on": date(2026, 2, 4)}),
            plan_lines=ART,
        ),
        at_the_threshold(
            "A day less than half a year without a word",
            payments=(SOFA, {**EARLIER, "paid_on": date(2026, 2, 5)}),
            plan_lines=ART,
        ),
        left_alone(
            "Asked about before the second was bought",
            payments=(SOFA, {**EARLIER, "paid_on": date(2026, 1, 4)}),
            plan_lines=ART,
            raised=({"rule_id": "P-02", "payment_id": "P0", "first_flagged_on": date(2026, 1, 31)},),
        ),
        left_alone(
            "The earlier one came after the audit", payments=(SOFA, {**EARLIER, "paid_on": date(2026, 6, 2)}), plan_lines=ART, events=AUDIT
        ),
        at_the_threshold(
            "The earlier one was paid on the day of the audit",
            payments=(SOFA, {**EARLIER, "paid_on": date(2026, 5, 12)}),
            plan_lines=ART,
            events=AUDIT,
        ),
        agreed_exception(
            "Agreed by name since the audit",
            payments=(
                {**SOFA, "match_code": "fits", "is_preapproved": True, "plan_line_id": "PL1/v1/1", "line_amount_pence": 60_00},
                EARLIER,
            ),
            plan_lines=ART,
            events=AUDIT,
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.9, least_pence: int = 15_00, silent_days: int = 180) -> pl.LazyFrame:
    """One row per purchase on a day with a plan: what the last audit before it could have seen of its kind, or how long nobody asked."""
    kind = ["holder_id", "category_code"]
    audits = pl.concat(
        [
            spending.events.filter(pl.col("event_code") == "financial_audit").select("holder_id", audited_on="from_on"),
            spending.budgets.select("holder_id", audited_on="last_audit_on"),
        ]
    )
    latest = audits.filter(pl.col("audited_on") <= spending.as_of).group_by("holder_id").agg(pl.col("audited_on").max())
    rows = (
        against_plan(spending, least_share)
        .join(latest, on="holder_id", how="left")
        .with_columns(is_outside=pl.col("is_outside_plan") & (pl.col("amount_pence") >= least_pence))
    )
    before = (
        rows.filter(pl.col("is_outside") & (pl.col("paid_on") < pl.col("audited_on")))
        .group_by(kind)
        .agg(pl.len().cast(pl.Int64).alias("before_count"), pl.col("paid_on").max().alias("before_on"))
    )
    # The case of the first payment to a payee outside the plan, as the plan match itself gives it.
    rows = (
        first_at(rows, pl.col("is_outside"), "payee_id")
        .join(before, on=kind, how="left")
        .join(_unasked(spending, rows), on=kind, how="left")
    )
    is_after = (pl.col("paid_on") >= pl.col("audited_on")).fill_null(False)
    is_accepted = pl.col("is_outside") & is_after & pl.col("before_count").is_not_null()
    was_asked = (pl.col("asked_on") <= pl.col("paid_on")).fill_null(False)
    has_stood = ((pl.col("paid_on") - pl.col("like_on")).dt.total_days() >= silent_days).fill_null(False)
    is_silence = pl.col("is_outside") & pl.col("audited_on").is_null() & has_stood & ~was_asked
    is_found = is_accepted | is_silence
    variant = (
        pl.when(is_silence)
        .then(pl.lit(SILENCE))
        .when(is_found | ~pl.col("is_outside"))
        .then(pl.lit(""))
        .when(is_after)
        .then(pl.lit(NOTHING_LIKE))
        .otherwise(pl.lit(NO_AUDIT))
        .alias("variant_code")
    )
    measured = ("case_payment_id", "payee_id", "category_code", "audited_on", "before_count", "before_on", "like_on")
    return about_payments(rows, is_found, *measured, variant_code=variant)


def _unasked(spending: Spending, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Of each holder and kind: the first purchase outside the plan, and when one of them was first asked about."""
    first = spending.raised.select("payment_id", "first_flagged_on")
    return (
        rows.filter("is_outside")
        .join(first, on="payment_id", how="left")
        .group_by("holder_id", "category_code")
        .agg(pl.col("paid_on").min().alias("like_on"), pl.col("first_flagged_on").min().alias("asked_on"))
    )
