"""A small, clean world of landed rows; a test changes only what it is about."""

from __future__ import annotations

from collections.abc import Mapping

from expectations import all_suites
from phb_audit.run import Run, StageTotals
from phb_audit.validated import build
from tests.builders import Row, fill

HOLDER = "H00000000000000a1"
OTHER = "H00000000000000b2"
BANK = "B00000000000000a1"
CARD = "B00000000000000b2"
FILE = "f" * 64
SECOND_FILE = "e" * 64


def row(row_id: str, **more: object) -> dict[str, object]:
    """A landed row: line 2 of the one file unless given."""
    return {"row_id": row_id, "file_id": FILE, "line_number": 2, "layout_code": "test", **more}


def budget(row_id: str = "budget1", **more: object) -> dict[str, object]:
    """A budget with a bank account from 1 April 2026."""
    given = {
        "holder_ref": HOLDER,
        "account_ref": BANK,
        "holding_text": "direct payment",
        "account_kind_text": "bank",
        "annual_amount_text": "12,000.00",
        "starts_on_text": "01/04/2026",
    }
    return row(row_id, **{**given, **more})


def bank_line(row_id: str = "line1", **more: object) -> dict[str, object]:
    """Ten pounds to a shop on 3 October 2026, out of the bank account."""
    given = {
        "feed_code": "bank",
        "account_ref": BANK,
        "paid_on_text": "03/10/2026",
        "paid_out_text": "10.00",
        "payee_text": "BOOTS",
        "type_text": "DEB",
    }
    return row(row_id, **{**given, **more})


def card_line(row_id: str = "card1", **more: object) -> dict[str, object]:
    """Ten pounds at a shop on a card."""
    given = {
        "feed_code": "card",
        "account_ref": CARD,
        "reference_text": "T1",
        "paid_on_text": "2026-10-03 12:00:00",
        "amount_text": "10.00",
        "amount_sign_code": "out",
        "entry_type_text": "second presentment",
        "payee_text": "BOOTS",
        "mcc_text": "5912",
        "country_text": "GB",
    }
    return row(row_id, **{**given, **more})


def plan(row_id: str = "plan1", **more: object) -> dict[str, object]:
    """Version 1 of plan PL1, approved and in force since 1 April 2026."""
    given = {
        "holder_ref": HOLDER,
        "plan_ref_text": "PL1",
        "version_text": "1",
        "status_text": "Approved",
        "effective_from_text": "01/04/2026",
        "care_coordinator_text": "named",
    }
    return row(row_id, **{**given, **more})


def outcome(row_id: str = "outcome1", **more: object) -> dict[str, object]:
    """Outcome O1 of that version."""
    given = {"holder_ref": HOLDER, "plan_ref_text": "PL1", "version_text": "1", "outcome_ref_text": "O1", "outcome_text": "Get out more"}
    return row(row_id, **{**given, **more})


def plan_line(row_id: str = "planline1", **more: object) -> dict[str, object]:
    """Line L1 of that version: swimming at £20 a week."""
    given = {
        "holder_ref": HOLDER,
        "plan_ref_text": "PL1",
        "version_text": "1",
        "line_ref_text": "L1",
        "outcome_ref_text": "O1",
        "category_text": "C01",
        "description_text": "Swimming",
        "amount_text": "20.00",
        "frequency_text": "weekly",
    }
    return row(row_id, **{**given, **more})


def person(row_id: str = "person1", **more: object) -> dict[str, object]:
    """The holder among the people connected with the budget."""
    return row(row_id, **{"holder_ref": HOLDER, "person_ref": "N1", "role_text": "holder", "same_household_text": "yes", **more})


def event(row_id: str = "event1", **more: object) -> dict[str, object]:
    """A stay in hospital in May 2026."""
    given = {"holder_ref": HOLDER, "event_text": "Admission", "from_on_text": "2026-05-01", "to_on_text": "2026-05-09"}
    return row(row_id, **{**given, **more})


def instalment(row_id: str = "instalment1", **more: object) -> dict[str, object]:
    """£1,000 paid into the budget on 1 October 2026."""
    given = {"holder_ref": HOLDER, "reference_text": "I1", "amount_text": "1,000.00", "paid_on_text": "01/10/2026", "type_text": "Regular"}
    return row(row_id, **{**given, **more})


def receipt(row_id: str = "receipt1", **more: object) -> dict[str, object]:
    """A receipt of £10 with one line of £10."""
    given = {
        "holder_ref": HOLDER,
        "receipt_ref_text": "R1",
        "supplier_name_text": "Boots",
        "dated_on_text": "03/10/2026",
        "total_text": "10.00",
        "line_text": "1",
        "line_description_text": "Plasters",
        "line_total_text": "10.00",
    }
    return row(row_id, **{**given, **more})


