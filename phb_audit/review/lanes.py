"""The pages of a lane: what is for the safeguarding lead, or the Local Counter Fraud Specialist, alone; read and decided there.

To everyone else these pages are not there. Cases of a lane are in no list, count, search, file or log of anybody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from starlette.responses import Response

from phb_audit.cases.casebook import Event, StaleCase
from phb_audit.cases.decisions import REASON_AT_LEAST, REASON_AT_MOST, MoveRefused, same_person
from phb_audit.cases.lane_cases import move_in_lane
from phb_audit.cases.lane_moves import MOVES, READERS, possible
from phb_audit.cases.workbook import digest_of
from phb_audit.reports.lane_page import WORDING
from phb_audit.review.deciding import day_given, typed
from phb_audit.review.desk import Problem, Refused, Visit, not_found
from phb_audit.review.keeping import lane_log
from phb_audit.review.lane_reading import LANE_OF, StandingCase
from phb_audit.review.recorded import is_just_recorded
from phb_audit.tables.apart import SAFEGUARDING

MOST_NAME = 200


def lane_of(visit: Visit) -> str:
    """The lane of whoever asks. Raises Refused, as if there were no page, where they read none."""
    lane = LANE_OF.get(visit.person.role)
    if lane is None:
        raise not_found()
    return lane


def keep(visit: Visit, kind_code: str, **body: Any) -> None:
    """Write in the lane's own log who saw what."""
    log = lane_log(visit.desk.settings, visit.desk.commissioner_code, lane_of(visit))
    try:
        log.append(kind_code, [body], by=visit.person.shown_name, at=visit.now)
    finally:
        log.close()


def cases_of(visit: Visit) -> list[StandingCase]:
    """The cases of this person's lane."""
    return visit.desk.lanes.cases(lane_of(visit), visit.night(), visit.today)


def show(visit: Visit) -> Response:
    """The lane's list."""
    lane, cases = lane_of(visit), cases_of(visit)
    stories = visit.desk.lanes.night(lane, visit.night()).stories
    keep(visit, "list", cases=[one.case.ref for one in cases])
    return visit.shown("lane.jinja", words=WORDING[lane], lane=lane, cases=cases, stories=stories)


def one(visit: Visit) -> Response:
    """One case of the lane."""
    found = case_of(visit)
    keep(visit, "view_case", case_ref=found.case.ref, holder_id=found.case.seen.holder_id, case_version=found.standing.version)
    return case_page(visit, found)


def case_of(visit: Visit) -> StandingCase:
    """The case an address names. Raises Refused where this lane has none."""
    wanted = visit.request.path_params["ref"].strip().upper()
    found = next((one for one in cases_of(visit) if one.case.ref == wanted), None)
    if found is None:
        raise not_found()
    return found


def case_page(visit: Visit, found: StandingCase, *, problems: Sequence[Problem] = (), status: int = 200, **values: Any) -> Response:
    """Its page, with what was typed and what is wrong with it."""
    lane = lane_of(visit)
    events = [event for event in visit.desk.lanes.events(lane) if event.body["case_id"] == found.case.seen.case_id]
    is_own = same_person(visit.person.shown_name, found.standing.decided_by or "")
    codes = possible(found.standing.state_code, lane)
    return visit.shown(
        "lane_case.jinja",
        status=status,
        problems=problems,
        words=WORDING[lane],
        is_safeguarding=lane == SAFEGUARDING,
        found=found,
        case=found.case.told,
        steps=[(code, MOVES[code]) for code in codes if not (MOVES[code].checks and is_own)],
        waits_for_another=is_own and any(MOVES[code].checks for code in codes),
        digest=digest_of(found.case.seen),
        history=history(events),
        done=bool(visit.asked("done")) and is_just_recorded(visit, events),
        **({"given": {}} | values),
    )


def history(events: Sequence[Event]) -> list[dict[str, str]]:
    """What was done, newest first."""
    names = {"handed_to": "To", "wake_on": "Until"}
    return [
        {
            "words": MOVES[event.body["move_code"]].words,
            "by": event.decided_by,
            "at": event.decided_at,
            "reason": event.body["reason"],
            "more": " ".join(f"{names.get(name, name)}: {value}." for name, value in event.body["particulars"].items()),
        }
        for event in reversed(events)
    ]


def step(visit: Visit) -> Response:
    """Make a move on a case of the lane, in the lane's own casebook."""
    found, code, reason = case_of(visit), visit.given("move"), visit.given("reason")
    is_same = visit.given("version") == str(found.standing.version) and visit.given("digest") == digest_of(found.case.seen)
    if not is_same:
        raise changed(found)
    problems, particulars = checked(visit, code, reason)
    if problems:
        return case_page(visit, found, problems=problems, status=400, given=typed(visit))
    lane, desk = lane_of(visit), visit.desk
    try:
        move_in_lane(
            desk.settings,
            desk.commissioner_code,
            lane,
            found.case.seen,
            code,
            by=visit.person.shown_name,
            role=READERS[lane][0],
            reason=reason,
            version=found.standing.version,
            at=visit.now,
            particulars=particulars,
        )
    except StaleCase as error:
        raise changed(found) from error
    except MoveRefused as error:
        raise Refused(403, "This cannot be recorded", str(error)) from error
    return visit.sent_to(f"/for-you/{found.case.ref}?done=1")


def changed(found: StandingCase) -> Refused:
    """The page for two people on one case, or a night that came in between."""
    words = f"{found.case.ref} has changed since you opened it. Nothing you sent was recorded. Open it again and look at it first."
    return Refused(409, "This item has changed", words)


def checked(visit: Visit, code: str, reason: str) -> tuple[list[Problem], dict[str, str | date]]:
    """What is wrong with the form, and what the move needs besides its reason."""
    if code not in MOVES:
        raise Refused(400, "The form could not be read", "Send it from its page.")
    problems: list[Problem] = []
    particulars: dict[str, str | date] = {}
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        problems.append((f"{code}-reason", f"Write a reason, in a sentence or two, of {REASON_AT_MOST:,} letters at most"))
    if "handed_to" in MOVES[code].needs:
        handed_to = visit.given("handed_to")
        if not 0 < len(handed_to) <= MOST_NAME:
            problems.append((f"{code}-handed_to", "Say to whom you hand it on"))
        particulars["handed_to"] = handed_to
    if "wake_on" in MOVES[code].needs:
        wake_on, problem = day_given(visit, f"{code}-wake_on", "the day until which it is put off")
        if problem:
            problems.append((f"{code}-wake_on-day", problem))
        particulars["wake_on"] = wake_on or visit.today
    return problems, particulars
