"""The facts beside one payment or receipt, in words: what it was, the plan, the budget, the receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from phb_audit.flagged.refund_words import NO_PURCHASE, refund_words, refunds_of
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.rules.wording import categories
from phb_audit.warehouse import Warehouse, sql

HOLDING = {
    "direct_payment": "a direct payment",
    "third_party": "a third-party budget",
    "notional": "a notional budget",
    "none_on_file": "an account without a budget on file",
}
MATCH = {
    "fits": "It fits the plan",
    "unclear": "Whether it fits the plan is unclear",
    "no_match": "No line of the plan fits",
    "no_plan": "No plan was in force",
}
OPEN_RECEIPTS = {
    "open": "On file; which of several payments each belongs to cannot be told.",
    "open_short": "There are fewer receipts than payments like this one, and which has none cannot be told.",
}
Row = dict[str, Any]
WouldChange = Callable[[Warehouse, str], str]


def say_nothing(warehouse: Warehouse, payment_id: str) -> str:
    """Where the classifier cannot be asked again."""
    del warehouse, payment_id
    return ""


@dataclass(frozen=True)
class Fact:
    """One heading and what is known under it."""

    heading: str
    words: str


@dataclass(frozen=True)
class About:
    """A headline, the day, and the facts."""

    headline: str
    subject_on: date | None
    facts: tuple[Fact, ...]


def about_payment(warehouse: Warehouse, payment_id: str, would_change: WouldChange = say_nothing) -> About | None:
    """The facts of a payment; None when it is not in the warehouse. `would_change` says what would change its category."""
    rows = warehouse.frame(sql(__file__, "explain_payment"), {"payment_id": payment_id})
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    headline = f"{row['payee_shown']}, {pounds(row['amount_pence'])}, {plain_day(row['paid_on'])}"
    holding = HOLDING.get(row["holding_code"], row["holding_code"])
    held = f"{row['kind_code']}, {pounds(row['amount_pence'])}, from {holding} ({row['feed_code']})"
    facts = (
        Fact("Payment", f"{held}. {'It counts as spend.' if row['is_spend'] else 'It does not count as spend.'}"),
        Fact("What it was", _category(row) + _would_change(row, would_change(warehouse, payment_id))),
        Fact("Plan", _plan(row)),
        Fact("Budget", _budget(row)),
        Fact("Receipt", _receipt(row)),
        *_refunds(warehouse, row),
        *_reasons(warehouse, payment_id),
    )
    return About(headline, row["paid_on"], facts)


def about_receipt(warehouse: Warehouse, receipt_id: str) -> About | None:
    """The facts of a receipt that stands beside no payment, or of which it cannot be told beside which."""
    rows = warehouse.frame(sql(__file__, "explain_receipt"), {"receipt_id": receipt_id})
    if rows.is_empty():
        return None
    row = rows.row(0, named=True)
    total = pounds(row["total_pence"]) if row["total_pence"] is not None else "no total"
    day = row["dated_on"] or row["received_on"]
    may_be = warehouse.frame(sql(__file__, "explain_receipts"), {"receipt_id": receipt_id}).height
    beside = "It cannot be told which payment it belongs to." if may_be else "No payment was found that it belongs to."
    words = f"{total}, dated {_day(row['dated_on'])}, received {_day(row['received_on'])}. {beside}"
    return About(f"Receipt over {total}, {_day(day)}", day, (Fact("Receipt", words),))


def _category(row: Row) -> str:
    if not row["is_spend"]:
        return str(row["category_because"])
    name = categories().get(row["category_code"], row["category_code"])
    settled = "The words do not settle it. " if row["is_abstained"] else ""
    return f"{settled}{name} ({row['probability_share'] * 100:.0f}% sure). {row['category_because']}".strip()


def _would_change(row: Row, words: str) -> str:
    """What would change the category, unless the reason says it already (what the payee alone would read as)."""
    return f" {words}" if words and "the payee alone would read as" not in row["category_because"] else ""


def _plan(row: Row) -> str:
    if not row["is_spend"]:
        return str(row["match_because"])
    said = f"{MATCH.get(row['match_code'], row['match_code'])} ({row['match_share'] * 100:.0f}%). {row['match_because']}".strip()
    if row["plan_line_words"]:
        said += f" Line: \u2018{row['plan_line_words']}\u2019."
    if row["goal_because"]:
        said += f" {row['goal_because']}"
    elif row["outcome_words"]:
        said += f" Outcome: \u2018{row['outcome_words']}\u2019."
    return said + (" The item was agreed by name." if row["is_preapproved"] else "")


def _budget(row: Row) -> str:
    if row["remaining_pence"] is None:
        return "No budget position is known for that day."
    spent, due, left = (pounds(row[name]) for name in ("spent_to_date_pence", "budget_to_date_pence", "remaining_pence"))
    return f"{spent} spent of the budget year with this payment; {due} would be even spending; {left} remains."


def _receipt(row: Row) -> str:
    if not row["receipt_id"]:
        return OPEN_RECEIPTS.get(row["receipt_match_code"] or "", "None on file.")
    total = pounds(row["total_pence"]) if row["total_pence"] is not None else "no total"
    words = (row["receipt_match_code"] or "not compared").replace("_", " ")
    return f"{row['receipt_id']}, {total}, dated {_day(row['dated_on'])}, received {_day(row['received_on'])}: {words}."


def _refunds(warehouse: Warehouse, row: Row) -> list[Fact]:
    """What came back of a purchase, or what a refund came back for."""
    said = refund_words(refunds_of(warehouse, [row["payment_id"]]).get(row["payment_id"], []), row["payment_id"])
    if not said and row["kind_code"] == "refund":
        said = [NO_PURCHASE]
    return [Fact("Refund", words) for words in said]


def _reasons(warehouse: Warehouse, payment_id: str) -> list[Fact]:
    """What few purchases share, beside what the flags say: a reason to look, and no more."""
    rows = warehouse.frame(sql(__file__, "explain_reasons"), {"payment_id": payment_id}).to_dicts()
    return [Fact("Beside the flags", f"{row['sentence']} {row['usual']} Unusual is not wrong.") for row in rows]


def _day(on: date | None) -> str:
    return plain_day(on) if on else "not known"
