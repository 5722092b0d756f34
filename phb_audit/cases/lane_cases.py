"""Cases of the restricted and the safeguarding lane: read from the schema `apart`, decided by the lane's reader alone.

A lane has a casebook of its own, in a folder only the account that opens it may enter (on PostgreSQL a schema of its own). No night and
no ordinary report reads it, so nothing ordinary changes when a case of a lane is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime

import polars as pl

from phb_audit.cases.casebook import CASE, Casebook, Event, StaleCase, casebook_events, open_casebook
from phb_audit.cases.decisions import REASON_AT_LEAST, MoveRefused, SeenCase, flag_key, same_person
from phb_audit.cases.lane_moves import MOVES, OPEN, OVER, PUT_OFF, READERS, refusal
from phb_audit.cases.seen import seen_of
from phb_audit.errors import UsageError
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

OWNER_ONLY = 0o700


@dataclass
class LaneStanding:
    """Where a case of a lane stands after its moves so far. `flags_seen`: keys of the flags the last decision was about."""

    state_code: str = OPEN
    version: int = 0
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None
    handed_to: str | None = None
    wake_on: date | None = None
    flags_seen: frozenset[str] = frozenset()


def insist_on_lane(lane: str) -> None:
    """Raises UsageError for a lane there is not."""
    if lane not in READERS:
        raise UsageError(f"There is no lane {lane}.", do=f"One of {', '.join(READERS)}.")


def book_code(commissioner_code: str, lane: str) -> str:
    """What names the lane's own casebook. Raises UsageError for a lane there is not."""
    insist_on_lane(lane)
    return f"{commissioner_code}_{lane}"


def lane_events(settings: Settings, commissioner_code: str, lane: str) -> list[Event]:
    """Every move on cases of a lane, in order; none where nobody has decided anything (nothing is made)."""
    return casebook_events(settings, book_code(commissioner_code, lane))


def lane_listed(settings: Settings, commissioner_code: str, lane: str) -> pl.DataFrame:
    """Every case of a lane of the newest night, in its order."""
    insist_on_lane(lane)
    return _read(settings, commissioner_code, "lane_listed", {"lane": lane})


def lane_case(settings: Settings, commissioner_code: str, lane: str, ref: str) -> SeenCase:
    """The case of a lane with that reference or id. Raises UsageError where the newest night holds none in this lane."""
    insist_on_lane(lane)
    asked = {"ref": ref.strip(), "lane": lane}
    cases = _read(settings, commissioner_code, "lane_case", asked)
    if cases.is_empty():
        raise UsageError(f"The newest night holds no case {ref} in this lane.", do="See `phb-audit case list --lane`.")
    case = cases.row(0, named=True)
    return seen_of(case, _read(settings, commissioner_code, "lane_flags", {"case_id": case["case_id"], "lane": lane}).to_dicts())


def _read(settings: Settings, commissioner_code: str, name: str, asked: Mapping[str, str]) -> pl.DataFrame:
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if not path.exists():
        raise UsageError(f"No night has been run for {commissioner_code} yet.", do="Run `phb-audit run` first.")
    warehouse = Warehouse(path, read_only=True)
    try:
        return warehouse.frame(sql(__file__, name), dict(asked))
    finally:
        warehouse.close()


def standings(events: Iterable[Event], on: date) -> dict[str, LaneStanding]:
    """Where every case of a lane that was ever moved stands on a day, by case id: one put off is open again when its day has come."""
    cases: dict[str, LaneStanding] = {}
    for event in events:
        case, body = cases.setdefault(event.body["case_id"], LaneStanding()), event.body
        case.version, case.state_code = body["case_version"], body["to_state"]
        told = body["particulars"]
        if (to_state := MOVES[body["move_code"]].to_state) is None:
            continue
        case.decided_by, case.decided_at, case.reason = event.decided_by, event.decided_at, body["reason"]
        case.handed_to = None if to_state == OPEN else told.get("handed_to", case.handed_to)
        case.wake_on = date.fromisoformat(told["wake_on"]) if "wake_on" in told else None
        case.flags_seen = frozenset(flag_key(flag) for flag in body["seen"]["flags"])
    for case in cases.values():
        if case.state_code == PUT_OFF and case.wake_on is not None and case.wake_on <= on:
            case.state_code = OPEN
    return cases


