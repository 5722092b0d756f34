"""Papers find their people: by the payroll's number, by name, and by as much of a business's name as a bank writes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.rules.example import Example, Row
from phb_audit.rules.support import beside_assistants, beside_suppliers

SLIP: Row = {"payee_ref": "Y1", "person_ref": "N1"}
TRAINED: Row = {"record_code": "training"}


def papers_of_assistant(*records: Row) -> list[int]:
    spending = Example("", "flagged", {"pay_slips": (SLIP,), "support_records": records}, 0).spending()
    return beside_assistants(spending, "training").collect()["papers_count"].to_list()


def papers_of_supplier(payment: Row, record: Row) -> list[int]:
    paid = {"category_code": "C08", **payment}
    spending = Example("", "flagged", {"payments": (paid,), "support_records": ({"record_code": "contract", **record},)}, 0).spending()
    return beside_suppliers(spending, "contract", ("C08",)).collect()["papers_count"].to_list()


@pytest.mark.parametrize("known_by", [{"employee_id": "E1"}, {"payee_ref": "Y1"}, {"person_ref": "N1"}])
def test_an_assistants_paper_is_known_by_any_of_three(known_by: Row) -> None:
    assert papers_of_assistant({**TRAINED, **known_by}) == [1]


def test_a_paper_known_by_all_three_counts_once_and_another_persons_not_at_all() -> None:
    assert papers_of_assistant({**TRAINED, "employee_id": "E1", "payee_ref": "Y1", "person_ref": "N1"}) == [1]
    assert papers_of_assistant({**TRAINED, "employee_id": "E2", "payee_ref": "Y2", "person_ref": "N2"}) == [0]


def test_without_a_list_of_papers_nobody_is_looked_at() -> None:
    assert papers_of_assistant() == []


@pytest.mark.parametrize(
    ("shown", "on_list", "is_theirs"),
    [
        ("BRIGHT CARE LTD 0123", "Bright Care Limited", True),
        ("BRIGHT CARE SERVI", "Bright Care Services", True),
        ("MEADOW HOMECARE", "Bright Care", False),
        ("CARE", "Care at Home", False),
    ],
)
def test_a_supplier_is_known_by_as_much_of_the_name_as_a_bank_writes(shown: str, on_list: str, is_theirs: bool) -> None:
    assert papers_of_supplier({"payee_shown": shown}, {"supplier_name": on_list}) == [int(is_theirs)]


def test_a_supplier_who_is_a_person_is_known_by_pseudonym() -> None:
    person: Row = {"payee_ref": "Y5", "payee_id": "Y5", "payee_shown": "a named person (Y5abc)"}
    assert papers_of_supplier(person, {"payee_ref": "Y5", "supplier_name": "PERSON"}) == [1]
    assert papers_of_supplier(person, {"payee_ref": "Y6", "supplier_name": "PERSON"}) == [0]


def test_of_several_papers_the_newest_and_the_longest_count() -> None:
    records: tuple[Row, ...] = (
        {**TRAINED, "employee_id": "E1", "valid_from_on": date(2024, 1, 1), "valid_until_on": date(2027, 1, 1)},
        {**TRAINED, "record_id": "D2", "employee_id": "E1", "valid_from_on": date(2025, 1, 1), "valid_until_on": date(2026, 1, 1)},
    )
    spending = Example("", "flagged", {"pay_slips": (SLIP,), "support_records": records}, 0).spending()
    row = beside_assistants(spending, "training").select(pl.col("dated_on", "holds_until_on", "has_no_end")).collect().row(0)
    assert row == (date(2025, 1, 1), date(2027, 1, 1), False)
