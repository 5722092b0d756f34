"""Decisions evened over care groups before the order learns: nobody's group is confirmed more readily because one reviewer did so.

The group never enters the order. It only says how much a confirmation counts: where a group's cases were confirmed at higher odds than
all others', its confirmations count less, until the odds are those of the others. Refusals count whole, so nothing is learned against a
group and what is confirmed alike everywhere is learned as before. Measured: docs/reference/measurements.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from phb_audit.flagged.stack import DIGITS, Decided


def evened(decided: Sequence[Decided], groups: Sequence[str], least_decided: int) -> list[Decided]:
    """The decisions, in their order, those that confirmed a case of a readily confirmed group with less trust.

    `groups`: the care group of each, '' where none is known. A group, and all others, must have `least_decided` decisions that count.
    """
    rows = [(group, one) for group, one in zip(groups, decided, strict=True) if one.trust > 0]
    counts = {
        group: count_share(
            [one for other, one in rows if other == group], [one for other, one in rows if other not in (group, "")], least_decided
        )
        for group in {group for group, _ in rows} - {""}
    }
    return [
        replace(one, trust=round(one.trust * counts.get(group, 1.0), DIGITS)) if one.is_right else one
        for group, one in zip(groups, decided, strict=True)
    ]


def count_share(of_group: Sequence[Decided], of_others: Sequence[Decided], least_decided: int) -> float:
    """How much a confirmation of the group counts, at most whole: the others' odds of being confirmed over the group's."""
    if min(len(of_group), len(of_others)) < least_decided:
        return 1.0
    return min(1.0, odds(of_others) / odds(of_group))


def odds(decided: Sequence[Decided]) -> float:
    """Odds that a case is confirmed, by what the decisions count, with one of each added."""
    right = sum(one.trust for one in decided if one.is_right) + 1
    return right / (sum(one.trust for one in decided if not one.is_right) + 1)
