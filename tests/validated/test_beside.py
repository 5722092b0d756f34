"""Contracts, claims of the council and outcome records: read as people write them, refused where they say nothing."""

from __future__ import annotations

import pytest

from phb_audit.run import Run
from tests.validated import small_world as a


def admitted(run: Run, table: str) -> list[dict[str, object]]:
    return run.warehouse.frame(f"SELECT * FROM validated.{table} ORDER BY row_id").to_dicts()


def refused(run: Run) -> list[str]:
    return run.warehouse.frame("SELECT reason_codes FROM validated.quarantine ORDER BY row_id")["reason_codes"].to_list()


def test_a_contract_says_what_it_comes_to_in_a_year(run: Run) -> None:
    a.validate(run, a.world(contracts=[a.contract(), a.contract("two", contract_ref_text="C2", kind_text="Set up", frequency_text="once")]))
    weekly, once = admitted(run, "contracts")
    assert (weekly["kind_code"], weekly["annual_pence"], weekly["category_code"]) == ("commissioned", 15_600_00, "C08")
    assert (once["kind_code"], once["annual_pence"]) == ("set_up", 300_00)


def test_a_contract_of_no_known_kind_or_rhythm_is_refused_and_an_unknown_category_remarked_on(run: Run) -> None:
    rows = [
        a.contract("one", kind_text="favour"),
        a.contract("three", line_number=4, contract_ref_text="C3", category_text="X99"),
        a.contract("two", line_number=3, contract_ref_text="C2", frequency_text="now and then"),
    ]
    a.validate(run, a.world(contracts=rows))
    assert refused(run) == ["kind_code_known", "frequency_code_known"]
    (row,) = admitted(run, "contracts")
    assert row["category_code"] is None


def test_a_later_row_of_the_same_contract_takes_the_place_of_the_earlier(run: Run) -> None:
    a.validate(run, a.world(contracts=[a.contract("one"), a.contract("two", line_number=3, ends_on_text="30/06/2026")]))
    assert [str(row["ends_on"]) for row in admitted(run, "contracts")] == ["2026-06-30"]


@pytest.mark.parametrize(("words", "value"), [("Met", 1.0), ("partly met", 0.5), ("Not met", 0.0), ("0.5", 0.5)])
def test_outcomes_are_rated_in_words_or_numbers(run: Run, words: str, value: float) -> None:
    a.validate(run, a.world(outcome_records=[a.outcome_record(value_text=words)]))
    (row,) = admitted(run, "outcome_records")
    assert (row["measure_code"], row["value_count"]) == ("outcome_met", value)


@pytest.mark.parametrize(
    ("measure", "value", "first"),
    [("A&E visits", "2.5", "01/04/2026"), ("Admissions", "2", None), ("Outcome met", "3", None), ("Bed days", "met", "01/04/2026")],
)
def test_a_value_that_does_not_fit_its_measure_is_refused(run: Run, measure: str, value: str, first: str | None) -> None:
    a.validate(run, a.world(outcome_records=[a.outcome_record(measure_text=measure, value_text=value, from_on_text=first)]))
    assert refused(run) == ["value_makes_sense"]


def test_care_used_is_a_number_of_times_in_some_days(run: Run) -> None:
    a.validate(run, a.world(outcome_records=[a.outcome_record(measure_text="GP visits", value_text="4", from_on_text="01/04/2026")]))
    (row,) = admitted(run, "outcome_records")
    assert (row["measure_code"], row["value_count"], str(row["from_on"])) == ("gp_contacts", 4.0, "2026-04-01")


def test_more_claimed_than_the_receipt_is_admitted_with_a_remark(run: Run) -> None:
    a.validate(run, a.world(council_claims=[a.council_claim(claimed_text="11.00")]))
    (row,) = admitted(run, "council_claims")
    assert row["claimed_pence"] == 11_00
    remarks = run.warehouse.frame("SELECT reason_codes FROM validated.notices WHERE table_name = 'landed.council_claims'")
    assert remarks["reason_codes"].to_list() == ["claimed_within_total"]


def test_parts_of_a_joint_payment_are_read_and_must_make_the_whole(run: Run) -> None:
    rows = [
        a.instalment(health_amount_text="600.00", council_amount_text="400.00"),
        a.instalment("two", line_number=3, reference_text="I2", health_amount_text="600.00", council_amount_text="300.00"),
    ]
    a.validate(run, a.world(instalments=rows))
    assert [(row["health_pence"], row["council_pence"]) for row in admitted(run, "instalments")] == [(600_00, 400_00), (600_00, 300_00)]
    remarks = run.warehouse.frame("SELECT reason_codes FROM validated.notices WHERE table_name = 'landed.instalments'")
    assert remarks["reason_codes"].to_list() == ["parts_make_the_whole"]


def test_the_age_band_is_kept_as_written(run: Run) -> None:
    a.validate(run, a.world(budgets=[a.budget(age_band_text="65-74")]))
    assert [row["age_band"] for row in admitted(run, "budgets")] == ["65-74"]
