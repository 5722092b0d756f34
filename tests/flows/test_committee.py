"""Packs on a timetable: which are due when, none of half a month, and a deployment where the timetable asks for one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.committee import committee_night, last_month, lengths
from flows.serve import committee_of, deployment_of, read_timetable
from phb_audit.errors import UsageError
from phb_audit.run import Run
from tests.builders import fill

TIMETABLE = """
[commissioner.QZZ]
cron = "30 1 * * *"
committee_cron = "0 6 5 * *"
inbox = "inbox/QZZ"
home = "home"
form = "pack.toml"
dashboards = "dashboards"

[commissioner.QYY]
cron = "15 2 * * 1-5"
inbox = "inbox/QYY"
home = "home"
"""


@pytest.mark.parametrize(
    ("on", "month_end", "months"),
    [(date(2026, 10, 5), date(2026, 9, 30), (1, 3)), (date(2026, 11, 1), date(2026, 10, 31), (1,)),
     (date(2027, 1, 31), date(2026, 12, 31), (1, 3))],
)  # fmt: skip
def test_the_month_that_ended_is_due_and_the_quarter_after_its_third(on: date, month_end: date, months: tuple[int, ...]) -> None:
    assert last_month(on) == month_end
    assert lengths(month_end) == months


def test_a_pack_of_half_a_month_is_not_made(run: Run) -> None:
    fill(run, {"nights.runs": [{"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published"}]})
    run.warehouse.close()
    with pytest.raises(UsageError, match="before the month's end on 30 November 2026"):
        committee_night("QZZ", run.settings, date(2026, 12, 5))
    assert not (run.settings.home / "packs").exists()


def test_what_is_due_after_a_quarter_is_written(run: Run, tmp_path: Path) -> None:
    night = {"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published", "stage_name": "published"}
    paid = {"payment_id": "P1", "holder_id": "H1", "paid_on": date(2026, 9, 9), "amount_pence": 30_00, "is_spend": True}
    feed = {"feed_code": "bank", "owner": "the bank", "last_data_on": run.as_of}
    budget = {"budget_id": "B1", "holder_id": "H1", "holding_code": "direct_payment", "starts_on": date(2026, 1, 5)}
    fill(run, {"nights.runs": [night], "landed.feeds": [feed], "matched.payments": [paid], "validated.budgets": [budget]})
    run.warehouse.close()
    said = committee_night("QZZ", run.settings, date(2026, 10, 5), dashboards=tmp_path / "dashboards")
    packs = {path.name for path in (run.settings.home / "packs" / "QZZ").glob("*.pdf")}
    assert packs == {"QZZ-pack-2026-09.pdf", "QZZ-pack-2026-09-3-months.pdf"}
    assert [path.name for path in (run.settings.home / "returns" / "QZZ").iterdir()] == ["QZZ-return-2026-27-Q2.csv"]
    assert (tmp_path / "dashboards" / "dashboards.duckdb").exists()
    words = " ".join(said)
    for told in ("Pack of September 2026", "Pack of the quarter to September 2026", "National return, 2026/27 Q2", "For dashboards"):
        assert told in words, told


def test_a_return_that_there_is_nothing_to_make_of_keeps_nothing_else_from_being_written(run: Run, tmp_path: Path) -> None:
    night = {"commissioner_code": "QZZ", "as_of_on": run.as_of, "state_code": "published", "stage_name": "published"}
    paid = {"payment_id": "P1", "holder_id": "H1", "paid_on": date(2026, 9, 9), "amount_pence": 30_00, "is_spend": True}
    fill(run, {"nights.runs": [night], "matched.payments": [paid]})
    run.warehouse.close()
    words = " ".join(committee_night("QZZ", run.settings, date(2026, 10, 5), dashboards=tmp_path / "dashboards"))
    assert "To look at: no national return of" in words
    assert "No budget with a first day is on file" in words
    assert (tmp_path / "dashboards" / "dashboards.duckdb").exists()


def test_the_timetable_names_it_or_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "timetable.toml"
    path.write_text(TIMETABLE, encoding="utf-8")
    first, second = read_timetable(path)
    made = committee_of(first)
    assert made is not None
    assert made.name == "committee-QZZ"
    assert made.parameters == {"commissioner_code": "QZZ", "home": "home", "form": "pack.toml", "dashboards": "dashboards"}
    assert committee_of(second) is None
    assert deployment_of(first).parameters == {"commissioner_code": "QZZ", "inbox": "inbox/QZZ", "home": "home"}
