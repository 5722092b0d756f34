"""A pair a person took apart is remembered: more papers do not bring it back, a corrected receipt does."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit.cases.receipt_pairs import decide_pair
from phb_audit.settings import Settings
from phb_audit.validated.receipts import NAMING
from phb_audit.warehouse import Warehouse
from tests.flows.nights import CODE, fresh_home, night_of, run_in_this_process, small_world

PAIRED = """
SELECT links.payment_id, links.receipt_id, receipts.receipt_ref, receipts.invoice_number
FROM matched.receipt_links AS links JOIN validated.receipts AS receipts USING (receipt_id)
WHERE link_code = 'one' AND receipts.invoice_number IS NOT NULL ORDER BY links.payment_id
"""


def frame(home: Path, asked: str, **given: object) -> pl.DataFrame:
    warehouse = Warehouse(Settings(home).warehouse_path(CODE), read_only=True)
    try:
        return warehouse.frame(asked, given or None)
    finally:
        warehouse.close()


def links_of(home: Path, payment_id: str) -> list[str]:
    """The receipts beside a payment."""
    asked = "SELECT receipt_id FROM matched.receipt_links WHERE payment_id = $payment_id ORDER BY ALL"
    return frame(home, asked, payment_id=payment_id)["receipt_id"].to_list()


def rows_sent(world: Path) -> dict[str, list[dict[str, str]]]:
    """The rows of files that are plain CSV, by receipt."""
    found: dict[str, list[dict[str, str]]] = {}
    for path in sorted((world / CODE / "receipts").glob("portal_????-??.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("receipt_ref"):
                    found.setdefault(row["receipt_ref"], []).append(row)
    return found


def send(world: Path, rows: list[dict[str, str]], name: str, **changes: str) -> None:
    """The rows of a receipt sent in a file of their own, changed."""
    with (world / CODE / "receipts" / name).open("w", encoding="utf-8", newline="") as file:
        told = csv.DictWriter(file, list(rows[0]))
        told.writeheader()
        told.writerows(row | changes for row in rows)


@pytest.mark.slow
def test_a_pair_taken_apart_comes_back_only_with_a_corrected_receipt(tmp_path: Path) -> None:
    world, home = small_world(tmp_path / "world"), fresh_home(tmp_path / "home")
    run_in_this_process(night_of(world, home))
    was_sent = rows_sent(world)
    payment_id, receipt_id, receipt_ref, number = next(row for row in frame(home, PAIRED).iter_rows() if row[2] in was_sent)
    rows = was_sent[receipt_ref]
    assert links_of(home, payment_id) == [receipt_id]

    decide_pair(Settings(home), CODE, (payment_id, receipt_id), is_together=False, reason="Not this one", by="Ada Reviewer")
    run_in_this_process(night_of(world, home, day=date(2026, 11, 7)))
    assert links_of(home, payment_id) == []

    send(world, rows, "the_same_again.csv")
    other = {"receipt_ref": "R-other", "invoice_no": "INV-1", "total": "1.11", "line_total": "1.11", "receipt_date": "01/02/2026"}
    send(world, rows[:1], "another.csv", **other)
    run_in_this_process(night_of(world, home, day=date(2026, 11, 14)))
    assert links_of(home, payment_id) == []

    send(world, rows, "corrected.csv", invoice_no=f"{number}-A")
    run_in_this_process(night_of(world, home, day=date(2026, 11, 21)))
    (again,) = links_of(home, payment_id)
    assert again != receipt_id


@pytest.mark.parametrize(
    ("changed", "is_another"),
    [
        ({"total_pence": 20_01}, True),
        ({"dated_on": date(2026, 10, 4)}, True),
        ({"invoice_number": "8"}, True),
        ({"receipt_ref": "r2"}, True),
        ({}, False),
    ],
)
def test_what_makes_a_receipt_another_one(tmp_path: Path, changed: dict[str, object], is_another: bool) -> None:
    """A new total, day, number or sender's id is new evidence; the same again is not."""
    from phb_audit.validated import receipts
    from phb_audit.warehouse import sql

    said = {"holder_id": "H1", "receipt_ref": "r1", "invoice_number": "7", "dated_on": date(2026, 10, 3), "total_pence": 20_00}
    warehouse = Warehouse(tmp_path / "a.duckdb")
    typed = pl.DataFrame([said, said | changed], orient="row").select(NAMING)
    one, other = warehouse.frame(sql(receipts.__file__, "receipt_ids"), typed_receipts=typed)["receipt_id"]
    warehouse.close()
    assert (one != other) is is_another
