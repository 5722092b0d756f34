"""Features: each moves for what it is about and stays at nought for what is usual; all look back; none is about who a person is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from phb_audit.detectors.detector import DETECTORS
from phb_audit.detectors.features import BY_NAME, FEATURES
from phb_audit.tables.detected import HISTORIES
from tests.detectors.spending import FIRST, LAST, features, kept_up, line, others, weekly

ROOM = Path(__file__).resolve().parents[2] / "phb_audit" / "detectors"
PERSONAL = re.compile(r"care_group|diagnos|age_band|birth|gender|sex|ethnic|disab|postcode|area|religion|nhs_number|name", re.IGNORECASE)

# Of a line after twelve ordinary weeks: what makes the feature speak.
SPEAKS: dict[str, dict[str, Any]] = {
    "for_person": {"amount_pence": 390_00},
    "among_others": {"amount_pence": 390_00},
    "at_payee": {"amount_pence": 60_00},
    "above_line": {"line_amount_pence": 10_00},
    "far_from_plan": {"match_code": "no_match", "match_share": 0.1},
    "no_goal": {"match_code": "no_match", "goal_state_code": "no_goal"},
    "rare_kind": {"category_code": "A02"},
    "line_used": {"plan_line_id": "L1", "line_annual_pence": 15_00},
    "budget_burn": {"budget_to_date_pence": 500_00, "spent_to_date_pence": 900_00, "remaining_pence": 100_00},
    "four_weeks": {"amount_pence": 900_00},
    "new_payee": {"payee_id": "M2"},
    "new_person": {"payee_id": "Y1", "payee_ref": "Y1"},
    "soon": {"paid_on": FIRST + timedelta(weeks=11, days=1)},
    "often": {},
    "round": {"amount_pence": 150_00},
    "day_off": {"paid_on": date(2026, 4, 6)},  # Easter Monday
    "no_receipt": {"receipt_id": None, "receipt_match_code": None},
    "receipt_less": {"receipt_match_code": "amount_differs", "receipt_difference_pence": -8_00},
    "receipt_far": {"receipt_days": 40},
    "cash": {"kind_code": "cash", "payee_id": "M9"},
    "moved": {"kind_code": "transfer"},
    "abroad": {"country_code": "ES"},
    "away": {"is_event_open": True},
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """One holder for each feature, with twelve ordinary weeks and the line that makes it speak, and thirty others."""
    lines = others()
    for name, more in SPEAKS.items():
        lines += weekly(12, holder=f"X{name}")
        last = line(f"Q{name}", LAST, holder_id=f"X{name}")
        lines.append(last | more)
        if name == "often":
            lines += [line(f"Qoften{place}", LAST - timedelta(days=place), holder_id="Xoften") for place in (1, 2, 3)]
    lines += [*weekly(12, holder="Xusual"), line("Qusual", LAST + timedelta(days=7), holder_id="Xusual")]
    run = kept_up(tmp_path_factory.mktemp("told"), [lines])
    found = features(run)
    run.warehouse.close()
    return found


def test_every_feature_has_a_line_that_makes_it_speak() -> None:
    assert SPEAKS.keys() == BY_NAME.keys()


@pytest.mark.parametrize("name", SPEAKS)
def test_a_feature_speaks_of_what_it_is_about(told: pl.DataFrame, name: str) -> None:
    assert told.filter(pl.col("payment_id") == f"Q{name}")[name].item() > 0


@pytest.mark.parametrize("name", SPEAKS)
def test_a_feature_is_silent_on_an_ordinary_line(told: pl.DataFrame, name: str) -> None:
    assert told.filter(pl.col("payment_id") == "Qusual")[name].item() == pytest.approx(0, abs=0.1)


def test_no_feature_is_a_column_of_a_person_a_diagnosis_or_a_care_group() -> None:
    heard = {name for one in FEATURES for name in one.value.meta.root_names()}
    assert heard and not [name for name in heard if PERSONAL.search(name)]
    assert {name for one in DETECTORS for name in one.features} <= BY_NAME.keys()
    assert not [name for name in HISTORIES.column_names if PERSONAL.search(name)]
    selected = (ROOM / "seen.sql").read_text(encoding="utf-8").split("FROM")[0]
    assert not PERSONAL.search("\n".join(selected.splitlines()[1:]))


def test_the_inspection_would_notice_a_care_group() -> None:
    assert PERSONAL.search("care_group_code") and PERSONAL.search("age_band")


def test_what_others_pay_is_drawn_from_the_same_care_group_first(tmp_path: Path) -> None:
    dear = [row for number in range(30) for row in weekly(12, holder=f"H{60 + number}", pence=200_00, care_group_code="other")]
    lines = [*others(), *dear, line("cheap", LAST, 200_00), line("dear", LAST, 200_00, holder_id="H2", care_group_code="other")]
    run = kept_up(tmp_path, [lines])
    found = dict(features(run).select("payment_id", "among_others").iter_rows())
    run.warehouse.close()
    assert found["cheap"] > 5 > 0.5 > found["dear"]


def test_a_short_history_counts_less_than_a_long_one(tmp_path: Path) -> None:
    long, short = weekly(12, holder="H1", pence=5_00), weekly(1, holder="H2", pence=5_00, first=LAST - timedelta(days=7))
    lines = [*others(), *long, *short, line("long", LAST, 40_00), line("short", LAST, 40_00, holder_id="H2")]
    run = kept_up(tmp_path, [lines])
    found = dict(features(run).select("payment_id", "for_person").iter_rows())
    run.warehouse.close()
    assert found["long"] > found["short"] > 0


def test_what_comes_later_changes_nothing_before_it(tmp_path: Path) -> None:
    early = [*others(5), *weekly(12)]
    late = [line(f"L{day}", LAST + timedelta(days=day), 900_00, payee_id="M7") for day in range(5)]
    before, after = kept_up(tmp_path / "before", [early]), kept_up(tmp_path / "after", [[*early, *late]])
    ids = [row["payment_id"] for row in early]
    told = [features(run).filter(pl.col("payment_id").is_in(ids)).sort("payment_id") for run in (before, after)]
    for run in (before, after):
        run.warehouse.close()
    assert told[0].equals(told[1])
