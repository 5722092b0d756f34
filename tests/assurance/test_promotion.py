"""Promotion: only what is surely better, and nowhere worse, takes the champion's place."""

from __future__ import annotations

import numpy as np
import pytest

from phb_audit.assurance.promotion import judged, paired

FROZEN = {"the frozen lines": (150, 150, 155)}


def answers(right: int, of: int) -> np.ndarray:
    return np.arange(of) < right


def each(of: int) -> list[str]:
    return [f"shop {number}" for number in range(of)]


def test_a_clear_gain_is_promoted() -> None:
    verdict = judged(answers(200, 400), answers(260, 400), each(400), FROZEN)
    assert verdict.is_promoted
    assert verdict.low > 0
    assert verdict.difference == pytest.approx(0.15)


def test_a_gain_within_luck_is_not() -> None:
    verdict = judged(answers(200, 400), answers(202, 400) ^ (np.arange(400) % 50 == 0), each(400), FROZEN)
    assert not verdict.is_promoted
    assert "not surely better" in verdict.reason


def test_a_gain_at_one_supplier_only_is_luck() -> None:
    one = ["one shop"] * 60 + each(340)
    assert paired(answers(0, 400), answers(60, 400), one)[1] <= 0 < paired(answers(0, 400), answers(60, 400), each(400))[1]


def test_what_is_worse_on_a_frozen_set_is_not_promoted() -> None:
    verdict = judged(answers(200, 400), answers(260, 400), each(400), {"the frozen lines": (150, 149, 155)})
    assert not verdict.is_promoted
    assert "worse on the frozen lines" in verdict.reason


def test_few_lines_decide_nothing() -> None:
    assert not judged(answers(0, 50), answers(50, 50), each(50), FROZEN).is_promoted
    assert judged(answers(0, 0), answers(0, 0), [], FROZEN).lines == 0


def test_the_interval_holds_nought_in_about_nineteen_of_twenty_when_nothing_changed() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(200):
        champion, challenger = rng.random((2, 300)) < 0.6
        _, low, high = paired(champion, challenger, each(300))
        held += low <= 0 <= high
    assert 0.90 <= held / 200 <= 0.99


def test_answers_to_different_lines_are_refused() -> None:
    with pytest.raises(ValueError, match="different lines"):
        judged(answers(1, 2), answers(1, 3), each(2), FROZEN)
