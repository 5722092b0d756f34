"""One receipt beside one payment, one payment beside one receipt."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from phb_audit.run import Run
from tests.builders import fill
from tests.matched.worlds import HOLDER, matched, paid, receipt, rows_of

DAY = date(2026, 6, 10)


def code(run: Run, days: int, pence: int, supplier: str | None, payee: str = "MEADOW RIDING SCHO") -> object:
    """How a payment of 40 pounds on DAY and one receipt agree."""
    found = matched(run, paid("P1", DAY, 40_00, payee), receipts=[receipt("R1", DAY + timedelta(days=days), pence, supplier)])
    return found["P1"]["receipt_match_code"]


@pytest.mark.parametrize("days", [-7, 0, 2])
def test_amount_day_and_name_agree(run: Run, days: int) -> None:
    assert code(run, days, 40_00, "Meadow Riding School Ltd") == "exact"


@pytest.mark.parametrize(("days", "expected"), [(3, "date_differs"), (-30, "date_differs"), (-61, None)])
def test_another_day_needs_the_amount_and_the_name(run: Run, days: int, expected: str | None) -> None:
    assert code(run, days, 40_00, "Meadow Riding School") == expected


def test_another_day_and_another_name_are_another_purchase(run: Run) -> None:
    assert code(run, -30, 40_00, "City Cabs") is None


def test_another_name_needs_the_amount_and_the_day(run: Run) -> None:
    assert code(run, -1, 40_00, "Jane's Art Room", "SUMUP *J ART") == "name_differs"


def test_a_slip_without_a_supplier_is_no_agreement_of_names(run: Run) -> None:
    assert code(run, 0, 40_00, None) == "name_differs"


@pytest.mark.parametrize(("pence", "expected"), [(44_00, "amount_differs"), (50_00, "amount_differs"), (51_00, None)])
def test_another_amount_must_be_near_and_the_name_and_day_agree(run: Run, pence: int, expected: str | None) -> None:
    assert code(run, 0, pence, "Meadow Riding School") == expected


def test_the_difference_and_the_days_are_told(run: Run) -> None:
    found = matched(run, paid("P1", DAY, 40_00, "MEADOW RIDING"), receipts=[receipt("R1", DAY - timedelta(days=2), 42_50, "Meadow Riding")])
    assert (found["P1"]["receipt_difference_pence"], found["P1"]["receipt_days"]) == (2_50, -2)
    assert rows_of(run, "matched.receipts", "receipt_id")["R1"]["payment_id"] == "P1"


def test_weekly_payments_of_one_amount_find_each_its_own_receipt(run: Run) -> None:
    weeks = [DAY + timedelta(days=7 * n) for n in range(4)]
    found = matched(
        run,
        *(paid(f"P{n}", on, 20_00, "BRIGHT LAUNDRY") for n, on in enumerate(weeks)),
        receipts=[receipt(f"R{n}", on - timedelta(days=1), 20_00, "Bright Laundry") for n, on in enumerate(weeks)],
    )
    assert [found[f"P{n}"]["receipt_id"] for n in range(4)] == ["R0", "R1", "R2", "R3"]


def test_two_receipts_for_one_payment_leave_one_over(run: Run) -> None:
    papers = [receipt("R1", DAY, 20_00, "Bright Laundry"), receipt("R2", DAY - timedelta(days=3), 20_00, "Bright Laundry")]
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=papers)
    assert found["P1"]["receipt_id"] == "R1"
    assert rows_of(run, "matched.receipts", "receipt_id")["R2"]["payment_id"] is None


def test_a_receipt_stays_with_its_holder(run: Run) -> None:
    found = matched(
        run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=[receipt("R1", DAY, 20_00, "Bright Laundry", holder_id="H0000000000000002")]
    )
    assert found["P1"]["receipt_id"] is None


def test_money_coming_in_has_no_receipt_beside_it(run: Run) -> None:
    refund = paid("P1", DAY, -20_00, "BRIGHT LAUNDRY", kind_code="refund")
    assert matched(run, refund, receipts=[receipt("R1", DAY, 20_00, "Bright Laundry")])["P1"]["receipt_id"] is None


def linked(run: Run) -> dict[tuple[str, str], str]:
    """Which receipt is linked to which payment, and how."""
    rows = run.warehouse.frame("SELECT payment_id, receipt_id, link_code FROM matched.receipt_links ORDER BY ALL")
    return {(payment, receipt): code for payment, receipt, code in rows.iter_rows()}


def test_two_slips_that_come_to_the_payment_are_both_its_own(run: Run) -> None:
    papers = [receipt("R1", DAY, 12_00, "Bright Laundry"), receipt("R2", DAY, 8_00, "Bright Laundry")]
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=papers)
    assert linked(run) == {("P1", "R1"): "split", ("P1", "R2"): "split"}
    assert (found["P1"]["receipt_match_code"], found["P1"]["receipt_id"]) == ("split", "R1")


def test_one_invoice_for_two_payments_stands_beside_both(run: Run) -> None:
    payments = [paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), paid("P2", DAY + timedelta(days=14), 15_00, "BRIGHT LAUNDRY")]
    found = matched(run, *payments, receipts=[receipt("R1", DAY, 35_00, "Bright Laundry")])
    assert linked(run) == {("P1", "R1"): "combined", ("P2", "R1"): "combined"}
    assert found["P1"]["receipt_group_id"] == found["P2"]["receipt_group_id"] == "P1"


def test_a_sum_that_is_a_penny_out_is_no_sum(run: Run) -> None:
    papers = [receipt("R1", DAY, 12_00, "Bright Laundry"), receipt("R2", DAY, 8_01, "Bright Laundry")]
    matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=papers)
    assert linked(run) == {}


def test_a_tie_is_left_open_and_said(run: Run) -> None:
    papers = [receipt("R1", DAY, 20_00, "Bright Laundry"), receipt("R2", DAY, 20_00, "Bright Laundry")]
    payments = [paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), paid("P2", DAY, 20_00, "BRIGHT LAUNDRY")]
    found = matched(run, *payments, receipts=papers)
    assert set(linked(run).values()) == {"open"}
    assert [found[name]["receipt_match_code"] for name in ("P1", "P2")] == ["open", "open"]
    assert found["P1"]["receipt_id"] is None


def test_one_receipt_for_two_payments_alike_is_one_short(run: Run) -> None:
    payments = [paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), paid("P2", DAY, 20_00, "BRIGHT LAUNDRY")]
    found = matched(run, *payments, receipts=[receipt("R1", DAY, 20_00, "Bright Laundry")])
    assert [found[name]["receipt_match_code"] for name in ("P1", "P2")] == ["open_short", "open_short"]


def test_a_picture_of_one_receipt_for_two_payments_alike_is_one_short(run: Run) -> None:
    payments = [paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), paid("P2", DAY, 20_00, "BRIGHT LAUNDRY")]
    found = matched(run, *payments, receipts=[receipt("R1", DAY, 20_00, "Bright Laundry", image_hash="abc")])
    assert [found[name]["receipt_match_code"] for name in ("P1", "P2")] == ["open_short", "open_short"]


def test_two_prints_of_one_paper_are_no_tie(run: Run) -> None:
    prints = [receipt(name, DAY, 20_00, "Bright Laundry", image_hash="abc") for name in ("R1", "R2")]
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=prints)
    assert found["P1"]["receipt_id"] == "R1"


def test_two_photos_of_one_receipt_are_no_tie_and_photos_of_two_are(run: Run) -> None:
    marks = {"picture_mark": "0" * 160, "numbers_mark": "n0000111 n0000222 n0000333 n0000444 t0222"}
    photos = [receipt(name, DAY, 20_00, "Bright Laundry", image_hash=name, **marks) for name in ("R1", "R2")]
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=photos)
    assert found["P1"]["receipt_id"] == "R1"
    later = {**marks, "numbers_mark": str(marks["numbers_mark"]).replace("t0222", "t0223")}
    tills = [
        receipt("R3", DAY, 30_00, "Bright Laundry", image_hash="c", **marks),
        receipt("R4", DAY, 30_00, "Bright Laundry", image_hash="d", **later),
    ]
    assert matched(run, paid("P2", DAY, 30_00, "BRIGHT LAUNDRY"), receipts=tills)["P2"]["receipt_match_code"] == "open"


def test_an_invoice_number_in_the_payment_tells_more_than_the_day(run: Run) -> None:
    papers = [
        receipt("R1", DAY - timedelta(days=30), 20_00, "Bright Laundry", invoice_number="INV-48213"),
        receipt("R2", DAY - timedelta(days=29), 20_00, "Bright Laundry", invoice_number="INV-48219"),
    ]
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY", description="INV 48213"), receipts=papers)
    assert found["P1"]["receipt_id"] == "R1"


def decided(run: Run, payment_id: str, receipt_id: str, *, is_together: bool) -> None:
    """A person's decision on a pair, as the night would have carried it."""
    row = {"payment_id": payment_id, "receipt_id": receipt_id, "holder_id": HOLDER, "is_together": is_together, "event_number": 1}
    fill(run, {"decided.receipt_pairs": [row]})


