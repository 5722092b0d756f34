"""A prescription or other NHS charge paid from the budget. Vaccination and screening are another rule (L-11)."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.bought import LINE, SHOP, Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending
from phb_audit.rules.told_apart import PREVENTION

RULE = Rule(
    id="L-10",
    title="NHS charge",
    family="A1",
    basis="nhs_charges",
    severity=2,
    outcome="refuse",
    looks_at="receipt lines, and purchases for which no receipt lines have come",
    sentence="A receipt of {subject_on:day} lists '{item_shown}' ({seen_count} of {lines_count:many line}, {seen_pence:pounds}), "
    "which we read as an NHS charge.",
    not_found="The receipt has {lines_count:many line}; none of them reads as an NHS charge.",
    usual="Prescription and other NHS charges are not paid from direct payments. A line counts from {least_share:percent} sure.",
    innocent="A chemist's own product may be misread, or a prescription charge paid with the household's shopping.",
    ask="Ask the holder what it was, and whether they know that they may be free of NHS charges.",
    clears="A receipt that shows something else, a plan line, or the amount paid back.",
    overtaken="The receipt or its reading has changed.",
    same_flag=("thing_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    variants={
        LINE: Variant(),
        SHOP: Variant(
            sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. By its name it looks like an NHS "
            "charge, and we have no list of what was bought.",
            not_found="{payee_shown} reads as {category_code:category}, not as an NHS charge.",
            outcome="query",
            severity=1,
        ),
    },
    examples=(
        flagged(
            "A prescription charge", receipt_lines=({"category_code": "X08", "description": "NHS PRESCRIPTION", "line_total_pence": 9_90},)
        ),
        left_alone("Thickener from the chemist", receipt_lines=({"category_code": "H01", "description": "THICKENER"},)),
        left_alone("A vaccination is another rule's question", receipt_lines=({"category_code": "X08", "description": "TRAVEL VACCINE"},)),
        at_the_threshold(
            "A line read with just less than the certainty asked for",
            receipt_lines=({"category_code": "X08", "description": "NHS PRESCRIPTION", "probability_share": 0.59},),
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.6) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X08",), (), least_share, is_not=PREVENTION))
