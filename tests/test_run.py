"""The books of a stage."""

from __future__ import annotations

import pytest

from phb_audit.errors import BooksDoNotBalance
from phb_audit.run import Run, StageTotals, Total

EVEN = StageTotals("matched", (Total("in", "payments", 3, 30_00), Total("out", "matched", 2, 10_00), Total("out", "held", 1, 20_00)))
A_PENNY_SHORT = StageTotals("matched", (Total("in", "payments", 3, 30_00), Total("out", "matched", 3, 29_99)))
A_ROW_SHORT = StageTotals("matched", (Total("in", "payments", 3, 30_00), Total("out", "matched", 2, 30_00)))


def test_even_books_are_kept_and_pass(run: Run) -> None:
    run.keep_books(EVEN)
    assert run.warehouse.frame("SELECT count(*) FROM nights.control_totals").item() == 3


@pytest.mark.parametrize("books", [A_PENNY_SHORT, A_ROW_SHORT])
def test_books_that_do_not_balance_stop_the_night_and_are_kept_for_the_reader(run: Run, books: StageTotals) -> None:
    with pytest.raises(BooksDoNotBalance, match="matched"):
        run.keep_books(books)
    assert run.warehouse.frame("SELECT count(*) FROM nights.control_totals").item() == 2


def test_books_kept_twice_stand_once(run: Run) -> None:
    run.keep_books(EVEN)
    run.keep_books(EVEN)
    assert run.warehouse.frame("SELECT count(*) FROM nights.control_totals").item() == 3
