"""What people have decided so far, as one request sees it: the casebook's events, where each case stands, and what was settled before.

A decision adds to what is known; nothing is read or worked out twice for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from phb_audit.cases.casebook import CASE, FIRST, Event
from phb_audit.cases.decisions import Standing, folded
from phb_audit.cases.transitions import AGREED, NOT_AGREED

REVEAL = "identity_revealed"  # the kind of event, in the casebook


@dataclass(frozen=True)
class Past:
    """A settled case: the event of its decision, why it was flagged, the pence in question, and how it was settled."""

    event: Event
    state: str
    rules: frozenset[str]
    pence: int

    @property
    def size(self) -> float:
        """How much money it was about, so that twice as much is as far off at any size."""
        return size_of(self.pence)


def size_of(pence: int) -> float:
    """Pence on a scale on which twice as much is as far off at any size."""
    return math.log1p(abs(pence))


@dataclass(frozen=True)
class Known:
    """The casebook up to an event. Nothing in it is changed later; `with_more` makes another."""

    events: Sequence[Event] = ()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    moves: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    reveals: frozenset[tuple[str, str]] = frozenset()  # session and holder: which session was told who which holder is
    past: Mapping[str, Past] = field(default_factory=dict)

    @property
    def head(self) -> tuple[int, str]:
        """Number and hash of the last event."""
        return (self.events[-1].event_number, self.events[-1].event_hash) if self.events else (0, FIRST)

    def with_more(self, added: Sequence[Event]) -> Known:
        """What is known with the events that were added since."""
        moved = [event for event in added if event.kind_code == CASE]
        ids = dict.fromkeys(event.body["case_id"] for event in moved)
        standings = folded(moved, {case_id: deepcopy(self.standings[case_id]) for case_id in ids if case_id in self.standings})
        moves = {case_id: (*self.moves.get(case_id, ()), *(one for one in moved if one.body["case_id"] == case_id)) for case_id in ids}
        settled = {case_id: past_of(moves[case_id], standings[case_id]) for case_id in ids}
        told = (event.body for event in added if event.kind_code == REVEAL)
        return Known(
            events=[*self.events, *added],
            standings={**self.standings, **standings},
            moves={**self.moves, **moves},
            reveals=self.reveals | {(body["session"], body["holder_id"]) for body in told},
            past={case_id: past for case_id, past in {**self.past, **settled}.items() if past is not None},
        )

    def touched_since(self, before: Known) -> set[str] | None:
        """The cases that were moved since; None where `before` is not the beginning of this."""
        number, digest = before.head
        if number > len(self.events) or (number and self.events[number - 1].event_hash != digest):
            return None
        return {event.body["case_id"] for event in self.events[number:] if event.kind_code == CASE}

    @cached_property
    def alike(self) -> dict[frozenset[str], list[tuple[float, int, Past]]]:
        """Settled cases by the reasons they were flagged for, each list by the money they were about."""
        found: dict[frozenset[str], list[tuple[float, int, Past]]] = {}
        for past in self.past.values():
            found.setdefault(past.rules, []).append((past.size, past.event.event_number, past))
        for group in found.values():
            group.sort(key=lambda one: one[:2])
        return found

    @cached_property
    def agreed(self) -> dict[frozenset[str], int]:
        """How many of each of those lists were agreed."""
        return {rules: sum(past.state == AGREED for *_, past in group) for rules, group in self.alike.items()}

    @cached_property
    def by_rule(self) -> dict[str, tuple[int, int]]:
        """Of each rule: how many settled cases it had a part in, and how many of them were agreed."""
        found: dict[str, tuple[int, int]] = {}
        for rules, group in self.alike.items():
            for rule_id in rules:
                decided, agreed = found.get(rule_id, (0, 0))
                found[rule_id] = (decided + len(group), agreed + self.agreed[rules])
        return found


def past_of(moves: Sequence[Event], standing: Standing) -> Past | None:
    """The decision behind a case that is agreed or, confirmed, not agreed. Referrals are told to nobody."""
    if standing.state_code not in (AGREED, NOT_AGREED):
        return None
    event = next((event for event in reversed(moves) if event.body["move_code"].startswith(("agree", "propose_"))), None)
    if event is None:
        return None
    flags: list[dict[str, Any]] = event.body["seen"]["flags"]
    pence = sum({flag["payment_id"] or flag["flag_id"]: int(flag["at_stake_pence"]) for flag in flags}.values())
    return Past(event, standing.state_code, frozenset(flag["rule_id"] for flag in flags), pence)
