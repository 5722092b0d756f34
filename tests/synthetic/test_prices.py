"""Moving prices: shared suppliers that creep, jump or rise in April, and people who need more hours."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from phb_audit.errors import UsageError
from phb_audit.synthetic import make_world
from phb_audit.synthetic.days import april_6
from phb_audit.synthetic.prices import Prices
from phb_audit.synthetic.story import Line, Price, Story
from phb_audit.synthetic.world import stories
from tests.synthetic.conftest import WINDOW

HOLDERS, SEED = 100, 5


@pytest.fixture(scope="module")
def moving() -> list[Story]:
    return list(stories(HOLDERS, 12, SEED, WINDOW, "QZZ", Prices(SEED, HOLDERS, WINDOW)))


def of_kind(told: list[Story], kind: str) -> list[Line]:
    return [line for story in told for line in story.lines if line.kind == kind]


def test_each_fate_befalls_somebody_and_nobody_did_wrong(moving: list[Story]) -> None:
    for kind in ("price_drift", "price_april", "price_hours"):
        lines = of_kind(moving, kind)
        assert len(lines) > 20 and {line.label for line in lines} == {"fine"}


def test_several_pay_a_supplier_that_drifts_and_pay_more_from_its_day_on(moving: list[Story]) -> None:
    by_name: dict[str, set[str]] = {}
    for story in moving:
        for line in story.lines:
            if line.kind == "price_drift" and line.plan and line.business and line.plan.price:
                assert line.on >= line.plan.price.start
                by_name.setdefault(line.business.name, set()).add(story.nhs)
    assert sum(len(people) >= 3 for people in by_name.values()) >= 2


def test_steep_april_prices_rise_in_april(moving: list[Story]) -> None:
    assert min(line.on for line in of_kind(moving, "price_april")) >= april_6(2026)


def test_more_hours_are_one_persons_alone(moving: list[Story]) -> None:
    for story in moving:
        lines = [line for line in story.lines if line.kind == "price_hours"]
        if not lines or not lines[0].plan:
            continue
        plan = lines[0].plan
        before = [line.amount for line in story.lines if line.plan is plan and line.what == "purchase" and line.kind == "purchase"]
        if len(before) >= 3 and len(lines) >= 3:
            assert median(line.amount for line in lines) > 1.08 * median(before)


def test_a_price_creeps_month_by_month_or_jumps_once() -> None:
    creeping, jumping = Price("price_drift", 100, 0.02, is_monthly=True), Price("price_drift", 100, 0.1)
    assert [creeping.at(day) for day in (99, 100, 130, 160)] == pytest.approx([1, 1.02, 1.02**2, 1.02**3])
    assert [jumping.at(day) for day in (99, 100, 400)] == pytest.approx([1, 1.1, 1.1])
    assert all(Price().at(day) == 1 for day in (0, 1_000))


def test_prices_that_nobody_knows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        make_world(holders=5, months=2, seed=1, out=tmp_path, prices="wild")
