"""`phb-audit case` and `phb-audit verify-log`: what people do with flagged items, and whether the log of it holds."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from phb_audit.cli.options import Home, Json, Lane, day_of, one_commissioner, say, settings_for
from phb_audit.errors import CLEAN, FAILED

OneBook = Annotated[
    Literal["ordinary", "safeguarding", "restricted"] | None,
    Parameter(help="One casebook alone, as one file: everybody's (ordinary), or that of a lane (default: a folder with all there is)."),
]
case = App(name="case", help="Flagged items: the queue, one item with its history, and a move on it.")
casebook = App(name="casebook", help="What people decided, and who saw what: a copy of it, and putting a copy back.")


@case.command(name="list")
def list_(
    *,
    state: Annotated[str | None, Parameter(help="Only cases in this state (default: those in the queue).")] = None,
    has_all: Annotated[
        bool, Parameter(name="--all", help="Also what was decided, and what later evidence has overtaken since.", negative="")
    ] = False,
    lane: Lane = "ordinary",
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """What is in the queue, the first to look at first; or what stands in a state. With --lane: what is for that lane's reader alone."""
    from phb_audit.cases.case_command import list_cases
    from phb_audit.cases.lane_command import list_lane

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if lane != "ordinary":
        return list_lane(settings, code, lane, state=state, on=day_of(None), as_json=as_json, say=say)
    return list_cases(settings, code, state=state, on=day_of(None), as_json=as_json, say=say, has_all=has_all)


@case.command
def show(
    ref: str,
    /,
    *,
    own_view: Annotated[
        str | None, Parameter(help="Of a case that waits for a second check: what you would decide. Then you see what was proposed.")
    ] = None,
    by: Annotated[str, Parameter(help="With --own-view: your name.")] = "",
    lane: Lane = "ordinary",
    commissioner: str | None = None,
    home: Home = None,
    as_json: Json = False,
) -> int:
    """A case: its flags, where it stands, what was done, and who may do what now."""
    from phb_audit.cases.case_command import seen_now, show_case
    from phb_audit.cases.lane_command import show_lane_case
    from phb_audit.review.own_view_command import say_own_view

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if lane != "ordinary":
        return show_lane_case(settings, code, lane, ref, on=day_of(None), as_json=as_json, say=say)
    if own_view is not None:
        say_own_view(settings, code, seen_now(settings, code, ref), own_view, by=by)
    return show_case(settings, code, ref, on=day_of(None), as_json=as_json, say=say, is_told=own_view is not None)


@case.command
def move(
    ref: str,
    move_code: Annotated[
        str, Parameter(help="agree, agree_update_plan, ask, propose_not_agreed, confirm_not_agreed, ... (see `case show`).")
    ],
    /,
    *,
    by: Annotated[str, Parameter(help="Name of the person who decides.")],
    role: Annotated[str, Parameter(help="clinician, auditor, second_checker, lcfs, governance, administrator or safeguarding_lead.")],
    reason: Annotated[str, Parameter(help="Why, so that the budget holder could read it.")] = "",
    version: Annotated[int | None, Parameter(help="The version you looked at; refused where somebody moved the case since.")] = None,
    question: Annotated[str | None, Parameter(help="With ask: the question, in plain words.")] = None,
    due_on: Annotated[str | None, Parameter(help="With ask: the day the answer is due.")] = None,
    wake_on: Annotated[str | None, Parameter(help="With snooze and put_off: the day it is open again.")] = None,
    owner: Annotated[str | None, Parameter(help="With assign: the name.")] = None,
    escalated_to: Annotated[str | None, Parameter(help="With escalate: the name.")] = None,
    tag: Annotated[str | None, Parameter(help="With tag: a word.")] = None,
    handed_to: Annotated[str | None, Parameter(help="With hand_on and propose_hand_on, in a lane: to whom.")] = None,
    lane: Lane = "ordinary",
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Record what a person decided, asked, put off or checked. Nothing is ever sent to anybody."""
    from phb_audit.cases.case_command import move_case, seen_now
    from phb_audit.cases.lane_command import move_lane_case
    from phb_audit.review.own_view_command import insist_on_own_view

    texts = {"question": question, "owner": owner, "escalated_to": escalated_to, "tag": tag, "handed_to": handed_to}
    days = {"due_on": due_on, "wake_on": wake_on}
    particulars: dict[str, str | date] = {name: text for name, text in texts.items() if text}
    particulars |= {name: day_of(text, f"--{name.replace('_', '-')}") for name, text in days.items() if text}
    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    made_by = {"by": by, "role": role, "reason": reason}
    if lane != "ordinary":
        return move_lane_case(settings, code, lane, ref, move_code, **made_by, version=version, particulars=particulars, say=say)
    insist_on_own_view(settings, code, seen_now(settings, code, ref), move_code, by=by, role=role)
    return move_case(settings, code, ref, move_code, **made_by, version=version, particulars=particulars, say=say)


def verify_log(
    *,
    head: Annotated[str | None, Parameter(help="The hash a report printed: it must be of an event that is still there.")] = None,
    lane: Lane = "ordinary",
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Check that no decision was changed, added between or taken away. An outside auditor can run cases/verify_alone.py on a copy."""
    from phb_audit.cases.casebook_copies import verified

    settings = settings_for(home)
    problem, count, last = verified(settings, _book_of(one_commissioner(settings, commissioner), lane), head)
    say(f"{problem or 'The log holds.'} {count} event{'' if count == 1 else 's'}, the last {last}.")
    return FAILED if problem else CLEAN


@casebook.command
def backup(target: Path, /, *, lane: OneBook = None, commissioner: str | None = None, home: Home = None) -> int:
    """Copy all that people decided and the logs of who saw what into a new folder, also while it is in use; each copy is checked."""
    from phb_audit.cases.casebook_copies import back_up
    from phb_audit.review.all_copies import back_up_all

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if lane is None:
        return back_up_all(settings, code, target, say=say)
    count, last = back_up(settings, _book_of(code, lane), target)
    say(f"{count} events in {target}, the last {last}. Keep the hash somewhere else than the copy.")
    return CLEAN


@casebook.command
def restore(
    source: Path,
    /,
    *,
    head: Annotated[str | None, Parameter(help="The hash a report printed: the copy must hold that event.")] = None,
    lane: OneBook = None,
    commissioner: str | None = None,
    home: Home = None,
) -> int:
    """Put back what `backup` wrote, once every log is checked; refused where a book has other events."""
    from phb_audit.cases import casebook_copies
    from phb_audit.review.all_copies import restore_all

    settings = settings_for(home)
    code = one_commissioner(settings, commissioner)
    if lane is None:
        return restore_all(settings, code, source, head=head, say=say)
    count, last = casebook_copies.restore(settings, _book_of(code, lane), source, head=head)
    say(f"{count} events restored, the last {last}.")
    return CLEAN


def _book_of(code: str, lane: str) -> str:
    """What names the casebook meant: a lane has one of its own."""
    from phb_audit.cases.lane_cases import book_code

    return code if lane == "ordinary" else book_code(code, lane)
