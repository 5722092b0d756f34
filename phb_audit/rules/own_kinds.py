"""Kinds of purchase outside the plan that have a rule of their own (L-12, L-13): what these rules look at, and how they leave it alone."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.plan_match import BESIDE, IN_PLAN, NOT_CLEAR, OWN_RULE, SERVED, against_plan
from phb_audit.rules.rule import Variant
from phb_audit.rules.spending import Spending, about_payments, first_at

SMALL = "small"
LEFT_ALONE = {
    IN_PLAN: Variant(),
    BESIDE: Variant(not_found="{category_code:category} goes with, or is near to, something the plan names."),
    SERVED: Variant(not_found="A line of the plan fits, or nearly fits, this purchase."),
    NOT_CLEAR: Variant(not_found="The words do not settle what was bought, so the plan cannot be held against it."),
    SMALL: Variant(not_found="{amount_pence:pounds} is below the {least_pence:pounds} from which this is asked."),
}


def outside_plan(spending: Spending, codes: tuple[str, ...], least_share: float, sure_share: float, least_pence: int) -> pl.LazyFrame:
    """One row per purchase of these kinds on a day with a plan. From `sure_share` a nearly fitting line or second reading is outweighed."""
    rows = against_plan(spending, least_share).filter(pl.col("category_code").is_in(codes))
    is_plain = (
        (pl.col("probability_share") >= sure_share)
        & pl.col("is_category_named").is_null()
        & pl.col("is_beside_named").is_null()
        & (pl.col("match_code") != "fits")
        & ~pl.col("is_preapproved")
        & pl.col("later_plan_line_id").is_null()
        & ~pl.col("is_abstained")
    )
    is_outside = (pl.col("is_outside_plan") & (pl.col("reason_code") == OWN_RULE)) | is_plain
    is_found = is_outside & (pl.col("amount_pence") >= least_pence)
    variant = (
        pl.when(is_found).then(pl.lit("")).when(is_outside).then(pl.lit(SMALL)).otherwise(pl.col("reason_code").replace(OWN_RULE, SERVED))
    )
    return about_payments(
        first_at(rows.with_columns(variant_code=variant), is_found, "payee_id"),
        is_found,
        "case_payment_id",
        "category_code",
        "second_code",
        "probability_share",
        "lines_count",
        "variant_code",
    )
