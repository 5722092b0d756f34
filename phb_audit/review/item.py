"""One flagged purchase: why, the plan's own words, the papers, what was decided on others like it, and the form to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from phb_audit.cases.casebook import Event
from phb_audit.cases.decisions import FIRST_READER
from phb_audit.cases.transitions import DECIDES, DECISIONS, KINDS, MOVES, ROLES, a_role, refusal
from phb_audit.periods import plain_day
from phb_audit.reports.flagged_cases import MATCHES
from phb_audit.reports.flagged_items import category_names
from phb_audit.reports.page import counted
from phb_audit.review.cases import (
    LiveCase,
    is_blind,
    is_first_reader,
    is_read_again,
    own_view,
    tells_decision,
)
from phb_audit.review.desk import Problem, Visit
from phb_audit.review.overtaken import with_resolved
from phb_audit.review.papers import papers_of
from phb_audit.review.places import place_of
from phb_audit.review.question import choices_of, draft_question, due_on_usual, has_died
from phb_audit.review.queue import noted_of
from phb_audit.review.recorded import done_on, recorded
from phb_audit.review.rounds import paper_asked_for, rounds
from phb_audit.review.similar import similar_to

PROPOSAL = "Decision made, waiting for a second check"
FIRST_READING = "Read without its reasons; what was decided is shown when another person has read it with them"
UNSETTLED = "A receipt with its lines, or the word of whoever bought it, would settle it."
NOT_TESTED = "A receipt with its lines, or the word of whoever bought it, could change it."
# Steps that are no decision: each has a small form of its own.
STEPS = ("answer_received", "reopen", "assign", "snooze", "wake", "escalate", "tag")


def show(visit: Visit) -> Response:
    """The page of one case."""
    case = visit.case(visit.request.path_params["ref"])
    visit.keep("view_case", case_ref=case.ref, holder_id=case.told["holder_id"], case_version=case.standing.version)
    return item_page(visit, case, done=done_on(visit, case), recorded=recorded(visit))


def item_page(visit: Visit, case: LiveCase, *, problems: Sequence[Problem] = (), status: int = 200, **values: Any) -> Response:
    """The page, with what was typed (`values`: given, done, recorded) and what is wrong with it."""
    role, own = visit.person.role, own_view(case, visit.person, visit.desk.access)
    is_hidden = is_blind(case, visit.person) and own is None
    events = visit.known.moves.get(case.case_id, ())
    is_theirs = not is_first_reader(case, visit.person)
    may_decide = is_theirs and not _refused("agree", case, role)
    codes = (*DECISIONS[:2], "ask", *DECISIONS[2:]) if is_theirs else ("ask",)
    told, asked = told_of(visit, case), rounds(events)
    return visit.shown(
        "item.jinja",
        status=status,
        problems=problems,
        case=told,
        live=case,
        matches=MATCHES,
        is_hidden=is_hidden,
        is_checking=is_blind(case, visit.person) and _may_check(role, case),
        own_view=own,
        proposal=None if is_hidden or not case.is_to_check else case.standing,
        moves=MOVES,
        may_decide=may_decide,
        choices=[(code, *told) for code, told in choices_of(case.kind, codes).items() if not _refused(code, case, role)],
        why_not="" if may_decide else _why_not(case, role) if is_theirs else f"{FIRST_READER} Another person decides it now.",
        steps=[code for code in STEPS if not _refused(code, case, role)],
        similar=similar_to(case, visit.known),
        noted=noted_of(case),
        place=place_of(visit, case),
        history=with_resolved(history(events, is_hidden=is_hidden, is_read_again=is_read_again(case)), visit.item(case).overtaken),
        overtaken=visit.item(case).overtaken,
        rounds=asked,
        paper_asked_for=paper_asked_for(asked),
        person=person_of(visit, case),
        papers=papers_of(visit, case),
        reading=reading_of(visit, case, told["category"]),
        digest=visit.item(case).digest,
        draft=draft_question(told, has_died=has_died(visit, case.told["holder_id"])),
        due_on=due_on_usual(visit.today),
        **({"given": {}} | values),
    )


def told_of(visit: Visit, case: LiveCase) -> dict[str, Any]:
    """The case in words, exactly as the flagged-item report tells it."""
    return visit.item(case).told | {"waiting_days": counted(case.days_waiting, "day")}


def reading_of(visit: Visit, case: LiveCase, category: str) -> list[tuple[str, str]]:
    """What the payment was read as, what decided that, and what would change it: name and words, only what is known."""
    rows = visit.item(case).reading
    if not rows:
        return []
    row, names = rows[0], category_names()
    codes = dict.fromkeys(code for code in [*row["set_codes"].split("|"), row["second_code"]] if code and code != row["category_code"])
    told = [
        ("Read as", category),
        ("Because", "" if row["is_abstained"] else row["category_because"]),
        ("What would change that", row["would_change"] or (UNSETTLED if row["is_abstained"] else NOT_TESTED)),
        ("It could also be", "; ".join(names.get(code, code) for code in codes)),
        ("The bank's further words", row["bank_words"]),
        ("Merchant code of the card line", row["mcc_code"]),
    ]
    return [(name, str(words)) for name, words in told if words]


def person_of(visit: Visit, case: LiveCase) -> dict[str, Any] | None:
    """The person's card: how the budget is held, how far it is spent, and what became of their other flags."""
    holder_id = case.told["holder_id"]
    person = visit.night().person_of.get(holder_id)
    if person is None:
        return None
    others = [other for other in visit.cases_of(holder_id) if other.ref != case.ref]
    outcomes = [other.state_words for other in others]
    return {
        "row": person,
        "goals": visit.item(case).goals,
        "others": [(words, outcomes.count(words)) for words in dict.fromkeys(outcomes)],
    }


