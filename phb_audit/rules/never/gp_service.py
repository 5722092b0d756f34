"""A GP service paid privately: primary medical care stays with the NHS and outside the budget."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import HEALTH_OWNERS, at_shop, trade_rule

# Dental and sight are other rules; letters and forms a GP charges for are not treatment.
NOT_A_GP = (
    r"(?i)dent|hygien|optic|optom|eye|sight|spectacl|lens|letter|form\b|report|"
    r"physio|podiat|chirop|osteo|therap|counsel|nurs|veterin|\bvet\b|sensor|equip|mobil|parking"
)
A_GP = r"(?i)\bgps?\b|doctor|\bdr\b|surgery|medical (centre|center|practice)|consult|appointment|clinic|prescri"
NAMES = r"(?i)\bgp\b"

RULE = trade_rule(
    id="L-06",
    title="GP service",
    basis="primary_care",
    severity=3,
    outcome="refuse",
    read_as="a GP service",
    shop=at_shop("a doctor's practice", severity=2, usual="Most payments to practices turn out to be therapy, nursing or reports."),
    usual="GP services are free from the NHS and do not appear on direct payments.",
    innocent="Therapists and nurses also work at surgeries, and a consultant's letter may have been needed for the plan.",
    ask="Ask the holder what the appointment was for, and the care co-ordinator whether the plan needed it.",
    clears="A receipt that shows therapy, nursing or a report the plan asked for, or the amount paid back.",
    owners=HEALTH_OWNERS,
    examples=(
        flagged(
            "A private GP appointment on a receipt",
            receipt_lines=({"category_code": "X06", "description": "PRIVATE GP CONSULTATION", "line_total_pence": 95_00},),
        ),
        flagged(
            "A doctor's practice by its trade code only",
            payments=({"mcc_code": "8011", "payee_shown": "CITY DOCTORS", "category_code": "M04"},),
        ),
        left_alone("Physiotherapy at a surgery", payments=({"mcc_code": "8011", "category_code": "T01", "payee_shown": "PHYSIO FIRST"},)),
        left_alone("A dental check is another rule's question", receipt_lines=({"category_code": "X06", "description": "DENTAL CHECK"},)),
        at_the_threshold(
            "A line read with exactly the certainty asked for",
            flags=1,
            receipt_lines=({"category_code": "X06", "description": "PRIVATE GP", "line_total_pence": 95_00, "probability_share": 0.6},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("8011",), least_share: float = 0.6) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X06",), merchant_codes, least_share, is_not=NOT_A_GP, is_also=A_GP, by_name=NAMES))
