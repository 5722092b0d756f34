"""The quarterly national return (DAPB2184): people of the year to date and people active, by age, way of holding and care group.

Before April 2017 there was a voluntary survey, which asked one number a line: people with a budget. `shape_of` says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.finance.people import Register, people_on
from phb_audit.periods import quarter_named_by
from phb_audit.settings import Settings, read_toml, shipped
from phb_audit.tables.people import NATIONAL_RETURN

NAME = "national_return.toml"
RETURN_BEGAN = date(2017, 4, 1)
RETURN, SURVEY = "return", "survey"
OTHER, CHILD, ADULT = "other", "child", "adult"
OF_AGE = 18
CHILDREN = ("children_continuing_care", "ehc_plan")
HOLDINGS = {"notional": "Notional budgets", "third_party": "Third-party budgets", "direct_payment": "Direct payments"}
AGES = {ADULT: "Adults", CHILD: "Children and young people"}


@dataclass(frozen=True)
class Group:
    """A line of care groups: the words a commissioner's name of a group is known by."""

    code: str
    words: str
    any_of: tuple[str, ...]


@cache
def groups() -> tuple[Group, ...]:
    """The lines of care groups, in the order they are tried."""
    return tuple(Group(told["code"], told["words"], tuple(told["any_of"])) for told in read_toml(shipped("reference") / NAME)["group"])


def own_groups(settings: Settings) -> Mapping[str, str]:
    """A commissioner's names of care groups and the line of each. Raises UsageError for a line there is none of."""
    path = settings.home / NAME
    told = read_toml(path).get("care_groups", {}) if path.exists() else {}
    known = {one.code for one in groups()}
    if wrong := sorted(str(line) for line in told.values() if line not in known):
        raise UsageError(f"{NAME} names lines there are none of: {', '.join(wrong)}.", do=f"One of: {', '.join(sorted(known))}.")
    return MappingProxyType(dict(told))


def group_of(name: str | None, own: Mapping[str, str]) -> str | None:
    """The line of a care group; None where neither its name nor its words are known."""
    if name in own:
        return own[str(name)]
    told = (name or "").lower()
    return next((one.code for one in groups() if any(words in told for words in one.any_of)), None)


def shape_of(last_on: date) -> str:
    """Whether a quarter belongs to the return or to the survey before it."""
    return RETURN if last_on >= RETURN_BEGAN else SURVEY


def returned(register: Register, last_on: date, organisation_code: str, own: Mapping[str, str]) -> pl.DataFrame:
    """finance.national_return of the quarter that ends on the day."""
    people = with_lines(people_on(register, last_on), own)
    about = {"organisation_code": organisation_code, "quarter": quarter_named_by(last_on), "last_on": last_on}
    return pl.DataFrame([about | row for row in _lines(people)], schema=NATIONAL_RETURN.polars_schema)


def with_lines(people: pl.DataFrame, own: Mapping[str, str]) -> pl.DataFrame:
    """The people with their line of each part: age by band, else by care group; `group_line` is null where the care group is not known."""
    names = people["care_group_code"].unique().to_list()
    lines = pl.DataFrame({"care_group_code": names, "group_line": [group_of(name, own) for name in names]}, schema=LINES)
    placed = people.join(lines, on="care_group_code", how="left", nulls_equal=True, maintain_order="left")
    by_group = pl.when(pl.col("group_line").is_in(CHILDREN).fill_null(False)).then(pl.lit(CHILD)).otherwise(pl.lit(ADULT))
    bands = placed["age_band"].unique().to_list()
    ages = pl.DataFrame({"age_band": bands, "told_age": [age_of(band) for band in bands]}, schema=AGE_LINES)
    aged = placed.join(ages, on="age_band", how="left", nulls_equal=True, maintain_order="left")
    return aged.with_columns(age_line=pl.coalesce("told_age", by_group))


def age_of(band: str | None) -> str | None:
    """Child or adult by an age band: '0-17' and 'under 18' are children, '18-64', '65+' and 'over 65' adults, '16-24' is neither."""
    numbers = [int(number) for number in re.findall(r"\d+", band or "")]
    if not numbers:
        return None
    if len(numbers) > 1:
        return CHILD if max(numbers) < OF_AGE else ADULT if min(numbers) >= OF_AGE else None
    is_up_to = re.search(r"under|below|up to|<", band or "", re.IGNORECASE)
    return CHILD if is_up_to and numbers[0] <= OF_AGE else ADULT if not is_up_to and numbers[0] >= OF_AGE else None


AGE_LINES = pl.Schema({"age_band": pl.String, "told_age": pl.String})
LINES = pl.Schema({"care_group_code": pl.String, "group_line": pl.String})


def _lines(people: pl.DataFrame) -> Iterator[dict[str, Any]]:
    yield {"part_code": "total", "line_code": "total", "line": "People with a personal health budget"} | _counts(people)
    for code, words in AGES.items():
        yield {"part_code": "age", "line_code": code, "line": words} | _counts(people.filter(age_line=code))
    for code, words in HOLDINGS.items():
        yield {"part_code": "holding", "line_code": code, "line": words} | _counts(people.filter(holding_code=code))
    for one in groups():
        part = people.filter(pl.col("group_line").fill_null(OTHER) == one.code)
        yield {"part_code": "group", "line_code": one.code, "line": one.words} | _counts(part)


def _counts(people: pl.DataFrame) -> dict[str, int]:
    return {"year_to_date_count": people.filter("is_year_to_date").height, "active_count": people.filter("is_active").height}
