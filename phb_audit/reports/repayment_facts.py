"""What is on file about a case whose money may be asked back: its decisions, its lines, money that came back, and our own part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from phb_audit.cases.casebook import CASE, Event, casebook_events
from phb_audit.cases.decisions import Standing, folded
from phb_audit.errors import UsageError
from phb_audit.identity import holder_shown
from phb_audit.periods import plain_day
from phb_audit.reports.page import counted
from phb_audit.rules.register import shipped_rules
from phb_audit.settings import Settings
from phb_audit.warehouse import Warehouse, sql

ASKED_BEFORE, ACCEPTED_BEFORE, OUR_TIME = "asked_before", "accepted_before", "our_time"


@dataclass(frozen=True)
class OwnPart:
    """Something of our own side that bears on asking for money, and to which the person who decides must answer."""

    key: str
    title: str
    words: str


@dataclass(frozen=True)
class Facts:
    """All that is on file about one case. `lines` and `money_back`: rows as their SQL files say; `seen`: what the decider saw."""

    commissioner_code: str
    standing: Standing
    events: tuple[Event, ...]
    seen: dict[str, Any]
    lines: tuple[dict[str, Any], ...]
    money_back: tuple[dict[str, Any], ...]
    own: tuple[OwnPart, ...]
    roles: tuple[str, ...]
    is_apart: bool
    died_on: date | None

    @property
    def holder_shown(self) -> str:
        """The holder as pages name them."""
        return holder_shown(self.standing.holder_id)


def facts_of(settings: Settings, code: str, case_ref: str) -> Facts:
    """Everything on file about the case. Raises UsageError where nobody ever did anything with a case of that name."""
    events = [event for event in casebook_events(settings, code) if event.kind_code == CASE and is_named(event, case_ref)]
    if not events:
        raise UsageError(f"Nobody has decided anything on a case {case_ref}.", do="See `phb-audit case list --state not_agreed`.")
    (standing,) = folded(events).values()
    seen = _seen(events)
    warehouse = Warehouse(settings.warehouse_path(code), read_only=True)
    try:
        return _read(warehouse, code, standing, events, seen)
    finally:
        warehouse.close()


def is_named(event: Event, case_ref: str) -> bool:
    """Whether an event is about the case of that reference or id."""
    return case_ref.strip() in (event.body["case_id"], event.body["case_ref"], event.body["case_ref"].lower())


def _seen(events: list[Event]) -> dict[str, Any]:
    """The case as whoever proposed 'not agreed' saw it; else as it was seen last."""
    proposed = [event for event in events if event.body["move_code"] == "propose_not_agreed"]
    seen: dict[str, Any] = (proposed or events)[-1].body["seen"]
    return seen


def _read(warehouse: Warehouse, code: str, standing: Standing, events: list[Event], seen: dict[str, Any]) -> Facts:
    ids = sorted({flag["payment_id"] for flag in seen["flags"] if flag.get("payment_id")})
    asked = pl.DataFrame({"payment_id": ids}, schema={"payment_id": pl.String})
    holder = {"holder_id": standing.holder_id}
    people = warehouse.frame(sql(__file__, "repayment_people"), holder | {"case_id": standing.case_id}).row(0, named=True)
    alike = warehouse.frame(sql(__file__, "repayment_alike"), holder, asked=asked).row(0, named=True)
    lines = tuple(warehouse.frame(sql(__file__, "repayment_lines"), asked=asked).to_dicts())
    flags = warehouse.frame(sql(__file__, "repayment_own"), holder).to_dicts()
    return Facts(
        commissioner_code=code,
        standing=standing,
        events=tuple(events),
        seen=seen,
        lines=lines,
        money_back=tuple(warehouse.frame(sql(__file__, "repayment_money_back"), asked=asked).to_dicts()),
        own=(*_flags(flags, seen), *_always(alike), *_our_time(lines, people["first_flagged_on"], standing)),
        roles=tuple(people["roles"]),
        is_apart=people["is_apart"],
        died_on=people["died_on"],
    )


def _flags(standing_now: list[dict[str, Any]], seen: dict[str, Any]) -> list[OwnPart]:
    """Flags about our own side: those that stand for this holder, and those the decider saw."""
    ours = {one.rule.id for one in shipped_rules() if one.rule.is_commissioners}
    then = [flag for flag in seen["flags"] if flag["rule_id"] in ours]
    titles = {one.rule.id: one.rule.title for one in shipped_rules()}
    found = {row["flag_id"]: OwnPart(row["flag_id"], titles.get(row["rule_id"], ""), row["sentence"]) for row in (*standing_now, *then)}
    return list(found.values())


def _always(alike: dict[str, Any]) -> list[OwnPart]:
    """Two questions only a person can answer, whatever is on file."""
    told = "No earlier payment of this account to the same payee is on file."
    if alike["earlier_count"]:
        told = (
            f"{counted(alike['earlier_count'], 'earlier payment')} to the same payee is on file, the last on {plain_day(alike['last_on'])}."
        )
        told = told.replace("payments to the same payee is", "payments to the same payee are")
        if alike["looked_at_on"]:
            told += f" An audit or review was held on {plain_day(alike['looked_at_on'])} after the first of them."
    return [
        OwnPart(ACCEPTED_BEFORE, "Was the like accepted before?", told),
        OwnPart(
            ASKED_BEFORE,
            "Were we asked before, and did we reply?",
            "Letters and calls are not on file here: what the holder asked us before buying, and what we answered.",
        ),
    ]


def _our_time(lines: tuple[dict[str, Any], ...], first_flagged_on: date | None, standing: Standing) -> list[OwnPart]:
    """How long we took to ask and to decide, where that is longer than the limits of G-10."""
    limits = next(one.limits for one in shipped_rules() if one.rule.id == "G-10")
    raised_days, working_days = limits["raised_days"], limits["working_days"]
    if first_flagged_on is None or not lines or not isinstance(raised_days, int) or not isinstance(working_days, int):
        return []
    to_ask = (first_flagged_on - min(line["paid_on"] for line in lines)).days
    decided = date.fromisoformat((standing.checked_at or standing.decided_at or first_flagged_on.isoformat())[:10])
    to_decide = (decided - first_flagged_on).days
    if to_ask <= raised_days and to_decide <= working_days * 7 / 5:
        return []
    words = f"It was first asked about {counted(to_ask, 'day')} after it was paid, and decided {counted(to_decide, 'day')} after that."
    return [OwnPart(OUR_TIME, "The time we took", words)]
