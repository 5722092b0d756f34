"""The papers behind paid help: people become pseudonyms that meet those of payroll and payments, businesses keep their name."""

from __future__ import annotations

from tests.sources.cells import KEY, knowing, landed

HEAD = "Person Ref,Record Kind,About,Assistant Name,Employee Ref,Supplier Name,Valid From,Valid Until,Seen On\n"


def test_an_assistants_paper_meets_their_pay_slip() -> None:
    row = landed(HEAD + "9990000018,DBS,assistant,Jane Smith,E1,,01/07/2024,,02/07/2024\n").row(0, named=True)
    people = landed("Person Ref,Connected Name,Role,Relationship\n9990000018,Jane Smith,pa,friend\n").row(0, named=True)
    assert row["employee_ref"] == KEY.pseudonym("E", "E1")
    assert (row["person_ref"], row["payee_ref"]) == (people["person_ref"], people["payee_ref"])
    assert (row["record_kind_text"], row["valid_from_on_text"], row["valid_until_on_text"]) == ("DBS", "01/07/2024", None)


def test_an_agency_keeps_its_name_and_a_person_who_supplies_does_not() -> None:
    data = (
        HEAD
        + "9990000018,CQC registration,agency,,,Bright Care Ltd,01/07/2024,,\n9990000018,Contract,supplier,,,Mr John Jones,01/07/2024,,\n"
    )
    agency, person = landed(data, knowing("John Jones")).to_dicts()
    assert (agency["supplier_name_text"], agency["payee_ref"]) == ("Bright Care Ltd", None)
    assert "Jones" not in person["supplier_name_text"]
    assert person["payee_ref"].startswith("Y")
