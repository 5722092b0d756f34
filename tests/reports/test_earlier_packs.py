"""Packs beside one another: nobody can subtract a small number out of two that overlap, follow one another, or hold one another."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.reports.earlier_packs import Printed, flows, keep_printed, pieces, read_printed
from phb_audit.reports.measures_decisions import AGREED
from phb_audit.reports.protected import protect
from phb_audit.tables.measures import Measure, measures_frame

ITEMS = Measure("decisions.count", "Time", "Decided", "Items decided", "count", "items decided", "test")
SHARED = replace(AGREED, measure_id="decisions.agreed")
MONTHS = {8: {"a": 9, "b": 14, "c": 31}, 9: {"a": 12, "b": 9, "c": 40}, 10: {"a": 8, "b": 11, "c": 29}, 11: {"a": 12, "b": 16, "c": 22}}
Span = tuple[int, int]


def days(span: Span) -> tuple[date, date]:
    return date(2026, span[0], 1), date(2026, span[1], monthrange(2026, span[1])[1])


def pack(span: Span, counts: dict[int, dict[str, int]] = MONTHS, *, agreed: dict[int, dict[str, int]] | None = None) -> pl.DataFrame:
    """The measures of a pack of so many months: a count as a whole and by area, and of it a share where one is given."""
    inside = range(span[0], span[1] + 1)
    rows = []
    for area in ("", "a", "b", "c"):
        group = ("area", area, area) if area else ("all", "", "")
        names = [area] if area else ["a", "b", "c"]
        whole = sum(counts[month][name] for month in inside for name in names)
        rows.append(ITEMS.row(*days(span), numerator=whole, group=group))
        if agreed:
            top = sum(agreed[month][name] for month in inside for name in names)
            rows.append(SHARED.row(*days(span), numerator=top, denominator=whole, group=group))
    return measures_frame(rows)


def told(frames: Iterable[pl.DataFrame]) -> list[Printed]:
    return [one for frame in frames for _, _, one in flows(frame.to_dicts())]


def found_out(frames: list[pl.DataFrame], words: str = "items decided") -> list[float]:
    """A reader's own linear algebra, apart from the product's: each piece of days that what is printed settles, if 1 to 4.

    Unknown is each area in each piece; known is each printed number, and that a whole is its areas. A piece is settled where it is a
    combination of what is printed.
    """
    printed = [one for one in told(frames) if one.words == words and one.amount is not None]
    cut = pieces([one.days for one in told(frames)])
    column = {(area, span): place for place, (area, span) in enumerate((area, span) for area in "abc" for span in cut)}

    def row(areas: str, first: date, last: date) -> np.ndarray:
        found = np.zeros(len(column))
        for (area, span), place in column.items():
            found[place] = area in areas and first <= span[0] and span[1] <= last
        return found

    known = np.array([row(one.group_key or "abc", *one.days) for one in printed])
    amounts = np.array([one.amount for one in printed])
    wanted = [row(areas, *span) for areas in ("a", "b", "c", "abc") for span in cut]
    settled = []
    for aim in wanted:
        way, *_ = np.linalg.lstsq(known.T, aim, rcond=None)
        if np.allclose(known.T @ way, aim, atol=1e-7):
            settled.append(float(way @ amounts))
    return [value for value in settled if 0.5 < value < 4.5]


def changed(month: int, area: str, count: int) -> dict[int, dict[str, int]]:
    return {one: areas | ({area: count} if one == month else {}) for one, areas in MONTHS.items()}


WAYS = [
    pytest.param([(8, 9), (8, 10)], 10, id="a longer one that holds a shorter"),
    pytest.param([(8, 10), (8, 9)], 10, id="a shorter one out of a longer"),
    pytest.param([(9, 9), (8, 10), (8, 8)], 10, id="two months out of a quarter"),
    pytest.param([(8, 8), (9, 9), (10, 10), (8, 10)], 9, id="months that follow one another, then their quarter"),
    pytest.param([(8, 10), (9, 11), (11, 11)], 8, id="two quarters that overlap, and the last month"),
]


@pytest.mark.parametrize(("spans", "month"), WAYS)
@pytest.mark.parametrize("small", [1, 3, 4])
def test_no_small_number_is_settled_by_packs_that_know_of_one_another(tmp_path: Path, spans: list[Span], month: int, small: int) -> None:
    counts = changed(month, "a", small)
    shown: list[pl.DataFrame] = []
    for number, span in enumerate(spans):
        made = protect(pack(span, counts), earlier=read_printed(tmp_path, other_than=f"pack {number}"))
        keep_printed(tmp_path, f"pack {number}", made)
        shown.append(made)
    assert found_out(shown) == []


@pytest.mark.parametrize(("spans", "month"), WAYS[:3])
def test_packs_that_know_nothing_of_one_another_do_settle_one(spans: list[Span], month: int) -> None:
    counts = changed(month, "a", 3)
    assert 3.0 in np.round(found_out([protect(pack(span, counts)) for span in spans]), 6)


def test_the_first_pack_and_one_of_other_days_are_as_they_were(tmp_path: Path) -> None:
    alone = protect(pack((8, 9)))
    assert not alone["is_kept_back"].any()
    keep_printed(tmp_path, "first", alone)
    after = protect(pack((10, 11)), earlier=read_printed(tmp_path, other_than="second"))
    assert after.equals(protect(pack((10, 11))))


def test_a_pack_made_again_is_not_held_against_itself(tmp_path: Path) -> None:
    counts = changed(10, "a", 3)
    keep_printed(tmp_path, "first", protect(pack((8, 9), counts)))
    for _ in range(2):
        before = read_printed(tmp_path, other_than="second")
        made = protect(pack((8, 10), counts), earlier=before)
        keep_printed(tmp_path, "second", made)
    assert {one.days for one in before} == {days((8, 9))}
    assert made.filter(group_key="a")["value"].to_list() == [None]


def test_numbers_that_changed_since_are_not_taken_for_a_way_to_subtract(tmp_path: Path) -> None:
    keep_printed(tmp_path, "first", protect(pack((8, 9), changed(8, "c", 900))))
    made = protect(pack((8, 10)), earlier=read_printed(tmp_path, other_than="second"))
    assert made.filter(group_key="a")["value"].to_list() == [29.0]


def test_the_rest_of_a_share_is_not_settled_either(tmp_path: Path) -> None:
    agreed = {
        month: {name: count - (3 if (month, name) == (10, "a") else 6) for name, count in areas.items()} for month, areas in MONTHS.items()
    }
    first = protect(pack((8, 9), agreed=agreed))
    keep_printed(tmp_path, "first", first)
    second = protect(pack((8, 10), agreed=agreed), earlier=read_printed(tmp_path, other_than="second"))
    of_a = [frame.filter(measure_id="decisions.agreed", group_key="a").row(0, named=True) for frame in (first, second)]
    numbers = [one[side] for one in of_a for side in ("numerator", "denominator")]
    assert None in numbers  # else 3 items not agreed in October come out as (29 - 14) - (21 - 9)


def test_the_list_of_what_was_printed_holds_nothing_that_was_not(tmp_path: Path) -> None:
    shown = protect(pack((8, 8), changed(8, "a", 2)))
    keep_printed(tmp_path, "first", shown)
    kept = {one.group_key: one.amount for one in read_printed(tmp_path, other_than="")}
    assert kept["a"] is None
    assert kept == {row["group_key"]: row["value"] for row in shown.iter_rows(named=True)}
