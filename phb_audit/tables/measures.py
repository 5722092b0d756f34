"""Measures: the one table from which every number of the committee pack comes, and the words that define each of them.

A module that has numbers for a committee defines each once as a `Measure`, makes rows with `Measure.row`, and returns
`measures_frame(rows)` from a function `measures(warehouse, first_on, last_on)`. `reports/measures.py` gathers them; nothing else does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.tables.describe import Column, Table, count, on, text

UNITS = ("count", "pence", "share", "per_100", "per_50000", "per_100000", "days", "weeks", "hours", "score")
SCALES = {"share": 1.0, "per_100": 100.0, "per_50000": 50_000.0, "per_100000": 100_000.0}
SMALL_NUMBERS = ("people", "free")
TARGETS = ("none", "at_least", "at_most")
WHOLE = "all"


def _number(name: str, meaning: str) -> Column:
    return Column(name, pl.Float64, meaning)


MEASURES = Table(
    "reports.measures",
    "measure, period and group",
    (
        text("measure_id", "The measure, as `room.name`", nullable=False),
        text("group_code", "What it is broken down by; `all` for the whole", nullable=False),
        text("group_key", "Which group; empty for the whole", nullable=False),
        text("group_label", "The group in words; empty for the whole", nullable=False),
        on("first_on", "First day of the period", nullable=False),
        on("last_on", "Last day of the period", nullable=False),
        text("question", "The question of a committee it answers", nullable=False),
        text("title", "Its name for readers", nullable=False),
        text("definition", "What is counted, and how", nullable=False),
        text("unit_code", "What the value is in", nullable=False, values=UNITS),
        _number("value", "The number; null where nothing was counted"),
        _number("lower", "Lower end of its 95% interval, where it has one"),
        _number("upper", "Upper end of it"),
        _number("numerator", "What was counted (pence for money)"),
        text("numerator_words", "In words", nullable=False),
        _number("denominator", "Out of how much; null where the measure is no ratio"),
        text("denominator_words", "In words; empty where the measure is no ratio", nullable=False),
        count("n", "How many people, or things that belong to people, the numerator counts; null where it counts nobody"),
        count("denominator_n", "The same of the denominator; null where nobody told. Only for keeping back, and never printed"),
        text(
            "small_number_code",
            "`people`: kept back where n is 1 to 4, with what would give it away; `free`: tells of nobody",
            nullable=False,
            values=SMALL_NUMBERS,
        ),
        text("source", "The module and statement that counted it", nullable=False),
        _number("target", "The target, in the unit of the value"),
        text("target_code", "How the target is met", nullable=False, values=TARGETS),
    ),
    key=("measure_id", "group_code", "group_key", "first_on", "last_on"),
)


@dataclass(frozen=True)
class Measure:
    """A measure in words: everything about it but its numbers. Raises ValueError for a code the table does not list.

    `small_number_code` is `people` unless its numerator tells of nobody (files, rules); `target` is a share for shares, days for days. An
    installation's measures.toml may set a target of its own; `target_code` says how one would be met.
    """

    measure_id: str
    question: str
    title: str
    definition: str
    unit_code: str
    numerator_words: str
    source: str
    denominator_words: str = ""
    small_number_code: str = "people"
    target: float | None = None
    target_code: str = "none"

    def __post_init__(self) -> None:
        for name in ("unit_code", "small_number_code", "target_code"):
            if getattr(self, name) not in MEASURES.column(name).values:
                raise ValueError(f"{self.measure_id}: {name} cannot be {getattr(self, name)!r}")
        if self.target is not None and self.target_code == "none":
            raise ValueError(f"{self.measure_id}: a target needs to say how it is met")

    def row(
        self,
        first_on: date,
        last_on: date,
        *,
        numerator: float | None = None,
        denominator: float | None = None,
        value: float | None = None,
        interval: tuple[float | None, float | None] = (None, None),
        n: int | None = None,
        denominator_n: int | None = None,
        group: tuple[str, str, str] = (WHOLE, "", ""),
    ) -> dict[str, object]:
        """One row of the table. The value is numerator over denominator in the measure's unit, unless it is given (a median).

        Without a denominator the value is the numerator. `interval` is in the unit of the value. `group` is (code, key, label).
        `n` is the numerator where it counts things and nothing else is said, and `denominator_n` the denominator then. Where `n` is told
        (pounds, weeks), tell `denominator_n` too: a group's denominator of nobody knows how many is kept back.
        """
        if value is None and numerator is not None:
            if not self.denominator_words:
                value = numerator
            elif denominator:
                value = numerator / denominator * SCALES.get(self.unit_code, 1.0)
        counts_things = self.unit_code in ("count", *SCALES)
        counts_itself = n is None and counts_things and numerator is not None
        words = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return words | {
            "group_code": group[0],
            "group_key": group[1],
            "group_label": group[2],
            "first_on": first_on,
            "last_on": last_on,
            "value": value,
            "lower": interval[0],
            "upper": interval[1],
            "numerator": numerator,
            "denominator": denominator,
            "n": int(numerator) if counts_itself and numerator is not None else n,
            "denominator_n": int(denominator) if counts_itself and denominator_n is None and denominator is not None else denominator_n,
        }


def measures_frame(rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """Rows as a frame of the table, in the order given. Raises ValueError where two rows are the same measure, period and group."""
    frame = pl.DataFrame(list(rows), schema=MEASURES.polars_schema)
    twice = frame.filter(frame.select(MEASURES.key).is_duplicated())
    if twice.height:
        raise ValueError(f"measured twice: {twice.select(MEASURES.key).row(0)}")
    return frame
