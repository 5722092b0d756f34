"""One payment that two feeds tell: what stands on two accounts of a holder is set one beside one, and what speaks for one is counted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl

from phb_audit.detectors.twins import twins
from tests.builders import rows
from tests.detectors.card_nights import warehouse_of

FIRST = date(2026, 1, 5)
DAYS = (FIRST, date(2026, 12, 31))
CARD, BANK = {"account_id": "B1", "feed_code": "card"}, {"account_id": "B2", "feed_code": "bank"}


def paid(name: str, day: int, pence: int, payee: str = "Firth Books", **more: object) -> dict[str, object]:
    on = FIRST + timedelta(days=day)
    said = {"payment_id": name, "holder_id": "H1", "paid_on": on, "amount_pence": pence, "payee_shown": payee, "payee_id": f"M-{payee}"}
    return {**said, "kind_code": "purchase", "is_spend": True, **more}


def told(folder: Path, *given: dict[str, object]) -> pl.DataFrame:
    warehouse = warehouse_of(rows("matched.payments", *given), folder)
    try:
        return twins(warehouse, *DAYS)
    finally:
        warehouse.close()


def test_a_card_purchase_and_its_line_of_the_bank_are_one_beside_one(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        paid("P1", 0, 46_35, **CARD),
        paid("P2", 3, 46_35, "CARD FIRTH BOOKS LEEDS", **BANK),  # three days later, in other words
        paid("P3", 20, 12_00, **CARD),
        paid("P4", 24, 12_00, **BANK),  # a day too late
        paid("P5", 40, 12_50, **CARD),
        paid("P6", 40, 12_51, **BANK),  # another amount
        paid("P7", 60, 9_00, **CARD),
        paid("P8", 60, 9_00, "Garth Foods", **BANK),
        paid("P9", 80, 7_00, **CARD),
        paid("PA", 80, 7_00, **CARD),  # the same account
        paid("PB", 90, 5_00, **CARD),
        paid("PC", 90, 5_00, holder_id="H2", **BANK),
    )
    (row,) = found.to_dicts()
    assert (row["payment_id"], row["before_id"], row["before_on"], row["before_feed_code"]) == ("P2", "P1", FIRST, "card")
    assert (row["gap_days"], row["close_count"], row["both_count"], row["fewer_count"]) == (3, 0, 1, 4)


def test_two_bus_fares_of_a_day_stand_beside_two_and_those_on_one_account_are_counted(tmp_path: Path) -> None:
    fares = [paid(f"C{number}", 0, 2_00, "City Buses", **CARD) for number in range(3)]
    found = told(tmp_path, *fares, *(paid(f"D{number}", 0, 2_00, "City Buses", **BANK) for number in range(2)))
    assert sorted(zip(found["before_id"], found["payment_id"], strict=True)) == [("C0", "D0"), ("C1", "D1")]
    assert found["close_count"].unique().to_list() == [3]


def test_the_nearest_days_belong_together(tmp_path: Path) -> None:
    cards = [paid("C0", 0, 30_00, **CARD), paid("C1", 3, 30_00, **CARD)]
    found = told(tmp_path, *cards, paid("D0", 1, 30_00, **BANK), paid("D1", 4, 30_00, **BANK))
    assert sorted(zip(found["before_id"], found["payment_id"], found["gap_days"], strict=True)) == [("C0", "D0", 1), ("C1", "D1", 1)]


def test_a_holder_with_one_account_is_not_looked_at(tmp_path: Path) -> None:
    assert told(tmp_path, paid("P1", 0, 40_00, **CARD), paid("P2", 0, 40_00, **CARD)).is_empty()
