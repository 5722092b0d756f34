"""A newly taught classifier is as sure as held-out confirmed lines bear out: temperatures and sets."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.classified.calibration import STRATA, as_json, calibration_beside, read_calibration, shipped_calibration
from phb_audit.classified.classifier import classify, model_version
from phb_audit.classified.experts import WEIGHTS
from phb_audit.classified.recalibrate import FEWEST_LINES, best_temperature, recalibrated
from phb_audit.classified.reference import reference
from tests.classified.calibrate import read

DESCRIBED = STRATA.index("described")


def said(share_said_otherwise: float) -> tuple[pl.DataFrame, list[str]]:
    """The hand-written lines, and what "people" decided: of some share of them, drawn by lot, another category than they are."""
    frame, draw = read("dev_lines.csv"), np.random.default_rng(3)
    other = draw.permutation(frame["code"].to_numpy())
    codes = np.where(draw.random(frame.height) < share_said_otherwise, other, frame["code"].to_numpy())
    return frame.select("merchant", "description", "mcc"), codes.tolist()


def test_a_classifier_that_people_contradict_becomes_less_sure_and_its_sets_wider() -> None:
    lines, codes = said(0.3)
    usual, found = shipped_calibration(), recalibrated(lines, codes, None, WEIGHTS)
    assert found.temperature[DESCRIBED] > usual.temperature[DESCRIBED] + 0.1
    assert found.least_share[DESCRIBED] < usual.least_share[DESCRIBED]
    assert (found.strange_slope, found.strange_middle) == (usual.strange_slope, usual.strange_middle)


def test_the_sets_of_lines_that_measured_nothing_hold_nine_of_ten() -> None:
    lines, codes = said(0.15)
    half = np.arange(lines.height) % 2 == 0
    found = recalibrated(lines.filter(half), np.array(codes)[half].tolist(), None, WEIGHTS)
    told = classify(lines.filter(~half), None, WEIGHTS, found)
    held = [code in inside.split("|") for code, inside in zip(np.array(codes)[~half], told["set_codes"], strict=True)]
    shipped = classify(lines.filter(~half))
    before = [code in inside.split("|") for code, inside in zip(np.array(codes)[~half], shipped["set_codes"], strict=True)]
    assert np.mean(before) < 0.83 < 0.86 < np.mean(held)


def test_few_lines_change_nothing() -> None:
    lines, codes = said(0.5)
    few = recalibrated(lines.head(FEWEST_LINES - 1), codes[: FEWEST_LINES - 1], None, WEIGHTS)
    assert as_json(few) == as_json(shipped_calibration())
    assert recalibrated(lines.head(0), [], None, WEIGHTS) is shipped_calibration()


def test_the_best_temperature_is_the_one_that_shares_bear_out() -> None:
    draw = np.random.default_rng(1)
    scores = draw.normal(size=(4000, 5)).astype(np.float32) * 3

    def shares_at(temperature: np.ndarray) -> np.ndarray:
        raised = np.exp(scores / temperature[:, None])
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)

    truth = (shares_at(np.full(4000, 2.0)).cumsum(axis=1) > draw.random((4000, 1))).argmax(axis=1)
    assert best_temperature(shares_at, np.eye(5, dtype=bool)[truth]) == pytest.approx(2.0, abs=0.15)


def test_a_calibration_beside_the_weights_is_asked_and_is_part_of_the_version(tmp_path: Path) -> None:
    weights = tmp_path / "weights.npz"
    shutil.copyfile(WEIGHTS, weights)
    assert calibration_beside(weights) == calibration_beside(WEIGHTS)
    line = pl.DataFrame({"merchant": [""], "description": ["hydro pool 30 min"], "mcc": [""]})
    before, version = classify(line, None, weights), model_version(weights)
    lines, codes = said(0.5)
    (tmp_path / "calibration.json").write_text(as_json(recalibrated(lines, codes, None, weights)), encoding="utf-8")
    after = classify(line, None, weights)
    assert model_version(weights) != version
    assert after["probability_share"][0] < before["probability_share"][0]
    assert after["category_code"][0] == before["category_code"][0] in reference().codes
    assert read_calibration(calibration_beside(weights)).temperature[DESCRIBED] > shipped_calibration().temperature[DESCRIBED]
