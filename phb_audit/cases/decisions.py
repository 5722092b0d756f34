"""Decisions on cases: what a reviewer saw, what they did with it, and where each case stands, as the fold of its events.

The casebook keeps every move as an event of kind `case`. Nothing of a case's state is stored beside them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

import polars as pl

from phb_audit.cases.casebook import CASE, Casebook, Event, StaleCase
from phb_audit.cases.transitions import (
    CLOSED,
    CLOSED_OVERTAKEN,
    DECISIONS,
    MOVES,
    OPEN,
    ROLES,
    SNOOZED,
    STATES,
    kind_of,
    refusal,
    refusal_now,
)
from phb_audit.errors import UsageError
from phb_audit.tables.decided import CASES

REASON_AT_LEAST, REASON_AT_MOST = 10, 1_000
"""Letters a reason must have: a full sentence is better, but one letter is no reason; and may have."""
TO_BE_READ_RULE = "R-01"
"""What stands in place of reasons, on a purchase that is to be read without them."""
LISTS = ("families", "flags", "receipt_ids", "receipts", "plan_version_ids")


class MoveRefused(UsageError):
    """A move that is not allowed: from this state, for this role, by this person, or without what it needs."""


@dataclass(frozen=True)
class SeenCase:
    """A case as the reviewer saw it; kept with the decision, so that it can be shown later what was on the screen.

    `flags`: of each flag flag_id, rule_id, rule_version, sentence, plan_words, measured, subject_id, payment_id, at_stake_pence.
    `receipts`: of each receipt beside its payments receipt_id, file_id (SHA-256 of the file it was read from, kept by that name) and
    image_hash (of its picture, where its sender gave one). `plan_version_ids`: of the plans in force on the days of its payments.
    `first_flagged_on`: as YYYY-MM-DD. It, `headline`, `is_commissioners`, `receipts` and `plan_version_ids` are not in decisions that
    were made before they were kept.
    """

    case_id: str
    case_ref: str
    holder_id: str
    run_id: str
    severity: int
    families: tuple[str, ...]
    flags: tuple[Mapping[str, Any], ...]
    receipt_ids: tuple[str, ...] = ()
    receipts: tuple[Mapping[str, Any], ...] = ()
    plan_version_ids: tuple[str, ...] = ()
    headline: str | None = None
    first_flagged_on: str | None = None
    is_commissioners: bool | None = None

    @classmethod
    def of_event(cls, event: Event) -> SeenCase:
        """What an event of kind `case` keeps of what was seen."""
        told = event.body["seen"]
        lists = {name: tuple(told.get(name, ())) for name in LISTS}
        return cls(**{one.name: told[one.name] for one in fields(cls) if one.name in told} | lists)

    @property
    def kind(self) -> str:
        """Whether it is about the plan, or about money and papers."""
        return kind_of(frozenset(self.families))

    @property
    def is_without_reasons(self) -> bool:
        """Whether its reasons are kept back, so that it is first read without them."""
        return is_without_reasons(flag["rule_id"] for flag in self.flags)


@dataclass
class Standing:
    """Where a case stands after its events so far."""

    case_id: str
    case_ref: str
    holder_id: str
    state_code: str = OPEN
    version: int = 0
    decision_code: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    checked_by: str | None = None
    checked_at: str | None = None
    owner: str | None = None
    escalated_to: str | None = None
    due_on: date | None = None
    wake_on: date | None = None
    asked_count: int = 0
    last_due_on: date | None = None
    tags: list[str] = field(default_factory=list)
    flags_seen: str = ""
    seen: Mapping[str, Any] | None = None  # what was seen with it, as the event keeps it
    first_read_by: str | None = None  # who decided it without its reasons, until another person has decided it with them


def move(
    casebook: Casebook,
    seen: SeenCase,
    move_code: str,
    *,
    by: str,
    role: str,
    reason: str = "",
    version: int,
    at: datetime | None = None,
    particulars: Mapping[str, str | date] | None = None,
    is_overtaken: bool = False,
) -> Event:
    """Make a move on a case, as one event. `version` is the number of moves the person had seen (0 for an untouched case).

    `is_overtaken`: no night finds a flag of it any more; `seen` is then what whoever moved it last saw.
    `particulars`: what the move needs (question and due_on, wake_on, owner, escalated_to, tag).
    Raises MoveRefused with the reason in words, and StaleCase where somebody else has moved the case since.
    """
    if move_code not in MOVES:
        raise MoveRefused(f"There is no move {move_code!r}.", do=f"The moves are {', '.join(MOVES)}.")
    if role not in ROLES:
        raise MoveRefused(f"There is no role {role!r}.", do=f"The roles are {', '.join(ROLES)}.")
    told = dict(particulars or {})
    before = standing_of(seen, casebook.of_case(seen.case_id))
    if version != before.version:
        raise StaleCase(
            f"Case {seen.case_ref} has been changed by somebody else since you opened it.", do="Open it again and look at what was decided."
        )
    if (why := refusal_now(move_code, is_overtaken=is_overtaken)) is not None:
        raise MoveRefused(why)
    state = state_on(before, at.date() if at else date.max)
    _insist(move_code, before, state, seen.kind, by=by, role=role, reason=reason, particulars=told)
    if is_first_reader(by, before, move_code, seen.is_without_reasons):
        raise MoveRefused(FIRST_READER, do="Another person must decide it now.")
    body = {
        "case_id": seen.case_id,
        "case_ref": seen.case_ref,
        "holder_id": seen.holder_id,
        "case_version": version + 1,
        "move_code": move_code,
        "from_state": state,
        "to_state": MOVES[move_code].to_state or state,
        "role": role,
        "reason": " ".join(reason.split()),
        "checks_by": _held_against(move_code, before, seen),
        "seen": asdict(seen),
        "particulars": {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()},
    }
    return casebook.append(CASE, [body], by=by, at=at)[0]


FIRST_READER = "You read it first, without its reasons."


def is_without_reasons(rule_ids: Iterable[str]) -> bool:
    """Whether flags of these rules say no more than that it is to be read."""
    return set(rule_ids) == {TO_BE_READ_RULE}


def is_first_reader(name: str, before: Standing, move_code: str, is_without: bool) -> bool:
    """Whether a decision would be a second reading by the person whose reading was the first."""
    return move_code in DECISIONS and not is_without and before.first_read_by is not None and same_person(name, before.first_read_by)


def _held_against(move_code: str, before: Standing, seen: SeenCase) -> str | None:
    """The person this move must not be by, which the database watches over: whose proposal it checks, or whose first reading it follows."""
    if MOVES[move_code].checks:
        return before.decided_by
    return before.first_read_by if move_code in DECISIONS and not seen.is_without_reasons else None


def _insist(
    move_code: str, before: Standing, state: str, kind: str, *, by: str, role: str, reason: str, particulars: Mapping[str, str | date]
) -> None:
    """Raises MoveRefused unless everything the move needs is there."""
    rule = MOVES[move_code]
    if (why := refusal(move_code, state=state, kind=kind, role=role)) is not None:
        raise MoveRefused(why)
    if rule.checks and same_person(by, before.decided_by or ""):
        raise MoveRefused(f"{before.decided_by} made this proposal.", do="Another person must check it.")
    if rule.needs_reason and len(reason.strip()) < REASON_AT_LEAST:
        raise MoveRefused("A reason is needed.", do="Write a sentence or two that the budget holder could read.")
    if missing := [name for name in rule.needs if not particulars.get(name)]:
        raise MoveRefused(f"'{rule.words}' needs {' and '.join(missing)}.")


def same_person(one: str, other: str) -> bool:
    """Whether two names are written for the same person: blanks, points and capitals aside."""
    return _name(one) == _name(other)


def _name(name: str) -> str:
    return " ".join(name.casefold().replace(".", " ").split())


def state_on(standing: Standing, day: date) -> str:
    """The state on a day: a case put off is open again by itself when its day has come."""
    is_awake = standing.state_code == SNOOZED and standing.wake_on is not None and standing.wake_on <= day
    return OPEN if is_awake else standing.state_code


def now_of(told: Mapping[str, Any], known: Standing | None, day: date) -> tuple[Standing, str, bool]:
    """Where a case of the newest night (a row of its cases) stands on a day, its state then, and whether the night found what whoever
    closed it had not seen: the night opens it again, and a decision made since settles that too."""
    standing = known or Standing(told["case_id"], told["case_ref"], told["holder_id"])
    state = state_on(standing, day)
    has_news = (
        state in (*CLOSED, CLOSED_OVERTAKEN) and bool(told["news"]) and told["is_queued"] and told["decided_at"] == standing.decided_at
    )
    return standing, state, has_news


def standing_of(seen: SeenCase, events: Iterable[Event]) -> Standing:
    """Where one case stands."""
    own = (event for event in events if event.kind_code == CASE and event.body["case_id"] == seen.case_id)
    return folded(own).get(seen.case_id) or Standing(seen.case_id, seen.case_ref, seen.holder_id)


def folded(events: Iterable[Event], before: dict[str, Standing] | None = None) -> dict[str, Standing]:
    """Where every case that was ever touched stands, by case id; `before`: where those of earlier events stood, which this changes."""
    cases = {} if before is None else before
    for event in events:
        if event.kind_code == CASE:
            body = event.body
            fresh = Standing(body["case_id"], body["case_ref"], body["holder_id"])
            _apply(cases.setdefault(body["case_id"], fresh), event)
    return cases


def overtaken_cases(events: Iterable[Event], found: Collection[str]) -> list[tuple[Standing, SeenCase]]:
    """Where every item stands that somebody moved and that is not among the case ids a night found, with what was seen of it last.

    None of a purchase that was to be read without its reasons: it was no item.
    """
    moved = [event for event in events if event.kind_code == CASE]
    last = {event.body["case_id"]: event for event in moved if event.body["case_id"] not in found}
    standings = folded(event for event in moved if event.body["case_id"] in last)
    told = [(standings[case_id], SeenCase.of_event(event)) for case_id, event in last.items()]
    return [(standing, seen) for standing, seen in told if seen.flags and not seen.is_without_reasons]


def _apply(case: Standing, event: Event) -> None:
    body, told = event.body, event.body["particulars"]
    code, rule = body["move_code"], MOVES[body["move_code"]]
    case.version, case.state_code = body["case_version"], body["to_state"]
    if rule.checks:
        case.checked_by, case.checked_at = event.decided_by, event.decided_at
    elif rule.to_state is not None:
        case.decision_code, case.reason = code, body["reason"]
        case.decided_by, case.decided_at = event.decided_by, event.decided_at
        case.checked_by = case.checked_at = None
        case.flags_seen = "|".join(sorted(flag_key(flag) for flag in body["seen"]["flags"]))
        case.seen = body["seen"]
    if code in DECISIONS:
        was_without = is_without_reasons(flag["rule_id"] for flag in body["seen"]["flags"])
        case.first_read_by = event.decided_by if was_without else None
    case.due_on = _day(told.get("due_on")) if rule.to_state is not None else case.due_on
    case.wake_on = _day(told.get("wake_on")) if rule.to_state is not None else case.wake_on
    if code == "ask":
        case.asked_count, case.last_due_on = case.asked_count + 1, case.due_on
    case.owner = told.get("owner", case.owner)
    case.escalated_to = told.get("escalated_to", case.escalated_to)
    if tag := told.get("tag"):
        case.tags = sorted({*case.tags, tag})


def flag_key(flag: Mapping[str, Any]) -> str:
    """What makes a flag the one the reviewer saw: its id and the money it was about."""
    return f"{flag['flag_id']}:{flag['at_stake_pence']}"


def _carried(case_id: str, seen: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of decided.cases by which a decision counts when no flag of it is left; none of a purchase that was to be read."""
    flags = seen.get("flags") or ()
    rule_ids = sorted({flag["rule_id"] for flag in flags})
    if not flags or is_without_reasons(rule_ids):
        return {}
    abouts = dict[str, int]()
    for flag in flags:
        about = flag.get("payment_id") or f"{case_id}/{flag.get('subject_id') or flag['flag_id']}"
        abouts[about] = max(abouts.get(about, 0), flag["at_stake_pence"])
    payments = {flag.get("payment_id") for flag in flags}
    return {
        "rule_ids": "|".join(rule_ids),
        "abouts_seen": "|".join(f"{about}:{pence}" for about, pence in sorted(abouts.items())),
        "payment_id": payments.pop() if len(payments) == 1 else None,
        "headline": seen.get("headline") or flags[0].get("title"),
        "first_flagged_on": _day(seen.get("first_flagged_on")),
        "is_commissioners": seen.get("is_commissioners"),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def case_states(events: Iterable[Event], as_of: date) -> pl.DataFrame:
    """Rows of decided.cases: every case that was ever moved, as it stands on the day."""
    rows = []
    for case in folded(events).values():
        state = state_on(case, as_of)
        told = {"state_code": state, "tags": "|".join(case.tags), "is_queued": STATES[state].is_queued, "is_closed": state in CLOSED}
        told |= _carried(case.case_id, case.seen or {})
        rows.append({name: value for name, value in (vars(case) | told).items() if name in CASES.column_names})
    return pl.DataFrame(rows, schema=CASES.polars_schema).sort("case_id")
