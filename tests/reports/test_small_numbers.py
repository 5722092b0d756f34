"""Small numbers: nobody can work out a number from 1 to 4 from what is printed, and whoever could is shown by the same attack."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.reports.protected import protect
from phb_audit.reports.small_numbers import Cell, Sum, attack, is_small, kept_back
from phb_audit.tables.measures import Measure, measures_frame

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
PEOPLE = Measure("p.people", "Who", "People", "People with a budget", "count", "people", "test")
REFUSED = Measure(
    "p.refused", "Fair?", "Refused", "Share not agreed", "share", "items not agreed", "test", denominator_words="items decided"
)


def cross_table(inner: list[list[int]]) -> tuple[list[Cell], list[Sum]]:
    """A table with the totals of its rows and columns and the whole, as cells and sums."""
    grid = np.array(inner)
    full = np.vstack([np.hstack([grid, grid.sum(1, keepdims=True)]), np.append(grid.sum(0), grid.sum())])
    rows, columns = full.shape
    cells = [Cell(int(value), is_small(value)) for value in full.ravel()]
    across = [Sum(row * columns + columns - 1, tuple(row * columns + place for place in range(columns - 1))) for row in range(rows)]
    down = [Sum((rows - 1) * columns + place, tuple(row * columns + place for row in range(rows - 1))) for place in range(columns)]
    return cells, across + down


def recovered(cells: list[Cell], sums: list[Sum], hidden: frozenset[int]) -> list[int]:
    """Small cells that linear algebra alone tells: those every solution of the printed sums agrees on."""
    unknown = sorted(hidden)
    matrix = np.zeros((len(sums), len(unknown)))
    for number, one in enumerate(sums):
        for place, sign in ((one.whole, 1), *((part, -1) for part in one.parts)):
            if place in hidden:
                matrix[number, unknown.index(place)] += sign
    if not unknown:
        return []
    _, size, right = np.linalg.svd(matrix)
    free = right[int((size > 1e-9).sum()) :]  # directions in which the hidden cells can move while every printed sum holds
    return [place for at, place in enumerate(unknown) if cells[place].is_small and not (np.abs(free[:, at]) > 1e-9).any()]


TABLES = st.integers(2, 5).flatmap(
    lambda columns: st.lists(st.lists(st.integers(0, 30), min_size=columns, max_size=columns), min_size=2, max_size=5)
)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_no_small_cell_of_a_table_with_totals_is_recovered_by_linear_algebra(inner: list[list[int]]) -> None:
    cells, sums = cross_table(inner)
    assert recovered(cells, sums, kept_back(cells, sums)) == []


@settings(max_examples=30, deadline=None)
@given(TABLES)
def test_whoever_knows_that_nothing_is_negative_still_finds_anything_from_1_to_4_possible(inner: list[list[int]]) -> None:
    cells, sums = cross_table(inner)
    hidden = kept_back(cells, sums)
    small = [place for place in hidden if cells[place].is_small]
    not_zero = frozenset(place for place, cell in enumerate(cells) if cell.amount)
    whatever_is_hidden = attack(cells, sums, not_zero, small)  # a total of two that are not zero is at least two
    for place, (low, high) in attack(cells, sums, hidden, small).items():
        assert low <= max(1, whatever_is_hidden[place][0]) + 1e-6
        assert high >= min(4, whatever_is_hidden[place][1]) - 1e-6


def test_hiding_only_the_small_cells_would_give_them_away() -> None:
    cells, sums = cross_table([[3, 20, 30], [10, 12, 14]])
    small = frozenset(place for place, cell in enumerate(cells) if cell.is_small)
    assert recovered(cells, sums, small) == [0]
    assert len(kept_back(cells, sums)) >= 4


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert kept_back(*cross_table([[5, 20], [0, 9]])) == frozenset()


def test_zeros_are_shown() -> None:
    cells, sums = cross_table([[0, 3, 20], [10, 0, 30]])
    assert not any(cells[place].amount == 0 for place in kept_back(cells, sums))


def groups(measure: Measure, numbers: dict[str, tuple[int, int | None]]) -> pl.DataFrame:
    """A measure as a whole and by group."""
    whole = [sum(one[0] for one in numbers.values()), sum(one[1] or 0 for one in numbers.values()) or None]
    rows = [measure.row(FIRST, LAST, numerator=whole[0], denominator=whole[1])]
    rows += [measure.row(FIRST, LAST, numerator=n, denominator=d, group=("band", key, key)) for key, (n, d) in numbers.items()]
    return measures_frame(rows)


def shown(frame: pl.DataFrame) -> dict[str, object]:
    return dict(frame.select("group_key", "value").iter_rows())


def test_a_second_group_goes_with_the_only_small_one() -> None:
    told = shown(protect(groups(PEOPLE, {"a": (3, None), "b": (8, None), "c": (60, None)})))
    assert told == {"": 71, "a": None, "b": None, "c": 60}


def test_a_share_goes_with_its_numerator_and_with_the_rest_of_it() -> None:
    frame = protect(groups(REFUSED, {"a": (6, 8), "b": (40, 90), "c": (50, 100)}))
    row = frame.filter(pl.col("group_key") == "a").row(0, named=True)
    assert row["is_kept_back"]
    assert row["value"] is row["lower"] is row["n"] is None
    assert row["numerator"] is None or row["denominator"] is None


def test_the_same_number_under_the_same_words_is_hidden_wherever_it_stands() -> None:
    decided = Measure("p.decided", "Time", "Decided", "Items decided", "count", "items decided", "test")
    both = pl.concat([groups(REFUSED, {"a": (2, 3), "b": (40, 90), "c": (50, 100)}), groups(decided, {"a": (3, None)})[1:]])
    assert protect(both).filter(measure_id="p.decided")["value"].to_list() == [None]


def test_a_median_of_few_is_kept_back_and_one_of_nobody_in_particular_is_not() -> None:
    days = Measure("d.median", "Time", "Days", "Median days", "days", "", "test")
    free = Measure("f.files", "Data", "Files", "Files late", "count", "files", "test", small_number_code="free")
    frame = measures_frame([days.row(FIRST, LAST, value=9.0, n=3), free.row(FIRST, LAST, numerator=2)])
    assert protect(frame)["value"].to_list() == [None, 2.0]


def test_pounds_of_few_people_cannot_be_had_by_subtraction() -> None:
    money = Measure("m.back", "Money", "Back", "Pounds returned", "pence", "pounds returned", "test")
    rows = [money.row(FIRST, LAST, numerator=1_000_00, n=60)]
    rows += [
        money.row(FIRST, LAST, numerator=pence, n=people, group=("band", key, key))
        for key, pence, people in (("a", 90_00, 2), ("b", 210_00, 20), ("c", 700_00, 38))
    ]
    assert shown(protect(measures_frame(rows))) == {"": 1_000_00, "a": None, "b": None, "c": 700_00}


def test_outside_counts_are_rounded_to_five_and_shares_made_from_the_rounded() -> None:
    frame = protect(groups(REFUSED, {"b": (41, 93), "c": (50, 100)}), outside=True).filter(group_key="b")
    assert frame.row(0, named=True)["numerator"] == 40
    assert frame["value"].item() == pytest.approx(40 / 95)
    assert frame["n"].item() is None


def test_a_small_month_cannot_be_had_from_its_quarter_by_subtraction() -> None:
    rows = [PEOPLE.row(date(2026, 8, 1), LAST, numerator=41)]
    months = ((8, 31, 20), (9, 30, 18), (10, 31, 3))
    rows += [
        PEOPLE.row(date(2026, month, 1), date(2026, month, last), numerator=n, group=("month", f"2026-{month:02d}", str(month)))
        for month, last, n in months
    ]
    assert shown(protect(measures_frame(rows))) == {"": 41, "2026-08": 20, "2026-09": None, "2026-10": None}


def test_a_small_month_goes_with_a_whole_that_is_that_month() -> None:
    until_the_night = PEOPLE.row(FIRST, date(2026, 10, 20), numerator=3)
    month = PEOPLE.row(FIRST, LAST, numerator=3, group=("month", "2026-10", "October 2026"))
    assert set(shown(protect(measures_frame([until_the_night, month]))).values()) == {None}
