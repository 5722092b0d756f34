"""`phb-audit case --lane`: what is for one lane's reader alone, one case with its history, and a move on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

from phb_audit.cases.casebook import Event
from phb_audit.cases.decisions import SeenCase
from phb_audit.cases.lane_cases import LaneStanding, has_news, lane_case, lane_events, lane_listed, move_in_lane, standings
from phb_audit.cases.lane_moves import MOVES, OVER, READERS, STATES, possible
from phb_audit.errors import CLEAN, UsageError
from phb_audit.money import pounds
from phb_audit.settings import Settings

Say = Callable[[str], None]


def list_lane(settings: Settings, code: str, lane: str, *, state: str | None, on: date, as_json: bool, say: Say) -> int:
    """Say what the lane's reader has not finished with, or what stands in a state."""
    if state is not None and state not in STATES:
        raise UsageError(f"There is no state {state!r} in this lane.", do=f"The states are {', '.join(STATES)}.")
    stand = standings(lane_events(settings, code, lane), on)
    rows = []
    for row in lane_listed(settings, code, lane).iter_rows(named=True):
        standing = stand.get(row["case_id"], LaneStanding())
        news = standing.state_code in OVER and has_news(standing, lane_case(settings, code, lane, row["case_id"]).flags)
        is_wanted = (standing.state_code not in OVER or news) if state is None else standing.state_code == state
        if is_wanted:
            rows.append({**row, "state_code": standing.state_code, "decided_by": standing.decided_by, "has_news": news})
    if as_json:
        say(json.dumps({"lane": lane, "cases": rows}, indent=1, default=str))
        return CLEAN
    for row in rows:
        by = f", {row['decided_by']}" if row["decided_by"] else ""
        new = "; something new since" if row["has_news"] else ""
        words = f"{STATES[row['state_code']]}{by}{new}"
        say(f"{row['case_ref']}  {pounds(row['at_stake_pence']):>12}  {row['holder_shown']}  {row['headline']}  [{words}]")
    say(f"{len(rows)} cases for {READERS[lane][1]}.")
    return CLEAN


def show_lane_case(settings: Settings, code: str, lane: str, ref: str, *, on: date, as_json: bool, say: Say) -> int:
    """Say what a case of a lane is about, where it stands, what was done, and what may be done now."""
    seen = lane_case(settings, code, lane, ref)
    events = [event for event in lane_events(settings, code, lane) if event.body["case_id"] == seen.case_id]
    standing = standings(events, on).get(seen.case_id, LaneStanding())
    if as_json:
        told = {
            "case_ref": seen.case_ref,
            "lane": lane,
            "state": standing.state_code,
            "version": standing.version,
            "has_news": has_news(standing, seen.flags),
            "flags": [dict(flag) for flag in seen.flags],
            "done": [{"at": event.decided_at, "by": event.decided_by, "move": event.body["move_code"]} for event in events],
            "possible": possible(standing.state_code, lane),
        }
        say(json.dumps(told, indent=1, default=str, ensure_ascii=False))
    else:
        say(_in_words(seen, events, standing, lane))
    return CLEAN


def _in_words(seen: SeenCase, events: list[Event], standing: LaneStanding, lane: str) -> str:
    lines = [f"Case {seen.case_ref}: {STATES[standing.state_code]}. Version {standing.version}. Decided by {READERS[lane][1]} alone."]
    if has_news(standing, seen.flags):
        lines.append("Something is new since it was decided.")
    lines += [f"  {flag['rule_id']}  {flag['sentence']}" for flag in seen.flags]
    lines += [
        f"  {event.decided_at[:10]}  {event.decided_by}: {MOVES[event.body['move_code']].words}. {event.body['reason']}" for event in events
    ]
    return "\n".join([*lines, f"  {READERS[lane][1]} may: {', '.join(possible(standing.state_code, lane))}"])


def move_lane_case(
    settings: Settings,
    code: str,
    lane: str,
    ref: str,
    move_code: str,
    *,
    by: str,
    role: str,
    reason: str,
    version: int | None,
    particulars: dict[str, str | date],
    say: Say,
) -> int:
    """Make a move on a case of a lane."""
    seen = lane_case(settings, code, lane, ref)
    event = move_in_lane(settings, code, lane, seen, move_code, by=by, role=role, reason=reason, version=version, particulars=particulars)
    say(f"Recorded in this lane's own casebook as event {event.event_number}: {MOVES[move_code].words}, {event.decided_by}.")
    say(f"Case {seen.case_ref} is now at version {event.body['case_version']}. Nobody outside this lane is told.")
    return CLEAN
