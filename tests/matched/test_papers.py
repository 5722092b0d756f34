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


PICTURE, NUMBERS = "0" * 160, "n0000111 n0000222 n0000333 n0000444 t0222"
NEAR, FAR = "0" * 15 + "f" + "0" * 144, "f" * 160


def photo(receipt_id: str, image_hash: str, **more: object) -> Row:
    """A photo of a till receipt; unless told otherwise all of them are of one receipt."""
    marks = {"picture_mark": PICTURE, "numbers_mark": NUMBERS, "received_on": DAY, **more}
    return receipt(receipt_id, DAY, 20_00, "Bright Laundry", image_hash=image_hash, **marks)


def alike(run: Run) -> dict[str, object]:
    return {name: row["is_alike"] for name, row in rows_of(run, "matched.receipts", "receipt_id").items()}


def test_another_photo_of_one_receipt_is_the_same_paper_for_two_holders(run: Run) -> None:
    found = papers(
        run, photo("R1", "aa"), photo("R2", "bb", picture_mark=NEAR, holder_id=OTHER), receipt("R3", DAY, 20_00, "Bright Laundry")
    )
    assert found["R1"][0] == found["R2"][0]
    assert found["R1"][1:] == found["R2"][1:] == (2, 2)
    assert alike(run) == {"R1": True, "R2": True, "R3": False}


@pytest.mark.parametrize(
    "other",
    [
        {"picture_mark": FAR},
        {"numbers_mark": NUMBERS.replace("t0222", "t0223")},
        {"numbers_mark": NUMBERS.replace("n0000111", "n0000112")},
        {"picture_mark": None},
        {"total_pence": 20_01},
        {"dated_on": date(2026, 6, 11)},
        {"supplier_name": "City Buses"},
    ],
)
def test_a_picture_alone_makes_no_paper_the_same(run: Run, other: Row) -> None:
    """Receipts of one shop look alike: total, day, company, times and numbers must agree, and the picture too."""
    found = papers(run, photo("R1", "aa"), {**photo("R2", "bb"), **other})
    assert found["R1"][0] != found["R2"][0]
    assert not any(alike(run).values())


def test_photos_of_one_receipt_sent_on_three_nights_are_one_paper_in_any_order_of_nights(run: Run) -> None:
    papers(run, photo("R1", "aa", run_id=run.run_id))
    tonight = later_night(run)
    found = papers(tonight, photo("R2", "bb", run_id=tonight.run_id), photo("R3", "cc", holder_id=OTHER, run_id=tonight.run_id))
    assert len({row[0] for row in found.values()}) == 1
    assert {row[1:] for row in found.values()} == {(3, 2)}
    again = papers(tonight)
    assert again == found


def test_papers_that_hang_together_are_known_by_the_one_that_came_first(run: Run) -> None:
    """R1 and R3 differ too much for one another; R2 is near both."""
    half, more = "0" * 14 + "ff" + "0" * 144, "0" * 13 + "fff" + "0" * 144
    first, later = date(2026, 6, 12), date(2026, 6, 20)
    found = papers(
        run,
        photo("R1", "aa", picture_mark="0" * 16 * 10, received_on=later),
        photo("R2", "bb", picture_mark=half[:16] * 10, received_on=later),
        photo("R3", "cc", picture_mark=more[:16] * 10, received_on=first),
    )
    assert len({row[0] for row in found.values()}) == 1
    alone = papers(later_night(run), receipt("R4", DAY, 20_00, "Bright Laundry", image_hash="cc"))
    assert alone["R4"][0] == found["R3"][0]
