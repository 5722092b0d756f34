"""Drift: what moved is said to have moved, chance is said to be chance, and April's rises start amounts anew."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from phb_audit.assurance.drift import Drift, drift, priced_from, stability, verdict
from phb_audit.run import Run
from tests.builders import AS_OF, fill, make_run

MONDAY = date(2026, 10, 26)


def counted(week: date, feature: str, **values: int) -> list[dict[str, object]]:
    return [
        {"week_on": week, "feature_code": feature, "value_text": value.replace("_", " "), "lines_count": lines}
        for value, lines in values.items()
    ]


def seen(folder: Path, rows: list[dict[str, object]], decided: list[dict[str, object]] | None = None) -> Drift:
    run: Run = make_run(folder)
    fill(run, {"classified.weekly_counts": rows, "decided.categories": decided or []})
    try:
        return drift(run)
    finally:
        run.warehouse.close()


def weeks(feature: str, before: dict[str, int], now: dict[str, int]) -> list[dict[str, object]]:
    """Forty weeks as before, then four as now."""
    told: list[dict[str, object]] = []
    for back in range(44):
        told += counted(MONDAY - timedelta(weeks=back), feature, **(now if back < 4 else before))
    return told


def test_the_same_mix_has_not_moved(tmp_path: Path) -> None:
    found = seen(tmp_path, weeks("category", {"C01": 50, "R03": 20}, {"C01": 51, "R03": 19}))
    category = found.features[0]
    assert category.verdict == "as before"
    assert (category.recent_lines, category.baseline_lines) == (280, 2800)


def test_a_new_mix_has_moved_much(tmp_path: Path) -> None:
    found = seen(tmp_path, weeks("category", {"C01": 50, "R03": 20}, {"C01": 20, "R03": 50}))
    assert found.features[0].verdict.startswith("has moved much")


def test_few_lines_tell_nothing(tmp_path: Path) -> None:
    found = seen(tmp_path, counted(MONDAY, "category", C01=5))
    assert found.features[0].index is None
    assert found.features[0].verdict == "too few lines to tell"


def test_chance_alone_is_called_chance_in_about_nineteen_of_twenty_draws() -> None:
    rng = np.random.default_rng(7)
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    above = 0
    for _ in range(400):
        now, then = (dict(enumerate(rng.multinomial(size, shares))) for size in (300, 3000))
        index, by_chance = stability({str(k): int(v) for k, v in now.items()}, {str(k): int(v) for k, v in then.items()})
        above += index > by_chance
    assert 0.01 <= above / 400 <= 0.10


@pytest.mark.parametrize(
    ("index", "by_chance", "words"), [(0.09, 0.0, "as before"), (0.2, 0.3, "no more than chance"), (0.2, 0.1, "has moved")]
)
def test_what_an_index_means(index: float, by_chance: float, words: str) -> None:
    assert verdict(index, by_chance) == words


def test_after_the_april_rise_amounts_are_compared_with_weeks_since_then() -> None:
    assert priced_from(date(2026, 10, 5)) == date(2026, 3, 30)
    assert priced_from(date(2026, 4, 20)) < date(2026, 1, 1)  # too soon: still last year's amounts


def test_the_weeks_tell_unseen_uncertain_and_how_many_stay_possible(tmp_path: Path) -> None:
    rows = [
        *counted(MONDAY, "category", C01=8, R03=2),
        *counted(MONDAY, "how_known", memory=4, words=5, kind=1),
        *counted(MONDAY, "uncertain", yes=3, no=7),
        *counted(MONDAY, "set_size", **{"1": 8, "3": 2}),
    ]
    (week,) = seen(tmp_path, rows).weeks.to_dicts()
    assert week == {"week_on": MONDAY, "lines": 10, "unseen_share": 0.5, "uncertain_share": 0.3, "mean_set_size": 1.4}


def test_coverage_counts_sets_that_held_what_a_person_said(tmp_path: Path) -> None:
    decided = [
        {"event_number": number, "was_set_codes": given, "category_code": code}
        for number, (given, code) in enumerate([("C01|C08", "C08"), ("R03", "R03"), ("T01|T02", "A01")], start=1)
    ]
    covered = seen(tmp_path, [], decided).covered
    assert (covered.count, covered.of) == (2, 3)


def test_nights_after_this_one_are_not_seen(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    later = {"run_id": "QZZ-2026-11-30", "week_on": MONDAY, "feature_code": "category", "value_text": "C01", "lines_count": 500}
    fill(run, {"classified.weekly_counts": [later]})
    assert drift(run).weeks.is_empty()
    assert AS_OF >= MONDAY
    run.warehouse.close()
