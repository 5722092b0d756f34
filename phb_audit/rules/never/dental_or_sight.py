"""Dental treatment or a sight test paid from the budget."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.bought import LINE, SHOP, Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending

DENTAL_OR_SIGHT = r"(?i)dent|hygien|optic|optom|eye|sight|spectacl|lens"

RULE = Rule(
    id="L-09",
    title="Dental or sight care",
    family="A1",
    basis="primary_care",
    severity=2,
    outcome="refuse",
    looks_at="receipt lines, and purchases for which no receipt lines have come",
    sentence="A receipt of {subject_on:day} lists '{item_shown}' ({seen_count} of {lines_count:many line}, "
    "{seen_pence:pounds}), which we read as dental or sight care.",
    not_found="The receipt has {lines_count:many line}; none of them reads as dental or sight care.",
    usual="Dental treatment and sight tests are not paid from direct payments. A line counts from {least_share:percent} sure.",
    innocent="A clinician may have shown that the plan needs it, for example sedation for a person with a learning disability.",
    ask="Ask the care co-ordinator whether the plan needed it; then ask the holder.",
    clears="A clinician's note that it serves the plan, or the amount paid back.",
    overtaken="The receipt or its reading has changed.",
    same_flag=("thing_id",),
    decides="payment",
    owner="Continuing healthcare lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    variants={
        LINE: Variant(),
        SHOP: Variant(
            sentence="{at_stake_pence:pounds} was paid to {payee_shown} on {subject_on:day}. By its name or trade code "
            "({mcc_code}) it is a dentist or optician, "
            "and we have no list of what was bought.",
            not_found="{payee_shown} reads as {category_code:category}, not as a dentist or optician (trade code {mcc_code}).",
            innocent="Opticians also sell low-vision aids, which a plan may well agree.",
            outcome="query",
            severity=2,
        ),
    },
    examples=(
        flagged(
            "A sight test on a receipt", receipt_lines=({"category_code": "X06", "description": "SIGHT TEST", "line_total_pence": 25_00},)
        ),
        flagged(
            "A dentist by its trade code only",
            payments=({"mcc_code": "8021", "payee_shown": "HIGH STREET DENTAL", "category_code": "M04"},),
        ),
        left_alone("A private GP is another rule's question", receipt_lines=({"category_code": "X06", "description": "PRIVATE GP"},)),
        at_the_threshold(
            "A line read with just less than the certainty asked for",
            receipt_lines=({"category_code": "X06", "description": "DENTAL CHECK", "probability_share": 0.59},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("8021", "8042"), least_share: float = 0.6) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X06",), merchant_codes, least_share, is_also=DENTAL_OR_SIGHT))
