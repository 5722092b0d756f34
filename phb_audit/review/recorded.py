"""What was recorded a moment ago, for the banner that says so: asked of the casebook, since an address that ends in `?done=agree` proves
nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from phb_audit.cases.casebook import Event
from phb_audit.cases.decisions import same_person
from phb_audit.cases.transitions import DECISIONS
from phb_audit.review.cases import LiveCase
from phb_audit.review.desk import Visit

A_MOMENT = timedelta(minutes=15)  # as long as a session without use: an address from yesterday says nothing


def is_just_recorded(visit: Visit, events: Sequence[Event], codes: Collection[str] | None = None) -> bool:
    """Whether the last of these events is this person's, a moment old, and one of these moves; of any move where none are named."""
    if not events:
        return False
    last = events[-1]
    is_theirs = same_person(last.decided_by, visit.person.shown_name) and visit.now - datetime.fromisoformat(last.decided_at) < A_MOMENT
    return is_theirs and (codes is None or last.body["move_code"] in codes)


def done_on(visit: Visit, case: LiveCase) -> str:
    """The move the address says was just made on a case; empty unless it was."""
    named = "".join(visit.asked("done")[:1])
    return named if is_just_recorded(visit, visit.known.moves.get(case.case_id, ()), {named}) else ""


def recorded(visit: Visit) -> str:
    """The reference of the case the address says a decision was just recorded on; empty unless it was."""
    named = "".join(visit.asked("recorded")[:1]).upper()
    case = visit.every().of_ref(named) if named else None
    codes = (*DECISIONS, "ask")
    return named if case is not None and is_just_recorded(visit, visit.known.moves.get(case.case_id, ()), codes) else ""
