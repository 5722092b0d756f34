"""What a rule declares about itself: everything a reader of a flag needs, said once, beside the expression that finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from phb_audit.rules.example import Example

FAMILIES = {
    "never": "A1",
    "plan": "A2",
    "evidence": "A3",
    "account": "A4",
    "people": "A5",
    "commissioner": "A6",
    "statistical": "A7",
    "quality": "A8",
}
FAMILY_TITLES = {
    "A1": "Never to be bought",
    "A2": "Match with the plan",
    "A3": "Evidence",
    "A4": "Account, balance and payment",
    "A5": "Paying people",
    "A6": "The commissioner's own duties",
    "A7": "Statistical signals",
    "A8": "Data quality",
}
# Data quality, account and evidence, plan match, never-list, employment, statistics last. The commissioner's own duties come
# before the plan match, because they may explain what the plan match finds.
ORDER = ("A8", "A4", "A3", "A6", "A2", "A1", "A5", "A7")

PLAN_FEEDS = ("plans", "plan_outcomes", "plan_lines")
ALL_FEEDS = (
    *PLAN_FEEDS,
    "bank",
    "card",
    "managed",
    "notional",
    "receipts",
    "payroll",
    "instalments",
    "budgets",
    "people",
    "holder_events",
    "support_records",
    "visits",
    "monitoring_returns",
)
# What can change the answer about one line that is there whole. Another line that was refused, money that came in, a visit or a
# return cannot; sums, counts and what is missing wait for all feeds.
WHOLE_LINE_FEEDS = (*PLAN_FEEDS, "receipts", "payroll", "budgets", "people", "holder_events", "support_records")

# What one decision may be about: the column that makes it one case.
DECISIONS = {
    "payment": "payment_id",
    "papers": "holder_id",
    "cash": "holder_id",
    "abroad": "holder_id",
    "family_pay": "holder_id",
    "hospital_pay": "holder_id",
    "payroll": "holder_id",
    "after_the_end": "holder_id",
    "surplus": "holder_id",
    "plan": "holder_id",
    "organisation": "holder_id",
    "feed": "subject_id",
}


@dataclass(frozen=True)
class Variant:
    """One way a rule finds (or does not find) something, where that changes what is said. Empty fields fall back to the rule."""

    sentence: str = ""
    not_found: str = ""
    usual: str = ""
    ask: str = ""
    innocent: str = ""
    clears: str = ""
    outcome: str = ""
    severity: int | None = None
    is_commissioners: bool | None = None
    is_safeguarding: bool | None = None


@dataclass(frozen=True)
class Rule:
    """A rule's own page. Templates name columns the rule's `find` returns, or its limits: `{amount_pence:pounds}`."""

    id: str
    title: str
    family: str
    basis: str  # key of bases.toml
    severity: int
    outcome: str
    looks_at: str  # completes "This rule looks only at ..."
    sentence: str  # what we saw, with the numbers
    not_found: str  # why a thing that was looked at is left alone, with the numbers
    usual: str
    innocent: str
    ask: str
    clears: str
    overtaken: str  # what has most likely happened when the rule no longer finds it
    same_flag: tuple[str, ...]  # columns that make two findings the same flag
    decides: str  # key of DECISIONS; a column case_payment_id of the frame names the payment whose case it joins
    owner: str
    reviewer: str
    next_review: date
    examples: tuple[Example, ...]
    variants: Mapping[str, Variant] = field(default_factory=dict)
    restricted_with: tuple[str, ...] = ()  # +L: kept out of ordinary reports when one of these rules found something for the holder too
    is_safeguarding: bool = False  # +S
    is_commissioners: bool = False
    duty_of: str = ""  # who of the organisation must act, where the cause is its own
    is_on_the_clock: bool = False  # the passing of days alone can make it find something
    explained_by: tuple[str, ...] = ()  # rules on the organisation's own delay that come first and lower the severity by one
    settles: tuple[str, ...] = ()  # families whose findings on the same payment are settled by this one
    never_settled: bool = False  # an agreed plan item does not settle it, although it settles the family
    waits_for: tuple[str, ...] = ()  # feeds: a holder held back for one of them is not put to this rule

    @property
    def may_be_apart(self) -> bool:
        """Can what it finds be for the Local Counter Fraud Specialist or the safeguarding lead alone?"""
        may_be_safety = self.is_safeguarding or any(variant.is_safeguarding for variant in self.variants.values())
        return bool(self.restricted_with) or may_be_safety
