"""What came of budgets, as measures: intervals, no cause, and no group of a few people to be worked out from a difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from phb_audit.reports.measures_market import measures as market_measures
from phb_audit.reports.measures_outcomes import measures
from phb_audit.reports.pack_money import money_words
from phb_audit.reports.protected import protect
from phb_audit.run import Run
from tests.builders import Row, fill, make_run
from tests.finance import worlds as a

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def world(run: Run, small: int) -> Run:
    """Twenty people with larger budgets and so many with smaller ones: two outcomes each, one met; of every second two met."""
    budgets: list[Row] = []
    records: list[Row] = []
    for place in range(20 + small):
        holder = f"H{place:016d}"
        budgets.append(a.budget(20_000_00 if place < 20 else 500_00, holder_id=holder))
        for ref in range(3):
            value = 1.0 if ref == 0 or (ref == 1 and place % 2) else 0.5
            records.append(a.record(len(records), "outcome_met", value, date(2026, 9, 1), holder_id=holder, outcome_ref=f"O{ref}"))
    return fill(run, {"validated.budgets": budgets, "validated.outcome_records": records})


def told(run: Run) -> dict[tuple[str, str], Mapping[str, object]]:
    rows = protect(measures(run.warehouse, FIRST, LAST)).iter_rows(named=True)
    return {(row["measure_id"], row["group_key"]): row for row in rows}


def test_outcomes_are_told_for_all_and_by_size_with_intervals_and_a_difference(run: Run) -> None:
    found = told(world(run, 10))
    whole = found["outcomes.met", ""]
    assert (whole["numerator"], whole["denominator"], whole["value"]) == (45, 90, 0.5)
    assert whole["lower"] < 0.5 < whole["upper"]  # type: ignore[operator]
    assert (found["outcomes.met", "large"]["numerator"], found["outcomes.met", "small"]["numerator"]) == (30, 15)
    assert found["outcomes.met_difference", ""]["value"] == pytest.approx(0)
    assert found["outcomes.wellbeing", ""]["value"] is None
    assert all("not cause" in str(row["definition"]) for (name, _), row in found.items() if name != "outcomes.partly")


def test_a_few_people_are_kept_back_and_no_difference_gives_them_away(run: Run) -> None:
    found = told(world(run, 3))
    for key in (("outcomes.met", "small"), ("outcomes.met", "large"), ("outcomes.met_difference", "")):
        assert found[key]["value"] is None
        assert found[key]["is_kept_back"]


def test_the_sentence_says_association_and_no_more(run: Run) -> None:
    measured = protect(measures(world(run, 10).warehouse, FIRST, LAST))
    (words,) = money_words(measured)
    assert words.startswith("Outcomes met at the latest reviews: 45 of 90 (50.0%; 95% interval ")
    assert words.endswith("These are associations, not causes.")


def test_where_nothing_was_sent_there_is_no_value(tmp_path: Path) -> None:
    empty = make_run(tmp_path).warehouse
    assert measures(empty, FIRST, LAST)["value"].null_count() == 9
    assert money_words(protect(measures(empty, FIRST, LAST))) == ("Outcomes at review: none rated.",)
    ratios = market_measures(empty, FIRST, LAST).filter(unit_code="share")
    assert ratios["value"].null_count() == ratios.height
