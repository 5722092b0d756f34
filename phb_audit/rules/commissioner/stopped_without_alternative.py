"""Payments have stopped, and nobody is seen to pay for care in another way: the need does not stop with the money."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.open_budgets import open_budgets
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about

SUSPENDED, AWAY, ARRANGED = "suspended", "away", "arranged"
OPEN: tuple[dict[str, object], ...] = ({"starts_on": date(2025, 4, 1)},)
SUMMER = tuple(
    {"instalment_id": f"T{month}", "kind_code": "regular", "paid_on": date(2026, month, 1), "period_to_on": date(2026, month, 28)}
    for month in (5, 6, 7)
)
FEED: tuple[dict[str, object], ...] = ({"feed_code": "instalments"},)
SUSPENSION: tuple[dict[str, object], ...] = ({"event_code": "suspension", "from_on": date(2026, 8, 1)},)

RULE = Rule(
    id="G-12",
    title="Payments stopped without other care",
    family="A6",
    basis="alternative_care",
    severity=4,
    outcome="information",
    looks_at="open budgets into which {least_count} regular instalments or more were paid",
    sentence="The last instalment covers up to {subject_on:day}. Neither the holder nor the commissioner has paid for care since, and the "
    "budget is open.",
    not_found="The last instalment covers up to {subject_on:day}; stopped means {days} days beyond that.",
    usual="Where payments stop, the commissioner arranges the care itself from that day.",
    innocent="The care may be paid by another fund or body whose ledger we do not see, or the person did not want care for a while.",
    ask="Ask the continuing healthcare team today how the person gets the care in the plan. Nothing to ask the holder for.",
    clears="A note of the care arranged, or the payments begun again.",
    overtaken="Payments have begun again, care was paid for in another way, or the budget has ended.",
    same_flag=("holder_id", "subject_on"),
    decides="organisation",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the CHC team's lead",
    is_commissioners=True,
    waits_for=("instalments", "budgets", "holder_events", "notional", "managed"),
    variants={
        SUSPENDED: Variant(
            sentence="The payments are suspended. The last instalment covers up to {subject_on:day}, and neither "
            "the holder nor the commissioner has paid for care since."
        ),
        AWAY: Variant(not_found="The person is in hospital or away."),
        ARRANGED: Variant(not_found="Care was paid for after {subject_on:day}, so the person is not without it."),
    },
    examples=(
        flagged("No instalment since July, nothing bought", budgets=OPEN, instalments=SUMMER, feeds=FEED),
        flagged("Suspended in August, nothing arranged", budgets=OPEN, instalments=SUMMER, feeds=FEED, events=SUSPENSION),
        left_alone(
            "Care is billed to the commissioner instead",
            budgets=OPEN,
            instalments=SUMMER,
            feeds=FEED,
            payments=({"holding_code": "notional", "category_code": "C08", "paid_on": date(2026, 9, 10)},),
        ),
        left_alone(
            "The person is in hospital",
            budgets=OPEN,
            instalments=SUMMER,
            feeds=FEED,
            events=({"event_code": "admission", "from_on": date(2026, 7, 30)},),
        ),
        left_alone(
            "The feed of instalments is behind", budgets=OPEN, instalments=SUMMER, feeds=({**FEED[0], "last_data_on": date(2026, 8, 2)},)
        ),
        left_alone("The budget has ended", budgets=({**OPEN[0], "ends_on": date(2026, 8, 1)},), instalments=SUMMER, feeds=FEED),
        at_the_threshold(
            "Exactly the days that may pass",
            budgets=OPEN,
            instalments=(*SUMMER[:2], {**SUMMER[2], "period_to_on": date(2026, 9, 19)}),
            feeds=FEED,
        ),
    ),
)


def find(spending: Spending, *, days: int = 42, least_count: int = 3) -> pl.LazyFrame:
    """One row per holder with an open budget into which regular instalments were paid, once the feed reaches past them."""
    covers = pl.max_horizontal("paid_on", pl.col("period_to_on").fill_null(pl.col("paid_on")))
    paid = (
        spending.instalments.filter((pl.col("amount_pence") > 0) & (pl.col("kind_code").fill_null("regular") == "regular"))
        .group_by("holder_id")
        .agg(pl.len().alias("paid_count"), covers.max().alias("covered_to_on"))
        .filter(pl.col("paid_count") >= least_count)
    )
    reached = spending.feeds.filter(pl.col("feed_code") == "instalments").select(reached_on=pl.col("last_data_on").max())
    is_on = pl.col("to_on").is_null() | (pl.col("to_on") >= spending.as_of)
    events = (
        spending.events.filter(is_on & pl.col("event_code").is_in(["suspension", "admission", "absence"]))
        .group_by("holder_id")
        .agg(
            (pl.col("event_code") == "suspension").any().alias("is_suspended"),
            (pl.col("event_code") != "suspension").any().alias("is_away"),
        )
    )
    bought = (
        spending.payments.filter(pl.col("is_spend") & (pl.col("amount_pence") > 0))
        .group_by("holder_id")
        .agg(pl.col("paid_on").max().alias("bought_on"))
    )
    rows = (
        open_budgets(spending)
        .join(paid, on="holder_id")
        .join(reached, how="cross")
        .join(events, on="holder_id", how="left")
        .join(bought, on="holder_id", how="left")
        .with_columns(NO_PAYMENT, at_stake_pence=pl.lit(0, dtype=pl.Int64))
        .with_columns(gone_days=(pl.min_horizontal("reached_on", pl.lit(spending.as_of)) - pl.col("covered_to_on")).dt.total_days())
    )
    is_bought = (pl.col("bought_on") > pl.col("covered_to_on")).fill_null(False)
    is_stopped = (pl.col("gone_days") > days).fill_null(False)
    variant = (
        pl.when(pl.col("is_away").fill_null(False))
        .then(pl.lit(AWAY))
        .when(is_stopped & is_bought)
        .then(pl.lit(ARRANGED))
        .when(pl.col("is_suspended").fill_null(False))
        .then(pl.lit(SUSPENDED))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(variant_code=variant)
    is_found = is_stopped & pl.col("variant_code").is_in(["", SUSPENDED])
    return about(rows, "holder", "holder_id", "covered_to_on", is_found, "variant_code")
