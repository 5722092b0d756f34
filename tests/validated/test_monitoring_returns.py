"""Monitoring returns: sums in pence, what is not given stays unknown, what cannot be placed is refused."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.run import Run
from tests.validated import small_world as a


def admitted(run: Run, **more: object) -> list[dict[str, object]]:
    a.validate(run, a.world(monitoring_returns=[a.monitoring_return(**more)]))
    return run.warehouse.frame("SELECT * FROM validated.monitoring_returns").to_dicts()


def test_sums_are_pence_and_what_is_not_given_is_unknown(run: Run) -> None:
    (row,) = admitted(run, opening_text="£1,100.50", statement_balance_text="(12.00)")
    assert (row["opening_pence"], row["wages_pence"], row["statement_balance_pence"], row["agency_pence"]) == (110050, 45000, -1200, None)
    assert (row["period_from_on"], row["period_to_on"]) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (row["is_declared"], row["due_on"]) == (True, None)


@pytest.mark.parametrize("column", ["period_from_text", "period_to_text", "opening_text", "closing_text", "holder_ref"])
def test_a_return_without_period_or_balances_is_refused(run: Run, column: str) -> None:
    assert admitted(run, **{column: None}) == []


def test_a_period_that_ends_before_it_begins_is_refused(run: Run) -> None:
    assert admitted(run, period_to_text="30/06/2026") == []
