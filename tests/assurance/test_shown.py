"""What the review app shows of cases is there on every night, whichever night wrote it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from phb_audit import published
from phb_audit.assurance import shown
from phb_audit.errors import OtherVersion
from phb_audit.review import items
from phb_audit.review.night import opened
from phb_audit.run import Run
from phb_audit.warehouse import Warehouse
from tests.assurance.test_what_would_change import read_as
from tests.builders import fill

EARLIER, DAY = "QZZ-2026-09-30", date(2026, 10, 31)


@pytest.fixture
def quiet(run: Run) -> Run:
    """A night without news: what a case is about was written by an earlier one."""
    case = {"case_id": "C1", "case_ref": "F1", "holder_id": "H1", "payment_id": "P1", "is_queued": True, "state_code": "open"}
    read_as(run, "P1", "", "psychotherapy 50 mins")
    read_as(run, "P9", "", "psychotherapy 50 mins")
    run.warehouse.run(f"UPDATE matched.payments SET run_id = '{EARLIER}', holder_id = 'H1', amount_pence = 4500, receipt_id = 'R1'")
    paper = {"receipt_id": "R1", "holder_id": "H1", "file_id": "a" * 64, "image_hash": "a" * 64, "total_pence": 45_00}
    typed = {"receipt_id": "R2", "holder_id": "H1", "file_id": "b" * 64, "image_hash": "a" * 64}
    line = {"receipt_line_id": "L1", "receipt_id": "R1", "holder_id": "H1", "description": "Session"}
    return fill(
        run,
        {
            "flagged.cases": [case],
            "flagged.findings": [{"flag_id": "F1", "case_id": "C1", "holder_id": "H1", "payment_id": "P1", "title": "Why"}],
            "validated.receipts": [paper | {"run_id": EARLIER}, typed | {"run_id": EARLIER}],
            "validated.receipt_lines": [line | {"run_id": EARLIER}],
            "matched.receipt_links": [
                {"payment_id": "P1", "receipt_id": name, "link_code": "one", "run_id": EARLIER} for name in ("R1", "R2")
            ],
            "validated.budgets": [{"budget_id": "G1", "holder_id": "H1", "annual_pence": 900_00, "run_id": EARLIER}],
            "validated.plan_lines": [{"plan_line_id": "PL1", "holder_id": "H1", "run_id": EARLIER}],
        },
    )


def night_of(run: Run) -> Path:
    totals = shown.build(run)
    assert [total.rows for total in totals.totals] == [1, 1]  # P9 is nobody's business
    published.build(run)
    return run.settings.folder("published", "QZZ").joinpath("current").resolve() / "night.duckdb"


def test_a_case_of_an_earlier_night_has_its_payment_papers_and_budget(quiet: Run) -> None:
    night = opened(night_of(quiet), "QZZ")
    (case,) = night.cases
    assert (case["case_ref"], case["amount_pence"]) == ("F1", 45_00)
    assert [person["annual_pence"] for person in night.people] == [900_00]
    with night.reading() as warehouse:
        assert warehouse.frame("SELECT payment_id FROM matched.payments")["payment_id"].to_list() == ["P1"]
        assert warehouse.frame("SELECT description FROM validated.receipt_lines")["description"].to_list() == ["Session"]
        assert warehouse.frame("SELECT plan_line_id FROM validated.plan_lines").height == 1


def test_only_a_file_that_is_the_paper_itself_counts_as_one(quiet: Run) -> None:
    """A sender can write any hash into a table: it must not lead to somebody else's paper."""
    shown.build(quiet)
    rows = quiet.warehouse.frame("SELECT receipt_id, is_paper FROM shown.receipts ORDER BY receipt_id").rows()
    assert rows == [("R1", True), ("R2", False)]


def test_what_would_change_the_reading_is_published_until_the_case_is_over(quiet: Run) -> None:
    shown.build(quiet)
    told = quiet.warehouse.frame("SELECT would_change FROM shown.payments").item()
    assert told == "Without the word 'psychotherapy' the words would not settle it."
    quiet.warehouse.run("UPDATE flagged.cases SET state_code = 'agreed', is_queued = false")
    shown.build(quiet)
    assert quiet.warehouse.frame("SELECT would_change FROM shown.payments").item() == ""


def test_a_night_of_an_earlier_version_is_told_plainly(run: Run) -> None:
    path = run.settings.folder("published", "QZZ") / "QZZ-2026-10-31" / "night.duckdb"
    path.parent.mkdir()
    Warehouse(path).close()
    with pytest.raises(OtherVersion, match="earlier version"):
        opened(path, "QZZ")


def test_a_night_with_nothing_to_show_has_empty_tables(run: Run) -> None:
    assert [total.rows for total in shown.build(run).totals] == [0, 0]


def test_what_a_night_says_is_read_for_many_at_once_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "TOGETHER", 2)
    monkeypatch.setattr(items, "MOST_KEPT", 4)
    ids, reads = ["a", "b", "c", "d", "e", "f"], list[slice]()

    def read(part: slice) -> dict[str, str]:
        reads.append(part)
        return {name: name.upper() for name in ids[part]}

    together = items.Together(ids, read)
    assert [together.of(name) for name in ("a", "b", "d", "c", "a", "b")] == ["A", "B", "D", "C", "A", "B"]
    assert reads == [slice(0, 2), slice(2, 4)]
    assert [together.of(name) for name in ("f", "a", "c")] == ["F", "A", "C"]
    assert reads[2:] == [slice(4, 6), slice(2, 4)]  # c and d were asked for longest ago when e and f came


def test_what_was_read_ahead_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "TOGETHER", 2)
    monkeypatch.setattr(items, "PACKED_TOGETHER", 2)
    reads = list[slice]()

    def read(part: slice) -> dict[str, list[object]]:
        reads.append(part)
        return {name: [name.upper(), DAY, (1, None)] for name in "abcde"[part]}

    there, here = items.Together("abcde", read), items.Together("abcde", read)
    assert list(there.parts) == [0, 1, 2]
    assert all(here.take_in(number, packed) for part in (0, 2) for number, packed in there.packed(part))
    reads.clear()
    assert [here.of(name) for name in "abe"] == [["A", DAY, (1, None)], ["B", DAY, (1, None)], ["E", DAY, (1, None)]]
    assert reads == []
    assert here.of("c")[0] == "C"
    assert reads == [slice(2, 4)]
    monkeypatch.setattr(items, "MOST_PACKED_BYTES", 10)
    assert not here.take_in(1, b"more than there is room for")


def test_what_is_packed_by_the_ten_is_found_one_by_one_and_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "TOGETHER", 4)
    monkeypatch.setattr(items, "PACKED_TOGETHER", 2)
    names = "abcdefg"
    there = items.Together(names, lambda part: {name: [name.upper()] for name in names[part]})
    here = items.Together[list[str]](names, lambda _: pytest.fail("read again"))
    packed = [ten for part in there.parts for ten in there.packed(part)]
    assert [number for number, _ in packed] == [0, 1, 2, 3]
    for number, ten in [*packed, *packed]:  # a night that is read once more
        here.take_in(number, ten)
    assert [here.of(name) for name in "gabf"] == [["G"], ["A"], ["B"], ["F"]]
    assert here._packed_bytes == sum(len(ten) for _, ten in packed)


def test_the_hundreds_that_are_read_are_whole_tens() -> None:
    assert items.TOGETHER % items.PACKED_TOGETHER == 0
