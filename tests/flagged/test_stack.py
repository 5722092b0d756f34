"""The stack: parts that add up, weights that start at the severities and are moved by decisions, never below nought."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.flagged.stack import Decided, Stack, first_tier, fit, pounds_found, starting

PRIOR = starting(0.02, {"A": 0.08, "B": 0.45, "C": 0.70}, 1.0)


def decided(part: str, right: int, wrong: int, trust: float = 1.0) -> list[Decided]:
    return [Decided({part: 1.0}, place < right, trust) for place in range(right + wrong)]


def test_without_a_decision_the_weights_are_the_start() -> None:
    stack = fit(PRIOR, [])
    assert stack.weights == PRIOR.start
    assert [round(stack.chance({name: 1.0}), 3) for name in "ABC"] == [0.08, 0.45, 0.70]


@given(st.dictionaries(st.sampled_from("ABC"), st.floats(0, 1), max_size=3), st.integers(0, 30), st.integers(0, 30))
def test_the_parts_add_up_to_the_score_exactly(values: dict[str, float], right: int, wrong: int) -> None:
    stack = fit(PRIOR, decided("B", right, wrong))
    assert round(sum(stack.parts(values).values()), 6) == stack.score(values)


def test_decisions_move_a_part_towards_what_they_say_and_leave_the_others() -> None:
    stack = fit(PRIOR, decided("A", 90, 10))
    assert 0.7 < stack.chance({"A": 1.0}) < 0.9
    assert stack.weights["B"] == pytest.approx(PRIOR.start["B"], abs=1e-4)
    fewer = fit(PRIOR, decided("A", 9, 1))
    assert 0.08 < fewer.chance({"A": 1.0}) < stack.chance({"A": 1.0})


def test_no_weight_falls_below_nought() -> None:
    stack = fit(PRIOR, decided("A", 0, 5_000))
    assert stack.weights["A"] == 0
    assert min(stack.weights.values()) >= 0


@given(st.integers(0, 40), st.integers(0, 40))
def test_more_speaking_for_a_case_never_makes_it_less_likely(right: int, wrong: int) -> None:
    stack = fit(PRIOR, decided("A", right, wrong))
    assert stack.score({"A": 1.0, "B": 1.0}) >= stack.score({"B": 1.0})
    assert stack.score({"A": 0.7}) >= stack.score({"A": 0.2})


def test_a_decision_that_counts_nought_changes_nothing() -> None:
    assert fit(PRIOR, decided("A", 50, 0, trust=0.0)).weights == PRIOR.start


def test_an_old_decision_counts_less() -> None:
    new, old = fit(PRIOR, decided("A", 20, 0)), fit(PRIOR, decided("A", 20, 0, trust=0.25))
    assert PRIOR.start["A"] < old.weights["A"] < new.weights["A"]


def test_the_order_of_decisions_is_of_no_matter() -> None:
    some = [*decided("A", 5, 3), *decided("B", 2, 9)]
    assert fit(PRIOR, some).weights == pytest.approx(fit(PRIOR, some[::-1]).weights, abs=1e-5)


def test_a_stop_rule_puts_one_weight_back() -> None:
    moved = fit(PRIOR, [*decided("A", 50, 0), *decided("B", 0, 50)])
    back = moved.switched_back(["A"], PRIOR)
    assert back.weights == {**moved.weights, "A": PRIOR.start["A"]}


@pytest.mark.parametrize(
    ("chances", "most_wrong", "size"),
    [([0.9, 0.8, 0.6, 0.1], 0.3, 3), ([0.9, 0.8], 0.3, 2), ([0.5, 0.4], 0.3, 0), ([], 0.3, 0), ([0.7], 0.3, 1)],
)
def test_the_first_tier_keeps_the_expected_share_of_nothing_in_bounds(chances: list[float], most_wrong: float, size: int) -> None:
    assert first_tier(chances, most_wrong) == size


def test_in_made_up_queues_the_first_tier_is_wrong_no_more_often_than_said() -> None:
    generator = np.random.Generator(np.random.PCG64(4))
    shares = []
    for _ in range(400):
        chances = np.sort(generator.beta(1.2, 1.2, 120))[::-1]
        size = first_tier(chances.tolist(), 0.3)
        shares.append((generator.random(size) >= chances[:size]).mean())
    assert np.mean(shares) == pytest.approx(0.3, abs=0.02)


def test_pounds_expected_are_the_chances_times_the_money_within_their_interval() -> None:
    stack = fit(PRIOR, [])
    cases = [({"C": 1.0}, 100_00)] * 30
    expected, low, high = pounds_found(stack, cases)
    assert expected == pytest.approx(30 * 0.7 * 100_00, rel=1e-3)
    assert low < expected < high
    assert pounds_found(stack, []) == (0, 0, 0)
    many = Stack(stack.usual, stack.weights, stack.covariance * 1e-6)
    _, low_sure, high_sure = pounds_found(many, cases)
    assert high_sure - low_sure < high - low


def test_the_interval_holds_what_comes_of_it() -> None:
    """Cases whose parts have the weights the stack believes, decided at random: 95 intervals in 100 hold the sum."""
    generator = np.random.Generator(np.random.PCG64(9))
    stack = fit(PRIOR, [])
    held = 0
    for trial in range(200):
        true = {name: max(stack.weights[name] + generator.standard_normal(), 0.0) for name in stack.names}
        cases = [({name: 1.0}, int(generator.integers(10_00, 900_00))) for name in generator.choice(list("ABC"), 25).tolist()]
        chances = [1 / (1 + np.exp(-(stack.usual + true[next(iter(parts))]))) for parts, _ in cases]
        total = sum(pence for (_, pence), chance in zip(cases, chances, strict=True) if generator.random() < chance)
        _, low, high = pounds_found(stack, cases, times=500, seed=trial)
        held += low <= total <= high
    assert held / 200 >= 0.91
