"""Who is late, judged at the night's day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from phb_audit import landed
from phb_audit.landed.feeds import EXPECTED
from phb_audit.run import Run
from phb_audit.sources.feeds import FEEDS

BANK = "Number,Date,Account,Amount,Subcategory,Memo\n1,{day},12-34-56 12345678,-3.20,DEB,CAFE\n"
BUDGETS = (
    "Person Ref,Holding,Account Kind,Sort Code,Account Number,Annual Budget,Start Date\n9990000018,direct payment,{kind},,,1,01/04/2026\n"
)

PAPERS = (
    "Person Ref,Record Kind,About,Assistant Name,Employee Ref,Supplier Name,Valid From,Valid Until,Seen On\n"
    "9990000018,dbs,assistant,Jane Smith,E1,,01/09/2026,,05/10/2026\n"
)


def late(run: Run) -> dict[str, tuple[date | None, bool]]:
    landed.build(run)
    frame = run.warehouse.frame("FROM landed.feeds WHERE run_id = $run_id", {"run_id": run.run_id})
    return {row["feed_code"]: (row["last_data_on"], row["is_late"]) for row in frame.to_dicts()}


@pytest.mark.parametrize(("day", "is_late"), [("26/09/2026", False), ("25/09/2026", True)])
def test_a_bank_is_late_after_thirty_five_days(run: Run, day: str, is_late: bool) -> None:
    (run.inbox / "a.csv").write_text(BANK.format(day=day))
    assert late(run)["bank"][1] is is_late


def test_the_latest_day_of_any_night_counts(run: Run) -> None:
    (run.inbox / "a.csv").write_text(BANK.format(day="20/10/2026"))
    landed.build(run)
    (run.inbox / "b.csv").write_text(BANK.format(day="01/01/2026"))
    later = replace(run, as_of=date(2026, 11, 20))
    assert late(later)["bank"] == (date(2026, 10, 20), False)


def test_a_day_still_to_come_does_not_make_a_feed_fresh(run: Run) -> None:
    (run.inbox / "a.csv").write_text(BANK.format(day="01/01/2062"))
    assert late(run).get("bank", (None, True)) == (None, True)


def test_days_that_an_earlier_night_could_not_count_yet_are_found_later(run: Run) -> None:
    (run.inbox / "a.csv").write_text(BANK.format(day="20/10/2026") + "2,20/12/2026,12-34-56 12345678,-3.20,DEB,CAFE\n")
    landed.build(run)
    later = replace(run, as_of=date(2026, 12, 31))
    assert late(later)["bank"] == (date(2026, 12, 20), False)


def test_a_feed_that_never_came_is_late(run: Run) -> None:
    assert late(run)["plans"] == (None, True)


def test_a_provider_is_expected_where_a_budget_names_such_an_account(run: Run) -> None:
    assert not {"bank", "card", "managed", "notional"} & set(late(run))
    (run.inbox / "b.csv").write_text(BUDGETS.format(kind="Card"))
    assert late(run)["card"] == (None, True)
    assert "bank" not in late(run)


def test_where_accounts_stand_in_for_people_only_what_came_is_expected(run: Run) -> None:
    (run.inbox / "a.csv").write_text(BANK.format(day="20/10/2026"))
    assert list(late(replace(run, stand_in_holders=True))) == ["bank"]


def test_every_feed_has_an_owner_and_usual_days() -> None:
    assert set(EXPECTED) == set(FEEDS)


def test_a_list_of_papers_is_expected_only_once_it_has_come(run: Run) -> None:
    assert "support_records" not in late(run)
    (run.inbox / "papers.csv").write_text(PAPERS)
    assert late(run)["support_records"] == (date(2026, 10, 5), False)
    assert late(replace(run, as_of=date(2027, 12, 1)))["support_records"] == (date(2026, 10, 5), True)
