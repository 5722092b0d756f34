"""One paper stands beside payments of two people."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.papers import same_papers
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

ALIKE = "alike"
PAPER: dict[str, object] = {"sameness_id": "S1", "total_pence": 40_00, "holders_count": 2, "times_used_count": 2, "payment_id": "P1"}

RULE = Rule(
    id="E-06",
    title="Receipt used by two people",
    family="A3",
    basis="one_paper_one_payment",
    severity=4,
    outcome="query",
    looks_at="receipts that can be told apart from others (by image, or by supplier, number, date and total)",
    sentence="The receipt for {at_stake_pence:pounds}, dated {dated_on:day}, was also sent for another person's budget "
    "({holders_count} people in all).",
    not_found="This paper was sent for one person's budget only.",
    usual="One receipt belongs to one person's budget, unless its total covers them all.",
    innocent="A family or a group may have been sent one invoice for all of them, or a support service may have filed it wrongly.",
    ask="Ask the support service or the supplier whose purchase it was. Do not tell either person about the other.",
    clears="The supplier's word on whose it was, or an invoice that names both with their shares.",
    overtaken="Another receipt was added, or the papers were matched anew.",
    same_flag=("receipt_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    restricted_with=("A-03", "W-01", "W-07", "A-13"),
    variants={
        ALIKE: Variant(
            sentence="The picture of the receipt for {at_stake_pence:pounds}, dated {dated_on:day}, looks the same as one sent for another "
            "person's budget ({holders_count} people in all). Total, day, company and the numbers on it agree.",
            innocent="A family or a group may have been sent one bill for all of them, or a till printed two tickets alike.",
            ask="Look at both pictures first. Then ask the support service or the supplier whose purchase it was. Do not tell either "
            "person about the other.",
            severity=3,
        ),
    },
    examples=(
        flagged("Photos of one till receipt from two people", receipts=({**PAPER, "is_alike": True},), payments=({"amount_pence": 40_00},)),
        flagged("The same invoice for two people", receipts=(PAPER,), payments=({"amount_pence": 40_00},)),
        left_alone("One person's receipt", receipts=({**PAPER, "holders_count": 1},)),
        left_alone("A group invoice of 40 pounds: each of two people paid 20", receipts=(PAPER,), payments=({"amount_pence": 20_00},)),
        at_the_threshold("A penny more than an equal share", flags=1, receipts=(PAPER,), payments=({"amount_pence": 20_01},)),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per receipt; found when other holders carry the paper too and this payment is more than an equal share of its total."""
    papers = same_papers(spending)
    is_share = pl.col("amount_pence") * pl.col("holders_count") <= pl.col("total_pence")
    is_found = (pl.col("holders_count") > 1) & ~is_share.fill_null(False)
    subject = pl.coalesce("payment_id", "receipt_id").alias("subject_key")
    code = pl.when(pl.col("payment_id").is_null()).then(pl.lit("receipt")).otherwise(pl.lit("payment")).alias("subject_code")
    variant = pl.when(is_found & pl.col("is_alike")).then(pl.lit(ALIKE)).otherwise(pl.lit(""))
    rows = about(
        papers.with_columns(subject),
        "payment",
        "subject_key",
        "subject_on",
        is_found,
        "receipt_id",
        "holders_count",
        "dated_on",
        "payee_shown",
        variant_code=variant,
    )
    return rows.with_columns(code)
