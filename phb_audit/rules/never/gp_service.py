"""A GP service paid privately: primary medical care stays with the NHS and outside the budget."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.bought import LINE, SHOP, Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending

# Dental and sight are other rules; letters and forms a GP charges for are not treatment.
NOT_A_GP = (
    r"(?i)dent|hygien|optic|optom|eye|sight|spectacl|lens|letter|form\b|report|"
    r"physio|podiat|chirop|osteo|therap|counsel|nurs|veterin|\bvet\b|sensor|equip|mobil|parking"
)
A_GP = r"(?i)\bgps?\b|doctor|\bdr\b|surgery|medical (centre|center|practice)|consult|appointment|clinic|prescri"
NAMES = r"(?i)\bgp\b"

RULE = Rule(
    id="L-06",
    title="GP service",
    family="A1",
    basis="primary_care",
    severity=3,
    outcome="refuse",
    looks_at="receipt lines, and purchases for which no receipt lines have come",
    sentence="A receipt of {subject_on:day} lists '{item_shown}' ({seen_count} of {lines_count:many line}, "
    "{seen_pence:pounds}), which we read as a GP service.",
    not_found="The receipt has {lines_count:many line}; none of them reads as a GP service.",
    usual="GP services are free from the NHS and do not appear on direct payments. A line counts from {least_share:percent} sure.",
    innocent="Therapists and nurses also work at surgeries, and a consultant's letter may have been needed for the plan.",
    ask="Ask the holder what the appointment was for, and the care co-ordinator whether the plan needed it.",
    clears="A receipt that shows therapy, nursing or a report the plan asked for, or the amount paid back.",
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
            "({mcc_code}) it looks like a doctor's practice, "
            "and we have no list of what was bought.",
            not_found="{payee_shown} reads as {category_code:category}, not as a doctor's practice (trade code {mcc_code}).",
            usual="Most payments to practices turn out to be therapy, nursing or reports.",
            outcome="query",
            severity=2,
        ),
    },
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
