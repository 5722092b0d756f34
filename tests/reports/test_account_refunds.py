"""A refund stands beside the purchase it gives money back for, and no purchase gets back more than it cost."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.reports.account_refunds import BACK_DAYS, refunds_beside_purchases

DAY = date(2026, 8, 3)


def lines(*given: tuple[str, int, int, str]) -> pl.DataFrame:
    names = {"payment_id": pl.String, "paid_on": pl.Date, "amount_pence": pl.Int64, "payee_id": pl.String, "kind_code": pl.String}
    rows = [(name, DAY + timedelta(days), pence, payee, "refund" if pence < 0 else "purchase") for name, days, pence, payee in given]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(payee_shown="payee_id")


def found(*given: tuple[str, int, int, str]) -> list[tuple[str | None, int | None]]:
    return [(one.purchase_id, one.cost_pence) for one in refunds_beside_purchases(lines(*given))]


def test_the_purchase_of_that_amount_comes_before_a_nearer_one() -> None:
    assert found(("P1", 0, 30_00, "M1"), ("P2", 5, 80_00, "M1"), ("P3", 9, -30_00, "M1")) == [("P1", 0)]


def test_a_part_is_given_back_for_the_nearest_purchase_and_its_cost_is_told() -> None:
    assert found(("P1", 0, 90_00, "M1"), ("P2", 5, 80_00, "M1"), ("P3", 9, -30_00, "M1")) == [("P2", 50_00)]


def test_the_rest_of_a_purchase_is_known_after_its_first_refund() -> None:
    assert found(("P1", 0, 90_00, "M1"), ("P3", 2, -30_00, "M1"), ("P4", 9, -60_00, "M1")) == [("P1", 60_00), ("P1", 0)]


def test_another_payee_a_later_purchase_and_one_long_ago_are_not_taken() -> None:
    alone = (("P1", 0, 30_00, "M2"), ("P2", 10, 30_00, "M1"), ("P3", 9, -30_00, "M1"))
    assert found(*alone) == [(None, None)]
    assert found(("P1", 0, 30_00, "M1"), ("P3", BACK_DAYS, -30_00, "M1")) == [("P1", 0)]
    assert found(("P1", 0, 30_00, "M1"), ("P3", BACK_DAYS + 1, -30_00, "M1")) == [(None, None)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-9_00, 9_00).filter(bool), st.sampled_from(["M1", "M2"])), max_size=12))
def test_no_purchase_gets_back_more_than_it_cost(drawn: list[tuple[int, int, str]]) -> None:
    rows = [(f"P{place:02d}", *one) for place, one in enumerate(drawn)]
    told = refunds_beside_purchases(lines(*rows))
    assert len(told) == sum(pence < 0 for _, pence, _ in drawn)
    given_back: dict[str, int] = {}
    for one in told:
        if one.purchase_id is not None:
            given_back[one.purchase_id] = given_back.get(one.purchase_id, 0) + one.refund_pence
    paid = {name: pence for name, _, pence, _ in rows}
    assert all(back <= paid[name] for name, back in given_back.items())
