"""What happened to one person's plan, care and budget, and to what was flagged of it, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.page import lower_first, words_of
from phb_audit.review.cases import LiveCase, is_read_again, is_told_blind
from phb_audit.review.desk import Visit
from phb_audit.review.item import history
from phb_audit.review.page import london_day

MOST = 60
EVENTS = {"admission": "Hospital stay", "absence": "Away", "proposal": "Proposal from the holder's side"}
# On one day, what a register says comes first, then what people did; the night looks at a day that has ended.
REGISTER, PERSON, NIGHT = range(3)
Step = dict[str, Any]


def timeline(visit: Visit, cases: Sequence[LiveCase], told: Mapping[str, Any]) -> list[Step]:
    """Every step up to today, newest first: words, on, at, by, reason, more, ref. Of decisions it tells what the items' own pages tell
    this person, and no more. `told`: plans, events and budgets of the night (persons_of)."""
    found = [*_of_register(told), *(step for case in cases for step in _of_case(visit, case))]
    return sorted(
        (step for step in found if step["on"] <= visit.today), key=lambda step: (step["on"], step["place"], step["at"]), reverse=True
    )


def plan_facts(plans: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The newest plan version: name and words, only what is known."""
    if not plans:
        return []
    plan = plans[0]
    told = [
        ("Plan", f"{plan['plan_ref']}, version {plan['version']}{', a draft' if plan['status_code'] == 'draft' else ''}"),
        ("In force", f"From {plain_day(plan['effective_from_on'])}{_until(plan['effective_to_on'])}"),
        ("Signed off", _signed(plan)),
        ("Review due", plain_day(plan["review_due_on"]) if plan["review_due_on"] else ""),
    ]
    return [(name, words) for name, words in told if words]


def _of_register(told: Mapping[str, Any]) -> Iterator[Step]:
    for plan in told["plans"]:
        is_draft = plan["status_code"] == "draft"
        words = f"Plan version {plan['version']} {'drafted to begin' if is_draft else 'begins'}"
        signed = _signed(plan)
        yield _step(plan["effective_from_on"], words, reason=f"Signed off {lower_first(signed)}." if signed else "")
    for event in told["events"]:
        is_answer = event["event_code"] == "proposal"
        is_told = event["to_on"] is not None and (is_answer or event["to_on"] > event["from_on"])
        until = f"{'Answered' if is_answer else 'Until'} {plain_day(event['to_on'])}." if is_told else ""
        yield _step(event["from_on"], EVENTS.get(event["event_code"], words_of(event["event_code"])), reason=until)
    for budget in told["budgets"]:
        held = words_of(budget["holding_code"])
        yearly = "" if budget["annual_pence"] is None else f", {pounds(budget['annual_pence'])} a year"
        if budget["starts_on"]:
            yield _step(budget["starts_on"], "Budget begins", reason=f"{held}{yearly}.")
        if budget["ends_on"]:
            yield _step(budget["ends_on"], "Budget ends", reason=f"{held}.")


def _of_case(visit: Visit, case: LiveCase) -> Iterator[Step]:
    told = case.told
    what = told["payee_shown"] or told["headline"]
    yield _step(told["first_flagged_on"], "Flagged", NIGHT, reason=f"{what}: {'; '.join(dict.fromkeys(told['titles']))}", ref=case.ref)
    is_hidden = is_told_blind(case, visit.person, visit.desk.access)
    for step in history(visit.known.moves.get(case.case_id, ()), is_hidden=is_hidden, is_read_again=is_read_again(case)):
        yield _step(london_day(step["at"]), step["words"], PERSON, ref=case.ref) | step


def _step(on: date, words: str, place: int = REGISTER, *, reason: str = "", ref: str = "") -> Step:
    return {"on": on, "place": place, "at": "", "words": words, "by": "", "reason": reason, "more": "", "ref": ref}


def _signed(plan: Mapping[str, Any]) -> str:
    words = [plain_day(plan["approved_on"]) if plan["approved_on"] else "", f"by {plan['approver_role']}" if plan["approver_role"] else ""]
    return ", ".join(word for word in words if word)


def _until(day: date | None) -> str:
    return f" to {plain_day(day)}" if day else ""
