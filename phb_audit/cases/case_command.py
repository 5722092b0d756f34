"""`phb-audit case`: the queue, a case and its history, and a move on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from phb_audit.cases.casebook import CASE, Event, casebook_events, open_casebook
from phb_audit.cases.decisions import MoveRefused, SeenCase, Standing, folded, move, now_of, overtaken_cases, standing_of, state_on
from phb_audit.cases.seen import UnknownCase, ids_of_night, listed, seen_case, seen_when_decided
from phb_audit.cases.transitions import (
    CLOSED_OVERTAKEN,
    DECIDES,
    MOVES,
    OPEN,
    OVERTAKEN,
    PROPOSALS,
    ROLES,
    STATES,
    TO_CHECK,
    WAITS_FOR_CHECK,
    refusal,
    refusal_now,
)
from phb_audit.errors import CLEAN, UsageError
from phb_audit.money import pounds
from phb_audit.settings import Settings

Say = Callable[[str], None]
MOST_LISTED = 50
WAITS = "to_check"
"""What the list calls both states of a proposal that a second person has still to look at: it tells neither which it is nor whose."""
LISTED = {code: state.words for code, state in STATES.items() if code not in TO_CHECK} | {WAITS: WAITS_FOR_CHECK.capitalize()}


def list_cases(settings: Settings, code: str, *, state: str | None, on: date, as_json: bool, say: Say, has_all: bool = False) -> int:
    """Say what is in the queue, or in a state, as the casebook has it now. Cases of a lane of their own are not listed.

    `has_all`: whatever stands anywhere, and last what somebody moved and no night finds any more.
    """
    if state is not None and state not in LISTED:
        raise UsageError(f"There is no state {state!r}.", do=f"The states are {', '.join(LISTED)}.")
    events, night = casebook_events(settings, code), listed(settings, code)
    cases = as_they_stand(night, events, on).with_columns(is_overtaken=pl.lit(False))
    if has_all:
        cases = pl.concat([cases, _overtaken(settings, code, events, cases.schema, on)])
    cases = without_proposals(cases)
    wanted = pl.lit(has_all) | pl.col("is_queued") if state is None else pl.col("state_code") == state
    chosen = cases.filter(wanted)
    if as_json:
        say(json.dumps({"cases": chosen.to_dicts()}, indent=1, default=str))
        return CLEAN
    for row in chosen.head(MOST_LISTED).iter_rows(named=True):
        by = f", {row['decided_by']}" if row["decided_by"] else ""
        gone = f", {OVERTAKEN}" if row["is_overtaken"] and row["state_code"] != CLOSED_OVERTAKEN else ""
        stands = "" if row["is_queued"] else f"  [{LISTED[row['state_code']]}{gone}{by}]"
        money = pounds(row["at_stake_pence"])
        say(f"{row['case_ref']}  {row['priority_code'] or '':6}  {money:>12}  {row['holder_shown']}  {row['headline']}{stands}")
        if row["news"]:
            say(f"           {row['news']}")
    more = chosen.height - MOST_LISTED
    say(f"{chosen.height} cases{f', the first {MOST_LISTED} shown (--json gives all)' if more > 0 else ''}.")
    return CLEAN


def _overtaken(settings: Settings, code: str, events: list[Event], schema: pl.Schema, on: date) -> pl.DataFrame:
    """Rows as `as_they_stand` has them of every item that somebody moved and no night finds any more, as it was seen then."""
    rows = []
    for gone in overtaken_cases(events, ids_of_night(settings, code)):
        standing, seen = gone
        abouts = dict[str, int]()
        for flag in seen.flags:
            about = flag.get("payment_id") or flag["flag_id"]
            abouts[about] = max(abouts.get(about, 0), flag["at_stake_pence"])
        row = {
            "case_ref": seen.case_ref,
            "headline": seen.headline or next(iter(flag.get("title") for flag in seen.flags), None) or "An item that was moved",
            "holder_shown": f"PHB-{seen.holder_id[1:7].upper()}",
            "at_stake_pence": sum(abouts.values()),
            "state_code": state_on(standing, on),
            "is_queued": False,
            "rank": 0,
            "decided_by": standing.decided_by,
            "decided_at": standing.decided_at,
            "due_on": standing.due_on or standing.wake_on,
            "is_overtaken": True,
        }
        rows.append(row)
    return pl.DataFrame(rows, schema=schema)


def without_proposals(cases: pl.DataFrame) -> pl.DataFrame:
    """Cases without what was proposed, and by whom, where a second person has still to look at it."""
    waits = pl.col("state_code").is_in(TO_CHECK)
    return cases.with_columns(
        state_code=pl.when(waits).then(pl.lit(WAITS)).otherwise("state_code"), decided_by=pl.when(~waits).then("decided_by")
    )


def as_they_stand(cases: pl.DataFrame, events: list[Event], on: date) -> pl.DataFrame:
    """The night's rows, each with where the casebook has it on a day: what was decided since the night is decided here too."""
    known = folded(events)
    rows = []
    for told in cases.iter_rows(named=True):
        standing, state, has_news = now_of(told, known.get(told["case_id"]), on)
        state = OPEN if has_news else state
        is_told = told["decided_at"] == standing.decided_at  # the night spoke of how it stood before the last step
        due_on = standing.due_on or standing.wake_on
        told |= {
            "state_code": state,
            "is_queued": STATES[state].is_queued,
            "decided_by": standing.decided_by,
            "decided_at": standing.decided_at,
        }
        rows.append(told | {"due_on": due_on, "news": told["news"] if is_told else None})
    return pl.DataFrame(rows, schema=cases.schema).drop("case_id", "holder_id").sort(~pl.col("is_queued"), maintain_order=True)


