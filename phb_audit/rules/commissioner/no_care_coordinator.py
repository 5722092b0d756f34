"""The plan names no care co-ordinator: the commissioner's own gap."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import PLAN_FEEDS, Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

RULE = Rule(
    id="G-05",
    title="No care co-ordinator named",
    family="A6",
    basis="care_plan",
    severity=2,
    outcome="information",
    looks_at="plans in force that say whether a care co-ordinator is named",
    sentence="The plan in force since {subject_on:day} names no care co-ordinator.",
    not_found="The plan in force since {subject_on:day} names a care co-ordinator.",
    usual="Every plan names the person's care co-ordinator.",
    innocent="The co-ordinator may have changed and the new name not been recorded.",
    ask="Ask the continuing healthcare team who the co-ordinator is. Nothing to ask the holder.",
    clears="A name in the plan.",
    overtaken="A care co-ordinator was recorded, or a new plan came into force.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's lead",
    is_commissioners=True,
    waits_for=(*PLAN_FEEDS, "holder_events"),
    examples=(
        flagged("Nobody is named", plans=({"has_care_coordinator": False},)),
        left_alone("Somebody is named", plans=({"has_care_coordinator": True},)),
        left_alone("The plan says nothing either way", plans=({},)),
        at_the_threshold(
            "The last day in force is today", flags=1, plans=({"has_care_coordinator": False, "effective_to_on": date(2026, 10, 31)},)
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per plan version in force on the day looked at that says whether a co-ordinator is named."""
    day = pl.lit(spending.as_of)
    over = spending.events.filter(pl.col("event_code").is_in(["death", "end_of_eligibility"])).select("holder_id").unique()
    in_force = (
        spending.plans.filter(
            (pl.col("status_code") == "approved")
            & (pl.col("effective_from_on") <= day)
            & (pl.col("effective_to_on").is_null() | (pl.col("effective_to_on") >= day))
            & pl.col("has_care_coordinator").is_not_null()
        )
        .join(over, on="holder_id", how="anti")
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
    )
    return about(in_force, "plan", "plan_version_id", "effective_from_on", ~pl.col("has_care_coordinator"))
