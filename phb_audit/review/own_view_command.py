"""`phb-audit case show --own-view`: a second person says first what they would decide, then sees what was proposed, as in the app.

What they said is kept where the app keeps it, in the log of who saw what, for the case as it stands; it cannot be said otherwise later.
"""

from __future__ import annotations

from contextlib import closing

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.decisions import SeenCase, Standing, same_person, standing_of
from phb_audit.cases.transitions import CHECKERS, MOVES, TO_CHECK, a_role
from phb_audit.errors import UsageError
from phb_audit.review.cases import OWN_VIEW
from phb_audit.review.keeping import access_log
from phb_audit.review.question import CHOICES
from phb_audit.settings import Settings


def say_own_view(settings: Settings, code: str, seen: SeenCase, choice: str, *, by: str) -> None:
    """Keep what a person would decide on a case that waits for a second check, unless they have said so before.

    Raises UsageError where it waits for none, for whoever proposed, and for what is no choice.
    """
    standing = standing_of(seen, casebook_events(settings, code))
    if standing.state_code not in TO_CHECK:
        raise UsageError(f"Case {seen.case_ref} waits for no second check.", do="Leave --own-view out.")
    if choice not in CHOICES:
        raise UsageError(f"There is no choice {choice!r}.", do=f"What you would decide is one of {', '.join(CHOICES)}.")
    if not by.strip() or same_person(by, standing.decided_by or ""):
        raise UsageError("Another person must check this.", do="Give the name of whoever checks with --by; it is not who proposed.")
    if own_view_said(settings, code, standing, by=by) is None:
        body = {"case_id": seen.case_id, "case_ref": seen.case_ref, "case_version": standing.version, "choice": choice}
        with closing(access_log(settings, code)) as log:
            log.append(OWN_VIEW, [body], by=by)


def insist_on_own_view(settings: Settings, code: str, seen: SeenCase, move_code: str, *, by: str, role: str) -> None:
    """Raises UsageError where a move would check a proposal before the person said what they would decide."""
    if move_code not in MOVES or not MOVES[move_code].checks or MOVES[move_code].of_overtaken or role not in CHECKERS:
        return
    standing = standing_of(seen, casebook_events(settings, code))
    if standing.state_code not in TO_CHECK or same_person(by, standing.decided_by or ""):
        return  # the move itself is refused
    if own_view_said(settings, code, standing, by=by) is None:
        how = f"phb-audit case show {seen.case_ref} --by {by!r} --own-view {next(iter(CHOICES))} (or {', '.join(list(CHOICES)[1:])})"
        raise UsageError(f"Say first what you, as {a_role(role)}, would decide: the proposal is shown after that.", do=how)


def own_view_said(settings: Settings, code: str, standing: Standing, *, by: str) -> str | None:
    """What a person said they would decide, of a case as it stands now; None where they have not said yet."""
    with closing(access_log(settings, code)) as log:
        said = [event for event in log.of_kind(OWN_VIEW) if same_person(event.decided_by, by)]
    of_now = [event.body["choice"] for event in said if _is_of(event.body, standing)]
    return str(of_now[-1]) if of_now else None


def _is_of(body: dict[str, object], standing: Standing) -> bool:
    return (body["case_id"], body["case_version"]) == (standing.case_id, standing.version)