def has_news(standing: LaneStanding, flags: Iterable[Mapping[str, object]]) -> bool:
    """Whether a case that is over has a flag its last decision was not about."""
    return standing.state_code in OVER and not {flag_key(flag) for flag in flags} <= standing.flags_seen


def move_in_lane(
    settings: Settings,
    commissioner_code: str,
    lane: str,
    seen: SeenCase,
    move_code: str,
    *,
    by: str,
    role: str,
    reason: str,
    version: int | None = None,
    at: datetime | None = None,
    particulars: Mapping[str, str | date] | None = None,
) -> Event:
    """Make a move on a case of a lane, as one event of the lane's own casebook. Without `version` it is taken as it stands now.

    Raises MoveRefused with the reason in words, and StaleCase where somebody else has moved the case since.
    """
    told, now = dict(particulars or {}), at or datetime.now(UTC)
    with open_lane(settings, commissioner_code, lane) as casebook:
        before = standings(casebook.events(CASE), now.date()).get(seen.case_id, LaneStanding())
        if version not in (None, before.version):
            raise StaleCase(f"Case {seen.case_ref} has been changed by somebody else since you opened it.", do="Open it again.")
        _insist(move_code, before, lane, by=by, role=role, reason=reason, particulars=told)
        body = {
            "case_id": seen.case_id,
            "case_ref": seen.case_ref,
            "holder_id": seen.holder_id,
            "lane_code": lane,
            "case_version": before.version + 1,
            "move_code": move_code,
            "from_state": before.state_code,
            "to_state": MOVES[move_code].to_state or before.state_code,
            "role": role,
            "reason": " ".join(reason.split()),
            "checks_by": before.decided_by if MOVES[move_code].checks else None,
            "seen": asdict(seen),
            "particulars": {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()},
        }
        return casebook.append(CASE, [body], by=by, at=at)[0]


def _insist(
    move_code: str, before: LaneStanding, lane: str, *, by: str, role: str, reason: str, particulars: Mapping[str, str | date]
) -> None:
    """Raises MoveRefused unless everything the move needs is there."""
    if move_code not in MOVES:
        raise MoveRefused(f"There is no move {move_code!r}.", do=f"The moves are {', '.join(MOVES)}.")
    code, words = READERS[lane]
    if role != code:
        raise MoveRefused(f"Cases of this lane are decided by {words} alone.", do=f"--role {code}, by that person.")
    if (why := refusal(move_code, state=before.state_code, lane=lane)) is not None:
        raise MoveRefused(why)
    if MOVES[move_code].checks and same_person(by, before.decided_by or ""):
        raise MoveRefused(f"{before.decided_by} made this proposal.", do="Another person must check it.")
    if len(reason.strip()) < REASON_AT_LEAST:
        raise MoveRefused("A reason is needed.", do="Write a sentence or two.")
    if missing := [name for name in MOVES[move_code].needs if not particulars.get(name)]:
        raise MoveRefused(f"'{MOVES[move_code].words}' needs {' and '.join(missing)}.")


@contextmanager
def open_lane(settings: Settings, commissioner_code: str, lane: str) -> Iterator[Casebook]:
    """The casebook of a lane, made when absent, in a folder only the account that makes it may enter."""
    code = book_code(commissioner_code, lane)
    if settings.casebook_url is None:
        settings.folder("casebook", code).chmod(OWNER_ONLY)
    with open_casebook(settings, code) as casebook:
        yield casebook
