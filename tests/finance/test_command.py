"""`phb-audit finance`: tables in words, one as CSV or JSON, and plain words for what cannot be asked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.errors import UsageError
from phb_audit.finance.command import list_tables, show_table
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import fill
from tests.finance import worlds as a


@pytest.fixture
def home(run: Run) -> Settings:
    """A home whose one night has been published."""
    night = {"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published"}
    fill(run, {"nights.runs": [night], "validated.budgets": [a.budget(3_650_00)]})
    a.with_spend(run, {"amount_pence": 10_00, "category_code": "T02"}, {"amount_pence": 5_00, "paid_on": date(2026, 1, 1)})
    run.warehouse.close()
    return run.settings


def shown(settings: Settings, name: str, **more: object) -> list[str]:
    said: list[str] = []
    asked = {"first": None, "last": None, "out": None, "as_json": False, **more}
    assert show_table(name, settings=settings, commissioner_code="QZZ", say=said.append, **asked) == 0  # type: ignore[arg-type]
    return said


def test_by_default_the_financial_year_up_to_the_newest_night(home: Settings) -> None:
    (csv,) = shown(home, "category_position")
    frame = pl.read_csv(csv.encode())
    assert (frame["first_on"][0], frame["last_on"][0], frame["spent_pence"].sum()) == ("2026-04-01", "2026-10-31", 10_00)


def test_other_days_a_file_and_json(home: Settings, tmp_path: Path) -> None:
    out = tmp_path / "positions.json"
    (words,) = shown(home, "person_position", first=date(2026, 1, 1), last=date(2026, 12, 31), out=out, as_json=True)
    (row,) = json.loads(out.read_text(encoding="utf-8"))
    assert row["spent_pence"] == 15_00
    assert words == f"1 rows: {out}"


def test_what_cannot_be_asked_is_said_in_words(home: Settings) -> None:
    with pytest.raises(UsageError, match="No night of QYY"):
        show_table("unspent", settings=home, commissioner_code="QYY", first=None, last=None, out=None, as_json=False, say=print)
    with pytest.raises(UsageError, match="There is no day from"):
        shown(home, "unspent", first=date(2026, 2, 2), last=date(2026, 1, 1))


def test_every_table_is_named_with_what_one_row_is() -> None:
    said: list[str] = []
    list_tables(as_json=False, say=said.append)
    assert "category_position      one row per category of the taxonomy" in said[0]
