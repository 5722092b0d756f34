"""More was paid than the plan line agrees.

A one-off item is held against its amount, a line with a most-at-once limit against that, and any other line against a year of it:
rhythms of pay and term fees make single payments a poor measure.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.on_lines import one_off_items, surely_on_lines
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, at_once, first_at

ONCE, YEAR, AGAIN = "once", "year", "again"
LINE: dict[str, object] = {"plan_line_id": "PL1/v1/1", "plan_line_words": "Pottery class", "line_frequency_code": "one-off"}

RULE = Rule(
    id="P-05",
    title="Above the amount in the plan",
    family="A2",
    basis="plan_amount",
    severity=2,
    outcome="query",
    looks_at="payments that a line of the plan fits and that line gives an amount",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. With it, {spent_pence:pounds} was spent on "
    "'{plan_line_words}', for which the plan agrees {agreed_pence:pounds}.",
    not_found="With this payment {spent_pence:pounds} was spent on '{plan_line_words}', for which the plan agrees "
    "{agreed_pence:pounds}; up to {over_share:percent} or {over_pence:pounds} over is left alone.",
    usual="Amounts stay within the plan line, give or take {over_share:percent} or {over_pence:pounds}, whichever is more.",
    innocent="Prices rise each April, a supplier may have changed, or two payments fell due together.",
    ask="Ask the holder about the price. Ask the care co-ordinator whether the line is still enough.",
    clears="A new amount in the plan, an invoice that shows why, or a refund.",
    overtaken="The plan's amount or the payments have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    explained_by=("P-14", "G-02", "G-01", "G-13", "G-09", "G-03", "G-05"),
    variants={
        ONCE: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. The plan agrees at most "
            "{agreed_pence:pounds} at once for '{plan_line_words}'.",
            not_found="{amount_pence:pounds} is within the {agreed_pence:pounds} the plan agrees at once for "
            "'{plan_line_words}', give or take {over_share:percent} or {over_pence:pounds}.",
        ),
        AGAIN: Variant(
            innocent="The item was bought a second time (P-07): it may have broken, or not fitted.",
            ask="Ask the care co-ordinator or clinician, with the question whether a second one is needed. Not the holder about the price.",
            clears="A note that it was replaced or agreed anew, or a refund of one of the two.",
            outcome="clinician",
        ),
        YEAR: Variant(
            sentence="With {amount_pence:pounds} paid to {payee_shown} on {paid_on:day}, {spent_pence:pounds} was spent within "
            "a year on '{plan_line_words}', for which the plan agrees {agreed_pence:pounds} a year.",
        ),
    },
    examples=(
        flagged("160 pounds on a one-off line of 100", payments=({**LINE, "amount_pence": 160_00, "line_amount_pence": 100_00},)),
        flagged(
            "A second console on a line that agreed one: for a clinician, as P-07 is",
            payments=(
                {**LINE, "amount_pence": 299_00, "line_amount_pence": 300_00},
                {**LINE, "payment_id": "P2", "paid_on": date(2026, 9, 20), "amount_pence": 299_00, "line_amount_pence": 300_00},
            ),
            plan_lines=({"frequency_code": "one-off", "category_code": "A03"},),
        ),
        left_alone("A price rise within a tenth", payments=({**LINE, "amount_pence": 1_090_00, "line_amount_pence": 1_000_00},)),
        left_alone(
            "Three weeks paid together on a weekly line",
            payments=(
                {**LINE, "line_frequency_code": "weekly", "amount_pence": 60_00, "line_amount_pence": 20_00, "line_annual_pence": 1_040_00},
            ),
        ),
        left_alone(
            "480 pounds on a yearly line of 130: probably meant for something else",
            payments=(
                {**LINE, "line_frequency_code": "annual", "amount_pence": 480_00, "line_amount_pence": 130_00, "line_annual_pence": 130_00},
            ),
        ),
        left_alone(
            "60 of 160 pounds came back, in a line of its own that names no item",
            payments=({**LINE, "amount_pence": 160_00, "line_amount_pence": 100_00},),
            refund_links=({"back_pence": 60_00, "bought_pence": 160_00, "left_pence": 100_00},),
        ),
        flagged(
            "A refund that is on the plan line as well is taken off once",
            payments=(
                {**LINE, "amount_pence": 260_00, "line_amount_pence": 100_00},
                {**LINE, "payment_id": "P9", "kind_code": "refund", "amount_pence": -60_00, "line_amount_pence": 100_00},
            ),
            refund_links=({"back_pence": 60_00, "bought_pence": 260_00, "left_pence": 200_00},),
        ),
        at_the_threshold("Exactly 50 pounds over", payments=({**LINE, "amount_pence": 150_00, "line_amount_pence": 100_00},)),
    ),
)


def find(
    spending: Spending,
    *,
    over_share: float = 0.10,
    over_pence: int = 50_00,
    year_over_share: float = 0.25,
    least_share: float = 0.8,
    most_times: float = 3.0,
) -> pl.LazyFrame:
    """One row per payment on a plan line with an amount: what was spent (at once, on the item, or within a year) and what was agreed."""
    freq, most = pl.col("line_frequency_code"), pl.col("line_most_at_once_pence")
    is_item = freq == "one-off"
    is_once = most.is_not_null() & ~is_item
    year = pl.col("amount_pence").rolling_sum_by("paid_on", window_size="365d").over("plan_line_id")
    item = pl.col("amount_pence").cum_sum().over("plan_line_id")
    paid = (
        surely_on_lines(spending, least_share)
        .with_columns(
            agreed_pence=pl.when(is_item).then("line_amount_pence").when(is_once).then(most).otherwise("line_annual_pence"),
            variant_code=pl.when(is_item).then(pl.lit("")).when(is_once).then(pl.lit(ONCE)).otherwise(pl.lit(YEAR)),
        )
        # A payment many times what a line agrees was probably meant for something else: a question of what it was, not of how much.
        .filter(is_item | (pl.col("amount_pence") <= pl.col("agreed_pence") * pl.when(is_once).then(most_times).otherwise(1.0)))
    )
    # Each sum only where it is asked for, in the order it needs: most of a night's payments are on lines of so much a year.
    kind, paid = pl.col("variant_code"), at_once(paid)
    on_lines = (
        pl.concat(
            [
                paid.filter(kind == "").sort("paid_on", "payment_id").with_columns(spent_pence=item),
                paid.filter(kind == ONCE).with_columns(spent_pence="amount_pence"),
                paid.filter(kind == YEAR).sort("paid_on").with_columns(spent_pence=year),
            ]
        )
        .filter((pl.col("amount_pence") > 0) & (pl.col("agreed_pence") > 0))
        .with_columns(beyond_pence=pl.col("spent_pence") - pl.col("agreed_pence"))
        .with_columns(stake_pence=pl.min_horizontal("beyond_pence", "amount_pence").clip(0))
        .join(one_off_items(spending, least_share).filter("is_again").select("payment_id", is_again=True), on="payment_id", how="left")
        .with_columns(variant_code=pl.when("is_again").then(pl.lit(AGAIN)).otherwise("variant_code"))
    )
    share = pl.when(pl.col("variant_code") == YEAR).then(year_over_share).otherwise(over_share)
    is_found = pl.col("beyond_pence") > pl.max_horizontal(pl.col("agreed_pence") * share, pl.lit(over_pence))
    measured = ("case_payment_id", "plan_line_words", "agreed_pence", "spent_pence", "beyond_pence", "variant_code")
    told = first_at(on_lines, is_found, "plan_line_id").with_columns(amount_pence="paid_pence")
    return about_payments(told, is_found, *measured, at_stake="stake_pence")
