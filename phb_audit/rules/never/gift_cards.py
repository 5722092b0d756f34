"""Gift cards, money transfers and the like: what is bought with them cannot be seen."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Variant
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import MONEY_OWNERS, trade_rule

RULE = trade_rule(
    id="L-15",
    title="Gift cards and money transfers",
    basis="own_account",
    severity=3,
    outcome="query",
    read_as="a gift card or money transfer",
    shop=Variant(
        sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}, by its name or trade code ({mcc_code}) "
        "a seller of gift cards or money transfers.",
        not_found="{payee_shown} reads as {category_code:category}, not as a seller of gift cards or money transfers (trade "
        "code {mcc_code}).",
    ),
    usual="Direct payments are spent at shops and services, where what was bought can be seen.",
    innocent="A voucher may be the only way to pay a club or a game subscription, or a thank-you the plan agrees.",
    ask="Ask the holder what it was used for, and for a receipt of that.",
    clears="A receipt of what was bought with it, a plan line, or the amount paid back.",
    owners=MONEY_OWNERS,
    restricted_with=("A-03", "E-05", "E-06", "W-07"),
    examples=(
        flagged(
            "A gift card in a basket", receipt_lines=({"category_code": "Z03", "description": "GIFT CARD 50", "line_total_pence": 50_00},)
        ),
        flagged(
            "A money transfer by its trade code", payments=({"mcc_code": "4829", "category_code": "Z03", "payee_shown": "MONEY TRANSFER"},)
        ),
        left_alone("Groceries", receipt_lines=({"category_code": "H02", "description": "BREAD"},)),
        at_the_threshold(
            "A line read with just less than the certainty asked for",
            receipt_lines=({"category_code": "Z03", "description": "VOUCHER", "probability_share": 0.69},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("6051", "4829", "6540"), least_share: float = 0.7) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("Z03",), merchant_codes, least_share))
