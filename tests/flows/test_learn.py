"""Weekly learning: what people decided teaches, what it never saw judges, and only what is surely better is put in use."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flows.learn import Learned, frozen_right, learn
from phb_audit.cases.categories import BODY, confirm_categories
from phb_audit.classified.calibration import STRATA, read_calibration, shipped_calibration
from phb_audit.classified.classifier import classify, model_version
from phb_audit.classified.experts import WEIGHTS
from phb_audit.classified.learned import SHIPPED, put_in_use, version_in_use, versions, weights_path
from phb_audit.errors import UsageError
from phb_audit.settings import Settings

AS_OF = date(2026, 10, 31)
PLACES = (
    *("Ashby", "Barlow", "Corfe", "Denby", "Elland", "Frome", "Garston", "Hexby", "Ilkton", "Jarrow"),
    *("Kelby", "Langham", "Marden", "Nunton", "Orby", "Penby", "Quorn", "Ripley", "Selby", "Tarvin"),
)
FIRMS = [f"{place} {kind}" for place in PLACES for kind in ("Zorbo", "Zorbo North", "Zorbo South", "Zorbo Co", "Zorbo Team", "Zorbo East")]


def decide(settings: Settings, firms: list[str], code: str, first: date) -> None:
    """A decision a day about each firm's line, each for another holder."""
    for place, firm in enumerate(firms):
        told = dict.fromkeys(BODY) | {
            "payee_text": firm,
            "category_code": code,
            "was_code": "M04",
            "provenance_code": "corrected",
            "holder_id": f"H{first:%y%m}{place}",
        }
        at = datetime.combine(first + timedelta(days=place // 2), datetime.min.time(), UTC)
        confirm_categories(settings, "QZZ", pl.DataFrame([told], schema=dict.fromkeys(BODY, pl.String)), by="Ada Reviewer", at=at)


def shipped_again(lessons: pl.DataFrame) -> dict[str, np.ndarray]:
    """A challenger that learned nothing."""
    assert lessons.height
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return dict(arrays)


def test_with_no_decisions_there_is_nothing_to_learn(tmp_path: Path) -> None:
    told = learn("QZZ", tmp_path, AS_OF)
    assert told.challenger is None
    assert "shipped stays in use" in told.in_words()
    assert versions(Settings(tmp_path), "QZZ") == []


def test_a_challenger_that_is_no_better_is_kept_but_not_used(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    decide(settings, FIRMS, "A10", date(2026, 8, 1))
    told = learn("QZZ", tmp_path, AS_OF, teaching=shipped_again)
    assert told.verdict.difference == 0
    assert not told.verdict.is_promoted
    assert versions(settings, "QZZ") == ["learned-2026-10-31"]
    assert version_in_use(settings, "QZZ") == SHIPPED


def test_how_sure_a_challenger_may_be_is_measured_on_lines_that_taught_it_nothing(tmp_path: Path) -> None:
    settings, ends = Settings(tmp_path), ("Vale", "Mill", "Hall", "Green")
    decide(settings, [f"{firm} {end}" for end in ends for firm in FIRMS], "A10", date(2026, 3, 1))
    told = learn("QZZ", tmp_path, AS_OF, teaching=shipped_again)
    folder = weights_path(settings, "QZZ", told.challenger or "").parent
    own, usual = read_calibration(folder / "calibration.json"), shipped_calibration()
    name_alone = STRATA.index("name_alone")
    assert own.temperature[name_alone] > usual.temperature[name_alone]  # firms nobody knows, decided otherwise than they look
    assert own.least_share[name_alone] < usual.least_share[name_alone]
    assert told.sets is not None and told.sets.challenger_held > told.sets.champion_held
    assert json.loads((folder / "card.json").read_text(encoding="utf-8"))["sets"] == asdict(told.sets)
    assert f"{told.sets.challenger_held:.1%} after" in told.in_words()
    assert model_version(folder / "weights.npz") != model_version()


@pytest.mark.slow
def test_what_many_decisions_teach_is_put_in_use_and_answers_the_next_night(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    decide(settings, [f"{firm} {end}" for end in ("Vale", "Mill", "Hall", "Green") for firm in FIRMS], "A10", date(2026, 3, 1))
    before = classify(pl.DataFrame({"merchant": ["Whitby Zorbo"], "description": [""], "mcc": [""]})).row(0, named=True)
    told: Learned = learn("QZZ", tmp_path, AS_OF)
    assert told.verdict.lines >= 100
    assert told.verdict.is_promoted, told.in_words()
    assert version_in_use(settings, "QZZ") == told.challenger
    path = weights_path(settings, "QZZ", told.challenger or "")
    after = classify(pl.DataFrame({"merchant": ["Whitby Zorbo"], "description": [""], "mcc": [""]}), None, path).row(0, named=True)
    assert before["category_code"] != "A10" or before["is_abstained"]
    assert after["category_code"] == "A10"
    right_before, right_after, lines = frozen_right(WEIGHTS, path)
    assert right_before <= right_after <= lines


def test_a_classifier_nobody_kept_cannot_be_put_in_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no classifier"):
        put_in_use(Settings(tmp_path), "QZZ", "learned-2026-01-01")
    with pytest.raises(UsageError, match="no classifier"):
        put_in_use(Settings(tmp_path), "QZZ", "../../elsewhere")
