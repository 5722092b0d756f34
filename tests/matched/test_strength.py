"""Strength: evidence only ever adds, and the documentation says the numbers that count."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.matched import strength
from phb_audit.matched.strength import FITS_SHARE, as_planned, with_strength

DOCS = Path(__file__).parents[2] / "docs" / "explanation" / "matching.md"
DAY = date(2026, 6, 10)
PAIR = {
    "pay_idx": 0,
    "paid_pence": 40_00,
    "paid_on": DAY,
    "is_sure": False,
    "probability_share": 0.5,
    "amount_pence": 100_00,
    "most_at_once_pence": None,
    "frequency_code": "annual",
    "starts_on": None,
    "ends_on": None,
    "kind_share": 0.0,
    "words_weight": 0.0,
    "supplier_share": 0.0,
}
TYPES = {"most_at_once_pence": pl.Int64, "starts_on": pl.Date, "ends_on": pl.Date}
shares = st.floats(0, 1).map(lambda share: round(share, 3))


def share(**more: object) -> float:
    found: float = with_strength(pl.DataFrame([{**PAIR, **more}], schema_overrides=TYPES))["share"][0]
    return found


@settings(deadline=None)  # a busy machine is no failure
@given(shares, shares, st.floats(0, 4), shares)
def test_more_evidence_never_weakens_a_match(kind: float, more: float, words: float, supplier: float) -> None:
    before = share(kind_share=kind, words_weight=words, supplier_share=supplier)
    assert 0 <= before <= 1
    assert share(kind_share=max(kind, more), words_weight=words, supplier_share=supplier) >= before
    assert share(kind_share=kind, words_weight=words + more, supplier_share=supplier) >= before
    assert share(kind_share=kind, words_weight=words, supplier_share=max(supplier, more)) >= before


@settings(deadline=None)  # a busy machine is no failure
@given(shares)
def test_the_plan_makes_its_own_kinds_likelier_and_nothing_certain(probability: float) -> None:
    planned = pl.select(as_planned(pl.lit(probability))).item()
    assert probability <= planned <= 1
    assert planned < 1 or probability == 1


@pytest.mark.parametrize(("pence", "agreed"), [(100_00, True), (102_00, True), (102_01, False), (200_00, False)])
def test_the_amount_agreed_is_within_two_per_cent(pence: int, agreed: bool) -> None:
    pairs = with_strength(pl.DataFrame([{**PAIR, "paid_pence": pence}], schema_overrides=TYPES))
    assert pairs["is_agreed_amount"][0] is agreed


@pytest.mark.parametrize("weeks", [1, 2, 4, 5])
def test_weeks_of_a_weekly_amount_are_the_amount_agreed(weeks: int) -> None:
    row = {**PAIR, "paid_pence": weeks * 100_00, "frequency_code": "weekly"}
    assert with_strength(pl.DataFrame([row], schema_overrides=TYPES))["is_agreed_amount"][0] is True


def test_the_amount_alone_is_chance() -> None:
    assert share(paid_pence=100_00) == 0


@pytest.mark.parametrize(("pence", "above"), [(110_00, False), (110_01, True)])
def test_above_the_limit_begins_a_tenth_above_it(pence: int, above: bool) -> None:
    pairs = with_strength(pl.DataFrame([{**PAIR, "paid_pence": pence}], schema_overrides=TYPES))
    assert pairs["is_above_limit"][0] is above


def test_a_refund_is_measured_by_its_size() -> None:
    assert share(paid_pence=-40_00, kind_share=0.9) == share(kind_share=0.9) >= FITS_SHARE


def test_a_line_of_the_very_kind_takes_precedence() -> None:
    rows = [
        {**PAIR, "is_sure": True, "probability_share": 0.8, "kind_share": 0.93},
        {**PAIR, "is_sure": True, "probability_share": 0.8, "kind_share": 0.72},
        {**PAIR, "pay_idx": 1, "is_sure": True, "probability_share": 0.8, "kind_share": 0.72},
    ]
    first, near, alone = with_strength(pl.DataFrame(rows, schema_overrides=TYPES))["share"]
    assert near < alone < first


def test_the_documentation_gives_every_number_as_it_is() -> None:
    numbers_of_lines = DOCS.read_text(encoding="utf-8").split("## The numbers")[1]
    said = dict(re.findall(r"^\| ([A-Z_]+) \| ([0-9.]+) \|", numbers_of_lines, re.MULTILINE))
    numbers = {name: value for name, value in vars(strength).items() if name.isupper() and isinstance(value, int | float)}
    assert {name: float(value) for name, value in said.items()} == {name: float(value) for name, value in numbers.items()}
