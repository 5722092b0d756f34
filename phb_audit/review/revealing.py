"""Showing who a holder is: only after a person gave a reason, to that person, until their session ends. Each time is on record.

A reveal is an event of the casebook. Whether somebody may see a name is read from those events, so no name is shown without one.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST
from phb_audit.review import people, vault
from phb_audit.review.decided import REVEAL
from phb_audit.review.desk import Problem, Visit
from phb_audit.review.item import item_page
from phb_audit.review.permissions import may
from phb_audit.review.question import reason_problems
from phb_audit.review.sessions import hash_of

WHERE = "reveal-reason"


@dataclass(frozen=True)
class Who:
    """What a page may say of who a holder is. `identity` is None where it is masked; `path` is where asking for it is sent."""

    identity: vault.Identity | None
    path: str


def session_mark(visit: Visit) -> str:
    """The session in short, as a reveal keeps it: it opens nothing."""
    return hash_of(visit.session.session_hash)[:16] if visit.session else ""


def who_is(visit: Visit, holder_id: str, ref: str = "") -> Who:
    """Who a holder is, where this session was told; and how to ask. Each time a name is shown is on record."""
    page, at = ("reveal_case", f"/purchases/{ref}") if ref else ("reveal_person", visit.request.url.path.removesuffix("/reveal"))
    if (session_mark(visit), holder_id) in visit.known.reveals:
        visit.keep("view_identity", holder_id=holder_id)
        found = vault.identity_of(visit.desk.settings, visit.desk.commissioner_code, visit.night(), holder_id)
        return Who(found, "")
    return Who(None, f"{at}/reveal" if may(visit.person.role, page) else "")


def reveal_case(visit: Visit) -> Response:
    """Keep why a person needs to know who an item is about, and show it to them."""
    case = visit.case(visit.request.path_params["ref"])
    if problems := problems_of(visit):
        return item_page(visit, case, problems=problems, status=400)
    keep(visit, case.told["holder_id"], case.ref)
    return visit.sent_to(f"/purchases/{case.ref}#who")


def reveal_person(visit: Visit) -> Response:
    """The same from a person's own page."""
    person = people.person_asked_for(visit)
    if problems := problems_of(visit):
        return people.person_page(visit, person, problems=problems, status=400)
    keep(visit, person["holder_id"], "")
    return visit.sent_to(f"/people/{person['holder_shown']}#who")


def problems_of(visit: Visit) -> list[Problem]:
    """What is wrong with the reason."""
    reason = visit.given("reveal_reason")
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        return [(WHERE, f"Write why you need to know who this is, in {REASON_AT_LEAST} to {REASON_AT_MOST:,} letters")]
    return [(WHERE, words) for words in reason_problems(reason)]


def keep(visit: Visit, holder_id: str, case_ref: str) -> None:
    """The event."""
    body = {"holder_id": holder_id, "case_ref": case_ref, "reason": visit.given("reveal_reason"), "role": visit.person.role}
    visit.desk.casebook.append(REVEAL, [body | {"session": session_mark(visit)}], by=visit.person.shown_name, at=visit.now)
