"""A private hospital stay, operation or consultant paid from the budget. Emergency and urgent care is another rule (L-07)."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import SHOP, Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.told_apart import URGENT
from phb_audit.rules.trade_rule import HEALTH_OWNERS, at_shop, trade_rule

NOT_CARE = r"(?i)parking|car park|cafe|coffee|shop\b|league of friends|lottery|hydro|physio|gym|pool|volunteer|transport"
# Without a list or a trade code the name itself must say so: 'hospitality' on a restaurant's line reads much like a hospital.
NAMES = (
    r"(?i)\bhosp(ital?s?)?\b|hospital[^i]|clinic|infirm|\bspire\b|nuffield|\bbmi\b|bupa|ramsay|\bnhs\b|scan|imaging|x.?ray|\bmri\b|surg|"
    r"medic|health|consult|ultrasound|diagnos|ortho|cardi|neuro"
)

RULE = trade_rule(
    id="L-08",
    title="Private hospital care",
    basis="hospital_care",
    severity=3,
    outcome="refuse",
    read_as="hospital care",
    shop=at_shop("a hospital", severity=2),
    usual="Hospital care comes from the NHS, not from direct payments.",
    innocent="Hospitals also sell parking, meals, physiotherapy and pool sessions.",
    ask="Ask the holder what it was for, and the care co-ordinator whether the plan needed it.",
    clears="A receipt that shows something the plan names, or the amount paid back.",
    owners=HEALTH_OWNERS,
    examples=(
        flagged(
            "A deposit for an operation",
            receipt_lines=({"category_code": "X07", "description": "OPERATION DEPOSIT", "line_total_pence": 900_00},),
        ),
        left_alone("Urgent care is another rule's question", receipt_lines=({"category_code": "X07", "description": "URGENT CARE VISIT"},)),
        left_alone(
            "A walk-in centre with a hospital's trade code",
            payments=({"category_code": "X07", "mcc_code": "8062", "payee_shown": "CITY WALK-IN X-RAY"},),
        ),
        left_alone("A restaurant whose words say hospitality", payments=({"category_code": "X07", "payee_shown": "JAMIES ITALIAN"},)),
        left_alone("Hospital parking", receipt_lines=({"category_code": "X07", "description": "HOSPITAL PARKING 2H"},)),
        left_alone(
            "A hydrotherapy pool in a hospital, in the plan by its second reading",
            payments=({"category_code": "X07", "second_code": "T02", "probability_share": 0.7, "payee_shown": "NUFFIELD"},),
            plan_lines=({"category_code": "T02"},),
        ),
        at_the_threshold(
            "A line read with exactly the certainty asked for",
            flags=1,
            receipt_lines=({"category_code": "X07", "description": "X-RAY", "probability_share": 0.6, "line_total_pence": 80_00},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("8062",), least_share: float = 0.6) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    seen = bought(spending, Trade(("X07",), merchant_codes, least_share, is_not=f"{NOT_CARE}|{URGENT.removeprefix('(?i)')}"))
    is_shop, name = pl.col("variant_code") == SHOP, pl.col("payee_shown")
    is_other = name.str.contains(URGENT) | ~(name.str.contains(NAMES) | pl.col("mcc_code").is_in(merchant_codes).fill_null(False))
    return seen.with_columns(pl.col("is_found") & ~(is_shop & is_other.fill_null(False)))
