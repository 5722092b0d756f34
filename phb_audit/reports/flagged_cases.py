"""The evidence of each case that the report shows in full: plain values and words, ready for the page.

What is told of its receipts is in receipts_beside.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from phb_audit.flagged.findings import NO_PLAN, NOT_IN_FORCE, NOT_ONE_PURCHASE, own_part
from phb_audit.flagged.refund_words import refund_words, refunds_of
from phb_audit.matched.words_named import words_of_goal, words_of_line
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_totals import HOLDINGS, PRIORITIES, PROPOSALS
from phb_audit.reports.page import counted, percent
from phb_audit.rules.register import NOT_CHECKED
from phb_audit.warehouse import Warehouse, sql

MATCHES = {"fits": "strong", "unclear": "weak", "no_match": "none", "no_plan": "no plan in force"}
HOW_OFTEN = {"weekly": "a week", "4-weekly": "every 4 weeks", "monthly": "a month", "annual": "a year", "one-off": "once"}
SAID_BY_THE_PAGE = (NO_PLAN, NOT_IN_FORCE, NOT_ONE_PURCHASE)
PERSON = "a named person"
MOST_PAYMENTS = 12
MOST_REASONS = 3
MOST_PLAN_WORDS = 4
MOST_CLEARINGS = 5


@dataclass(frozen=True)
class Evidence:
    """What the page may show of its cases: frames by case_id, each as the SQL file of its name says."""

    reasons: pl.DataFrame
    evidence: pl.DataFrame
    case_payments: pl.DataFrame
    clearings: pl.DataFrame
    refunds: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Rows of matched.refund_links by payment."""


def evidence_of(warehouse: Warehouse, shown: pl.DataFrame) -> Evidence:
    """Read what the page may show of the cases in `shown` (case_id)."""
    names = ("reasons", "evidence", "case_payments", "clearings")
    frames = {name: warehouse.frame(sql(__file__, f"flagged_items_{name}"), shown_cases=shown) for name in names}
    return Evidence(**frames, refunds=refunds_of(warehouse, frames["evidence"]["payment_id"].drop_nulls()))


def tell_cases(cases: pl.DataFrame, found: Evidence, *, run_id: str, as_of: date, categories: Mapping[str, str]) -> list[dict[str, Any]]:
    """One dict a case, in the order of `cases`: who, what, why, the plan, the budget and what to do."""
    why, payments, clears = (_by_case(frame) for frame in (found.reasons, found.case_payments, found.clearings))
    seen = {row["case_id"]: row for row in found.evidence.iter_rows(named=True)}
    return [
        _tell(case, why.get(case_id, []), seen.get(case_id, {}), run_id, as_of)
        | {
            "category": tell_category(seen.get(case_id, {}), categories),
            "refunds": tell_refunds(seen.get(case_id, {}), found.refunds),
            **tell_clearing(why.get(case_id, []), clears.get(case_id, [])),
            "payments": payments.get(case_id, [])[:MOST_PAYMENTS],
            "payments_more": max(len(payments.get(case_id, [])) - MOST_PAYMENTS, 0),
        }
        for case in cases.iter_rows(named=True)
        for case_id in (case["case_id"],)
    ]


