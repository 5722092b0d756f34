"""Unspent money: in weeks, by age, and what came back."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.finance.unspent import AGES, OLDER, aged
from phb_audit.run import Run
from tests.builders import fill
from tests.finance import worlds as a

DAY = date(2026, 10, 31)
NAMES = [*(name for name, _ in AGES), OLDER]


def account(balance: int | None, *, account_id: str = a.ACCOUNT, due: int = 0, **more: object) -> dict[str, object]:
    return {"account_id": account_id, "holder_id": a.HOLDER, "holding_code": "direct_payment", "balance_pence": balance,
            "due_pence": due, "weekly_pence": 100_00, **more}  # fmt: skip


def paid_in(on: date, pence: int, number: int = 1) -> dict[str, object]:
    return {"holder_id": a.HOLDER, "instalment_id": f"T{number}", "amount_pence": pence, "paid_on": on, "kind_code": "regular"}


def test_weeks_are_those_of_the_budget_after_what_is_due_and_the_limit_itself_is_no_excess(run: Run) -> None:
    fill(run, {"matched.accounts": [account(900_00, due=100_00)], "validated.budgets": [a.budget(5_200_00)]})
    (row,) = a.asked(run, "unspent")
    assert (row["unspent_pence"], row["weeks_held"], row["is_above_limit"]) == (800_00, 8.0, False)
    (row,) = a.asked(run, "unspent", limit_weeks=7.9)
    assert row["is_above_limit"]


def test_an_account_whose_balance_is_not_known_leaves_the_whole_unknown(run: Run) -> None:
    fill(run, {"matched.accounts": [account(900_00), account(None, account_id="B2")]})
    (row,) = a.asked(run, "unspent")
    assert (row["unspent_pence"], row["older_pence"], row["is_above_limit"]) == (None, None, False)


def test_the_newest_money_is_what_lies_there(run: Run) -> None:
    fill(run, {
        "matched.accounts": [account(250_00)],
        "validated.instalments": [
            paid_in(date(2026, 10, 20), 100_00),
            paid_in(date(2026, 9, 20), 100_00, 2),
            paid_in(date(2026, 2, 1), 400_00, 3),
        ],
    })  # fmt: skip
    (row,) = a.asked(run, "unspent")
    assert [row[name] for name in NAMES] == [100_00, 100_00, 0, 0, 50_00]


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 400), st.integers(-1_000, 10**5)), max_size=12))
def test_the_ages_add_up_to_what_is_unspent(unspent: int, payments: list[tuple[int, int]]) -> None:
    held = pl.DataFrame({"holder_id": [a.HOLDER], "unspent_pence": [unspent]})
    rows = [{"holder_id": a.HOLDER, "paid_on": DAY - timedelta(days=days), "amount_pence": pence} for days, pence in payments]
    came = pl.DataFrame(rows, schema={"holder_id": pl.String, "paid_on": pl.Date, "amount_pence": pl.Int64})
    (parts,) = aged(held, came, DAY).select(NAMES).rows()
    assert sum(parts) == unspent
    assert min(parts) >= 0
