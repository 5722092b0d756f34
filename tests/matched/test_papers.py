"""The same paper handed in twice."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.matched import build
from phb_audit.run import Run
from tests.builders import Row, fill
from tests.matched.worlds import receipt, rows_of

DAY = date(2026, 6, 10)
OTHER = "H0000000000000002"
FULL = {"invoice_number": "INV 0042"}


def papers(run: Run, *receipts: Row) -> dict[str, tuple[object, object, object]]:
    """Paper, uses and holders of each receipt."""
    fill(run, {"validated.receipts": receipts})
    build(run)
    found = rows_of(run, "matched.receipts", "receipt_id")
    return {name: (row["sameness_id"], row["times_used_count"], row["holders_count"]) for name, row in found.items()}


def test_the_same_image_is_the_same_paper_for_two_holders(run: Run) -> None:
    found = papers(
        run,
        receipt("R1", DAY, 20_00, "Bright Laundry", image_hash="ab12"),
        receipt("R2", DAY, 21_00, "Bright Laundery", image_hash="AB12", holder_id=OTHER),
        receipt("R3", DAY, 20_00, "Bright Laundry", image_hash="cd34"),
    )
    assert found["R1"][0] == found["R2"][0] != found["R3"][0]
    assert found["R1"][1:] == found["R2"][1:] == (2, 2)
    assert found["R3"][1:] == (1, 1)


def test_without_an_image_supplier_number_date_and_total_together_tell_the_paper(run: Run) -> None:
    found = papers(
        run, receipt("R1", DAY, 20_00, "Bright Laundry Ltd", **FULL), receipt("R2", DAY, 20_00, "BRIGHT LAUNDRY", invoice_number="inv-0042")
    )
    assert found["R1"][0] == found["R2"][0]
    assert found["R1"][1:] == (2, 1)


@pytest.mark.parametrize("missing", ["supplier_name", "invoice_number", "dated_on", "total_pence"])
def test_a_paper_that_says_too_little_is_like_no_other(run: Run, missing: str) -> None:
    bare = {**receipt("R1", DAY, 20_00, "Bright Laundry", **FULL), missing: None}
    found = papers(run, bare, {**bare, "receipt_id": "R2"})
    assert found["R1"] == found["R2"] == (None, 1, 1)


def test_a_paper_sent_again_by_another_holder_on_a_later_night_counts_for_both(run: Run) -> None:
    papers(run, receipt("R1", DAY, 20_00, "Bright Laundry", image_hash="ab12", run_id=run.run_id))
    before = rows_of(run, "matched.receipts", "receipt_id")["R1"]
    tonight = later_night(run)
    found = papers(tonight, receipt("R2", DAY, 20_00, "Bright Laundry", image_hash="ab12", holder_id=OTHER))
    assert found["R1"][1:] == found["R2"][1:] == (2, 2)
    assert rows_of(run, "matched.receipts", "receipt_id")["R1"]["run_id"] == before["run_id"]


def later_night(run: Run) -> Run:
    """The same warehouse a month later."""
    return Run(run.commissioner_code, date(2026, 11, 30), run.inbox, run.settings, run.warehouse)
