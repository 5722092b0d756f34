"""A vaccination, screening test or health check paid from the budget. Prescription and other NHS charges are another rule (L-10)."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.told_apart import PREVENTION
from phb_audit.rules.trade_rule import HEALTH_OWNERS, at_shop, trade_rule

RULE = trade_rule(
    id="L-11",
    title="Vaccination or screening",
    basis="nhs_charges",
    severity=2,
    outcome="refuse",
    read_as="a vaccination, screening test or health check",
    shop=at_shop("a place for vaccination or screening", severity=1),
    usual="Vaccination and screening come from the NHS, not from direct payments.",
    innocent="The vaccination may be an assistant's, as an employer's cost, or for a holiday the plan agrees.",
    ask="Ask the holder what it was for, and whether they know which vaccinations the NHS gives free.",
    clears="A plan line or a note that agrees it, a receipt that shows something else, or the amount paid back.",
    owners=HEALTH_OWNERS,
    examples=(
        flagged(
            "A private flu jab", receipt_lines=({"category_code": "X08", "description": "FLU JAB PRIVATE", "line_total_pence": 19_99},)
        ),
        flagged("A vaccination clinic by its name", payments=({"category_code": "X08", "payee_shown": "RIVERSIDE VACCINES"},)),
        left_alone(
            "A prescription charge is another rule's question",
            receipt_lines=({"category_code": "X08", "description": "NHS PRESCRIPTION", "line_total_pence": 9_90},),
        ),
        at_the_threshold(
            "A line read with just less than the certainty asked for",
            receipt_lines=({"category_code": "X08", "description": "TRAVEL VACCINE", "probability_share": 0.59},),
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.6) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X08",), (), least_share, is_also=PREVENTION))
