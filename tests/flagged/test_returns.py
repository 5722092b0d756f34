"""A monitoring return beside the lines of its account, the return before it, and what the commissioner paid."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from phb_audit import flagged
from phb_audit.flagged.reading import read_spending
from phb_audit.run import Run
from tests.builders import AS_OF, fill
from tests.flagged.world import FIRST, one, payment, rules_of, world

RETURN: dict[str, Any] = {
    "return_id": "M1",
    "holder_id": FIRST,
    "account_ref": "B1",
    "period_from_on": date(2026, 7, 1),
    "period_to_on": date(2026, 9, 30),
    "opening_pence": 100_00,
    "received_pence": 400_00,
    "wages_pence": 150_00,
    "agency_pence": 50_00,
    "closing_pence": 300_00,
}


def moved(payment_id: str, on: date, pence: int, balance_pence: int, **more: Any) -> dict[str, Any]:
    given = {"payment_id": payment_id, "holder_id": FIRST, "account_id": "B1", "feed_code": "bank", "kind_code": "purchase"}
    return {**given, "paid_on": on, "amount_pence": pence, "balance_pence": balance_pence, **more}


LINES = (
    moved("P1", date(2026, 6, 20), 10_00, 100_00),
    moved("P2", date(2026, 7, 2), -400_00, 500_00, kind_code="instalment"),
    moved("P3", date(2026, 8, 3), 150_00, 350_00),
    moved("P4", date(2026, 9, 30), 50_00, 300_00),
    moved("P5", date(2026, 10, 9), 5_00, 295_00),
)
PAID = {"instalment_id": "T1", "holder_id": FIRST, "amount_pence": 400_00, "paid_on": date(2026, 7, 1)}


def with_returns(run: Run, *returns: dict[str, Any], lines: tuple[dict[str, Any], ...] = LINES) -> Run:
    world(run, payment("P1", receipt_id="R1"), validated__payments=list(lines))
    return fill(run, {"validated.monitoring_returns": list(returns), "validated.instalments": [PAID]})


def beside(run: Run) -> pl.DataFrame:
    return read_spending(run.warehouse, run.run_id, AS_OF, pl.DataFrame({"holder_id": [FIRST]})).returns.collect()


def test_the_sums_of_a_return_stand_beside_those_of_its_lines(run: Run) -> None:
    (row,) = beside(with_returns(run, RETURN)).to_dicts()
    assert (row["in_pence"], row["out_pence"], row["lines_moved_pence"]) == (400_00, 200_00, 200_00)
    assert (row["line_balance_pence"], row["balance_line_id"], row["balance_on"]) == (300_00, "P4", date(2026, 9, 30))
    assert (row["first_on"], row["reached_on"], row["first_line_id"]) == (date(2026, 6, 20), date(2026, 10, 9), "P2")
    assert (row["paid_most_pence"], row["paid_least_pence"]) == (400_00, 0)


def test_a_return_that_names_no_account_is_of_the_only_one(run: Run) -> None:
    (row,) = beside(with_returns(run, {**RETURN, "account_ref": None})).to_dicts()
    assert (row["account_id"], row["line_balance_pence"]) == ("B1", 300_00)


def test_of_two_returns_for_the_same_days_the_one_that_came_last_stands(run: Run) -> None:
    earlier = {**RETURN, "return_id": "M9", "run_id": "QZZ-2026-10-01", "closing_pence": 1_00}
    assert beside(with_returns(run, earlier, RETURN))["return_id"].to_list() == ["M1"]


def test_the_return_before_is_that_of_the_same_account(run: Run) -> None:
    before = {**RETURN, "return_id": "M0", "period_from_on": date(2026, 4, 1), "period_to_on": date(2026, 6, 30), "closing_pence": 90_00}
    other = {**before, "return_id": "M8", "account_ref": "B2", "closing_pence": 1_00}
    rows = {row["return_id"]: row for row in beside(with_returns(run, before, other, RETURN)).to_dicts()}
    assert (rows["M1"]["before_pence"], rows["M1"]["before_on"]) == (90_00, date(2026, 6, 30))
    assert rows["M8"]["reached_on"] is None


def test_a_return_that_agrees_asks_nothing_and_one_that_does_not_says_by_how_much(run: Run) -> None:
    flagged.build(with_returns(run, RETURN))
    assert "E-13" not in rules_of(run)
    fill(run, {"validated.monitoring_returns": [{**RETURN, "return_id": "M2", "account_ref": None, "statement_balance_pence": 312_34}]})
    run.warehouse.run("DELETE FROM validated.monitoring_returns WHERE return_id = 'M1'")
    flagged.build(run)
    told = one(run, "findings", "E-13")
    assert (told["subject_code"], told["subject_id"], told["at_stake_pence"]) == ("return", "M2", 12_34)
    assert "stood at £312.34 on 30 September 2026. By the lines we hold it stood at £300.00, £12.34 apart." in told["sentence"]
