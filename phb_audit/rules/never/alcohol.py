"""Alcohol bought with the budget.

A receipt line that is alcohol proposes that the line is not paid from the budget. A shop's trade or name alone only asks what was bought.
"""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Variant
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import MONEY_OWNERS, trade_rule

SOUNDS_ALIKE = r"(?i)alcohol.?free|non.?alc|\b0(\.0)?\s?%|wine gum|ginger (beer|ale)|root beer|vinegar|gel\b|wipe|saniti|swab|rub\b|cooking"
NAMES = r"(?i)off.?licen[cs]e|\bbooze\b|\bbottle shop\b|\b(beers?|wines?) (&|and) (spirits?|wines?|beers?)\b|\bvintners?\b"

RULE = trade_rule(
    id="L-01",
    title="Alcohol",
    basis="exclusions",
    severity=3,
    outcome="refuse",
    read_as="alcohol",
    shop=Variant(
        sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. The shop mainly sells alcohol "
        "(trade code {mcc_code}), "
        "and we have no list of what was bought.",
        not_found="{payee_shown} reads as {category_code:category}, not as a shop that mainly sells alcohol (trade code {mcc_code}).",
        usual="Most payments at such shops or bars have a receipt that shows food, soft drinks or an outing.",
        innocent="Pubs and off-licences also sell meals, soft drinks and groceries. An outing with a meal may be in the plan.",
        ask="Ask the holder for the receipt. Do not assume what was bought.",
        clears="A receipt whose lines are something else.",
        outcome="query",
        severity=2,
    ),
    usual="Receipts of direct payments list no alcohol.",
    innocent="The line may be alcohol-free or misread, or the shopping may be shared and that line paid from the person's own money.",
    ask="Ask the holder whether that line was paid from the budget. Only the line is in question, never the whole basket.",
    clears="A note that the line was paid from own money, the amount paid back, or a receipt that shows another item.",
    owners=MONEY_OWNERS,
    examples=(
        flagged(
            "A receipt line 'LAGER 12PK'", receipt_lines=({"category_code": "X01", "description": "LAGER 12PK", "line_total_pence": 12_00},)
        ),
        flagged(
            "An off-licence and no receipt", payments=({"mcc_code": "5921", "payee_shown": "THE BOTTLE SHOP", "category_code": "M04"},)
        ),
        left_alone(
            "Alcohol-free beer",
            receipt_lines=({"category_code": "X01", "description": "ALCOHOL FREE LAGER 4PK", "line_total_pence": 4_00},),
        ),
        left_alone("A pub with a meal, by its words", payments=({"mcc_code": "5813", "category_code": "H02", "probability_share": 0.9},)),
        at_the_threshold(
            "A line read as alcohol with exactly the certainty asked for",
            flags=1,
            receipt_lines=({"category_code": "X01", "description": "MERLOT 75CL", "line_total_pence": 7_00, "probability_share": 0.5},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("5921", "5813"), least_share: float = 0.5) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X01",), merchant_codes, least_share, is_not=SOUNDS_ALIKE, by_name=NAMES))
