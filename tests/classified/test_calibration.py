"""How sure the classifier may be: sets, temperatures, strange lines, and what they do to an answer."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
import pytest

from phb_audit.classified.calibration import STRATA, Calibration, least_share, members, shipped_calibration
from phb_audit.classified.classifier import classify
from phb_audit.classified.experts import ask_words, shipped_weights
from phb_audit.classified.model import BALANCE, judge, of_both, probabilities, read_lines, strangeness
from phb_audit.classified.reference import reference
from tests.classified import calibrate, measure


def test_the_least_share_is_reached_by_the_share_of_truths_that_was_asked_for() -> None:
    shares = np.random.default_rng(0).random(2000).astype(np.float32)
    kept = (shares >= least_share(shares, covered=0.9)).mean()
    assert 0.9 <= kept <= 0.903


def test_few_lines_give_a_careful_least_share() -> None:
    assert least_share(np.array([0.2, 0.6, 0.9], np.float32), covered=0.9) == pytest.approx(0.2)


def test_a_set_holds_what_stands_first_however_unlikely() -> None:
    inside = members(np.array([[0.1, 0.2, 0.7]], np.float32), np.array([0]), np.array([0.5], np.float32))
    assert inside.tolist() == [[True, False, True]]


def test_a_high_temperature_makes_probabilities_meek() -> None:
    asked = judge(read_lines(pl.DataFrame({"merchant": ["TESCO"], "description": ["wine"], "mcc": [""]})))
    cold, hot = (probabilities(asked.experts, reference(), np.array([each], np.float32)).max() for each in (0.5, 3.0))
    assert cold > hot


def test_every_stratum_has_its_numbers() -> None:
    shipped = shipped_calibration()
    assert len(shipped.temperature) == len(shipped.least_share) == len(STRATA)
    assert (shipped.temperature > 0).all()
    assert ((shipped.least_share > 0) & (shipped.least_share < 1)).all()


def test_the_stranger_a_line_is_the_likelier_it_belongs_nowhere() -> None:
    shares = Calibration(np.ones(4), np.ones(4), 1.5, 3.0).strange_share(np.array([0.0, 3.0, 6.0], np.float32))
    assert shares[0] < 0.05
    assert shares[1] == pytest.approx(0.5)
    assert shares[2] > 0.95


def test_a_strange_line_claims_little_and_says_so() -> None:
    frame = pl.DataFrame({"merchant": ["", ""], "description": ["hydraulic hose and pallet racking", "hydro pool 30 min"], "mcc": ["", ""]})
    strange, usual = classify(frame).iter_rows(named=True)
    assert strange["strange_share"] > 0.5 > usual["strange_share"]
    assert strange["is_abstained"]
    assert strange["probability_share"] < 0.5 < usual["probability_share"]
    assert "needs the receipt or invoice" in strange["because"]


def test_a_word_never_met_makes_a_line_stranger_and_an_empty_line_has_none() -> None:
    known, half, strange, empty = ask_words(pl.Series(["TAXI", "TAXI ZQXVJK", "ZQXVJK", ""]), shipped_weights()).unknown_share
    assert (known, strange, empty) == (0, 1, 0)
    assert 0 < half < 1
    frame = pl.DataFrame({"merchant": ["TAXI", "TAXI ZQXVJK"], "description": ["", ""], "mcc": ["", ""]})
    asked = judge(read_lines(frame))
    without = strangeness(asked.evidence, asked.shares, dataclasses.replace(BALANCE, strange_unknown=0))
    told, hidden = strangeness(asked.evidence, asked.shares) - without
    assert told == 0
    assert hidden == pytest.approx(half, abs=1e-5)


def test_the_strangeness_of_both_fields_is_mostly_the_descriptions_and_of_one_its_own() -> None:
    frame = pl.DataFrame({"merchant": ["TAXI", "TAXI", "", ""], "description": ["hydro pool", "", "hydro pool", ""], "mcc": [""] * 4})
    merchant, description = np.full(4, 1.0, np.float32), np.full(4, 2.0, np.float32)
    both, name, words, _ = of_both(judge(read_lines(frame)).evidence, merchant, description)
    assert (both, name, words) == (pytest.approx(1.7), 1.0, 2.0)


def test_a_set_begins_with_the_answer_and_counts_its_codes() -> None:
    frame = pl.read_csv(measure.FROZEN, infer_schema=False).select("merchant", "description", "mcc")
    told = classify(frame).with_columns(codes=pl.col("set_codes").str.split("|"))
    assert (told["codes"].list.first() == told["category_code"]).all()
    assert (told["codes"].list.len() == told["set_count"]).all()
    assert (told["codes"].list.n_unique() == told["set_count"]).all()


def test_calibrating_again_gives_the_shipped_numbers_of_described_lines() -> None:
    shipped = shipped_calibration()
    known, strange = calibrate.lines(calibrate.read("dev_lines.csv")), calibrate.lines(calibrate.read("dev_strangers.csv"))
    again = calibrate.calibrate(known, strange, float(shipped.temperature[-1]))
    assert np.allclose(again.temperature, shipped.temperature, atol=0.051)
    assert np.allclose(again.least_share, shipped.least_share, atol=0.02)
    assert again.strange_middle == pytest.approx(shipped.strange_middle, abs=0.1)
