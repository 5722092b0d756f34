"""The workbook of the flagged-item report comes back through the app: by whom, what is recorded, what is not, and after another night."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from flows.nightly import run_plain
from phb_audit.cases.decisions import SeenCase
from phb_audit.cases.workbook import row_key
from phb_audit.cli import sample_day
from phb_audit.night import Night
from phb_audit.reports.flagged_files import write_flagged
from phb_audit.reports.flagged_list import DECIDED_IN
from phb_audit.settings import Settings, shipped
from tests.review.test_uploading import record, send
from tests.review.world import CODE, Clock, desk_of, in_process, moves_of, post, refs_of, sign_in

pytestmark = pytest.mark.slow
REASON = "It helps with the goal of getting out."
Grids = dict[str, list[list[str]]]


@dataclass
class Book:
    """The sheets of a workbook, as text, with the decisions somebody wrote in it."""

    sheets: Grids

    @classmethod
    def of(cls, settings: Settings, folder: Path) -> Book:
        """The report's workbook of the newest night."""
        path = write_flagged(settings, CODE, "xlsx", folder)
        sheets = pl.read_excel(path, sheet_id=0, engine="calamine", has_header=False, infer_schema_length=0)
        return cls({name: [[cell or "" for cell in row] for row in sheet.cast(pl.String).rows()] for name, sheet in sheets.items()})

    def refs(self, name: str) -> list[str]:
        """The references of a sheet."""
        header, *rows = self.sheets[name]
        return [row[header.index("Reference")] for row in rows]

    def key_of(self, ref: str) -> str:
        """The hidden key of an item that needs a look."""
        return next(row[-1] for row in self.sheets["Needs a look"] if row[0] == ref)

    def decide(self, decisions: Mapping[str, str], reason: str = REASON) -> Book:
        """Write decisions beside the items of these references."""
        for name in DECIDED_IN:
            header, *rows = self.sheets[name]
            for row in rows:
                if (words := decisions.get(row[header.index("Reference")])) is not None:
                    row[header.index("Decision")], row[header.index("Reason")] = words, reason
        return self

    def saved(self) -> bytes:
        """The workbook as a spreadsheet program would save it."""
        kept = io.BytesIO()
        made = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        for name, rows in self.sheets.items():
            sheet = made.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, words in enumerate(row):
                    sheet.write_string(line, place, words)
        made.close()
        return kept.getvalue()


@pytest.fixture
def clinician(own_settings: Settings) -> Iterator[TestClient]:
    with in_process(desk_of(own_settings)) as client:
        assert sign_in(client, "clinician") == 303
        yield client


@pytest.fixture
def book(own_settings: Settings, tmp_path: Path) -> Book:
    return Book.of(own_settings, tmp_path)


def mine(client: TestClient, book: Book) -> list[str]:
    """What the person may decide, of the items of the workbook, in the order of their list."""
    offered = pl.read_excel(io.BytesIO(client.get("/purchases.xlsx").content), engine="calamine")["Ref"].to_list()
    return [ref for ref in offered if ref in book.refs("Needs a look")]


def test_decisions_of_the_reports_workbook_are_recorded(clinician: TestClient, own_settings: Settings, book: Book) -> None:
    first, second, third = mine(clinician, book)[:3]
    given = {first: "Agreed", second: "Agreed, update the plan at next review", third: "Not agreed"}
    preview = send(clinician, book.decide(given).saved())
    assert "Record 3 decisions" in preview.text
    assert moves_of(own_settings) == []
    assert "3 decisions recorded" in record(clinician, preview.text).text
    moves = {event.body["case_ref"]: event.body["move_code"] for event in moves_of(own_settings)}
    assert moves == {first: "agree", second: "agree_update_plan", third: "propose_not_agreed"}


def test_one_to_be_read_is_recorded_too(clinician: TestClient, own_settings: Settings, book: Book) -> None:
    ref = book.refs("To be read")[0]
    preview = send(clinician, book.decide({ref: "Agreed"}).saved())
    assert "Record 1 decision" in preview.text
    record(clinician, preview.text)
    assert [event.body["case_ref"] for event in moves_of(own_settings)] == [ref]


