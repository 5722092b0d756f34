"""Decisions on items flagged for the same reasons. Past decisions inform; they bind nobody, and names are not in them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from phb_audit.cases.transitions import AGREED, MOVES, NOT_AGREED
from phb_audit.review.cases import LiveCase
from phb_audit.review.decided import Known, Past, size_of

LEAST, MOST = 5, 5


@dataclass(frozen=True)
class Similar:
    """The closest decisions, and how all that are alike were decided."""

    rows: tuple[dict[str, Any], ...]
    words: str


def similar_to(case: LiveCase, known: Known) -> Similar | None:
    """The closest settled decisions on other cases that share a reason; None below five, which would tell of single people.

    Alike is the share of reasons in common, then nearness of the money in question.
    """
    rules, size = frozenset(case.told["rule_ids"].split("|")), size_of(case.told["at_stake_pence"])
    own = known.past.get(case.case_id)
    count = agreed = 0
    nearest: list[tuple[float, float, int, Past]] = []
    for theirs, group in known.alike.items():
        common = len(rules & theirs) / len(rules | theirs)
        if common:
            is_in = own is not None and own.rules == theirs
            count += len(group) - is_in
            agreed += known.agreed[theirs] - (is_in and own is not None and own.state == AGREED)
            place = bisect_left(group, size, key=lambda one: one[0])
            near = group[max(place - MOST - 1, 0) : place + MOST + 1]
            nearest += [(-common, abs(other - size), number, past) for other, number, past in near if past is not own]
    if count < LEAST:
        return None
    rows = tuple(_row(past) for *_, past in sorted(nearest, key=lambda one: one[:3])[:MOST])
    return Similar(rows, f"{agreed:,} of {count:,} were agreed. Past decisions inform but do not bind you.")


def _row(past: Past) -> dict[str, Any]:
    body = past.event.body
    titles = list(dict.fromkeys(str(flag.get("title") or flag["rule_id"]) for flag in body["seen"]["flags"]))
    decision = "Not agreed" if past.state == NOT_AGREED else MOVES[body["move_code"]].words
    return {"titles": titles, "pence": past.pence, "decision": decision, "reason": body["reason"], "state": past.state}
