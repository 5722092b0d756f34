"""What is looked at before a national return goes out. A return that cannot be right is stopped; what may be right is to be explained.

The same checks read a return that was sent (rule G-18: the two counts mixed, wheelchair or one-off budgets counted without a review).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from phb_audit.periods import financial_year, quarter_named_by

STOP, EXPLAIN = "stop", "explain"
LEAP = 1.0  # twice the quarter before: five national returns of 2021/22 Q4 were, and had to be explained
UNDATED = date(2005, 1, 2)  # a budget without a first day begins before it
FEWEST = 20  # below it a leap is a handful of people


@dataclass(frozen=True)
class Check:
    """A finding about a return: `stop` where it cannot be right, `explain` where somebody should say why."""

    level: str
    words: str


@dataclass(frozen=True)
class About:
    """What a return is held against: the people it counts, the quarter before, and whether the register is late."""

    people: pl.DataFrame
    before: pl.DataFrame
    is_late: bool


def checked(told: pl.DataFrame, about: About) -> tuple[Check, ...]:
    """Every finding, those that stop first."""
    found = [*of_itself(told), *_in_time(about), *_before(told, about), *_register(about)]
    return tuple(sorted(found, key=lambda one: one.level != STOP))


def of_itself(told: pl.DataFrame) -> Iterator[Check]:
    """What the numbers say by themselves."""
    for row in told.iter_rows(named=True):
        if min(row["year_to_date_count"], row["active_count"]) < 0:
            yield Check(STOP, f"{row['line']}: a number below nought.")
        if row["active_count"] > row["year_to_date_count"]:
            yield Check(
                STOP, f"{row['line']}: more active ({row['active_count']:,}) than of the year to date ({row['year_to_date_count']:,})."
            )
    total = _total(told)
    for (part,), rows in told.filter(pl.col("part_code") != "total").group_by("part_code", maintain_order=True):
        for name, words in (("year_to_date_count", "year to date"), ("active_count", "active")):
            if (summed := int(rows[name].sum())) != total[name]:
                yield Check(STOP, f"The lines by {part} come to {summed:,} for the {words}, not to the total of {total[name]:,}.")


def _total(told: pl.DataFrame) -> dict[str, Any]:
    return told.filter(part_code="total").row(0, named=True)


def _in_time(about: About) -> Iterator[Check]:
    if about.is_late:
        yield Check(EXPLAIN, "The register of budgets is late: people who began or left at the end of the quarter may be missing.")


def _before(told: pl.DataFrame, about: About) -> Iterator[Check]:
    """Against the quarter before: within a year the year to date cannot fall, over an April it begins again."""
    now, before = _total(told), _total(about.before)
    year, was_year = now["year_to_date_count"], before["year_to_date_count"]
    if not was_year:
        return
    name = quarter_named_by(before["last_on"])
    same_year = financial_year(now["last_on"]) == financial_year(before["last_on"])
    if same_year and year < was_year:
        yield Check(
            STOP,
            f"The year to date fell from {was_year:,} in {name} to {year:,}; within a year it cannot.",
        )
    for row, earlier in zip(told.iter_rows(named=True), about.before.iter_rows(named=True), strict=True):
        was, active = earlier["active_count"], row["active_count"]
        if max(was, active) >= FEWEST and (active > was * (1 + LEAP) or active < was / (1 + LEAP)):
            yield Check(EXPLAIN, f"{row['line']}: {active:,} active after {was:,} in {name}.")


def _register(about: About) -> Iterator[Check]:
    """What the register leaves open."""
    people = about.people
    left_out = people.filter(pl.col("is_open") & ~pl.col("is_year_to_date")).height
    wheelchair = people.filter((pl.col("kind_code") == "wheelchair") & pl.col("is_open") & ~pl.col("is_active")).height
    if left_out:
        yield Check(
            EXPLAIN,
            f"Open in the register and counted nowhere: {left_out:,}. Wheelchair budgets without a review within a year: "
            f"{wheelchair:,}. The others are one-off.",
        )
    unknown = sorted({str(name) for name in people.filter(pl.col("group_line").is_null())["care_group_code"].drop_nulls()})
    if unknown:
        yield Check(
            EXPLAIN, f"Care groups whose line is not known are counted as other: {', '.join(unknown)}. Name them in national_return.toml."
        )
    if ageless := people.filter(pl.col("told_age").is_null()).height:
        yield Check(EXPLAIN, f"{ageless:,} people have no age band that tells children from adults; they are counted by care group.")
    if none := people.filter(pl.col("care_group_code").is_null()).height:
        yield Check(EXPLAIN, f"{none:,} people have no care group and are counted as other.")
    if undated := people.filter(pl.col("starts_on") < UNDATED).height:
        yield Check(EXPLAIN, f"{undated:,} budgets have no first day and are taken as old ones.")


def against(sent: pl.DataFrame, ours: pl.DataFrame) -> tuple[Check, ...]:
    """A return that was sent against the register now: where the two counts look mixed, and where numbers differ."""
    found = []
    for row, own in zip(sent.iter_rows(named=True), ours.iter_rows(named=True), strict=True):
        year, active = own["year_to_date_count"], own["active_count"]
        pair = (row["year_to_date_count"], row["active_count"])
        if pair == (year, active):
            continue
        words = f"{row['line']}: sent {pair[0]:,} of the year to date and {pair[1]:,} active; the register says {year:,} and {active:,}."
        mixed = year != active and (pair[0] == active or pair[1] == year)
        found.append(Check(STOP if mixed else EXPLAIN, words + (" The two counts look mixed (G-18)." if mixed else "")))
    return tuple(found)
