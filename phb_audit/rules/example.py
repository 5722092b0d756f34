"""Worked examples: small worlds written as rows, at once a rule's documentation and its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from phb_audit.rules.spending import Spending

AS_OF = date(2026, 10, 31)
KINDS = ("flagged", "left alone", "at the threshold", "agreed exception")

Row = Mapping[str, object]

# What a row is when an example does not say: an ordinary purchase of a direct payment that fits an approved plan, with a receipt.
ORDINARY: dict[str, dict[str, object]] = {
    "payments": {
        "payment_id": "P1",
        "holder_id": "H1",
        "feed_code": "bank",
        "holding_code": "direct_payment",
        "paid_on": date(2026, 8, 3),
        "amount_pence": 20_00,
        "kind_code": "purchase",
        "is_spend": True,
        "payee_shown": "CORNER SHOP",
        "payee_id": "M1",
        "category_code": "A05",
        "probability_share": 0.95,
        "is_abstained": False,
        "plan_version_id": "PL1/v1",
        "has_any_plan": True,
        "match_code": "fits",
        "is_preapproved": False,
    },
    "receipts": {
        "receipt_id": "R1",
        "holder_id": "H1",
        "is_readable": True,
        "is_alike": False,
        "times_used_count": 1,
        "holders_count": 1,
    },
    "receipt_lines": {
        "receipt_line_id": "L1",
        "receipt_id": "R1",
        "payment_id": "P1",
        "holder_id": "H1",
        "dated_on": date(2026, 8, 3),
        "category_code": "A05",
        "probability_share": 0.95,
        "is_abstained": False,
        "how_code": "words",
    },
    "pay_slips": {
        "pay_slip_id": "W1",
        "holder_id": "H1",
        "employee_id": "E1",
        "period_from_on": date(2026, 8, 1),
        "period_to_on": date(2026, 8, 28),
        "net_pence": 500_00,
        "hours_kind_code": "worked",
    },
    "people": {"connection_id": "C1", "holder_id": "H1", "role_code": "family"},
    "budgets": {"budget_id": "G1", "holder_id": "H1", "account_id": "B1", "holding_code": "direct_payment", "annual_pence": 10_400_00},
    "instalments": {"instalment_id": "T1", "holder_id": "H1", "amount_pence": 800_00, "paid_on": date(2026, 8, 1)},
    "council_claims": {
        "claim_id": "J1",
        "holder_id": "H1",
        "dated_on": date(2026, 8, 3),
        "total_pence": 40_00,
        "claimed_pence": 40_00,
    },
    "plans": {
        "plan_version_id": "PL1/v1",
        "holder_id": "H1",
        "plan_ref": "PL1",
        "version": 1,
        "status_code": "approved",
        "effective_from_on": date(2026, 1, 1),
    },
    "plan_outcomes": {"outcome_id": "PL1/v1/1", "plan_version_id": "PL1/v1", "holder_id": "H1", "outcome_ref": "1"},
    "plan_lines": {
        "plan_line_id": "PL1/v1/1",
        "plan_version_id": "PL1/v1",
        "holder_id": "H1",
        "line_ref": "1",
        "is_preapproved": False,
        "category_code": "A05",
    },
    "events": {"event_id": "V1", "holder_id": "H1", "event_code": "review", "from_on": date(2026, 8, 1)},
    "support_records": {"record_id": "D1", "holder_id": "H1", "seen_on": date(2026, 1, 1)},
    "visits": {
        "visit_id": "U1",
        "holder_id": "H1",
        "source_code": "timesheet",
        "employee_id": "E1",
        "payee_ref": "Y1",
        "visited_on": date(2026, 8, 3),
        "starts_minute": 9 * 60,
        "ends_minute": 12 * 60,
        "hours_count": 3.0,
        "signed_code": "holder",
    },
    "shared_shifts": {
        "visit_id": "U1",
        "holder_id": "H1",
        "employee_id": "E1",
        "visited_on": date(2026, 8, 3),
        "starts_minute": 9 * 60,
        "ends_minute": 12 * 60,
        "both_minutes": 0,
    },
    "accounts": {
        "account_id": "B1",
        "holder_id": "H1",
        "holding_code": "direct_payment",
        "balance_pence": 0,
        "is_balance_given": True,
        "due_pence": 0,
        "planned_pence": 0,
        "last_line_on": AS_OF,
    },
    "refund_links": {
        "refund_id": "P9",
        "purchase_id": "P1",
        "holder_id": "H1",
        "account_id": "B1",
        "link_code": "one",
        "refund_on": date(2026, 8, 20),
        "bought_on": date(2026, 8, 1),
        "back_pence": 60_00,
        "bought_pence": 60_00,
        "left_pence": 0,
        "points": 501,
        "because": "",
    },
    "feeds": {
        "feed_code": "receipts",
        "owner": "the holder or their support service",
        "usual_days": 35,
        "last_data_on": AS_OF,
        "is_late": False,
    },
    "account_changes": {
        "connection_id": "C1",
        "holder_id": "H1",
        "payee_ref": "Y1",
        "role_code": "pa",
        "changed_on": date(2026, 8, 1),
    },
    "statement_ends": {
        "holder_id": "H1",
        "account_id": "B1",
        "feed_code": "bank",
        "balance_pence": 0,
        "is_opening": True,
        "paid_on": date(2026, 4, 1),
    },
    "returns": {
        "return_id": "M1",
        "holder_id": "H1",
        "account_id": "B1",
        "period_from_on": date(2026, 7, 1),
        "period_to_on": date(2026, 9, 30),
        "opening_pence": 200_00,
        "received_pence": 2_400_00,
        "in_pence": 2_400_00,
        "out_pence": 2_300_00,
        "closing_pence": 300_00,
        "told_pence": 300_00,
        "first_on": date(2026, 4, 1),
        "reached_on": AS_OF,
        "lines_moved_pence": 100_00,
        "first_line_id": "P1",
        "line_balance_pence": 300_00,
        "balance_line_id": "P2",
        "balance_on": date(2026, 9, 30),
        "paid_most_pence": 2_400_00,
        "paid_least_pence": 2_400_00,
    },
    "raised": {"flag_id": "F1", "rule_id": "E-01", "holder_id": "H1", "first_flagged_on": date(2026, 10, 1)},
    "asked": {"case_id": "c1", "case_ref": "FQ7K2M9PB", "holder_id": "H1", "asked_count": 3, "last_due_on": date(2026, 10, 15)},
    "judged": {"category_code": "A05", "area_name": "North", "agreed_count": 4, "refused_count": 0},
    "limit_changes": {
        "rule_id": "A-04",
        "limit_name": "allowance_pence",
        "from_on": date(2026, 7, 1),
        "told_on": date(2026, 6, 1),
        "before_shown": "\u00a350",
        "value_shown": "\u00a340",
    },
    "groups": {"kind": "care group", "group_name": "adults", "holders_count": 100, "asked_count": 10},
    "peers": {
        "care_group_code": "",
        "category_code": "A05",
        "lines_count": 500,
        "holders_count": 60,
        "middle_pence": 20_00,
        "high_pence": 60_00,
        "category_count": 500,
        "all_count": 10_000,
    },
    "gates": {
        "feed_code": "bank",
        "refused_count": 0,
        "noticed_count": 0,
        "again_count": 0,
        "at_stake_pence": 0,
        "files_count": 1,
        "fix_owner": "the account provider",
    },
    "repeats": {
        "payment_id": "P2",
        "before_id": "P1",
        "holder_id": "H1",
        "before_on": date(2026, 8, 1),
        "gap_days": 2,
        "payee_count": 0,
        "amount_count": 0,
        "pairs_count": 0,
        "copy_share": 0.97,
    },
    "twins": {
        "payment_id": "P2",
        "before_id": "P1",
        "holder_id": "H1",
        "before_on": date(2026, 8, 1),
        "before_feed_code": "card",
        "gap_days": 2,
        "close_count": 0,
        "both_count": 1,
        "fewer_count": 10,
    },
    "shared_accounts": {"holder_id": "H1", "account_ref": "B7", "holders_count": 2, "names_count": 2, "has_assistant": True},
}


@dataclass(frozen=True)
class Example:
    """One worked example: what it shows, of which kind it is, its rows by frame, and how many flags the rule finds in it.

    An 'agreed exception' may be found, and must then be settled by an agreed plan item (P-04).
    """

    says: str
    kind: str
    rows: Mapping[str, tuple[Row, ...]]
    flags: int
    limits: Mapping[str, object] = field(default_factory=dict)

    def spending(self) -> Spending:
        """The example as a rule sees it, on 31 October 2026."""
        from phb_audit.rules.spending import FRAMES, Spending

        return Spending.of(AS_OF, {name: _frame(name, rows, FRAMES[name]) for name, rows in self.rows.items()})


def flagged(says: str, /, *, flags: int = 1, limits: Mapping[str, object] | None = None, **rows: tuple[Row, ...]) -> Example:
    """An example the rule finds."""
    return Example(says, "flagged", rows, flags, limits or {})


def left_alone(says: str, /, *, limits: Mapping[str, object] | None = None, **rows: tuple[Row, ...]) -> Example:
    """An example the rule leaves alone."""
    return Example(says, "left alone", rows, 0, limits or {})


def at_the_threshold(says: str, /, *, flags: int = 0, limits: Mapping[str, object] | None = None, **rows: tuple[Row, ...]) -> Example:
    """An example on the limit itself."""
    return Example(says, "at the threshold", rows, flags, limits or {})


def agreed_exception(says: str, /, *, flags: int = 0, limits: Mapping[str, object] | None = None, **rows: tuple[Row, ...]) -> Example:
    """An example that the plan has agreed by name."""
    return Example(says, "agreed exception", rows, flags, limits or {})


def _frame(name: str, rows: tuple[Row, ...], columns: Mapping[str, pl.DataType]) -> pl.DataFrame:
    unknown = {key for row in rows for key in row} - set(columns)
    if unknown:
        raise KeyError(f"An example's {name} have no column {sorted(unknown)}")
    full = [{key: row.get(key, ORDINARY[name].get(key)) for key in columns} for row in rows]
    return pl.DataFrame(full, schema=dict(columns))
