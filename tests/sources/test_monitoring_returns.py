"""Monitoring returns in Excel: as a list, or as a form with names beside what they are."""

from __future__ import annotations

import io

import polars as pl
import pytest
import xlsxwriter

from phb_audit.errors import UnknownLayout
from phb_audit.sources.feeds import FEEDS
from phb_audit.sources.read import rows_of
from tests.sources.cells import KEY, NOBODY, recognised

FORM = (
    ("Direct payment monitoring return",),
    ("NHS Number:", "999 000 0018"),
    (),
    ("Sort Code", "12-34-56"),
    ("Account Number", "12345678"),
    ("Period From", "01/07/2026"),
    ("Period To", "30/09/2026"),
    ("Opening Balance:", 100.5),
    ("Direct Payments Received", 500),
    ("Net Wages", 450.25),
    ("Closing Balance", 150.25),
    ("Submitted By", "Jane Example"),
    ("Declaration Signed", "Yes"),
)
LIST = (
    ("person_ref", "period_from", "period_to", "opening_balance", "dp_received", "wages_net", "closing_balance", "due_date"),
    ("9990000018", "01/07/2026", "30/09/2026", 100.5, 500, 450.25, 150.25, "28/10/2026"),
)


def workbook(*sheets: tuple[tuple[object, ...], ...]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for place, row in enumerate(rows):
                sheet.write_row(place, 1, row)
    return made.getvalue()


def returns(data: bytes) -> pl.DataFrame:
    found = recognised(data)
    return pl.concat([FEEDS["monitoring_returns"].land(rows_of([piece]), NOBODY) for piece in found.pieces])


def test_a_form_is_one_return() -> None:
    data = workbook(FORM)
    found = recognised(data)
    assert (found.layout_code, found.feed) == ("monitoring_return_form", "monitoring_returns")
    (row,) = returns(data).to_dicts()
    assert row["holder_ref"] == KEY.pseudonym("H", "999 000 0018")
    assert row["account_ref"] == KEY.pseudonym("B", "12345612345678")
    assert [row[f"{name}_text"] for name in ("opening", "received", "wages", "closing", "declared")] == [
        "100.5",
        "500",
        "450.25",
        "150.25",
        "Yes",
    ]
    assert row["line_number"] == 2
    assert "Example" not in str({name: value for name, value in row.items() if name not in FEEDS["monitoring_returns"].identity_cells})


def test_each_sheet_of_forms_is_a_return() -> None:
    second = tuple(("Closing Balance", 1) if row[:1] == ("Closing Balance",) else row for row in FORM)
    assert returns(workbook(FORM, second))["closing_text"].to_list() == ["150.25", "1"]


def test_a_list_is_one_return_a_row() -> None:
    (row,) = returns(workbook(LIST)).to_dicts()
    assert (row["opening_text"], row["closing_text"], row["due_on_text"], row["line_number"]) == ("100.5", "150.25", "28/10/2026", 2)


def test_a_form_without_its_balances_is_refused_with_what_it_lacks() -> None:
    with pytest.raises(UnknownLayout):
        recognised(workbook(tuple(row for row in FORM if row[:1] != ("Closing Balance",))))
