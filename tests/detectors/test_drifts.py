"""Suppliers that became dearer: told of what nearly all who pay them have in common, and of nothing that explains itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from phb_audit.assurance.drifts_command import tell_drifts
from phb_audit.detectors.drifts import LEAST_BEYOND, drifts, keep_up_drifts
from phb_audit.detectors.histories import keep_up
from phb_audit.errors import UsageError
from phb_audit.run import Run
from phb_audit.tables.detected import DRIFTS
from tests.builders import fill, make_run
from tests.detectors.spending import Row, line

WORDS = {"T01": "physiotherapy"}
SUMMER = tuple(date(2026, month, 10) for month in range(4, 10))
ACROSS_APRIL = tuple(date(2026, month, 10) for month in range(1, 8))
FIRST, LAST = date(2026, 1, 1), date(2026, 9, 30)
Pence = Callable[[date], int]


def from_month(month: int, share: float) -> Pence:
    return lambda on: round(40_00 * (1 + share)) if on.month >= month else 40_00


def several(count: int, payee: str, category: str, pence: Pence, days: Sequence[date] = SUMMER, **more: object) -> list[Row]:
    """One payment a month by each of so many holders to one supplier."""
    usual: Row = {"payee_id": f"M{payee}", "payee_shown": payee, "category_code": category, "match_code": "unclear"}
    return [
        line(f"{payee}{number}{on}", on, pence(on), **(usual | {"holder_id": f"{payee}{number}"} | more))
        for number in range(count)
        for on in days
    ]


def baskets() -> list[Row]:
    chance = Random(7)
    return [row | {"amount_pence": chance.randint(8_00, 90_00)} for row in several(6, "Grocer", "H02", from_month(12, 0))]


def cut_names() -> list[Row]:
    """Two holders from a bank that writes the name whole, one from a bank that cuts it."""
    whole = several(3, "Rowan Walking Group", "A10", from_month(8, 0.15))
    return [row | {"payee_id": "M9", "payee_shown": "ROWAN WALKING GROU"} if row["holder_id"].endswith("2") else row for row in whole]


def one_with_more_hours() -> list[Row]:
    rows = several(4, "Fir Carers", "C08", from_month(12, 0))
    return [row | {"amount_pence": 56_00} if row["holder_id"] == "Fir Carers0" and row["paid_on"].month >= 7 else row for row in rows]


def named_by_the_plan() -> list[Row]:
    rows = several(3, "Larch Riding", "A05", from_month(8, 0.15), match_code="fits", line_category_code="T07")
    return [row | {"category_code": code} for row, code in zip(rows, ("A05", "T07", "T02") * 6, strict=True)]


def lines() -> list[Row]:
    """Each case at a supplier and a service of its own."""
    return [
        *several(5, "Elm Physiotherapy", "T01", from_month(8, 0.15)),
        *several(5, "Oak Hydro", "T02", lambda on: round(40_00 * 1.025 ** (on.month - 4))),
        *one_with_more_hours(),
        *several(2, "Two Only", "T03", from_month(8, 0.3)),
        *several(6, "April Wages", "T04", from_month(4, 0.08), ACROSS_APRIL),
        *several(6, "April Steep", "T05", from_month(4, 0.20), ACROSS_APRIL),
        *[row for name in ("Gym A", "Gym B", "Gym C", "Gym D") for row in several(5, name, "A01", from_month(8, 0.15))],
        *several(5, "Choir", "A04", from_month(8, 0.15)),
        *[row for name in ("Band A", "Band B", "Band C") for row in several(4, name, "A04", from_month(12, 0))],
        *baskets(),
        *cut_names(),
        *named_by_the_plan(),
        *several(5, "Payroll", "C01", from_month(8, 0.3)),
    ]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = fill(make_run(tmp_path_factory.mktemp("drifts"), as_of=LAST), {"matched.payments": lines()})
    yield made
    made.warehouse.close()


@pytest.fixture(scope="module")
def rows(run: Run) -> pl.DataFrame:
    return drifts(run.warehouse, FIRST, LAST, WORDS)


def of(rows: pl.DataFrame, payee: str) -> pl.DataFrame:
    return rows.filter(pl.col("payee_shown") == payee)


def test_a_supplier_dearer_for_all_is_told_with_its_numbers(rows: pl.DataFrame) -> None:
    told = of(rows, "Elm Physiotherapy")
    assert told["month_on"].to_list() == [date(2026, 8, 1), date(2026, 9, 1)]
    first = told.row(0, named=True)
    assert (first["holders_count"], first["of_count"], first["usual_pence"], first["now_pence"]) == (5, 5, 40_00, 46_00)
    assert first["change_share"] == pytest.approx(0.15) and 0.1 < first["at_least_share"] < 0.15
    assert first["sentence"].startswith("Elm Physiotherapy charged 5 of 5 people at least 1")
    assert "physiotherapy in August 2026" in first["sentence"] and "£46.00 a time, before £40.00" in first["sentence"]
    assert first["usual"].startswith("Too few people pay others")
    assert first["spent_pence"] == 5 * 46_00


def test_a_price_that_creeps_is_told_in_the_end(rows: pl.DataFrame) -> None:
    told = of(rows, "Oak Hydro")
    assert told.height and told["month_on"].min() > date(2026, 6, 30)


@pytest.mark.parametrize("payee", ["Fir Carers", "Two Only", "April Wages", "Gym A", "Gym D", "Band A", "Grocer", "Payroll"])
def test_what_explains_itself_is_not_told(rows: pl.DataFrame, payee: str) -> None:
    assert of(rows, payee).is_empty()


def test_more_than_april_explains_is_told_and_april_said(rows: pl.DataFrame) -> None:
    steep = of(rows, "April Steep")
    assert steep["base_code"].unique().to_list() == ["year"] and steep["is_across_april"].all()
    assert "April lies between: a rise of 8% is left out." in steep["usual"][0]


def test_what_others_charge_stands_beside_it(rows: pl.DataFrame) -> None:
    choir = of(rows, "Choir")
    assert set(choir["others_count"]) == {12}
    assert choir["usual"][0] == "The middle change of 12 people who pay others for it was 0%."


def test_a_name_that_a_bank_cut_is_the_same_supplier(rows: pl.DataFrame) -> None:
    told = of(rows, "Rowan Walking Group")
    assert set(told["holders_count"]) == {3}


def test_the_plan_says_what_is_alike_where_the_purchase_fits_it(rows: pl.DataFrame) -> None:
    assert set(of(rows, "Larch Riding")["category_code"]) == {"T07"}


def test_it_looks_back_only(rows: pl.DataFrame, tmp_path: Path) -> None:
    early = fill(make_run(tmp_path), {"matched.payments": [row for row in lines() if row["paid_on"] < date(2026, 9, 1)]})
    told = drifts(early.warehouse, FIRST, LAST, WORDS)
    early.warehouse.close()
    assert told.equals(rows.filter(pl.col("month_on") < date(2026, 9, 1)))


def test_two_nights_leave_what_one_night_leaves(rows: pl.DataFrame, tmp_path: Path) -> None:
    made, every = make_run(tmp_path), lines()
    for number, lot in enumerate((every[::2], every[1::2])):
        made.as_of = LAST - timedelta(days=1 - number)
        fill(made, {"matched.payments": lot})
        keep_up(made)
        keep_up_drifts(made, WORDS)
    left = made.warehouse.frame("SELECT * FROM detected.drifts ORDER BY ALL")
    made.warehouse.close()
    assert left.equals(rows.sort(pl.all())) and (left["beyond_share"] >= LEAST_BEYOND).all()


def test_where_nothing_was_paid_nothing_is_told(run: Run) -> None:
    assert drifts(run.warehouse, date(2030, 1, 1), date(2030, 2, 1), WORDS).is_empty()


def test_the_command_says_each_supplier_once_the_strongest_first(tmp_path: Path) -> None:
    made = make_run(tmp_path, as_of=LAST)
    fill(made, {"matched.payments": several(5, "Elm Physiotherapy", "T01", from_month(8, 0.15)) + cut_names()})
    fill(made, {"nights.runs": [{"state_code": "published", "as_of_on": LAST}]})
    made.warehouse.write(DRIFTS, drifts(made.warehouse, FIRST, LAST, WORDS))
    made.warehouse.close()
    heard: list[str] = []
    assert tell_drifts(made.settings, "QZZ", months=3, as_json=False, say=heard.append) == 0
    assert heard[0] == "2 suppliers, as of 30 September 2026" and heard[1].startswith("\nElm Physiotherapy charged 5 of 5")
    assert "They paid £230.00 in the month." in heard[1] and len(heard) == 4
    tell_drifts(made.settings, "QZZ", months=1, as_json=True, say=heard.append)
    assert [row["month_on"] for row in json.loads(heard[-1])] == ["2026-09-01", "2026-09-01"]
    with pytest.raises(UsageError):
        tell_drifts(made.settings, "QZZ", months=0, as_json=False, say=heard.append)
