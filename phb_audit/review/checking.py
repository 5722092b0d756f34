"""Second checks: another person says first what they would decide, then sees what was proposed, and confirms it or sends it back."""

from __future__ import annotations

from starlette.responses import Response

from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST
from phb_audit.cases.transitions import NOT_AGREED_TO_CHECK
from phb_audit.reports.page import counted
from phb_audit.review.cases import OWN_VIEW, is_blind, own_view, shown_to
from phb_audit.review.deciding import current, made, typed
from phb_audit.review.desk import Problem, Refused, Visit
from phb_audit.review.gone import all_gone, is_own
from phb_audit.review.item import item_page
from phb_audit.review.question import CHOICES, reason_problems


def show(visit: Visit) -> Response:
    """What waits for a second person, oldest first; one's own proposals are told apart."""
    waiting = sorted(shown_to(visit.every().to_check, visit.person), key=lambda case: (case.standing.decided_at or "", case.ref))
    rows = [
        {
            "case": case,
            "is_own": not is_blind(case, visit.person),
            "waiting": counted(case.days_waiting, "day"),
            "own": own_view(case, visit.person, visit.desk.access),
        }
        for case in waiting
    ]
    overtaken = [{"gone": one, "is_own": is_own(visit, one)} for one in all_gone(visit) if one.is_to_check]
    return visit.shown("checks.jinja", rows=rows, overtaken=overtaken)


def say_own_view(visit: Visit) -> Response:
    """Keep what this person would decide; from then on they see what was proposed, and cannot say otherwise."""
    case, choice = current(visit), visit.given("choice")
    if not is_blind(case, visit.person):
        raise Refused(403, "Another person must check this", "You made this proposal, or it waits for nobody.")
    if choice not in CHOICES:
        return item_page(visit, case, problems=[("choice", "Choose what you would decide")], status=400)
    if own_view(case, visit.person, visit.desk.access) is None:
        visit.keep(OWN_VIEW, case_id=case.case_id, case_ref=case.ref, case_version=case.standing.version, choice=choice)
    return visit.sent_to(f"/purchases/{case.ref}#check")


def check(visit: Visit) -> Response:
    """Confirm the proposal, or send it back with a reason."""
    case, verdict, reason = current(visit), visit.given("verdict"), visit.given("reason")
    if own_view(case, visit.person, visit.desk.access) is None:
        raise Refused(403, "Say first what you would decide", "The proposal is shown after that.")
    problems: list[Problem] = []
    if verdict not in ("confirm", "send_back"):
        problems.append(("verdict", "Choose whether you confirm it or send it back"))
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        problems.append(("check-reason", "Write a reason, in a sentence or two"))
    problems += [("check-reason", words) for words in reason_problems(reason)]
    if problems:
        return item_page(visit, case, problems=problems, status=400, given=typed(visit))
    confirming = "confirm_not_agreed" if case.state == NOT_AGREED_TO_CHECK else "confirm_referral"
    code = confirming if verdict == "confirm" else "send_back"
    made(visit, case, code, reason, {})
    return visit.sent_to("/second-checks")


def referred(visit: Visit) -> Response:
    """What was referred and confirmed, for the Local Counter Fraud Specialist."""
    rows = sorted(visit.cases(), key=lambda case: (case.standing.checked_at or "", case.ref), reverse=True)
    return visit.shown("referred.jinja", rows=rows)
