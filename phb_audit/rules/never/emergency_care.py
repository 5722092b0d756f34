"""Emergency or urgent care, or an ambulance, paid from the budget. Planned hospital care is another rule (L-08)."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.told_apart import URGENT
from phb_audit.rules.trade_rule import HEALTH_OWNERS, at_shop, trade_rule

RULE = trade_rule(
    id="L-07",
    title="Emergency or urgent care",
    basis="emergency_care",
    severity=3,
    outcome="refuse",
    read_as="emergency or urgent care",
    shop=at_shop("emergency or urgent care, or an ambulance service", severity=2),
    usual="Emergency and urgent care comes from the NHS, not from direct payments.",
    innocent="An ambulance firm may have driven the person to a planned appointment, or first-aid training for assistants was misread.",
    ask="Ask the holder what happened and what it was for. Ask the care co-ordinator whether the person is well looked after.",
    clears="A receipt that shows transport or training in the plan, or the amount paid back.",
    owners=HEALTH_OWNERS,
    examples=(
        flagged(
            "A visit to a private urgent care centre",
            receipt_lines=({"category_code": "X07", "description": "URGENT CARE VISIT", "line_total_pence": 150_00},),
        ),
        flagged(
            "An ambulance firm by its trade code",
            payments=({"mcc_code": "4119", "payee_shown": "COUNTY AMBULANCE", "category_code": "M04"},),
        ),
        left_alone(
            "A planned operation is another rule's question",
            receipt_lines=({"category_code": "X07", "description": "OPERATION DEPOSIT", "line_total_pence": 900_00},),
        ),
        left_alone("An emergency plumber", payments=({"category_code": "H04", "payee_shown": "EMERGENCY PLUMBERS"},)),
        at_the_threshold(
            "A line read with exactly the certainty asked for",
            flags=1,
            receipt_lines=({"category_code": "X07", "description": "WALK-IN X-RAY", "line_total_pence": 90_00, "probability_share": 0.6},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("4119",), least_share: float = 0.6) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X07",), merchant_codes, least_share, is_also=URGENT))
