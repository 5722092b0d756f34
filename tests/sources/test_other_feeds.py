"""Cards, receipts, plans, payroll, people, events: their columns to ours."""

from __future__ import annotations

import json

import polars as pl
import pytest

from phb_audit.errors import UnknownLayout, UnreadableFile
from phb_audit.sources.read import rows_of
from tests.sources.cells import KEY, knowing, landed, recognised

CARD = (
    "Trace Id,Entry Type,Token,Tx Date,Tx Amount,Tx Currency,Tx Country,Bill Amount,Bill Currency,Fixed Fee,Fee Rate,Actual Balance,"
    "Blocked Amount,Available Balance,MCC,MCC Desc,Merchant Id,Merchant Name,Merchant City,Merchant Country,Cardholder Present,"
    "Input Method,Auth Method,Acq Reference,Auth Open,Note\n"
    "T1,second presentment,987654321,2026-07-01T23:30:00Z,12.00,EUR,IE,10.40,GBP,0.75,,89.60,0,89.60,5411,Grocery,M1,SUMUP *JANES ART,"
    "DUBLIN,IE,Y,chip,pin,A1,N,\n"
)
RECEIPT = {
    "receipt_ref": "R1",
    "person_ref": "9990000018",
    "supplier": {"name": "Bright Care Ltd"},
    "invoice_no": "I-1",
    "date": "2026-07-01",
    "received": "2026-07-05",
    "total": 12.50,
    "vat": None,
    "method": "card",
    "image_hash": "ab",
    "readable": True,
    "lines": [{"description": "Bread", "quantity": 1, "unit_price": 2.50, "total": 2.50}, {"description": "Gloves", "total": 10.0}],
}
PLAN = {
    "plan_id": "P1",
    "version": 2,
    "person_ref": "9990000018",
    "status": "approved",
    "effective_from": "2026-04-01",
    "effective_to": None,
    "approved_date": "2026-03-20",
    "approver_role": "CHC lead",
    "care_coordinator": "Ann Other",
    "review_due": "2027-04-01",
    "outcomes": [{"outcome_id": "O1", "outcome": "Get out with Jane Smith", "goal_type": "social"}],
    "lines": [{"line_id": "L1", "outcome_id": "O1", "category_code": "A01", "description": "PA", "amount": 100.10, "frequency": "weekly"}],
}


def test_a_card_line_gives_what_left_the_card_and_where() -> None:
    row = landed(CARD).row(0, named=True)
    assert row["account_ref"] == KEY.pseudonym("B", "987654321")
    wanted = {"reference_text": "T1", "amount_text": "10.40", "amount_sign_code": "out", "currency_text": "GBP", "fee_text": "0.75"}
    wanted |= {"mcc_text": "5411", "payee_text": "SUMUP *JANES ART", "country_text": "IE", "entry_type_text": "second presentment"}
    assert {name: row[name] for name in wanted} == wanted


def receipts(data: str) -> pl.DataFrame:
    return landed(data).select("line_number", "supplier_name_text", "total_text", "line_text", "line_description_text", "line_total_text")


LINES = [(1, "Bright Care Ltd", "12.5", "1", "Bread", "2.5"), (1, "Bright Care Ltd", "12.5", "2", "Gloves", "10.0")]


@pytest.mark.parametrize("wrap", [lambda record: json.dumps([record]), json.dumps, lambda record: json.dumps({"receipts": [record]})])
def test_a_receipt_in_json_is_one_row_a_line(wrap: object) -> None:
    assert receipts(wrap(RECEIPT)).rows() == LINES  # type: ignore[operator]


def test_amounts_in_json_keep_their_digits() -> None:
    assert receipts(json.dumps([RECEIPT]).replace("12.5", "12.50"))["total_text"].to_list() == ["12.50", "12.50"]


def test_json_lines_are_numbered_by_line_and_a_broken_one_lands_as_broken() -> None:
    data = json.dumps(RECEIPT) + "\n\n{broken\n" + json.dumps({**RECEIPT, "lines": []}) + "\n"
    found = recognised(data)
    rows = rows_of(found.pieces).select("line_number", "problem_text", "line_text").rows()
    assert rows == [(1, None, "1"), (1, None, "2"), (3, "this record cannot be read as JSON", None), (4, None, None)]


def test_json_that_is_none_or_fits_nothing_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        recognised("{nothing")
    with pytest.raises(UnknownLayout, match="receipts_json"):
        recognised('[{"receipt_ref": 1, "amount": 2}]')


def test_a_plan_in_json_lands_in_three_tables() -> None:
    found = recognised(json.dumps([PLAN, {**PLAN, "plan_id": "P2", "lines": [], "outcomes": []}]))
    shapes = {piece.shape.layout.feed: rows_of([piece]) for piece in found.pieces}
    assert {feed: rows.height for feed, rows in shapes.items()} == {"plans": 2, "plan_outcomes": 1, "plan_lines": 1}
    assert shapes["plan_lines"].select("plan_ref_text", "version_text", "line_ref_text", "amount_text").row(0) == ("P1", "2", "L1", "100.1")


def test_who_coordinates_is_not_kept() -> None:
    head = "Plan Id,Version,Person Ref,Status,Effective From,Effective To,Approved Date,Approver Role,Care Coordinator,Review Due\n"
    rows = landed(head + "P1,1,9990000018,approved,1,2,3,lead,Ann Other,4\nP1,2,9990000018,approved,1,2,3,lead,,4\n")
    assert rows["care_coordinator_text"].to_list() == ["named", "blank"]


def test_names_in_the_words_of_a_plan_are_replaced() -> None:
    data = "Plan Id,Version,Person Ref,Outcome Id,Outcome,Goal Type\nP1,1,9990000018,O1,Get out with Jane Smith,social\n"
    assert landed(data, knowing("Jane Smith"))["outcome_text"].to_list() == ["Get out with PERSON"]


def test_a_pay_slip_and_a_person_in_the_register_are_one_person() -> None:
    payroll = landed(
        "Employer Ref,Person Ref,Employee Ref,Employee Name,NI Number,Tax Code,Start Date,Leave Date,Pay Period Start,Pay Period End,Hours,"
        "Hours Kind,Rate,Gross,Tax,EE NI,ER NI,Pension,Net,Paid Date,HMRC Paid Date\n"
        "X,9990000018,E1,Ms Jane Smith,QQ 12 34 56 C,1257L,1,,2,3,10,worked,12.00,120.00,0,0,0,0,120.00,4,5\n"
    ).row(0, named=True)
    people = landed("Person Ref,Connected Name,Role,Relationship\n9990000018,Jane Smith,pa,friend\n").row(0, named=True)
    assert payroll["person_ref"] == people["person_ref"]
    assert payroll["payee_ref"] == people["payee_ref"]
    assert payroll["ni_ref"] == KEY.pseudonym("I", "QQ123456C")
    assert payroll["employee_ref"] == KEY.pseudonym("E", "E1")


def test_an_event_lands() -> None:
    row = landed("Person Ref,Event,From,To,Noted,Detail\n9990000018,admission,01/07/2026,,02/07/2026,6\n").row(0, named=True)
    assert (row["event_text"], row["from_on_text"], row["to_on_text"], row["detail_text"]) == ("admission", "01/07/2026", None, "6")
