"""Detectors answer alike: how rare a line is, on the unusual side only, the same to the last bit whatever stands beside it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.detectors.detector import BEGINS, DETECTORS, IN_FULL, scored, values
from phb_audit.detectors.ecod import joint_tails
from phb_audit.detectors.features import FEATURES
from phb_audit.detectors.forest import CHUNK, isolation
from phb_audit.detectors.page import page
from phb_audit.detectors.tails import least, tail_shares
from phb_audit.settings import read_toml, shipped

NAMES = [one.name for one in FEATURES]


def frame(rows: int, seed: int = 1, **more: float) -> pl.DataFrame:
    """Lines that are mostly usual; `more`: features set on the last of them."""
    generator = np.random.Generator(np.random.PCG64(seed))
    told = np.round(np.maximum(generator.normal(-1, 1, (rows, len(NAMES))), 0), 6)
    for name, value in more.items():
        told[-1, NAMES.index(name)] = value
    ids = pl.Series("payment_id", [f"P{number:05d}" for number in range(rows)])
    return pl.DataFrame(told, schema=NAMES).insert_column(0, ids)


def test_a_tail_counts_those_with_as_much_and_nought_is_never_rare() -> None:
    reference = np.array([[0.0], [0.0], [1.0], [2.0]])
    assert tail_shares(reference, np.array([[0.0], [1.0], [2.0], [3.0]]))[:, 0].tolist() == [1.0, 3 / 5, 2 / 5, 1 / 5]


def test_the_rarest_of_several_is_as_rare_as_the_rarest_of_several_is() -> None:
    assert least(np.array([[0.01, 1.0, 1.0]]))[0] == pytest.approx(1 - 0.99**3)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=30), st.floats(0, 50), st.floats(0, 50))
def test_more_of_a_thing_is_never_less_rare(reference: list[float], low: float, high: float) -> None:
    shares = tail_shares(np.array(reference)[:, None], np.array([[min(low, high)], [max(low, high)]]))[:, 0]
    assert shares[1] <= shares[0]


def test_values_begin_at_one_in_twenty_and_end_at_one_in_ten_thousand() -> None:
    assert values(np.array([1.0, BEGINS, IN_FULL, IN_FULL / 10])).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert 0 < values(np.array([0.001]))[0] < 1


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.id)
def test_a_detector_speaks_of_a_line_far_from_all_others_and_not_of_an_ordinary_one(detector: object) -> None:
    far = frame(2_000, **dict.fromkeys(detector.features, 9.0))  # type: ignore[attr-defined]
    shares = detector.tail_shares(frame(2_000, seed=2), far)  # type: ignore[attr-defined]
    assert shares[-1] < 0.005
    assert np.median(shares[:-1]) > 0.3


@pytest.mark.parametrize("score", [isolation, joint_tails])
def test_a_line_is_answered_the_same_alone_and_among_others(score: object) -> None:
    reference, rows = frame(1_500).select(NAMES).to_numpy(), frame(CHUNK + 3, seed=3).select(NAMES).to_numpy()
    whole = score(reference, rows)  # type: ignore[operator]
    assert np.array_equal(whole, score(reference, rows))  # type: ignore[operator]
    for place in (0, CHUNK - 1, CHUNK, CHUNK + 2):
        assert score(reference, rows[place : place + 1])[0] == whole[place]  # type: ignore[operator]
    assert len(score(reference, rows[:0])) == 0  # type: ignore[operator]


@settings(max_examples=20)
@given(st.permutations(range(60)))
def test_the_order_of_lines_changes_no_answer(order: list[int]) -> None:
    reference, rows = frame(200), frame(60, seed=4, cash=9.0)
    plain = [one for one in DETECTORS if one.id != "D-07"]  # the forest is taught by lines in order of their ids
    assert scored(reference, rows, plain).equals(scored(reference, rows[order], plain))


def test_with_nothing_to_compare_with_nobody_is_unlike_others() -> None:
    assert scored(frame(0), frame(5, cash=9.0)).is_empty()


def test_every_detector_has_a_starting_chance_above_the_usual_and_below_a_rule_of_severity_1() -> None:
    chances = read_toml(shipped("reference") / "detectors.toml")["chance"]
    ranking = read_toml(shipped("reference") / "ranking.toml")
    assert chances.keys() == {one.id for one in DETECTORS}
    assert all(ranking["usual_chance"] < chance < ranking["chance"]["1"] for chance in chances.values())


def test_the_reference_page_is_up_to_date() -> None:
    written = (Path(__file__).resolve().parents[2] / "docs/reference/detectors.md").read_text(encoding="utf-8")
    assert written == page(), "run: python -m phb_audit.detectors.page > docs/reference/detectors.md"
