"""The measured quality does not fall unnoticed: floors a little below what docs/reference/classifying.md reports."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tests.classified import measure
from tests.classified.calibrate import card_names, council_before, decided_before, lines
from tests.classified.real_lines import REAL, calderdale, purchases, wakefield

absent = pytest.mark.skipif(not REAL.exists(), reason="the folder of real public lines (../shared/data) is absent")


def test_the_blind_set_is_answered() -> None:
    blind = measure.judged(pl.read_csv(measure.FROZEN, infer_schema=False).with_columns(pl.all().fill_null("")))
    assert measure.score(blind).share >= 0.88
    assert measure.score(blind, "is_right_in_three").share >= 0.94
    assert measure.macro(blind, "code") >= 0.85
    never = blind.filter(pl.col("category_code").str.starts_with("X"))
    assert measure.score(never).share >= 0.95


def test_the_interval_of_a_share_is_wilsons() -> None:
    low, high = measure.Score(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_the_development_set_is_answered_and_its_sets_hold_what_they_promise() -> None:
    told = measure.crosswise()
    size = len(told.right)
    surest = np.argsort(-told.probability, kind="stable")[: round(0.7 * size)]
    assert told.right.mean() >= 0.82
    assert told.three.mean() >= 0.93
    assert told.right[surest].mean() >= 0.94
    assert 0.87 <= told.covered.mean() <= 0.96
    assert told.inside.mean() <= 1.9
    assert measure.auroc(told.stranger_probability, told.probability) >= 0.92
    assert measure.auroc(told.strange, told.stranger_strange) >= 0.94
    assert measure.calibration_error(told.probability, told.right) <= 0.08


@absent
@pytest.mark.slow
def test_sellers_of_a_later_year_of_council_cards() -> None:
    frame = card_names(2018)
    asked = lines(frame, council_before(2018))
    right = frame.with_columns(is_right=pl.Series(asked.accepted[np.arange(frame.height), asked.judged.order[:, 0]]))
    assert measure.score(right.filter("is_seen")).share >= 0.91
    assert measure.score(right.filter(~pl.col("is_seen"))).share >= 0.46
    decided = measure.answered_cards(frame, lines(frame, council_before(2018), decided_before(2018)))
    assert measure.score(decided.filter("is_seen")).share >= 0.96


@absent
def test_real_council_merchants_are_hardly_ever_called_never_allowed() -> None:
    told = measure.judged(pl.concat([calderdale(), wakefield().select(calderdale().columns)], how="vertical_relaxed"))
    wrongly = told.filter(pl.col("category_code").str.starts_with("X") & ~pl.col("is_right") & ~pl.col("is_abstained"))
    assert wrongly.height / told.height <= 0.004


@absent
def test_real_purchases_of_holders() -> None:
    assert measure.score(measure.judged(purchases())).share >= 0.88
