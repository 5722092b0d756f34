"""Tobacco bought with the budget. Vapes are not named in the national list and are not read as tobacco here."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Variant
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import MONEY_OWNERS, trade_rule

NOT_TOBACCO = r"(?i)vape|e.?cig|e.?liquid|nicotine|nrt|patch|gum\b|lozenge|quit"

RULE = trade_rule(
    id="L-02",
    title="Tobacco",
    basis="exclusions",
    severity=3,
    outcome="refuse",
    read_as="tobacco",
    shop=Variant(
        sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. The shop mainly sells tobacco "
        "(trade code {mcc_code}), "
        "and we have no list of what was bought.",
        not_found="{payee_shown} reads as {category_code:category}, not as a shop that mainly sells tobacco (trade code {mcc_code}).",
        usual="Most payments at kiosks have a receipt that shows papers, sweets or travel.",
        innocent="Tobacconists and kiosks also sell newspapers, phone top-ups and travel tickets.",
        ask="Ask the holder for the receipt. Do not assume what was bought.",
        clears="A receipt whose lines are something else.",
        outcome="query",
        severity=2,
    ),
    usual="Receipts of direct payments list no tobacco.",
    innocent="The line may be misread, or the shopping may be shared and that line paid from the person's own money.",
    ask="Ask the holder whether that line was paid from the budget. Only the line is in question, never the whole basket.",
    clears="A note that the line was paid from own money, the amount paid back, or a receipt that shows another item.",
    owners=MONEY_OWNERS,
    examples=(
        flagged(
            "A receipt line 'CIGARETTES 20'",
            receipt_lines=({"category_code": "X02", "description": "CIGARETTES 20", "line_total_pence": 14_00},),
        ),
        left_alone(
            "Nicotine patches", receipt_lines=({"category_code": "X02", "description": "NICOTINE PATCH 14", "line_total_pence": 14_00},)
        ),
        at_the_threshold(
            "A line read with exactly the certainty asked for",
            flags=1,
            receipt_lines=(
                {"category_code": "X02", "description": "ROLLING TOBACCO", "line_total_pence": 16_00, "probability_share": 0.5},
            ),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("5993",), least_share: float = 0.5) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X02",), merchant_codes, least_share, is_not=NOT_TOBACCO, least_at_shop=0.8))
