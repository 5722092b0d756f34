"""A limit of a rule changed without holders being told before its first day, or changed for what was bought already."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.tables.flagged import EVERYONE

NOT_TOLD, TOLD_LATE, REACHES_BACK = "not_told", "told_late", "reaches_back"

RULE = Rule(
    id="G-14",
    title="Limit changed",
    family="A6",
    basis="told_first",
    severity=2,
    outcome="information",
    looks_at="limits of rules that changed",
    sentence="The limit '{limit_name}' of rule {rule_id} went from {before_shown} to {value_shown} on {from_on:day}, and it is not "
    "written that holders were told.",
    not_found="Holders were told on {told_on:day}, and the limit changed on {from_on:day}.",
    usual="A change has a first day, and people are told before it comes.",
    innocent="The letter may have gone out and its day not been written down, or the change may only make things easier.",
    ask="Ask the budgets team when holders were told, and write that day beside the limit.",
    clears="The day holders were told, on or before the first day of the change.",
    overtaken="The limits were written anew.",
    same_flag=("change_id", "variant_code"),
    decides="feed",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the personal health budgets team's lead",
    is_commissioners=True,
    variants={
        NOT_TOLD: Variant(),
        TOLD_LATE: Variant(
            sentence="The limit '{limit_name}' of rule {rule_id} went from {before_shown} to {value_shown} on {from_on:day}, and holders "
            "were told on {told_on:day} only.",
        ),
        REACHES_BACK: Variant(
            sentence="The limit '{limit_name}' of rule {rule_id} was changed from {before_shown} to {value_shown} without a first day, so "
            "it now holds for what was bought before, too.",
            ask="Ask who changed it. Write it with its first day, and put the earlier value back for the time before.",
            clears="The earlier value back in place, and the new one with its first day.",
        ),
    },
    examples=(
        flagged("Less cash from July, and no word of a letter", limit_changes=({"told_on": None},)),
        flagged("A letter a week too late", limit_changes=({"told_on": date(2026, 7, 8)},)),
        flagged("A change without a first day", limit_changes=({"from_on": None, "told_on": None},)),
        left_alone("A letter a month before", limit_changes=({},)),
        at_the_threshold("A letter on the very day", limit_changes=({"told_on": date(2026, 7, 1)},)),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per change of a limit."""
    variant = (
        pl.when(pl.col("from_on").is_null())
        .then(pl.lit(REACHES_BACK))
        .when(pl.col("told_on").is_null())
        .then(pl.lit(NOT_TOLD))
        .when(pl.col("told_on") > pl.col("from_on"))
        .then(pl.lit(TOLD_LATE))
        .otherwise(pl.lit(""))
    )
    first = pl.col("from_on").dt.to_string("%Y-%m-%d").fill_null("")
    changes = spending.limit_changes.with_columns(
        NO_PAYMENT,
        holder_id=pl.lit(EVERYONE),
        at_stake_pence=pl.lit(0, dtype=pl.Int64),
        day=pl.col("from_on").fill_null(spending.as_of),
        change_id=pl.concat_str("rule_id", "limit_name", first, "value_shown", separator="/"),
        variant_code=variant,
    )
    is_found = pl.col("variant_code") != ""
    measured = ("change_id", "rule_id", "limit_name", "from_on", "told_on", "before_shown", "value_shown", "variant_code")
    return about(changes, "feed", "change_id", "day", is_found, *measured)
