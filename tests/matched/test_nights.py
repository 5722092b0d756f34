"""Several nights over one world: what is matched again, what stands, and that many nights end where one would."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from phb_audit.matched import build
from phb_audit.matched.asked import ask
from phb_audit.run import Run
from tests.builders import Row, fill, make_run
from tests.matched.worlds import HOLDER, line, one_off, paid, plan, receipt, rows_of, with_payments

FIRST, SECOND = date(2026, 9, 30), date(2026, 10, 31)
OURS = ("matched.payments", "matched.receipts", "matched.receipt_links", "matched.accounts", "nights.control_totals")
CLUB = "MEADOW RIDING SCHOOL"
BUDGET = {"annual_pence": 5200_00, "starts_on": date(2026, 4, 1), "ends_on": date(2027, 3, 31), "holding_code": "direct_payment"}
REGISTERS = {
    "plans": [plan()],
    "plan_lines": [line(1, "T07", "riding lessons"), one_off(2, "E01", "laptop computer", 600_00)],
    "budgets": [{"holder_id": HOLDER, "account_id": "B0000000000000001", "budget_id": "G1", **BUDGET}],
}


def night(run: Run, as_of: date) -> Run:
    """Another night on the same warehouse."""
    return Run(run.commissioner_code, as_of, run.inbox, run.settings, run.warehouse)


def arrive(run: Run, *payments: Row, **tables: list[Row]) -> Run:
    """What arrives on one night, matched."""
    with_payments(run, *payments)
    fill(run, {f"validated.{name}": given for name, given in tables.items()})
    build(run)
    return run


def state(run: Run) -> dict[str, pl.DataFrame]:
    return {name: run.warehouse.connection.table(name).pl().sort(pl.all()) for name in OURS}


def lessons(first: date, weeks: int) -> list[Row]:
    days = [first + timedelta(days=7 * week) for week in range(weeks)]
    return [paid(f"P{day:%m%d}", day, 40_00, CLUB, "T07") for day in days]


def slips(first: date, weeks: int) -> list[Row]:
    return [receipt(f"R{row['paid_on']:%m%d}", row["paid_on"], 40_00, "Meadow Riding School") for row in lessons(first, weeks)]  # type: ignore[arg-type, str-format]


def two_nights(run: Run) -> Run:
    """A world over two nights; a laptop in two parts, the second on the second night, after a third payment too many."""
    first = [*lessons(date(2026, 8, 3), 8), paid("PA", date(2026, 8, 20), 200_00, "LAPTOP WORLD", "E01")]
    arrive(night(run, FIRST), *first, receipts=slips(date(2026, 8, 3), 6), **REGISTERS)
    second = [
        *lessons(date(2026, 9, 28), 4),
        paid("PB", date(2026, 9, 29), 400_00, "LAPTOP WORLD", "E01"),
        paid("PC", date(2026, 10, 2), 300_00, "LAPTOP WORLD", "E01"),
    ]
    return arrive(night(run, SECOND), *second, receipts=slips(date(2026, 9, 14), 5))


def one_night(folder: Path) -> Run:
    run = make_run(folder, as_of=SECOND)
    payments = [*lessons(date(2026, 8, 3), 12), paid("PA", date(2026, 8, 20), 200_00, "LAPTOP WORLD", "E01")]
    payments.append(paid("PB", date(2026, 9, 29), 400_00, "LAPTOP WORLD", "E01"))
    payments.append(paid("PC", date(2026, 10, 2), 300_00, "LAPTOP WORLD", "E01"))
    return arrive(run, *payments, receipts=slips(date(2026, 8, 3), 11), **REGISTERS)


@pytest.mark.parametrize("table", OURS[:3])
def test_two_nights_end_where_one_does(run: Run, tmp_path: Path, table: str) -> None:
    two_nights(run)
    once = one_night(tmp_path / "once")
    assert state(run)[table].drop("run_id").sort(pl.all()).equals(state(once)[table].drop("run_id").sort(pl.all()))
    once.warehouse.close()


def test_only_what_tonight_bears_on_is_of_tonight(run: Run) -> None:
    tonight = two_nights(run).run_id
    found = rows_of(run)
    assert found["P0803"]["run_id"] != tonight, "nothing tonight bears on it"
    assert found["P0914"]["run_id"] == tonight, "its receipt came tonight"
    assert {found[name]["is_preapproved"] for name in ("PA", "PB")} == {True} and not found["PC"]["is_preapproved"]


def test_a_night_tried_again_asks_the_same_and_gives_the_same(run: Run) -> None:
    tonight = two_nights(run)
    before = state(run)
    build(tonight)
    after = state(run)
    for name in OURS:
        assert after[name].equals(before[name]), name


def test_a_late_purchase_shifts_the_budget_after_it(run: Run) -> None:
    arrive(night(run, FIRST), paid("P1", date(2026, 5, 1), 10_00, "A"), paid("P2", date(2026, 5, 20), 20_00, "A"), **REGISTERS)
    tonight = arrive(night(run, SECOND), paid("P3", date(2026, 5, 10), 3_00, "A"))
    found = rows_of(run)
    assert [found[name]["spent_to_date_pence"] for name in ("P1", "P3", "P2")] == [10_00, 13_00, 33_00]
    assert found["P2"]["remaining_pence"] == 5200_00 - 33_00
    assert [found[name]["run_id"] == tonight.run_id for name in ("P1", "P3", "P2")] == [False, True, True]
    books = state(run)["nights.control_totals"].filter(pl.col("run_id") == tonight.run_id)
    assert books.group_by("side_code").agg(pl.col("rows_count", "sum_pence").sum()).sort("side_code").rows() == [
        ("in", 2, 23_00),
        ("out", 2, 23_00),
    ]
    before = state(run)
    build(tonight)
    assert all(state(run)[name].equals(before[name]) for name in OURS)


def test_an_earlier_pair_stands_until_its_holder_is_looked_at_whole(run: Run) -> None:
    day = date(2026, 9, 20)
    near = receipt("R1", day, 40_50, "Meadow Riding School")
    arrive(night(run, FIRST), paid("P1", day, 40_00, CLUB, "T07"), receipts=[near], **REGISTERS)
    arrive(night(run, SECOND), receipts=[receipt("R2", day, 40_00, "Meadow Riding School")])
    assert rows_of(run)["P1"]["receipt_id"] == "R1", "the better receipt came too late"
    event = {"event_id": "V1", "holder_id": HOLDER, "event_code": "review", "from_on": day}
    arrive(night(run, date(2026, 11, 30)), holder_events=[event])
    assert rows_of(run)["P1"]["receipt_id"] == "R2"
    receipts = rows_of(run, "matched.receipts", "receipt_id")
    assert (receipts["R1"]["payment_id"], receipts["R2"]["payment_id"]) == (None, "P1")


def test_a_payment_meets_a_receipt_that_came_a_night_before(run: Run) -> None:
    day = date(2026, 9, 29)
    arrive(night(run, FIRST), receipts=[receipt("R1", day, 40_00, "Meadow Riding School")], **REGISTERS)
    tonight = arrive(night(run, SECOND), paid("P1", day, 40_00, CLUB, "T07"))
    assert rows_of(run)["P1"]["receipt_id"] == "R1"
    found = rows_of(run, "matched.receipts", "receipt_id")["R1"]
    assert (found["payment_id"], found["run_id"]) == ("P1", tonight.run_id)


def test_what_a_night_that_never_ended_left_is_matched_by_the_next(run: Run) -> None:
    with_payments(night(run, FIRST), paid("P1", date(2026, 9, 1), 40_00, CLUB, "T07"))
    arrive(night(run, SECOND), **REGISTERS)
    assert rows_of(run)["P1"]["match_code"] == "fits"


def test_a_new_line_asks_a_whole_holder_and_a_new_payment_does_not(run: Run) -> None:
    two_nights(run)
    later = with_payments(night(run, date(2026, 11, 30)), paid("P9", date(2026, 11, 2), 1_00, "A"))
    assert ask(later)["payments_count"].to_list() == [1]
    fill(later, {"validated.plan_lines": [line(3, "T01", "swimming")]})
    assert ask(later)["payments_count"].to_list() == [16]


def tie(day: date) -> tuple[Row, Row]:
    """Two payments nobody can tell apart."""
    return paid("P1", day, 40_00, CLUB, "T07"), paid("P2", day, 40_00, CLUB, "T07")


def codes(run: Run) -> dict[str, object]:
    return {name: row["receipt_match_code"] for name, row in rows_of(run).items()}


def test_a_receipt_that_comes_later_fills_a_tie_and_the_night_again_says_the_same(run: Run) -> None:
    day = date(2026, 9, 10)
    arrive(night(run, FIRST), *tie(day), receipts=[receipt("R1", day, 40_00, CLUB)])
    assert codes(run) == {"P1": "open_short", "P2": "open_short"}
    second = night(run, SECOND)
    arrive(second, receipts=[receipt("R2", day, 40_00, CLUB)])
    assert codes(run) == {"P1": "open", "P2": "open"}
    before = state(run)
    build(second)
    assert all(before[name].equals(after) for name, after in state(run).items())


def test_a_later_payment_takes_no_receipt_out_of_a_tie(run: Run) -> None:
    day = date(2026, 9, 10)
    arrive(night(run, FIRST), *tie(day), receipts=[receipt("R1", day, 40_00, CLUB), receipt("R2", day, 40_00, CLUB)])
    arrive(night(run, SECOND), paid("P3", day + timedelta(days=6), 40_00, CLUB, "T07"))
    assert codes(run) == {"P1": "open", "P2": "open", "P3": None}


def test_two_slips_stay_with_their_payment_when_more_arrives(run: Run) -> None:
    day = date(2026, 9, 10)
    slips_of_it = [receipt("R1", day, 25_00, CLUB), receipt("R2", day, 15_00, CLUB)]
    arrive(night(run, FIRST), paid("P1", day, 40_00, CLUB, "T07"), receipts=slips_of_it)
    arrive(night(run, SECOND), paid("P3", day + timedelta(days=1), 15_00, CLUB, "T07"))
    assert codes(run) == {"P1": "split", "P3": None}
