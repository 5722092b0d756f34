"""The measured quality does not fall unnoticed: floors a little below what docs/reference/classifying.md reports."""

from __future__ import annotations

import polars as pl
import pytest

from tests.classified import measure
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


@absent
def test_merchants_of_real_council_cards() -> None:
    told = measure.judged(calderdale())
    known = told.filter(pl.col("how_code") == "memory")
    assert measure.score(known).share >= 0.74
    assert measure.score(told, weight="lines").share >= 0.70
    assert measure.score(told.filter(~pl.col("is_abstained"))).share >= 0.64


@absent
def test_real_council_merchants_are_hardly_ever_called_never_allowed() -> None:
    told = measure.judged(pl.concat([calderdale(), wakefield().select(calderdale().columns)], how="vertical_relaxed"))
    wrongly = told.filter(pl.col("category_code").str.starts_with("X") & ~pl.col("is_right") & ~pl.col("is_abstained"))
    assert wrongly.height / told.height <= 0.004


@absent
def test_real_purchases_of_holders() -> None:
    assert measure.score(measure.judged(purchases())).share >= 0.88
