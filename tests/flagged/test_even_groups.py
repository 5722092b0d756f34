"""A group's confirmations count no more than its odds against all others allow."""

from __future__ import annotations

import pytest

from phb_audit.flagged.even_groups import evened, odds
from phb_audit.flagged.stack import Decided, fit, starting

PRIOR = starting(0.1, {"W-01": 0.5, "E-01": 0.3}, 1.0)


def cases(group: str, part: str, right: int, wrong: int) -> list[tuple[str, Decided]]:
    return [(group, Decided({part: 1.0}, is_right, 1.0)) for is_right in [True] * right + [False] * wrong]


def after(told: list[tuple[str, Decided]], least: int = 20) -> list[Decided]:
    return evened([one for _, one in told], [group for group, _ in told], least)


def test_a_group_confirmed_more_readily_counts_until_its_odds_are_those_of_others() -> None:
    found = after(cases("a", "W-01", 30, 20) + cases("b", "E-01", 20, 30))
    assert odds(found[:50]) == pytest.approx(odds(found[50:]), abs=0.05)
    assert all(one.trust == 1.0 for one in found[30:]), "refusals, and the other group, count whole"


def test_groups_confirmed_alike_count_whole() -> None:
    told = cases("a", "W-01", 20, 30) + cases("b", "E-01", 20, 30)
    assert after(told) == [one for _, one in told]


@pytest.mark.parametrize(("decided", "is_changed"), [(20, True), (19, False)])
def test_a_group_with_few_decisions_is_left_alone(decided: int, is_changed: bool) -> None:
    told = cases("a", "W-01", decided, 0) + cases("b", "E-01", 20, 30)
    assert (after(told) != [one for _, one in told]) is is_changed


def test_decisions_without_a_group_and_those_that_count_for_nothing_stay() -> None:
    told = [*cases("", "W-01", 40, 0), *cases("a", "W-01", 25, 0), *cases("b", "E-01", 20, 30), ("a", Decided({"W-01": 1.0}, True, 0.0))]
    found = after(told)
    assert all(one.trust == 1.0 for one in found[:40])
    assert found[-1].trust == 0.0
    assert found[40].trust < 1.0


def test_what_a_biased_reviewer_confirmed_moves_the_order_less() -> None:
    fair = cases("a", "W-01", 10, 40) + cases("b", "E-01", 10, 40)
    biased = fair + cases("a", "W-01", 40, 0)
    before, plain, even = (
        fit(PRIOR, some).weights["W-01"] for some in ([one for _, one in fair], [one for _, one in biased], after(biased))
    )
    assert plain > even >= before - 0.05
    assert even - before < (plain - before) / 2