def test_the_same_workbook_again_records_nothing_twice_and_takes_what_was_added(
    clinician: TestClient, own_settings: Settings, book: Book
) -> None:
    first, second = mine(clinician, book)[:2]
    record(clinician, send(clinician, book.decide({first: "Agreed"}).saved()).text)
    again = send(clinician, book.saved())
    assert "1 decision of yours in it was recorded before" in again.text
    assert "none of the rows can be recorded" in again.text
    more = send(clinician, book.decide({second: "Agreed"}).saved())
    assert "Record 1 decision" in more.text
    record(clinician, more.text)
    assert [event.body["case_ref"] for event in moves_of(own_settings)] == [first, second]


def test_a_workbook_outlives_a_night_that_found_nothing_new(own_settings: Settings, tmp_path: Path) -> None:
    book = Book.of(own_settings, tmp_path)
    sample = shipped("sample")
    run_plain(Night(CODE, sample_day(sample) + timedelta(days=1), sample / CODE, own_settings.home, threads=2))
    clock = Clock()
    clock.at += timedelta(days=1)
    with in_process(desk_of(own_settings, clock=clock)) as client:
        assert sign_in(client, "clinician") == 303
        still = mine(client, book)
        preview = send(client, book.decide(dict.fromkeys(still, "Agreed")).saved())
        told = preview.text.partition("Will not be recorded")
        recorded, changed = [[ref for ref in still if ref in part] for part in (told[0], told[2])]
        assert len(recorded) > len(still) / 2
        assert told[2].count("It has changed since the workbook was made") == len(changed)
        # What changed tells something else on its page than in the workbook.
        newer = Book.of(own_settings, tmp_path / "newer")
        assert {ref for ref in still if book.key_of(ref) != newer.key_of(ref)} == set(changed)


def test_what_a_row_was_filled_in_about_is_what_it_told_and_not_which_night_told_it() -> None:
    seen = SeenCase("c1", "F0000001", "H1", "QZZ-2026-10-31", 3, ("A2",), ({"flag_id": "f1", "sentence": "Paid £3."},))
    assert row_key(2, replace(seen, run_id="QZZ-2026-11-01")) == row_key(2, seen)
    others = [replace(seen, severity=4), replace(seen, case_id="c2"), replace(seen, flags=({"flag_id": "f1", "sentence": "Paid £4."},))]
    assert len({row_key(2, one) for one in (seen, *others)} | {row_key(3, seen)}) == 5


def test_each_row_that_cannot_be_recorded_says_why(clinician: TestClient, own_settings: Settings, book: Book) -> None:
    money = next(ref for ref in book.refs("Needs a look") if ref not in mine(clinician, book))
    moved, forged, accused, fine = mine(clinician, book)[:4]
    assert post(clinician, moved, "step", move="assign", owner="Sam Okafor").status_code == 303
    book.decide(dict.fromkeys((money, moved, forged, fine), "Agreed")).decide({accused: "Not agreed"}, "He stole the money, I think.")
    header, *rows = book.sheets["Needs a look"]
    for row in rows:
        if row[header.index("Reference")] == forged:
            row[header.index("Row key")] = rows[0][header.index("Row key")] if row is not rows[0] else rows[1][header.index("Row key")]
    preview = send(clinician, book.saved())
    refused = preview.text.partition("Will not be recorded")[2]
    assert "Record 1 decision" in preview.text
    for ref, why in {moved: "It has changed since", forged: "It has changed since", accused: "Take out words that accuse: stole"}.items():
        assert why in refused.partition(f"{ref}<")[2].partition("</tr>")[0], ref
    assert "auditor decides it" in refused.partition(f"{money}<")[2].partition("</tr>")[0]
    record(clinician, preview.text)
    assert [event.body["case_ref"] for event in moves_of(own_settings) if event.body["move_code"] != "assign"] == [fine]


def test_what_nobody_wrote_in_and_the_other_sheets_are_left_alone(clinician: TestClient, book: Book) -> None:
    assert "No row of the workbook has a decision" in send(clinician, book.saved()).text
    only_totals = Book({"Totals": book.sheets["Totals"]})
    assert "This is no workbook of decisions" in send(clinician, only_totals.saved()).text
    assert refs_of(clinician)


def test_more_decisions_than_one_page_holds_come_back_in_two_times(
    clinician: TestClient, own_settings: Settings, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phb_audit.review.uploading.MOST_ROWS", 2)
    three = mine(clinician, book)[:3]
    data = book.decide(dict.fromkeys(three, "Agreed")).saved()
    preview = send(clinician, data)
    assert "1 more row has a decision" in preview.text
    assert "Upload it again" in record(clinician, preview.text).text
    record(clinician, send(clinician, data).text)
    assert sorted(event.body["case_ref"] for event in moves_of(own_settings)) == sorted(three)
