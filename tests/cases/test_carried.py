"""The casebook carried into the warehouse: all of it or up to an event, the same twice, and counted."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from phb_audit.cases import carried
from phb_audit.cases.categories import BODY, confirm_categories
from phb_audit.cases.goal_tags import confirm_goal_tags
from phb_audit.run import Run
from tests.builders import make_run


def decide(run: Run) -> None:
    line = dict.fromkeys(BODY) | {"payee_text": "FERNLEA HYDRO", "category_code": "A01", "provenance_code": "imported"}
    for code in ("A01", "T01"):
        frame = pl.DataFrame([line | {"category_code": code}], schema=dict.fromkeys(BODY, pl.String))
        confirm_categories(run.settings, run.commissioner_code, frame, by="Ada Reviewer")
    tags = pl.DataFrame({"outcome_key": ["o1"], "domain_code": ["calm"]})
    confirm_goal_tags(run.settings, run.commissioner_code, tags, by="Ada Reviewer")


def test_decisions_are_carried_and_what_was_overtaken_is_counted(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    decide(run)
    totals = carried.build(run)
    assert {(total.item, total.rows) for total in totals.totals} == {
        ("decisions on categories", 2),
        ("decisions on goals", 1),
        ("moves of cases", 0),
        ("steps of rule changes", 0),
        ("agreed exceptions and their ends", 0),
        ("decisions on receipts", 0),
        ("decisions carried", 2),
        ("decisions overtaken", 1),
    }
    again = run.warehouse.frame("SELECT * FROM decided.names")
    carried.build(run)
    assert run.warehouse.frame("SELECT * FROM decided.names").equals(again)
    assert run.warehouse.frame("SELECT event_number FROM nights.carried").to_series().to_list() == [3]


def test_a_night_may_be_shown_the_book_as_it_was(tmp_path: Path) -> None:
    run = make_run(tmp_path, decisions_up_to=1)
    decide(run)
    carried.build(run)
    assert run.warehouse.frame("SELECT category_code FROM decided.categories").to_series().to_list() == ["A01"]
    assert run.warehouse.frame("SELECT * FROM decided.goal_tags").is_empty()


def test_an_empty_casebook_carries_nothing(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    assert all(total.rows == 0 for total in carried.build(run).totals)
