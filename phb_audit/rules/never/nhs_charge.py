"""A prescription or other NHS charge paid from the budget. Vaccination and screening are another rule (L-11)."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Variant
from phb_audit.rules.spending import Spending
from phb_audit.rules.told_apart import PREVENTION
from phb_audit.rules.trade_rule import HEALTH_OWNERS, trade_rule

RULE = trade_rule(
    id="L-10",
    title="NHS charge",
    basis="nhs_charges",
    severity=2,
    outcome="refuse",
    read_as="an NHS charge",
    shop=Variant(
        sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. By its name it looks like an NHS "
        "charge, and we have no list of what was bought.",
        not_found="{payee_shown} reads as {category_code:category}, not as an NHS charge.",
        outcome="query",
        severity=1,
    ),
    usual="Prescription and other NHS charges are not paid from direct payments.",
    innocent="A chemist's own product may be misread, or a prescription charge paid with the household's shopping.",
    ask="Ask the holder what it was, and whether they know that they may be free of NHS charges.",
    clears="A receipt that shows something else, a plan line, or the amount paid back.",
    owners=HEALTH_OWNERS,
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