def show_case(settings: Settings, code: str, ref: str, *, on: date, as_json: bool, say: Say, is_told: bool = False) -> int:
    """Say what a case is about, where it stands, what was done, and what may be done now.

    What waits for a second check is told without what it is, whose it is and why, unless whoever asks has said what they would decide
    (`is_told`).
    """
    moves = [event for event in casebook_events(settings, code) if event.kind_code == CASE]
    seen, is_overtaken = as_seen(settings, code, ref, moves)
    events = [event for event in moves if event.body["case_id"] == seen.case_id]
    standing = standing_of(seen, events)
    state = state_on(standing, on)
    is_blind = state in TO_CHECK and not is_told
    listed_now = as_they_stand(listed(settings, code).filter(case_id=seen.case_id), events, on)
    told: dict[str, Any] = {
        "case_ref": seen.case_ref,
        "state": WAITS if is_blind else state,
        "is_overtaken": is_overtaken,
        "version": standing.version,
        "decided_by": DECIDES[seen.kind],
        "news": None if is_blind else next(iter(listed_now["news"]), None),
        "flags": [dict(flag) for flag in seen.flags],
        "receipts": [dict(receipt) for receipt in seen.receipts],
        "plan_version_ids": list(seen.plan_version_ids),
        "done": done_so_far(events, is_blind=is_blind),
        "possible": {
            role: codes
            for role in ROLES
            if (codes := open_moves(seen, state, role, is_blind=is_blind, is_overtaken=is_overtaken)) or not is_overtaken
        },
    }
    say(json.dumps(told, indent=1, default=str, ensure_ascii=False) if as_json else _in_words(told, standing))
    return CLEAN


def done_so_far(events: list[Event], *, is_blind: bool) -> list[dict[str, Any]]:
    """What was done, oldest first; of a proposal that is kept back, and what came after it, only when."""
    proposed = max((place for place, event in enumerate(events) if event.body["move_code"] in PROPOSALS), default=len(events))
    told = [
        {
            "at": event.decided_at,
            "by": event.decided_by,
            "move": event.body["move_code"],
            "role": event.body["role"],
            "reason": event.body["reason"],
        }
        for event in events
    ]
    kept_back = {"by": None, "move": None, "role": None, "reason": None}
    return [one | kept_back if is_blind and place >= proposed else one for place, one in enumerate(told)]


