"""Recording a decision or a step: what is checked before, and what is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Protocol

from starlette.responses import Response

from phb_audit.cases.casebook import StaleCase
from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST, MoveRefused, SeenCase, Standing, move, same_person
from phb_audit.cases.transitions import DECISIONS, MOVES, PROPOSALS
from phb_audit.review import accounts
from phb_audit.review.cases import LiveCase
from phb_audit.review.desk import Problem, Refused, Visit
from phb_audit.review.item import STEPS, item_page
from phb_audit.review.question import CHOICES, question_problems, reason_problems

MOST_DAYS = 366


class Shown(Protocol):
    """Something that may be moved: its reference, and where it stands."""

    @property
    def ref(self) -> str:
        """Its reference."""

    @property
    def standing(self) -> Standing:
        """Where it stands."""


def decide(visit: Visit) -> Response:
    """Record a decision. Not agreed and Refer are shown once more before they count."""
    case = current(visit)
    code, reason, then = visit.given("move"), visit.given("reason"), visit.given("then")
    problems, particulars = checked(visit, code, reason)
    if problems or then == "change":
        return item_page(visit, case, problems=problems, status=400 if problems else 200, given=typed(visit))
    if code in PROPOSALS and visit.given("confirmed") != "yes":
        return visit.shown("confirm.jinja", live=case, words=CHOICES[code][0], given=typed(visit), digest=visit.given("digest"))
    made(visit, case, code, reason, particulars)
    if then == "next":
        following = next_after(visit, case)
        return visit.sent_to(f"/purchases/{following.ref}?recorded={case.ref}" if following else f"/purchases?recorded={case.ref}")
    if code == "ask":
        return visit.sent_to(f"/purchases/{case.ref}/question")
    return visit.sent_to(f"/purchases/{case.ref}?done={code}")


def next_after(visit: Visit, case: LiveCase) -> LiveCase | None:
    """The next item of that kind that waits, from this one's place in the list on and then from its beginning; none of somebody else's."""
    own, here = visit.person.shown_name, visit.every().places.by_id[case.case_id]
    waiting = [
        other
        for other in visit.cases()
        if other.is_queued and other.kind == case.kind and other.ref != case.ref and same_person(other.standing.owner or own, own)
    ]
    places = visit.every().places.by_id
    return next((other for other in waiting if places[other.case_id] > here), next(iter(waiting), None))


def step(visit: Visit) -> Response:
    """Record a step that is no decision: assign, put off, answer received, open again, escalate, tag."""
    case, code = current(visit), visit.given("move")
    if code not in STEPS:
        raise Refused(400, "The form could not be read", "Choose a step on the item's page.")
    reason, problems, particulars = visit.given("reason"), list[Problem](), dict[str, str | date]()
    if MOVES[code].needs_reason and not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        what = "what the holder answered, in" if code == "answer_received" else "a reason of"
        problems.append((f"{code}-reason", f"Write {what} {REASON_AT_LEAST} to {REASON_AT_MOST:,} letters"))
    problems += [(f"{code}-reason", words) for words in reason_problems(reason)]
    for name in MOVES[code].needs:
        if name == "wake_on":
            day, problem = day_given(visit, f"{code}-wake_on", "the day it is open again")
            if problem:
                problems.append((f"{code}-wake_on-day", problem))
            else:
                particulars[name] = day or visit.today
        elif not (value := visit.given(name)[:100]):
            problems.append((f"{code}-{name}", "Write a name" if name != "tag" else "Write a word"))
        elif name == "owner" and not is_anybody(visit, value):
            problems.append((f"{code}-{name}", "Nobody of that name may sign in here"))
        else:
            particulars[name] = value
            problems += [(f"{code}-{name}", words) for words in reason_problems(value)]
    if problems:
        return item_page(visit, case, problems=problems, status=400, given=typed(visit))
    made(visit, case, code, reason, particulars)
    return visit.sent_to(f"/purchases/{case.ref}?done={code}")


def is_anybody(visit: Visit, name: str) -> bool:
    """Whether somebody who may sign in is called that."""
    return any(same_person(name, one.shown_name) for one in accounts.listed(visit.desk.accounts) if not one.is_disabled)


def current(visit: Visit) -> LiveCase:
    """The case a form is about. Raises Refused where it is no longer as it was on the person's screen."""
    case = visit.case(visit.request.path_params["ref"])
    version = visit.given("version")
    is_same = version == str(case.standing.version) and visit.given("digest") == visit.item(case).digest
    if not is_same:
        raise changed(case)
    return case


def changed(case: Shown) -> Refused:
    """The page for two people on one item, or a night that came in between."""
    words = f"{case.ref} has changed since you opened it. Nothing you sent was recorded. Open it again and look at it before you decide."
    return Refused(409, "This item has changed", words)


def made(visit: Visit, case: LiveCase, code: str, reason: str, particulars: dict[str, str | date]) -> None:
    """The move in the casebook. Raises Refused with the casebook's own words where it refuses."""
    recorded(visit, case, visit.item(case).seen, code, reason, particulars)


def recorded(
    visit: Visit,
    case: Shown,
    seen: SeenCase,
    code: str,
    reason: str,
    particulars: dict[str, str | date],
    *,
    is_overtaken: bool = False,
) -> None:
    """The same of whatever was seen."""
    person = visit.person
    try:
        move(
            visit.desk.casebook,
            seen,
            code,
            by=person.shown_name,
            role=person.role,
            reason=reason,
            version=case.standing.version,
            at=visit.now,
            particulars=particulars,
            is_overtaken=is_overtaken,
        )
    except StaleCase as error:
        raise changed(case) from error
    except MoveRefused as error:
        raise Refused(403, "This cannot be recorded", str(error)) from error
    visit.look_again()


def checked(visit: Visit, code: str, reason: str) -> tuple[list[Problem], dict[str, str | date]]:
    """What is wrong with the form, and what the move needs besides its reason."""
    problems: list[Problem] = []
    particulars: dict[str, str | date] = {}
    if code not in (*DECISIONS, "ask"):
        problems.append(("move", "Choose your decision"))
    if len(reason) < REASON_AT_LEAST:
        problems.append(("reason", "Write a reason for your decision, in a sentence or two"))
    elif len(reason) > REASON_AT_MOST:
        problems.append(("reason", f"Shorten the reason to {REASON_AT_MOST:,} letters or fewer"))
    problems += [("reason", words) for words in reason_problems(reason)]
    if code == "ask":
        question = visit.given("question")
        problems += [("question", words) for words in question_problems(question)]
        due_on, problem = day_given(visit, "due_on", "the day the answer is due")
        if problem:
            problems.append(("due_on-day", problem))
        particulars = {"question": question, "due_on": due_on or visit.today}
    return problems, particulars


def day_given(visit: Visit, name: str, words: str) -> tuple[date | None, str]:
    """A day of three fields, after today and within a year; or what is wrong with it."""
    parts = [visit.given(f"{name}-{part}") for part in ("year", "month", "day")]
    try:
        day = date(*(int(part) for part in parts))
    except (ValueError, OverflowError):
        return None, f"Enter {words}, like 27 3 2027"
    if not visit.today < day <= visit.today + timedelta(days=MOST_DAYS):
        return None, f"Enter {words}: after today, and within a year"
    return day, ""


def typed(visit: Visit) -> dict[str, str]:
    """What the form held, to be shown again."""
    return {name: visit.given(name) for name in visit.form if name != "form_token"}
