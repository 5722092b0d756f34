"""Dental treatment or a sight test paid from the budget."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import HEALTH_OWNERS, at_shop, trade_rule

DENTAL_OR_SIGHT = r"(?i)dent|hygien|optic|optom|eye|sight|spectacl|lens"

RULE = trade_rule(
    id="L-09",
    title="Dental or sight care",
    basis="primary_care",
    severity=2,
    outcome="refuse",
    read_as="dental or sight care",
    shop=at_shop("a dentist or optician", severity=2, innocent="Opticians also sell low-vision aids, which a plan may well agree."),
    usual="Dental treatment and sight tests are not paid from direct payments.",
    innocent="A clinician may have shown that the plan needs it, for example sedation for a person with a learning disability.",
    ask="Ask the care co-ordinator whether the plan needed it; then ask the holder.",
    clears="A clinician's note that it serves the plan, or the amount paid back.",
    owners=HEALTH_OWNERS,
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
