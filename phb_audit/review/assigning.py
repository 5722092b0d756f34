"""'Assign to me' for several items of the list at once: each is a move of its own, with the version this person saw. Nothing else is done
to many at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from phb_audit.cases.transitions import refusal
from phb_audit.review.cases import LiveCase, is_shown_to
from phb_audit.review.deciding import made
from phb_audit.review.desk import Refused, Visit
from phb_audit.review.page import link
from phb_audit.review.queue import PAGE_SIZE, chosen_of, is_owned, list_page

CHANGED = "It changed since the list was shown. Open it and look at it"
GONE = "It is not one of yours, or it is not there any more"
MINE = "It is assigned to you already"
BUSY = "It could not be written just now. Choose it again in a minute"


@dataclass(frozen=True)
class Picked:
    """One item that was chosen. `problem`: why it was not assigned, empty where it was."""

    ref: str
    headline: str
    problem: str = ""


def assign(visit: Visit) -> Response:
    """Assign what was chosen to whoever asks, and say of each whether it was; one that cannot be hinders no other."""
    picks = dict(pick.strip().upper().partition("-")[::2] for pick in visit.form.get("pick", ()))
    if not picks:
        return list_page(visit, problems=[("pick", "Choose the purchases to assign to you")], status=400)
    if len(picks) > PAGE_SIZE:
        raise Refused(400, "The form could not be read", f"Choose up to {PAGE_SIZE} purchases of one page of the list.")
    picked, is_busy = list[Picked](), False
    for ref, version in picks.items():
        try:
            picked.append(assigned(visit, ref, version, is_busy=is_busy))
        except OperationalError:
            is_busy = True
            picked.append(Picked(ref[:20], "", BUSY))
    back = link("/purchases", **chosen_of(visit).query, page="".join(visit.asked("page")[:1]))
    done = [one for one in picked if not one.problem]
    return visit.shown("assigned.jinja", done=done, refused=[one for one in picked if one.problem], back=back)


def assigned(visit: Visit, ref: str, version: str, *, is_busy: bool) -> Picked:
    """Assign one of them, unless it cannot be. `is_busy`: the casebook was just waited for in vain, and each would wait as long again."""
    case = visit.every().of_ref(ref)
    if case is None or not is_shown_to(case, visit.person):
        return Picked(ref[:20], "", GONE)
    problem = BUSY if is_busy else problem_of(visit, case, version)
    if not problem:
        try:
            made(visit, case, "assign", "", {"owner": visit.person.shown_name})
        except Refused as error:
            problem = CHANGED if error.status == 409 else error.words
    return Picked(case.ref, case.told["headline"], problem)


def problem_of(visit: Visit, case: LiveCase, version: str) -> str:
    """Why a case cannot be assigned to whoever asks; empty where it can."""
    if version != str(case.standing.version):
        return CHANGED
    if refused := refusal("assign", state=case.state, kind=case.kind, role=visit.person.role):
        return refused
    return MINE if is_owned(case.standing.owner or "", frozenset({"me"}), visit.person.shown_name) else ""
