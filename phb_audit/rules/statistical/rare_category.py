"""A kind of purchase that hardly anybody in the programme makes, and that no line of the plan names."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.plan_match import LISTED, against_plan
from phb_audit.rules.rule import ALL_FEEDS, Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

IN_PLAN, OFTEN, FEW = "in_plan", "often", "few"
RARE: dict[str, object] = {"category_code": "E10", "match_code": "no_match", "amount_pence": 300_00, "payee_shown": "GARDEN PODS"}
PEERS: dict[str, object] = {"category_code": "E10", "category_count": 20, "all_count": 10_000}
LINES: tuple[dict[str, object], ...] = ({"category_code": "A05"},)

RULE = Rule(
    id="N-05",
    title="Category that is rare in the programme",
    family="A7",
    basis="statistics",
    severity=1,
    outcome="clinician",
    looks_at="purchases on a day with a plan that the plan can be held against by their kind",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. Of the last "
    "{all_count} purchases in "
    "the programme {category_count} were for that, and no line of the plan names it.",
    not_found="{category_code:category}, {category_count} of the last {all_count} purchases in the programme.",
    usual="What fewer than 1 in {rare_in} purchases are for is rare. Rare is not wrong: much that helps one person is of use to no other.",
    innocent="The budget is personal. A rare thing may be just what the person and the clinician had in mind.",
    ask="Ask the care co-ordinator whether it serves an outcome of the plan. Not the holder.",
    clears="A note of the outcome it serves, or a plan line that names it.",
    overtaken="The plan, or our reading of the purchase, has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=ALL_FEEDS,
    variants={
        IN_PLAN: Variant(not_found="A line or an outcome of the plan speaks for it, or its kind is not clear enough."),
        OFTEN: Variant(),
        FEW: Variant(not_found="Too few purchases are on file to call anything rare ({all_count})."),
    },
    examples=(
        flagged("A garden pod, 20 in 10,000, not in the plan", payments=(RARE,), plan_lines=LINES, peers=(PEERS,)),
        left_alone("The plan has such a line", payments=(RARE,), plan_lines=({"category_code": "E10"},), peers=(PEERS,)),
        left_alone("A young programme", payments=(RARE,), plan_lines=LINES, peers=({**PEERS, "all_count": 900, "category_count": 2},)),
        left_alone("It fits the plan", payments=({**RARE, "match_code": "fits"},), plan_lines=LINES, peers=(PEERS,)),
        at_the_threshold("Exactly 1 in 200", payments=(RARE,), plan_lines=LINES, peers=({**PEERS, "category_count": 50},)),
    ),
)


def find(
    spending: Spending, *, rare_in: int = 200, least_lines: int = 2_000, least_share: float = 0.8, least_pence: int = 25_00
) -> pl.LazyFrame:
    """One row per purchase of some size made while a plan was in force, whose kind others have bought lately."""
    kinds = spending.peers.select("category_code", "category_count", "all_count").unique()
    rows = against_plan(spending, least_share).filter(pl.col("amount_pence") >= least_pence).join(kinds, on="category_code")
    is_outside = pl.col("is_outside_plan") & pl.col("reason_code").is_in(["", LISTED])
    variant = (
        pl.when(~is_outside)
        .then(pl.lit(IN_PLAN))
        .when(pl.col("all_count") < least_lines)
        .then(pl.lit(FEW))
        .when(pl.col("category_count") * rare_in >= pl.col("all_count"))
        .then(pl.lit(OFTEN))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(variant_code=variant)
    return about_payments(rows, pl.col("variant_code") == "", "category_code", "category_count", "all_count", "variant_code")