def test_a_pair_that_was_taken_apart_is_never_offered_again(run: Run) -> None:
    decided(run, "P1", "R1", is_together=False)
    found = matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=[receipt("R1", DAY, 20_00, "Bright Laundry")])
    assert (found["P1"]["receipt_id"], linked(run)) == (None, {})


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_pair_that_was_taken_apart_is_no_part_of_a_sum_either(run: Run, is_apart: bool) -> None:
    slips = [receipt("R1", DAY, 12_00, "Bright Laundry"), receipt("R2", DAY, 7_00, "Bright Laundry")]
    if is_apart:
        decided(run, "P1", "R1", is_together=False)
    matched(run, paid("P1", DAY, 19_00, "BRIGHT LAUNDRY"), receipts=slips)
    assert (set(linked(run).values()) == {"split"}) is not is_apart


@pytest.mark.parametrize("is_apart", [True, False])
def test_nor_of_a_receipt_for_several_payments(run: Run, is_apart: bool) -> None:
    if is_apart:
        decided(run, "P1", "R1", is_together=False)
    payments = [paid("P1", DAY, 12_00, "BRIGHT LAUNDRY"), paid("P2", DAY, 7_00, "BRIGHT LAUNDRY")]
    matched(run, *payments, receipts=[receipt("R1", DAY, 19_00, "Bright Laundry")])
    assert (set(linked(run).values()) == {"combined"}) is not is_apart


def test_a_confirmed_pair_stands_whatever_the_papers_say(run: Run) -> None:
    decided(run, "P1", "R1", is_together=True)
    papers = [receipt("R1", DAY - timedelta(days=90), 12_34, "J Art"), receipt("R2", DAY, 20_00, "Bright Laundry")]
    assert matched(run, paid("P1", DAY, 20_00, "BRIGHT LAUNDRY"), receipts=papers)["P1"]["receipt_id"] == "R1"


def test_names_that_confirmed_pairs_told_to_be_one_are_alike(run: Run) -> None:
    fill(run, {"decided.supplier_aliases": [{"payee_name": "JART", "supplier_key": "BRIGHTSTUDIO", "pairs_count": 2}]})
    found = matched(run, paid("P1", DAY, 20_00, "J ART"), receipts=[receipt("R1", DAY, 20_00, "Bright Studio")])
    assert found["P1"]["receipt_match_code"] == "exact"
