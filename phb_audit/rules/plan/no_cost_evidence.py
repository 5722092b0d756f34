"""A dear one-off item of the plan has no alternative on file, with its cost, that it was weighed against. A gap in the plan."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.plans_in_force import plans_in_force
from phb_audit.rules.rule import PLAN_FEEDS, Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SHED: dict[str, object] = {
    "category_code": "E10",
    "description": "Summer house",
    "frequency_code": "one-off",
    "amount_pence": 3_200_00,
}

RULE = Rule(
    id="P-16",
    title="No cost beside a dear item",
    family="A2",
    basis="cost_evidence",
    severity=1,
    outcome="information",
    looks_at="one-off items of plans in force",
    sentence="The plan in force agrees '{plan_line_words}' once for {at_stake_pence:pounds}. It names no alternative that was "
    "considered, nor what that would have cost.",
    not_found="The plan agrees '{plan_line_words}' once for {at_stake_pence:pounds}; an alternative is on file, or the item is not above "
    "{over_pence:pounds}.",
    usual="Items above {over_pence:pounds} are agreed beside another way to the same outcome, and what it costs.",
    innocent="There may be no other way, or the comparison stands in a letter that was not copied to the plan.",
    ask="Ask the care co-ordinator to write the comparison into the plan. Nothing to ask the holder.",
    clears="An alternative and its cost in the plan, or a note that there is none.",
    overtaken="The plan on file has changed.",
    same_flag=("plan_line_id",),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's care planning lead",
    is_commissioners=True,
    waits_for=PLAN_FEEDS,
    examples=(
        flagged("A summer house of 3,200 pounds, and nothing beside it", plans=({},), plan_lines=(SHED,)),
        left_alone("A day centre was weighed against it", plans=({},), plan_lines=({**SHED, "alternative": "Day centre, 2 days"},)),
        left_alone("The cost of an alternative is there", plans=({},), plan_lines=({**SHED, "alternative_annual_pence": 4_100_00},)),
        left_alone("An older version", plans=({"effective_to_on": date(2026, 6, 30)},), plan_lines=(SHED,)),
        at_the_threshold("Exactly 1,000 pounds", plans=({},), plan_lines=({**SHED, "amount_pence": 1_000_00},)),
        at_the_threshold("A penny more", flags=1, plans=({},), plan_lines=({**SHED, "amount_pence": 1_000_01},)),
    ),
)


def find(spending: Spending, *, over_pence: int = 1_000_00) -> pl.LazyFrame:
    """One row per one-off line of a plan in force."""
    lines = (
        spending.plan_lines.filter((pl.col("frequency_code") == "one-off") & (pl.col("amount_pence") > 0))
        .join(plans_in_force(spending), on="plan_version_id")
        .with_columns(NO_PAYMENT, at_stake_pence="amount_pence", plan_line_words=pl.col("description").fill_null("an item"))
    )
    is_bare = (pl.col("alternative").fill_null("").str.strip_chars() == "") & pl.col("alternative_annual_pence").is_null()
    return about(
        lines,
        "plan",
        "plan_line_id",
        "effective_from_on",
        is_bare & (pl.col("at_stake_pence") > over_pence),
        "plan_line_id",
        "plan_line_words",
    )