def history(events: Sequence[Event], *, is_hidden: bool, is_read_again: bool) -> list[dict[str, Any]]:
    """What was done, newest first; a proposal that waits for a check, and a first reading before the second, without what they were."""
    told = []
    for place, event in enumerate(reversed(events)):
        body = event.body
        is_first_reading = is_read_again and tells_decision(body["move_code"])
        is_secret = is_first_reading or (is_hidden and place <= _since_proposal(events))
        told.append(
            {
                "words": (FIRST_READING if is_first_reading else PROPOSAL) if is_secret else MOVES[body["move_code"]].words,
                "by": "" if is_secret else f"{event.decided_by} ({ROLES[body['role']]})",
                "at": event.decided_at,
                "reason": "" if is_secret else body["reason"],
                "more": "" if is_secret else _particulars(body["particulars"]),
                "seen": [] if is_secret else seen_in_words(body["seen"]),
            }
        )
    return told


def seen_in_words(seen: Mapping[str, Any]) -> list[str]:
    """What was on the screen when a step was taken, as an auditor proves it: rules and their versions, plans, and files of receipts."""
    rules = dict.fromkeys(f"{flag['rule_id']}, version {flag['rule_version']}" for flag in seen["flags"])
    files = [f"Receipt {one['receipt_id']}, from the file with SHA-256 {one['file_id']}" for one in seen.get("receipts", ())]
    return [*(f"Rule {rule}" for rule in rules), *(f"Plan {version}" for version in seen.get("plan_version_ids", ())), *files]


def _since_proposal(events: Sequence[Event]) -> int:
    """How many events were added since the proposal that waits for a check."""
    for place, event in enumerate(reversed(events)):
        if event.body["move_code"].startswith("propose_"):
            return place
    return -1


def _particulars(told: dict[str, str]) -> str:
    names = {"question": "Question", "due_on": "Answer due", "wake_on": "Until", "owner": "To", "escalated_to": "To", "tag": "Tag"}
    days = {name: plain_day(date.fromisoformat(told[name])) for name in ("due_on", "wake_on") if name in told}
    words = (f"{names.get(name, name)}: {value}" for name, value in (told | days).items())
    return " ".join(word if word.endswith((".", "?", "!")) else f"{word}." for word in words)


def _refused(code: str, case: LiveCase, role: str) -> str | None:
    return refusal(code, state=case.state, kind=case.kind, role=role)


def _may_check(role: str, case: LiveCase) -> bool:
    return not _refused("send_back", case, role)


def _why_not(case: LiveCase, role: str) -> str:
    """Why there is no form to decide, in a sentence."""
    decider = DECIDES[case.kind]
    if role != decider:
        return f"This item is about {KINDS[case.kind]}: {a_role(decider)} decides it. You can read it."
    if case.has_news:
        return "It was decided before, and something new was found since. Open it again to decide anew."
    return "It has been decided. Open it again if something was missed."
