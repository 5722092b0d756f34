"""A refund stands beside the purchase it gives money back for; no purchase gives back more than it cost; ties stay open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.matched import build
from phb_audit.matched.refunds import BACK_DAYS, links_of
from phb_audit.run import Run
from tests.builders import fill
from tests.matched.worlds import HOLDER, matched, paid, with_payments

DAY = date(2026, 8, 3)
Line = tuple[str, int, int, str]


def lines(*given: Line) -> list[dict[str, object]]:
    return [
        paid(name, DAY + timedelta(days), pence, payee, **({"kind_code": "refund", "category_code": "Z02"} if pence < 0 else {}))
        for name, days, pence, payee in given
    ]


def links(run: Run) -> list[tuple[object, ...]]:
    asked = "SELECT refund_id, purchase_id, link_code, left_pence FROM matched.refund_links ORDER BY refund_id, purchase_id"
    return run.warehouse.frame(asked).rows()


def found(run: Run, *given: Line) -> list[tuple[object, ...]]:
    matched(run, *lines(*given))
    return links(run)


def test_the_purchase_of_that_amount_comes_before_a_nearer_one(run: Run) -> None:
    given = (("P1", 0, 30_00, "GREEN DOOR"), ("P2", 5, 80_00, "GREEN DOOR"), ("P3", 9, -30_00, "GREEN DOOR"))
    assert found(run, *given) == [("P3", "P1", "one", 0)]


def test_a_part_is_given_back_for_the_nearest_purchase_and_its_cost_is_told(run: Run) -> None:
    given = (("P1", 0, 90_00, "GREEN DOOR"), ("P2", 20, 80_00, "GREEN DOOR"), ("P3", 24, -30_00, "GREEN DOOR"))
    assert found(run, *given) == [("P3", "P2", "one", 50_00)]


@pytest.mark.parametrize(("apart", "code"), [(9, "open"), (10, "one")])
def test_two_purchases_nearly_as_likely_stay_open(run: Run, apart: int, code: str) -> None:
    given = (("P1", 0, 30_00, "GREEN DOOR"), ("P2", apart, 30_00, "GREEN DOOR"), ("P3", 30, -30_00, "GREEN DOOR"))
    told = found(run, *given)
    assert {row[2] for row in told} == {code}
    assert [row[1] for row in told] == (["P1", "P2"] if code == "open" else ["P2"])
    assert all((row[3] is None) == (code == "open") for row in told)


def test_as_many_refunds_as_purchases_are_no_tie(run: Run) -> None:
    bought = [("P1", 0, 30_00, "GREEN DOOR"), ("P2", 3, 30_00, "GREEN DOOR")]
    assert found(run, *bought, ("P3", 9, -30_00, "GREEN DOOR"), ("P4", 11, -30_00, "GREEN DOOR")) == [
        ("P3", "P1", "one", 0),
        ("P4", "P2", "one", 0),
    ]


def test_a_number_in_both_lines_settles_it(run: Run) -> None:
    rows = lines(("P1", 0, 30_00, "GREEN DOOR"), ("P2", 3, 30_00, "GREEN DOOR"), ("P3", 9, -30_00, "GREEN DOOR"))
    for row, words in zip(rows, ("ORDER 48213", "ORDER 48377", "REFUND 48213"), strict=True):
        row["description"] = words
    matched(run, *rows)
    assert links(run) == [("P3", "P1", "one", 0)]


def test_a_number_in_every_line_of_a_shop_settles_nothing(run: Run) -> None:
    rows = lines(("P1", 0, 30_00, "GREEN DOOR"), ("P2", 3, 30_00, "GREEN DOOR"), ("P3", 9, -30_00, "GREEN DOOR"))
    for row in rows:
        row["description"] = "TILL 48213"
    matched(run, *rows)
    assert [row[2] for row in links(run)] == ["open", "open"]
    (points,) = run.warehouse.frame("SELECT DISTINCT points - (120 - (refund_on - bought_on)) FROM matched.refund_links").to_series()
    assert points == 400


def test_the_rest_of_a_purchase_is_known_after_its_first_refund(run: Run) -> None:
    given = (("P1", 0, 90_00, "GREEN DOOR"), ("P3", 2, -30_00, "GREEN DOOR"), ("P4", 9, -60_00, "GREEN DOOR"))
    assert found(run, *given) == [("P3", "P1", "one", 60_00), ("P4", "P1", "one", 0)]


def test_another_payee_and_a_later_purchase_are_not_taken(run: Run) -> None:
    given = (("P1", 0, 30_00, "RED BARN"), ("P2", 10, 30_00, "GREEN DOOR"), ("P3", 9, -30_00, "GREEN DOOR"))
    assert found(run, *given) == []


@pytest.mark.parametrize(("days", "count"), [(0, 1), (BACK_DAYS, 1), (BACK_DAYS + 1, 0)])
def test_a_purchase_long_ago_is_not_taken(run: Run, days: int, count: int) -> None:
    assert len(found(run, ("P1", 0, 30_00, "GREEN DOOR"), ("P3", days, -30_00, "GREEN DOOR"))) == count


def test_the_reason_tells_the_points(run: Run) -> None:
    found(run, ("P1", 0, 90_00, "GREEN DOOR"), ("P3", 9, -30_00, "GREEN DOOR"))
    (words,) = run.warehouse.frame("SELECT because FROM matched.refund_links").to_series()
    (points,) = run.warehouse.frame("SELECT points FROM matched.refund_links").to_series()
    assert (points, words) == (211, "gives back a part of the £90.00 left of what was paid (100); 9 days after (111)")


def test_a_refund_of_a_later_night_finds_the_purchase_of_an_earlier_one(run: Run) -> None:
    early = {"run_id": "QZZ-2026-09-30"}
    with_payments(run, *(row | early for row in lines(("P1", 0, 30_00, "GREEN DOOR"))))
    fill(run, {"nights.runs": [{"run_id": "QZZ-2026-09-30", "as_of_on": date(2026, 9, 30), "state_code": "published"}]})
    with_payments(run, *lines(("P3", 40, -30_00, "GREEN DOOR")))
    build(run)
    assert links(run) == [("P3", "P1", "one", 0)]
    build(run)
    assert links(run) == [("P3", "P1", "one", 0)]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(-9, 9).filter(bool)), max_size=12))
def test_no_purchase_gives_back_more_than_it_cost(drawn: list[tuple[int, int]]) -> None:
    rows = [(f"P{place:02d}", DAY + timedelta(days), pence) for place, (days, pence) in enumerate(drawn)]
    pairs = [
        {"holder_id": HOLDER, "account_id": "B1", "refund_id": one, "purchase_id": other, "refund_on": on, "bought_on": bought_on}
        | {"back_pence": -pence, "bought_pence": cost, "has_number": False}
        for one, on, pence in sorted(rows, key=lambda row: (row[1], row[0]))
        for other, bought_on, cost in rows
        if pence < 0 < cost and cost >= -pence and bought_on <= on
    ]
    told = links_of(pairs)
    given_back: dict[str, int] = {}
    for row in told:
        if row["link_code"] == "one":
            given_back[row["purchase_id"]] = given_back.get(row["purchase_id"], 0) + row["back_pence"]
    cost = {name: pence for name, _, pence in rows}
    assert all(back <= cost[name] for name, back in given_back.items())
    each = [row["refund_id"] for row in told if row["link_code"] == "one"]
    assert len(each) == len(set(each))
    assert not set(each) & {row["refund_id"] for row in told if row["link_code"] == "open"}
