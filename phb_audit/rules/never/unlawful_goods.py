"""Goods or services that may not be lawful to buy. A shop's name alone only asks; nobody is judged by a word on a receipt."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.bought import Trade, bought
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.spending import Spending
from phb_audit.rules.trade_rule import MONEY_OWNERS, at_shop, trade_rule

# Lawful things the reading may take for others: hemp and CBD, medical cannabis on prescription, kitchen knives, companions who are carers.
LAWFUL = (
    r"(?i)\bcbd\b|hemp|prescri|clinic|pharmac|chemist|weed ?(killer|control|membrane)|seaweed|kitchen|cutlery|medical escort|"
    r"escort(ed)? (tour|visit|walk|holiday|trip)|\btoys?\b|ford escort"
)
NAMED = (
    r"(?i)cannabis|marijuana|cocaine|heroin|ecstasy|mdma|ketamine|amphetamine|\bthc\b|magic mushroom|psilocybin|nitrous|laughing gas|"
    r"\bweed\b|illegal|illicit|counterfeit|stolen|escorts?\b|sexual|brothel|firearm|stun gun|taser|knuckleduster|zombie knife|"
    r"pepper spray|fake (id|passport)|anabolic"
)

RULE = trade_rule(
    id="L-05",
    title="Goods that may be unlawful",
    basis="exclusions",
    severity=4,
    outcome="refuse",
    read_as="something that may not be lawful to buy",
    shop=at_shop("a seller of things that may not be lawful to buy", severity=2),
    usual="Such words hardly ever stand on a receipt, and most of them turn out to mean something else.",
    innocent="The word may mean something lawful: a cannabis medicine on prescription, a hemp oil, an escorted visit, or a misread line.",
    ask="Ask the care co-ordinator first whether it can be explained. Ask the holder only for the paper, with no guess at what it was.",
    clears="A receipt or a prescription that shows something lawful, or the amount paid back.",
    owners=MONEY_OWNERS,
    restricted_with=("A-03", "E-05", "E-06", "W-07"),
    examples=(
        flagged(
            "A line that names a controlled drug",
            receipt_lines=({"category_code": "X05", "description": "CANNABIS 3.5G", "line_total_pence": 40_00},),
        ),
        left_alone(
            "CBD oil", receipt_lines=({"category_code": "X05", "description": "CBD OIL 10ML CANNABIS SATIVA", "line_total_pence": 25_00},)
        ),
        left_alone("Weed killer", receipt_lines=({"category_code": "X05", "description": "WEED KILLER 1L", "line_total_pence": 9_00},)),
        left_alone("A cannabis clinic, which prescribes", payments=({"category_code": "X05", "payee_shown": "MEDICAL CANNABIS CLINIC"},)),
        at_the_threshold(
            "A line read with just less than the certainty asked for",
            receipt_lines=({"category_code": "X05", "description": "CANNABIS 3.5G", "line_total_pence": 40_00, "probability_share": 0.84},),
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.85) -> pl.LazyFrame:
    """One row per receipt with lines, and per purchase without."""
    return bought(spending, Trade(("X05",), (), least_share, is_not=LAWFUL, is_also=NAMED))
