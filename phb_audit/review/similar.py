"""Decisions on items flagged for the same reasons. Past decisions inform; they bind nobody, and names are not in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.transitions import AGREED, MOVES, NOT_AGREED
from phb_audit.review.cases import Decided, LiveCase

LEAST, MOST = 5, 5


@dataclass(frozen=True)
class Similar:
    """The closest decisions, and how all that are alike were decided."""

    rows: tuple[dict[str, Any], ...]
    words: str


def similar_to(case: LiveCase, decided: Decided) -> Similar | None:
    """The closest settled decisions on other cases that share a reason; None below five, which would tell of single people.

    Alike is the share of reasons in common, then nearness of the money in question.
    """
    rules = set(case.told["rule_ids"].split("|"))
    settled = _settled(decided)
    alike = []
    for case_id, (event, state) in settled.items():
        flags = event.body["seen"]["flags"]
        theirs = {flag["rule_id"] for flag in flags}
        if case_id != case.case_id and rules & theirs:
            pence = sum({flag["payment_id"] or flag["flag_id"]: int(flag["at_stake_pence"]) for flag in flags}.values())
            common = len(rules & theirs) / len(rules | theirs)
            apart = abs(math.log1p(abs(pence)) - math.log1p(abs(case.told["at_stake_pence"])))
            titles = list(dict.fromkeys(str(flag.get("title") or flag["rule_id"]) for flag in flags))
            row = {"titles": titles, "pence": pence, "decision": _words(event, state), "reason": event.body["reason"], "state": state}
            alike.append((-common, apart, event.event_number, row))
    if len(alike) < LEAST:
        return None
    ordered = [row for *_, row in sorted(alike, key=lambda one: one[:3])]
    agreed = sum(row["state"] == AGREED for row in ordered)
    words = f"{agreed:,} of {len(ordered):,} were agreed. Past decisions inform but do not bind you."
    return Similar(tuple(ordered[:MOST]), words)


def _settled(decided: Decided) -> dict[str, tuple[Event, str]]:
    """The decision behind each case that is agreed or, confirmed, not agreed. Referrals are told to nobody."""
    latest = {
        event.body["case_id"]: event
        for event in decided.events()
        if event.kind_code == CASE and event.body["move_code"].startswith(("agree", "propose_"))
    }
    standings = decided.standings()
    return {
        case_id: (event, standings[case_id].state_code)
        for case_id, event in latest.items()
        if standings[case_id].state_code in (AGREED, NOT_AGREED)
    }


def _words(event: Event, state: str) -> str:
    return "Not agreed" if state == NOT_AGREED else MOVES[event.body["move_code"]].words
