"""The stage as the night calls it: who is matched, what is replaced, and the books."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.errors import BooksDoNotBalance
from phb_audit.matched import build
from phb_audit.matched.asked import in_parts
from phb_audit.run import Run
from phb_audit.tables import TABLES
from tests.builders import fill
from tests.matched.worlds import HOLDER, line, matched, paid, plan, receipt, rows_of, with_payments

DAY = date(2026, 6, 10)
OTHER = "H0000000000000002"
EARLIER = "QZZ-2026-09-30"
OURS = ("matched.payments", "matched.receipts", "matched.accounts")


def everything(run: Run) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(run.warehouse.connection.table(name).fetchall(), key=str) for name in OURS}


def small_world(run: Run) -> None:
    matched(
        run,
        paid("P1", DAY, 40_00, "MEADOW RIDING SCHOOL", "T07"),
        paid("P2", DAY, -5_00, "MEADOW RIDING SCHOOL", "T07", kind_code="refund"),
        paid("P3", DAY, -500_00, "NHS QZZ", "M03", kind_code="instalment", is_spend=False),
        plans=[plan()],
        plan_lines=[line(1, "T07", "riding lessons")],
        receipts=[receipt("R1", DAY, 40_00, "Meadow Riding School", image_hash="ab12")],
    )


def test_the_books_balance_and_are_kept(run: Run) -> None:
    small_world(run)
    kept = run.warehouse.connection.table("nights.control_totals").pl().filter(pl.col("stage_name") == "matched")
    sums = kept.group_by("side_code").agg(pl.col("rows_count", "sum_pence").sum()).sort("side_code")
    assert sums.rows() == [("in", 3, -465_00), ("out", 3, -465_00)]


def test_a_payment_lost_on_the_way_stops_the_night(run: Run) -> None:
    nameless = {"payment_id": "P9", "holder_id": HOLDER, "kind_code": "purchase", "amount_pence": 1_00}
    fill(run, {"validated.payments": [nameless]})
    with pytest.raises(BooksDoNotBalance, match="matched"):
        build(run)


def test_a_second_try_of_the_night_gives_the_same(run: Run) -> None:
    small_world(run)
    before = everything(run)
    build(run)
    assert everything(run) == before


def test_the_parts_a_night_is_cut_into_make_no_difference(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with_payments(run, *(paid(f"P{n}", DAY, n + 1, "MEADOW RIDING", "T07", holder_id=f"H{n % 5:016d}") for n in range(20)))
    build(run)
    whole = everything(run)
    monkeypatch.setattr("phb_audit.matched.in_parts", lambda holders: in_parts(holders, 3))
    build(run)
    assert everything(run) == whole


def test_a_holder_is_never_split(run: Run) -> None:
    holders = pl.DataFrame({"holder_id": ["H1", "H2", "H3"], "payments_count": [5, 1, 9]})
    parts = [part["holder_id"].to_list() for part in in_parts(holders, 4)]
    assert sorted(name for part in parts for name in part) == ["H1", "H2", "H3"]


def test_holders_not_touched_tonight_keep_their_rows(run: Run) -> None:
    with_payments(run, paid("P8", DAY, 1_00, "A", run_id=EARLIER, holder_id=OTHER))
    kept = {"holder_id": OTHER, "run_id": EARLIER}
    ended = {"run_id": EARLIER, "stage_name": "matched", "rows_count": 1, "sum_pence": 1_00}
    fill(run, {"nights.control_totals": [{**ended, "side_code": "in"}, {**ended, "side_code": "out"}]})
    fill(run, {"matched.payments": [{"payment_id": "P8", **kept}], "matched.receipts": [{"receipt_id": "R8", **kept}]})
    fill(run, {"matched.accounts": [{"account_id": "B8", **kept}]})
    before = everything(run)
    small_world(run)
    after = everything(run)
    for name in OURS:
        assert set(before[name]) <= set(after[name]) and len(after[name]) > len(before[name])


def test_a_touched_holder_is_matched_whole_and_anew(run: Run) -> None:
    with_payments(run, paid("P8", DAY, 40_00, "MEADOW RIDING SCHOOL", "T07", run_id=EARLIER))
    fill(run, {"matched.payments": [{"payment_id": "P8", "holder_id": HOLDER, "run_id": EARLIER, "match_code": "no_plan"}]})
    found = matched(run, plans=[plan()], plan_lines=[line(1, "T07", "riding lessons")])
    assert len(found) == 1
    assert (found["P8"]["match_code"], found["P8"]["run_id"]) == ("fits", run.run_id), "a plan that came tonight settles an older payment"


@pytest.mark.parametrize("table", ["people", "holder_events", "pay_slips", "instalments", "receipts", "budgets", "plan_outcomes"])
def test_any_new_row_touches_its_holder(run: Run, table: str) -> None:
    with_payments(run, paid("P1", DAY, 1_00, "A", run_id=EARLIER))
    fill(run, {f"validated.{table}": [{"holder_id": HOLDER}]})
    build(run)
    assert rows_of(run)["P1"]["run_id"] == run.run_id


def test_a_night_with_nothing_new_changes_nothing(run: Run) -> None:
    totals = build(run)
    assert totals.balance == (0, 0)
    assert everything(run) == {name: [] for name in OURS}


def test_every_column_that_must_be_filled_is(run: Run) -> None:
    small_world(run)
    for name in OURS:
        frame = run.warehouse.connection.table(name).pl()
        must = [column.name for column in TABLES[name].columns if not column.nullable]
        assert frame.height and frame.select(must).null_count().sum_horizontal().item() == 0


def test_listed_values_are_the_only_ones(run: Run) -> None:
    small_world(run)
    frame = run.warehouse.connection.table("matched.payments").pl()
    for column in TABLES["matched.payments"].columns:
        if column.values:
            assert set(frame[column.name].drop_nulls()) <= set(column.values)


def test_days_in_hospital_or_away_are_open_with_both_ends(run: Run) -> None:
    stay = {"event_id": "V1", "holder_id": HOLDER, "event_code": "admission", "from_on": date(2026, 6, 10), "to_on": date(2026, 6, 12)}
    still = {**stay, "event_id": "V2", "event_code": "absence", "from_on": date(2026, 7, 1), "to_on": None}
    review = {**stay, "event_id": "V3", "event_code": "review", "from_on": date(2026, 5, 1)}
    days = {"P1": date(2026, 6, 9), "P2": date(2026, 6, 10), "P3": date(2026, 6, 12), "P4": date(2026, 6, 13), "P5": date(2026, 8, 1)}
    found = matched(run, *(paid(name, on, 1_00, "A") for name, on in days.items()), holder_events=[stay, still, review])
    assert [found[name]["is_event_open"] for name in days] == [False, True, True, False, True]