def pay_slip(row_id: str = "slip1", **more: object) -> dict[str, object]:
    """A month's pay slip."""
    given = {
        "holder_ref": HOLDER,
        "employee_ref": "E1",
        "period_from_text": "01/09/2026",
        "period_to_text": "30/09/2026",
        "hours_text": "40.5",
        "rate_text": "12.50",
        "gross_text": "506.25",
        "net_text": "450.00",
        "paid_on_text": "30/09/2026",
    }
    return row(row_id, **{**given, **more})


def support_record(row_id: str = "record1", **more: object) -> dict[str, object]:
    """Employers' liability insurance for a year."""
    given = {
        "holder_ref": HOLDER,
        "record_kind_text": "Employers liability",
        "about_text": "holder",
        "valid_from_on_text": "01/04/2026",
        "valid_until_on_text": "31/03/2027",
        "seen_on_text": "05/04/2026",
    }
    return row(row_id, **{**given, **more})


def visit(row_id: str = "visit1", **more: object) -> dict[str, object]:
    """A shift of three hours on a timesheet."""
    given = {
        "holder_ref": HOLDER,
        "source_text": "Timesheet",
        "employee_ref": "E1",
        "visited_on_text": "01/09/2026",
        "starts_text": "09:00",
        "ends_text": "12:00",
        "signed_by_text": "holder",
    }
    return row(row_id, **{**given, **more})


def monitoring_return(row_id: str = "return1", **more: object) -> dict[str, object]:
    """A quarter of an account, in sums that prove."""
    given = {
        "holder_ref": HOLDER,
        "period_from_text": "01/07/2026",
        "period_to_text": "30/09/2026",
        "opening_text": "100.00",
        "received_text": "500.00",
        "wages_text": "450.00",
        "closing_text": "150.00",
        "received_on_text": "05/10/2026",
        "declared_text": "yes",
    }
    return row(row_id, **{**given, **more})


def contract(row_id: str = "contract1", **more: object) -> dict[str, object]:
    """Home care by contract, ended when the budget began."""
    given = {
        "holder_ref": HOLDER,
        "contract_ref_text": "C1",
        "supplier_name_text": "Anytown Care Ltd",
        "kind_text": "Commissioned",
        "category_text": "C08",
        "amount_text": "300.00",
        "frequency_text": "weekly",
        "starts_on_text": "01/04/2025",
        "ends_on_text": "31/03/2026",
    }
    return row(row_id, **{**given, **more})


def council_claim(row_id: str = "claim1", **more: object) -> dict[str, object]:
    """A receipt of which the council counts two fifths."""
    given = {
        "holder_ref": HOLDER,
        "claim_ref_text": "LA1",
        "supplier_name_text": "Boots",
        "dated_on_text": "03/10/2026",
        "total_text": "10.00",
        "claimed_text": "4.00",
    }
    return row(row_id, **{**given, **more})


def outcome_record(row_id: str = "record1", **more: object) -> dict[str, object]:
    """An outcome met at a review."""
    given = {"holder_ref": HOLDER, "measure_text": "Outcome met", "outcome_ref_text": "O1", "value_text": "Met", "to_on_text": "01/09/2026"}
    return row(row_id, **{**given, **more})


def landed_file(file_id: str = FILE, file_name: str = "october.csv", **more: object) -> dict[str, object]:
    """A file that landed."""
    return {"file_id": file_id, "file_name": file_name, "feed_code": "bank", "state_code": "landed", **more}


def clean_world() -> dict[str, list[Row]]:
    """One good row of every landed table."""
    return {
        "landed.files": [landed_file()],
        "landed.budgets": [budget(), budget("budget2", account_ref=CARD, account_kind_text="card")],
        "landed.people": [person()],
        "landed.plans": [plan()],
        "landed.plan_outcomes": [outcome()],
        "landed.plan_lines": [plan_line()],
        "landed.holder_events": [event()],
        "landed.instalments": [instalment()],
        "landed.payments": [bank_line(), card_line()],
        "landed.receipts": [receipt()],
        "landed.payroll": [pay_slip()],
        "landed.support_records": [support_record()],
        "landed.visits": [visit()],
        "landed.monitoring_returns": [monitoring_return()],
        "landed.contracts": [contract()],
        "landed.council_claims": [council_claim()],
        "landed.outcome_records": [outcome_record()],
    }


REGISTERS = ("files", "budgets", "plans", "plan_outcomes")  # what the other tables' rows are looked up in


def world(**changed: list[Row]) -> dict[str, list[Row]]:
    """The registers of the clean world and the tables given: `world(payments=[...])`. Every table more costs the gate its time."""
    registers = {name: rows for name, rows in clean_world().items() if name.removeprefix("landed.") in REGISTERS}
    return {**registers, **{f"landed.{name}": rows for name, rows in changed.items()}}


def validate(run: Run, tables: Mapping[str, list[Row]]) -> StageTotals:
    """Land the rows and take them through the gate."""
    return build(fill(run, tables), all_suites())
