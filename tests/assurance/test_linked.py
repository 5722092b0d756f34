"""Every row of the truth finds its place, and every finding what it touches."""

from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.assurance.linked import Linked, read_linked
from phb_audit.assurance.truth import read_truth
from phb_audit.errors import UsageError
from tests.assurance.world import ANN, BOB, NightBook, about, payment, write_world
from tests.builders import fill


def read(book: NightBook) -> Linked:
    home = book.close()
    return read_linked(book.world, home, "QZZ", read_truth(book.world))


def places(linked: Linked) -> list[str]:
    return linked.truth["place_code"].to_list()


def touched(linked: Linked) -> list[tuple[object, ...]]:
    return linked.links.select("truth_id", "flag_id", "is_rule_named").rows()


def test_a_line_is_found_by_its_file_and_number(tmp_path: Path) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2), payment(3)))
    book.paid("P1", 3)
    found = read(book)
    assert places(found) == ["absent", "admitted"]
    assert found.truth["thing_id"].to_list() == [None, "P1"]


def test_a_line_sent_again_in_another_file_counts_once(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", payment(2), payment(9, file_name="bank_july.csv"))
    book = NightBook(tmp_path, world)
    book.paid("P1", 2)
    assert places(read(book)) == ["admitted", "repeat"]


def test_a_line_whose_truth_stands_beside_the_second_copy_is_the_first_copy(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", payment(9, file_name="bank_july.csv"), payment(3))
    book = NightBook(tmp_path, world)
    book.paid("P1", 2)
    book.paid("P2", 3)
    found = read(book)
    assert found.truth.select("place_code", "thing_id").rows() == [("admitted", "P1"), ("admitted", "P2")]


def test_a_refused_row_is_caught_by_the_rule_that_refused_it(tmp_path: Path) -> None:
    planted = payment(2, label="breach", kind_code="bad_number", rule_ids="Q-01")
    book = NightBook(tmp_path, write_world(tmp_path / "world", planted, payment(3)))
    fill(book.run, {"validated.quarantine": [book.origin("bank.csv", 2) | {"rule_ids": "Q-01", "state_code": "open"}]})
    found = read(book)
    assert places(found) == ["refused", "absent"]
    assert touched(found) == [(0, "refused-QZZ-0", True)]


def test_a_finding_about_a_receipt_touches_its_payment(tmp_path: Path) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2)))
    book.paid("P1", 2)
    fill(book.run, {"matched.receipts": [{"receipt_id": "R1", "payment_id": "P1"}]})
    book.flag("F1", "E-05", "R1", subject_code="receipt")
    assert touched(read(book)) == [(0, "F1", False)]


def test_a_planted_receipt_is_touched_by_a_finding_about_its_payment(tmp_path: Path) -> None:
    planted = payment(5, file_name="receipts.csv", subject_code="receipt", label="breach", rule_ids="E-05")
    book = NightBook(tmp_path, write_world(tmp_path / "world", planted))
    fill(
        book.run,
        {
            "validated.receipt_lines": [book.origin("receipts.csv", 5) | {"receipt_id": "R1"}],
            "matched.receipts": [{"receipt_id": "R1", "payment_id": "P1"}],
        },
    )
    book.flag("F1", "P-02", "P1")
    found = read(book)
    assert places(found) == ["admitted"]
    assert touched(found) == [(0, "F1", False)]


def test_a_payment_and_its_papers_are_one_planted_thing(tmp_path: Path) -> None:
    same = {"label": "breach", "kind_code": "pay after leaving", "rule_ids": "W-07"}
    slip = payment(7, file_name="slips.csv", subject_code="pay_slip", **same)
    receipt = payment(5, file_name="receipts.csv", subject_code="receipt", on="2026-06-01", **same)
    alone = payment(6, file_name="receipts.csv", subject_code="receipt", on="2026-06-01", **same)
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2, **same), slip, receipt, alone, payment(3)))
    book.paid("P2", 2)
    fill(
        book.run,
        {
            "validated.receipts": [book.origin("receipts.csv", line) | {"receipt_id": f"R{line}"} for line in (5, 6)],
            "matched.receipts": [{"receipt_id": "R5", "payment_id": "P2"}],
        },
    )
    assert read(book).truth["unit_id"].to_list() == [0, 0, 0, 3, 4]


def test_what_is_planted_about_a_holder_is_touched_only_by_its_own_rule(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world", about(ANN, "late_review", "G-01|G-02"), about(BOB, "late_review", "G-01|G-02"))
    book = NightBook(tmp_path, world)
    book.flag("F1", "G-02", "any plan", subject_code="plan")
    book.flag("F2", "A-07", "any account", subject_code="account")
    found = read(book)
    assert places(found) == ["person", "person"]
    assert touched(found) == [(0, "F1", True)]


def test_a_finding_about_an_account_touches_lines_of_its_rule_near_its_day(tmp_path: Path) -> None:
    cash = {"label": "breach", "rule_ids": "A-04"}
    world = write_world(tmp_path / "world", payment(2, **cash), payment(3, on="2025-01-02", **cash), payment(4))
    book = NightBook(tmp_path, world)
    book.flag("F1", "A-04", "any account", subject_code="account")
    assert touched(read(book)) == [(0, "F1", True)]


def test_a_world_without_truth_or_with_a_strange_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="synth"):
        read_truth(tmp_path)
    with pytest.raises(UsageError, match="unknown labels: odd"):
        read_truth(write_world(tmp_path / "world", payment(2, label="odd")))


def test_the_person_is_not_carried_further(tmp_path: Path) -> None:
    book = NightBook(tmp_path, write_world(tmp_path / "world", payment(2)))
    found = read(book)
    assert "person_ref" not in found.truth.columns
    assert found.truth["holder_id"].to_list() == [book.holder(ANN)]