def tell_refunds(seen: dict[str, Any], refunds: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """What came back of the payment of a case, or what it came back for."""
    payment_id = seen.get("payment_id")
    return refund_words(refunds.get(payment_id, []), payment_id) if payment_id else []


def _by_case(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row["case_id"], []).append(row)
    return found


def _tell(case: dict[str, Any], reasons: list[dict[str, Any]], seen: dict[str, Any], run_id: str, as_of: date) -> dict[str, Any]:
    questions = [reason for reason in reasons if not reason["is_commissioners"]]
    parts = [own_part(reason["sentence"]) for reason in questions]
    own = [(f"{reason['title']}. {reason['sentence']}", reason["rule_id"]) for reason in reasons if reason["is_commissioners"]]
    own += [(words, "") for words in unique(first for first, _ in parts)]
    questions = one_a_rule([reason | {"sentence": seen_words} for reason, (_, seen_words) in zip(questions, parts, strict=True)])
    return {
        "ref": case["case_ref"],
        "headline": case["headline"],
        "holder": case["holder_shown"],
        "subject_on": case["subject_on"],
        "at_stake_pence": case["at_stake_pence"],
        "amount_pence": seen.get("amount_pence"),
        "priority": PRIORITIES.get(case["priority_code"], case["priority_code"]),
        "proposal": PROPOSALS.get(case["outcome_code"], case["outcome_code"]),
        "holding": HOLDINGS.get(case["holding_code"], case["holding_code"]),
        "care_group": seen.get("care_group_code"),
        "area": case["area_name"],
        "waiting": waiting(case["first_flagged_on"], as_of),
        "is_new": bool(reasons) and all(reason["first_run_id"] == run_id for reason in reasons),
        "has_payment": seen.get("payee_shown") is not None,
        "has_receipt": seen.get("receipt_id") is not None,
        "is_away": bool(seen.get("is_event_open")),
        "news": case["news"],
        "own": own,
        "reasons": questions[:MOST_REASONS],
        "reasons_more": max(len(questions) - MOST_REASONS, 0),
        "why": unique([*(["Our own part first"] if own else []), *(reason["title"] for reason in questions)]),
        "bases": unique(told.removesuffix(NOT_CHECKED).rstrip() for told in said(reasons, "basis")),
        "is_basis_unchecked": any(NOT_CHECKED in reason["basis"] for reason in reasons),
        "innocents": said(reasons, "innocent"),
        "asks": said(reasons, "ask"),
        "plan": tell_plan(seen, questions),
        "budget": tell_budget(seen),
        "account": tell_account(seen),
    }


def one_a_rule(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reasons, those of one rule as one: the first, with how many more there are like it and what they come to together."""
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for reason in reasons:
        by_rule.setdefault(reason["rule_id"], []).append(reason)
    return [_with_count(like) for like in by_rule.values()]


def _with_count(like: list[dict[str, Any]]) -> dict[str, Any]:
    if len(like) == 1:
        return like[0]
    together = sum(abs(reason["at_stake_pence"]) for reason in like)
    money = f", {pounds(together)} together" if together else ""
    return like[0] | {"sentence": f"{like[0]['sentence']} This is one of {len(like)} like it{money}."}


def waiting(first_flagged_on: date, as_of: date) -> str:
    """How long a case has waited, in words."""
    days = (as_of - first_flagged_on).days
    return (
        f"flagged {plain_day(first_flagged_on)}, waiting {counted(days, 'day')}" if days > 0 else f"flagged {plain_day(first_flagged_on)}"
    )


def unique(words: Iterable[str]) -> list[str]:
    """The words in order, each once, without empty ones."""
    return [word for word in dict.fromkeys(words) if word]


def said(reasons: list[dict[str, Any]], field: str) -> list[str]:
    """What the reasons of one case say under one heading, each thing once."""
    return unique(reason[field].strip() for reason in reasons)


def tell_clearing(reasons: list[dict[str, Any]], clearings: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What would clear the case, as found by running the rules again; beside it what helps a person decide, in the rules' words. Of a case
    that was not worked out the rules' words alone."""
    clears, helps = unique(row["words"] for row in clearings), said(reasons, "clears")
    return {
        "clears": clears[:MOST_CLEARINGS],
        "clears_more": [f"{len(clears) - MOST_CLEARINGS} more ways are in the answer of `phb-audit explain`."]
        if len(clears) > MOST_CLEARINGS
        else [],
        "helps": helps,
    }


def tell_plan(seen: dict[str, Any], reasons: list[dict[str, Any]]) -> dict[str, Any]:
    """The closest goal and line in the plan's own words, how close, what came second, and the dates of that version."""
    match = seen.get("match_code")
    return {
        "match": MATCHES.get(match or "", ""),
        "share": None if seen.get("match_share") is None or match in (None, "no_plan") else f"{seen['match_share']:.2f}",
        "because": seen.get("match_because"),
        "goal": seen.get("outcome_words"),
        "goal_because": seen.get("goal_because"),
        "line": seen.get("plan_line_words"),
        "allows": line_allows(seen),
        "is_preapproved": bool(seen.get("is_preapproved")),
        "runner_up": seen.get("runner_up_words"),
        "runner_up_share": None if seen.get("runner_up_share") is None else f"{seen['runner_up_share']:.2f}",
        "later": seen.get("later_words"),
        "later_from_on": seen.get("later_from_on"),
        "goal_marked": words_within(words_of_goal(seen.get("goal_because")), seen.get("outcome_words")),
        "line_marked": words_within(words_of_line(seen.get("match_because")), seen.get("plan_line_words")),
        "version": plan_version(seen),
        "source": plan_source(seen),
        "review_due_on": seen.get("review_due_on"),
        "is_missing": match == "no_plan",
        "has_any": bool(seen.get("has_any_plan")),
        "words": [words for words in said(reasons, "plan_words") if not is_said_already(words, seen)][:MOST_PLAN_WORDS],
    }


def is_said_already(words: str, seen: dict[str, Any]) -> bool:
    """True for plan words that only repeat the goal, the line or the missing plan the page names itself."""
    quoted = (seen.get("plan_line_words"), seen.get("outcome_words"))
    return words in SAID_BY_THE_PAGE or any(quote and quote in words for quote in quoted)


def line_allows(seen: dict[str, Any]) -> str:
    """What the plan line allows, in words; empty where it names no amount."""
    parts = []
    if seen.get("line_amount_pence") is not None:
        often = HOW_OFTEN.get(seen.get("line_frequency_code") or "", "")
        parts.append(f"{pounds(seen['line_amount_pence'])} {often}".strip())
    if seen.get("line_most_at_once_pence") is not None:
        parts.append(f"at most {pounds(seen['line_most_at_once_pence'])} at once")
    return ", ".join(parts)


def plan_version(seen: dict[str, Any]) -> str:
    """Which version of the plan was in force, and from when to when; empty where none was."""
    if seen.get("plan_version") is None:
        return ""
    until = f" to {plain_day(seen['effective_to_on'])}" if seen.get("effective_to_on") else ", still open"
    return f"Version {seen['plan_version']}, in force from {plain_day(seen['effective_from_on'])}{until}; {_sign_off(seen)}"


def words_within(words: Iterable[str], text: str | None) -> list[str]:
    """Those of the words that stand in a text."""
    held = " ".join((text or "").casefold().split())
    return [word for word in words if word.casefold() in held]


def plan_source(seen: dict[str, Any]) -> str:
    """Which version of the plan its words are quoted from, and who signed it off (a role, as the plan's file has it); empty without one."""
    return f"Plan version {seen['plan_version']}, {_sign_off(seen)}" if seen.get("plan_version") is not None else ""


def _sign_off(seen: dict[str, Any]) -> str:
    on = f" {plain_day(seen['approved_on'])}" if seen.get("approved_on") else ""
    by = f" by {seen['approver_role']}" if seen.get("approver_role") else ""
    if not on:
        return f"signed off{by}, no date on file" if by else "no sign-off date on file"
    return f"signed off{on}{by}"


def tell_budget(seen: dict[str, Any]) -> list[tuple[str, str]]:
    """The budget's position after the purchase, as (name, value) pairs; empty where no budget is on file."""
    remaining, spent = seen.get("remaining_pence"), seen.get("spent_to_date_pence")
    if remaining is None or spent is None:
        return []
    year = remaining + spent
    share = f" ({percent(spent / year)} of it)" if year > 0 else ""
    told = [("Budget for the year", pounds(year)), (f"Spent by {plain_day(seen['paid_on'])}, with this payment", f"{pounds(spent)}{share}")]
    if seen.get("budget_to_date_pence") is not None:
        told.append(("Budget due by that day", pounds(seen["budget_to_date_pence"])))
    left = pounds(remaining) if remaining >= 0 else f"{pounds(-remaining)} over"
    return [*told, ("Left for the year", left)]


def tell_account(seen: dict[str, Any]) -> list[tuple[str, str]]:
    """Where the account stands tonight, as (name, value) pairs; empty for a case that is not about an account."""
    if seen.get("balance_pence") is None:
        return []
    last = f" on {plain_day(seen['last_line_on'])}" if seen.get("last_line_on") else ""
    told = [("Balance", f"{pounds(seen['balance_pence'])}{last}"), ("Known and not yet paid", pounds(seen["due_pence"] or 0))]
    if seen.get("weekly_pence"):
        told.append(("Budget for a week", pounds(seen["weekly_pence"])))
    return told


def tell_category(seen: dict[str, Any], categories: Mapping[str, str]) -> str:
    """What was bought, as the classifier has it, and how sure it is."""
    code = seen.get("category_code")
    if not code:
        return ""
    if seen["is_abstained"]:
        return f"The words do not settle it. {seen['category_because']}".strip()
    return f"{categories.get(code, code)} ({percent(seen['probability_share'])} sure)"