def seen_now(settings: Settings, code: str, ref: str) -> SeenCase:
    """A case as the newest night shows it; one that is overtaken as whoever moved it last saw it."""
    return as_seen(settings, code, ref, [event for event in casebook_events(settings, code) if event.kind_code == CASE])[0]


def as_seen(settings: Settings, code: str, ref: str, moves: list[Event]) -> tuple[SeenCase, bool]:
    """A case as the newest night shows it; where that holds none, as whoever moved it last saw it, and True."""
    try:
        return seen_case(settings, code, ref), False
    except UnknownCase:
        if (seen := seen_when_decided(moves, ref)) is None:
            raise
        return seen, True


def open_moves(seen: SeenCase, state: str, role: str, *, is_blind: bool = False, is_overtaken: bool = False) -> list[str]:
    """The moves a role may make now; whether the person is the one who proposed is asked when the move is made.

    `is_blind`: those alone that may be made whatever was proposed.
    """
    states = TO_CHECK if is_blind else (state,)
    fitting = [code for code in MOVES if refusal_now(code, is_overtaken=is_overtaken) is None]
    return [code for code in fitting if all(refusal(code, state=one, kind=seen.kind, role=role) is None for one in states)]


def _in_words(told: dict[str, Any], standing: Standing) -> str:
    is_blind = told["state"] == WAITS
    is_said = told["is_overtaken"] and told["state"] != CLOSED_OVERTAKEN
    stands = (LISTED[WAITS] if is_blind else STATES[told["state"]].words) + (f", {OVERTAKEN}" if is_said else "")
    lines = [f"Case {told['case_ref']}: {stands}. Version {told['version']}. Decided by {told['decided_by']}s."]
    if standing.owner:
        lines.append(f"Assigned to {standing.owner}.")
    if told["news"]:
        lines.append(told["news"])
    lines += [f"  {flag['rule_id']}  {flag['sentence']}" for flag in told["flags"]]
    lines += [f"  Plan in force: {version}" for version in told["plan_version_ids"]]
    lines += [f"  Receipt {one['receipt_id']}, read from the file with SHA-256 {one['file_id']}" for one in told["receipts"]]
    lines += [f"  {one['at'][:10]}  {_step_in_words(one)}" for one in told["done"]]
    lines += [f"  {ROLES[role]} may: {', '.join(moves)}" for role, moves in told["possible"].items() if moves]
    if is_blind and not told["is_overtaken"]:
        lines.append("  Say what you would decide, and you see what was proposed: --by YOUR NAME --own-view agree (or another).")
    return "\n".join(lines)


def _step_in_words(one: dict[str, Any]) -> str:
    if one["move"] is None:
        return "Decision made, waiting for a second check."
    return f"{one['by']} ({one['role']}): {MOVES[one['move']].words}. {one['reason']}"


def move_case(
    settings: Settings,
    code: str,
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
    """Make a move on a case. Without `version` the case is taken as it stands now."""
    moves = [event for event in casebook_events(settings, code) if event.kind_code == CASE]
    seen, is_overtaken = as_seen(settings, code, ref, moves)
    if (why := refusal_now(move_code, is_overtaken=is_overtaken) if move_code in MOVES else None) is not None:
        raise MoveRefused(why)
    with open_casebook(settings, code) as casebook:
        known = standing_of(seen, casebook.of_case(seen.case_id)).version if version is None else version
        event = move(
            casebook,
            seen,
            move_code,
            by=by,
            role=role,
            reason=reason,
            version=known,
            particulars=particulars,
            is_overtaken=is_overtaken,
        )
    say(f"Recorded as event {event.event_number}: {MOVES[move_code].words}, {event.decided_by}.")
    say(f"Case {seen.case_ref} is now at version {known + 1}. The next night takes it up.")
    return CLEAN
