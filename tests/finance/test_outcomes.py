"""What came of budgets, by hand: which ratings and scores count, what is before and after, and how sure it is."""

from __future__ import annotations

from datetime import date
from statistics import mean, stdev

import polars as pl
import pytest

from phb_audit.finance.ratios import difference_interval, mean_interval, ratio_interval
from phb_audit.run import Run
from tests.builders import Row, fill
from tests.finance import worlds as a

MARCH, JULY, OLD = date(2026, 3, 1), date(2026, 7, 1), date(2025, 1, 1)
T9 = 2.262157


def changes(run: Run, *records: Row) -> dict[str, dict[str, object]]:
    fill(run, {"validated.budgets": [a.budget(20_000_00)], "validated.outcome_records": list(records)})
    return {str(row["measure_code"]): row for row in a.asked(run, "outcome_change", a.TO_DATE)}


def test_outcomes_are_those_of_the_latest_review_and_in_part_is_not_met(run: Run) -> None:
    ratings = [("O1", 0.0, MARCH), ("O2", 1.0, MARCH), ("O1", 1.0, JULY), ("O2", 0.5, JULY), ("O3", 1.0, JULY)]
    records = [a.record(number, "outcome_met", value, on, outcome_ref=ref) for number, (ref, value, on) in enumerate(ratings)]
    row = changes(run, *records)["outcome_met"]
    assert (row["rated_count"], row["met_count"], row["partly_count"]) == (3, 2, 1)
    assert (row["before_value"], row["after_value"], row["is_large"]) == (0.5, pytest.approx(2 / 3), True)


def test_a_score_changes_on_one_scale_only_and_an_old_one_is_not_the_latest(run: Run) -> None:
    other = a.record(1, "wellbeing", 40, OLD, instrument="scale 0-100")
    found = changes(
        run, other, *(a.record(2 + place, "wellbeing", 4 + place, on, instrument="scale 0-10") for place, on in enumerate((MARCH, JULY)))
    )
    assert (found["wellbeing"]["before_value"], found["wellbeing"]["change"]) == (4, 1)
    assert "quality_of_life" not in changes(run, a.record(9, "quality_of_life", 5, OLD))


def test_care_used_is_a_rate_before_and_after_and_a_stretch_over_the_first_day_is_no_side(run: Run) -> None:
    stretches = [(4.0, date(2025, 4, 1), date(2026, 3, 31)), (1.0, date(2026, 4, 1), date(2026, 9, 30)), (9.0, date(2026, 3, 1), JULY)]
    records = [a.record(place, "ae_visits", value, to, from_on=first) for place, (value, first, to) in enumerate(stretches)]
    row = changes(run, *records)["ae_visits"]
    assert (row["before_value"], row["after_value"]) == (4.0, pytest.approx(365 / 183))
    assert "admissions" not in changes(run, a.record(9, "admissions", 1, JULY, from_on=date(2026, 4, 1)))


def people(run: Run, number: int, annual: int, met: list[float], first: int) -> None:
    rows, budgets = [], []
    for place in range(number):
        holder = f"H{first + place:016d}"
        budgets.append(a.budget(annual, holder_id=holder))
        for ref, value in enumerate(met[: 2 + place % 2]):
            rows.append(a.record(first * 1_000 + place * 10 + ref, "outcome_met", value, JULY, holder_id=holder, outcome_ref=f"O{ref}"))
    fill(run, {"validated.budgets": budgets, "validated.outcome_records": rows})


def test_larger_budgets_stand_beside_smaller_ones_with_intervals_and_their_difference(run: Run) -> None:
    people(run, 10, 1_000_00, [1.0, 1.0, 0.0], 100)
    people(run, 6, 999_99, [1.0, 0.0, 0.5], 200)
    rows = {row["size_code"]: row for row in a.asked(run, "outcome_summary", a.TO_DATE) if row["measure_code"] == "outcome_met"}
    assert [(rows[size]["people_count"], rows[size]["met_count"], rows[size]["rated_count"]) for size in ("all", "large", "small")] == [
        (16, 26, 40), (10, 20, 25), (6, 6, 15),
    ]  # fmt: skip
    assert rows["large"]["lower"] < 0.8 < rows["large"]["upper"] <= 1  # type: ignore[operator]
    assert rows["difference"]["estimate"] == pytest.approx(0.4)
    assert rows["difference"]["lower"] > 0  # type: ignore[operator]


def test_an_empty_warehouse_has_every_measure_and_no_estimate(run: Run) -> None:
    rows = a.asked(run, "outcome_summary", a.TO_DATE)
    assert len(rows) == 28
    assert all(row["estimate"] is None and row["people_count"] == 0 for row in rows)


def test_a_mean_has_students_interval_and_ones_below_make_fiellers_the_same() -> None:
    values = [1, 2, 2, 3, 4, 4, 5, 6, 7, 9]
    half = T9 * stdev(values) / 10**0.5
    assert mean_interval(pl.Series(values)) == (pytest.approx(mean(values) - half, rel=1e-5), pytest.approx(mean(values) + half, rel=1e-5))
    assert ratio_interval(pl.Series(values), pl.Series([1] * 10)) == pytest.approx(mean_interval(pl.Series(values)))
    assert mean_interval(pl.Series([1, 2, 3, 4])) == (None, None)


def test_a_difference_of_means_is_as_unsure_as_both_together() -> None:
    one, other = [1, 2, 2, 3, 4, 4, 5, 6, 7, 9], [3, 3, 4, 5, 6, 6, 7, 8, 8, 9]
    estimate, low, high = difference_interval((pl.Series(one), None), (pl.Series(other), None))
    half = T9 * (stdev(one) ** 2 / 10 + stdev(other) ** 2 / 10) ** 0.5
    assert estimate == pytest.approx(mean(one) - mean(other))
    assert (low, high) == (pytest.approx(estimate - half, rel=1e-5), pytest.approx(estimate + half, rel=1e-5))
    assert difference_interval((pl.Series([1, 2]), None), (pl.Series(other), None)) == (None, None, None)
