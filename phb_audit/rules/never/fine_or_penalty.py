"""A fine, penalty or court charge paid from the budget. Charges for parking itself, presents and donations are not read as one here."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import MONEY_OWNERS, at_shop, trade_rule

FINES = (
    r"(?i)\bfines?\b|penalt|\bpcn\b|parking charge|parking ?eye|excess charge|enforcement|bailiff|hmcts|\bcourts?\b|magistrate|"
    r"fixed charge|bus lane|speeding|unpaid toll"
)
NAMES = r"(?i)\bpcn\b|parking ?eye|\bhmcts\b|penalty (charge|notice|fare)|\b(court|parking|speeding) fines?\b|magistrates"

RULE = trade_rule(
    id="L-16",
    title="Fine or penalty",
    basis="fines",
    severity=2,
    outcome="query",
    read_as="a fine, penalty or court charge",
    shop=at_shop("an office that collects fines or penalties", severity=2),
    usual="Fines and penalties are not paid from direct payments.",
    innocent="The charge may have come while a personal assistant was driving for the person, a badge may not have been seen, or it is "
    "ordinary parking that was misread.",
    ask="Ask the holder what the charge was for, and whether somebody has helped them to contest it.",
    clears="A note of what it was for and that it was agreed, the charge cancelled, or the amount paid back.",
    owners=MONEY_OWNERS,
    examples=(
        flagged(
            "A penalty charge on a receipt",
            receipt_lines=({"category_code": "Z04", "description": "PENALTY CHARGE", "line_total_pence": 70_00},),
        ),
        flagged("A payee by its trade code", payments=({"mcc_code": "9222", "payee_shown": "BOROUGH PARKING", "category_code": "Z04"},)),
        left_alone("Flowers read as a present", payments=({"category_code": "Z04", "payee_shown": "BLOOMS FLORIST"},)),
        left_alone(
            "Ordinary parking, read surely as travel", payments=({"category_code": "R03", "payee_shown": "PARKING CHARGE HIGH ST 2H"},)
        ),
        at_the_threshold(
            "A line read with just less than the certainty asked for",
            receipt_lines=({"category_code": "Z04", "description": "PCN", "line_total_pence": 35_00, "probability_share": 0.69},),
        ),
    ),
)


def find(spending: Spending, *, merchant_codes: tuple[str, ...] = ("9222", "9211"), least_share: float = 0.7) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("Z04",), merchant_codes, least_share, is_also=FINES, by_name=NAMES))
