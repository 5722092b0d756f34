"""What decided cases teach about flags: whether a case led to something, and whether the person said why in words of their own.

A decision that only echoes what was on the screen teaches nothing: its reason holds hardly a word that the flags did not say, or it is
the same reason, word for word, that the person has given before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from phb_audit.cases.casebook import CASE, Event
from phb_audit.cases.decisions import Standing, folded, state_on
from phb_audit.cases.transitions import CLOSED, NOT_AGREED, REFERRED
from phb_audit.tables.decided import JUDGEMENTS

PLAN_CHANGED = "agree_update_plan"
OWN_WORDS_AT_LEAST = 3
SAME_REASON_AT_MOST = 2
"""How often a person's reason counts, word for word; from then on it is a stamp."""


def led_to_something(standing: Standing) -> bool:
    """A closed case that was not agreed, was referred, or was agreed with the plan to be updated."""
    return standing.state_code in (NOT_AGREED, REFERRED) or standing.decision_code == PLAN_CHANGED


def closing(events: Iterable[Event], as_of: date) -> Iterator[tuple[Standing, Event]]:
    """Each case that is closed on the day, with the event that decided it, in order of these events."""
    kept = [event for event in events if event.kind_code == CASE]
    closed = {case_id: case for case_id, case in folded(kept).items() if state_on(case, as_of) in CLOSED}
    deciding = {
        event.body["case_id"]: event
        for event in kept
        if event.body["case_id"] in closed and event.body["move_code"] == closed[event.body["case_id"]].decision_code
    }
    for event in sorted(deciding.values(), key=lambda one: one.event_number):
        yield closed[event.body["case_id"]], event


def judgements(events: Iterable[Event], as_of: date) -> pl.DataFrame:
    """Rows of decided.judgements: every case that is closed on the day."""
    rows, given = [], dict[tuple[str, str], int]()
    for standing, event in closing(events, as_of):
        flags, reason = event.body["seen"]["flags"], _plain(event.body["reason"])
        by = (event.decided_by.casefold(), reason)
        given[by] = given.get(by, 0) + 1
        rows.append(
            {
                "event_number": event.event_number,
                "case_id": standing.case_id,
                "holder_id": standing.holder_id,
                "rule_ids": "|".join(sorted({flag["rule_id"] for flag in flags})),
                "is_right": led_to_something(standing),
                "decided_on": date.fromisoformat(event.decided_at[:10]),
                "decided_by": event.decided_by,
                "is_own_words": given[by] <= SAME_REASON_AT_MOST and has_own_words(reason, flags),
            }
        )
    return pl.DataFrame(rows, schema=JUDGEMENTS.polars_schema)


def has_own_words(reason: str, flags: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a reason says something that the flags did not."""
    said = " ".join(str(flag.get(name) or "") for flag in flags for name in ("title", "sentence", "plan_words"))
    own = set(_words(reason)) - set(_words(said))
    return len(own) >= OWN_WORDS_AT_LEAST


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z]+", text.casefold()) if len(word) > 2]


def _plain(reason: str) -> str:
    return " ".join(reason.casefold().split())
