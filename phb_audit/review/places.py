"""Why an item stands where it stands in the list, in words; and what fits in a week's minutes.

Of a purchase to be read nothing is told: its place is lent by another item, so that it says nothing of why it is there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from phb_audit.detectors.detector import BY_ID
from phb_audit.money import pounds
from phb_audit.reports.page import counted, percent
from phb_audit.review.cases import LiveCase
from phb_audit.review.desk import Visit
from phb_audit.tables.flagged import CERTAIN

USUAL = "usual"
LENT = "Its place is drawn by chance, and says nothing about it."


def place_in_words(told: Mapping[str, Any]) -> str:
    """On the list, in a few words: never how likely it is to lead to something, which would lead the reader."""
    if told["tier_code"] is None or not told["is_queued"]:
        return ""
    if told["tier_code"] == CERTAIN:
        return "Always read"
    if told["tier_code"] == "demoted":
        return "Read last"
    return "To read this week" if told["is_within_minutes"] else "Later than this week"


def place_of(visit: Visit, case: LiveCase) -> dict[str, Any] | None:
    """What an item's place rests on, for its page; None for one that is not in the night's list."""
    told = case.told
    if not told["is_queued"] or not told["rank"]:
        return None
    where = f"Place {told['rank']:,} of the list."
    if told["tier_code"] is None:
        return {"words": f"{where} {LENT}", "parts": []}
    return {"words": f"{where} {why_of(told)}", "parts": [part_in_words(part) for part in visit.item(case).parts]}


def why_of(told: Mapping[str, Any]) -> str:
    """The sum behind the place."""
    if told["tier_code"] == CERTAIN:
        return "It stands in front whatever the minutes: what such a rule finds is always read."
    if told["tier_code"] == "demoted":
        return "It is read last: too little of what its reasons found before led to anything. A person should look at the rule."
    money = f"{pounds(abs(told['at_stake_pence']))} in question and {pounds(told['harm_pence'])} for what is at stake beyond the money"
    return (
        f"A chance of {percent(told['chance_share'])} that it leads to something, of {money}, in about "
        f"{counted(math.ceil(told['minutes']), 'minute')}: £{told['worth_per_minute']:,.2f} for a minute of reading. "
        "The chance is of reasons like these, and says nothing about this person."
    )


def part_in_words(part: Mapping[str, Any]) -> tuple[str, str]:
    """A part of the score: what it is, and what it does to the odds."""
    if part["part_name"] == USUAL:
        return "Where every item starts", f"odds of 1 to {math.exp(-part['part']):,.0f}"
    title = part["title"] or (BY_ID[part["part_name"]].title if part["part_name"] in BY_ID else "")
    name = f"{title} ({part['part_name']})" if title else part["part_name"]
    less = "" if part["value_share"] == 1 else f", at {percent(part['value_share'])} of its weight"
    return name, f"odds times {math.exp(part['part']):,.1f}{less}"


def hour_in_words(visit: Visit) -> list[str]:
    """What fits in a week's minutes and what one more hour would find, of the whole list; nothing for who sees only some areas."""
    if visit.person.areas or not (rows := visit.night().reading_time):
        return []
    (row,) = rows
    told = [
        f"A week has {row['flagged_minutes'] / 60:.1f} hours for flagged items; to read all {row['queue_count']:,} would take "
        f"{row['queue_minutes'] / 60:.1f}. The first {row['within_count']:,} fit: about {_money(row, 'within')}."
    ]
    if not row["more_count"]:
        return [*told, "One more hour would find nothing more: the minutes reach the end of the list."]
    return [*told, f"One more hour a week would reach {counted(row['more_count'], 'more item')}: about {_money(row, 'more')}."]


def _money(row: Mapping[str, Any], name: str) -> str:
    low, high = pounds(row[f"{name}_low_pence"]), pounds(row[f"{name}_high_pence"])
    return f"{pounds(row[f'{name}_pence'])} rightly in question (95% interval {low} to {high})"
