"""Measures of money are finance's own numbers, and come to the spend of the pack to the penny."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.finance import positions
from phb_audit.finance.period import Period
from phb_audit.reports import measures_money, measures_spending
from phb_audit.reports.measures_settings import chosen
from phb_audit.run import Run
from tests.builders import make_run
from tests.reports.pack_world import pack_world

FIRST, LAST = date(2026, 8, 1), date(2026, 10, 31)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return pack_world(make_run(tmp_path_factory.mktemp("money")))


@pytest.fixture(scope="module")
def money(run: Run) -> pl.DataFrame:
    return measures_money.measures(run.warehouse, FIRST, LAST)


def whole(frame: pl.DataFrame, name: str) -> dict[str, object]:
    return frame.filter(measure_id=name, group_code="all").row(0, named=True)


def test_what_it_was_spent_on_comes_to_all_spend(run: Run, money: pl.DataFrame) -> None:
    spent = measures_spending.measures(run.warehouse, FIRST, LAST, picked=chosen(), run_id=run.run_id)
    total = whole(spent, "money.spent")["value"]
    assert total
    for name, code in (("spend.category", "category_code"), ("spend.outcome", "goal_type")):
        assert whole(money, name)["value"] == total
        assert money.filter(measure_id=name, group_code=code)["value"].sum() == total


def test_budgets_and_spend_against_them_are_those_of_finance(run: Run, money: pl.DataFrame) -> None:
    people = positions.by_person(run.warehouse, Period(FIRST, LAST)).filter(pl.col("budget_pence") > 0)
    assert whole(money, "money.budget")["value"] == people["budget_pence"].sum()
    told = whole(money, "money.spent_share")
    assert told["value"] == pytest.approx(people["spent_pence"].sum() / people["budget_pence"].sum())
    assert told["n"] == people.height


def test_where_nothing_is_on_file_there_is_no_value(tmp_path: Path) -> None:
    empty = measures_money.measures(make_run(tmp_path).warehouse, FIRST, LAST)
    for name in ("money.spent_share", "money.large_balance", "money.too_small"):
        assert whole(empty, name)["value"] is None
