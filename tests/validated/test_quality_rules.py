"""The rules of family A8 (Q-01 to Q-10): for each, a row that is refused or remarked on, one that is left alone, one at the threshold.

One dirty night is validated once; every test looks at what became of its own rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from expectations import all_suites
from phb_audit.identity import nhs_check_digit
from phb_audit.run import Run
from tests.builders import make_run
from tests.validated import small_world as a

NHS = "999000001" + str(nhs_check_digit([9, 9, 9, 0, 0, 0, 0, 0, 1]))

PAYMENTS = [
    a.bank_line("good"),
    a.bank_line("two_cells_more", problem_text="8 cells where the header has 6"),
    a.bank_line("bad_nhs", holder_ref="!00000000000000a1"),
    a.bank_line("nobody", account_ref=None),
    a.bank_line("person_without_account", account_ref=None, holder_ref=a.HOLDER),
    a.bank_line("unknown_account", account_ref="B_unknown"),
    a.bank_line("anothers_account", holder_ref=a.OTHER),
    a.bank_line("unread_amount", paid_out_text="12,3.4"),
    a.bank_line("no_amount", paid_out_text=None),
    a.bank_line("zero", paid_out_text="0.00"),
    a.bank_line("both_ways", paid_out_text="10.00", paid_in_text="4.00"),
    a.bank_line("nothing_in", paid_out_text="10.00", paid_in_text="0.00"),
    a.bank_line("fifty_thousand", paid_out_text="50,000.00"),
    a.bank_line("a_penny_more", paid_out_text="50,000.01"),
    a.bank_line("euros", currency_text="EUR"),
    a.bank_line("pounds", currency_text="gbp"),
    a.bank_line("today", paid_on_text="31/10/2026"),
    a.bank_line("tomorrow", paid_on_text="01/11/2026"),
    a.bank_line("no_day", paid_on_text=" "),
    a.bank_line("unread_day", paid_on_text="31/02/2026"),
    a.bank_line("sixty_days_before", paid_on_text="31/01/2026"),
    a.bank_line("long_before", paid_on_text="30/01/2026"),
    a.bank_line("nhs_in_words", description_text=f"FOR {NHS}"),
    a.card_line("presented", reference_text="T9"),
    a.card_line("held", reference_text="T9", entry_type_text="auth approval"),
    a.card_line("held_for_nothing", reference_text="T8", entry_type_text="auth approval", amount_text="0.00"),
    a.card_line("declined", reference_text="T7", entry_type_text="auth declined"),
    a.card_line("reversed", reference_text="T6", entry_type_text="auth reversal", amount_text="-10.00"),
    a.card_line("unknown_entry", reference_text="T5", entry_type_text="something new"),
    a.card_line("unknown_mcc", reference_text="T4", mcc_text="1234"),
    a.card_line("unknown_country", reference_text="T3", country_text="Narnia"),
]
RECEIPTS = [
    a.receipt("adds_up", receipt_ref_text="R1"),
    a.receipt("half_a_line", receipt_ref_text="R9", problem_text="the file ends in the middle of this row: 3 cells where the header has 9"),
    a.receipt("adds_up_2", receipt_ref_text="R2", total_text="15.00"),
    a.receipt("adds_up_3", receipt_ref_text="R2", total_text="15.00", line_text="2", line_total_text="5.00"),
    a.receipt("a_penny_out", receipt_ref_text="R3", total_text="10.01"),
    a.receipt("unread_total", receipt_ref_text="R4", total_text="ten pounds"),
    a.receipt("no_total", receipt_ref_text="R5", total_text=None, line_total_text=None),
    a.receipt("without_lines", receipt_ref_text="R6", line_text=None, line_description_text=None, line_total_text=None),
    a.receipt("dated_tomorrow", receipt_ref_text="R7", dated_on_text="2026-11-01"),
]
PLAN_LINES = [
    a.plan_line("good_line"),
    a.plan_line("unknown_category", line_ref_text="L2", category_text="ZZ9"),
    a.plan_line("no_such_version", line_ref_text="L3", version_text="7"),
    a.plan_line("no_such_outcome", line_ref_text="L4", outcome_ref_text="O9"),
    a.plan_line("no_outcome", line_ref_text="L5", outcome_ref_text=None),
    a.plan_line("unread_frequency", line_ref_text="L6", frequency_text="now and then"),
]
PEOPLE = [a.person("known_person"), a.person("person_without_budget", holder_ref="H_nobody"), a.person("nameless_row", holder_ref=None)]
INSTALMENTS = [
    a.instalment(),
    a.instalment("nothing_paid", amount_text="0"),
    a.instalment("odd_kind", reference_text="I3", type_text="surprise"),
]
FILES = [
    a.landed_file(),
    a.landed_file("1" * 64, "odd.csv", state_code="refused", reason="Its headers were A, B.", feed_code="unknown", rows_read=3),
    a.landed_file("3" * 64, "cut.csv", reason="The file ends in the middle of a line. Send the file again."),
    a.landed_file("2" * 64, "again.csv", state_code="repeat", rows_read=2, rows_repeated=2),
]
FEEDS = [
    {"feed_code": "bank", "owner": "the account provider", "usual_days": 35, "is_late": True},
    {"feed_code": "card", "owner": "the account provider", "usual_days": 7, "is_late": False},
]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    run = make_run(Path(tmp_path_factory.mktemp("night")))
    tables = {"payments": PAYMENTS, "receipts": RECEIPTS, "plan_lines": PLAN_LINES, "people": PEOPLE, "instalments": INSTALMENTS}
    registers = {"budgets": [*a.clean_world()["landed.budgets"], a.budget("budget3", holder_ref=a.OTHER, account_ref="B_other")]}
    world = a.world(**tables, **registers, files=FILES, feeds=FEEDS)
    a.validate(run, world)
    yield run
    run.warehouse.close()


def refused(night: Run) -> dict[str, str]:
    return dict(night.warehouse.frame("SELECT row_id, reason_codes FROM validated.quarantine").rows())


def remarked(night: Run) -> dict[str, str]:
    return dict(night.warehouse.frame("SELECT row_id, reason_codes FROM validated.notices").rows())


def admitted(night: Run, table: str = "payments") -> set[str]:
    return set(night.warehouse.frame(f"SELECT row_id FROM validated.{table}")["row_id"])


REFUSED = {
    "bad_nhs": ("Q-01", "nhs_number_passes"),
    "nameless_row": ("Q-01|Q-02", "person_given"),
    "two_cells_more": ("Q-02", "row_is_whole"),
    "half_a_line": ("Q-02", "row_is_whole"),
    "nobody": ("Q-02", "person_or_account"),
    "person_without_account": ("Q-02", "account_given"),
    "unknown_account": ("Q-02", "account_on_register"),
    "anothers_account": ("Q-02", "account_agrees_with_person"),
    "person_without_budget": ("Q-02", "person_has_budget"),
    "no_such_version": ("Q-02", "plan_version_on_file|outcome_on_file"),
    "no_such_outcome": ("Q-02", "outcome_on_file"),
    "unread_amount": ("Q-03", "amount_read"),
    "no_amount": ("Q-03", "amount_given"),
    "both_ways": ("Q-03", "one_way"),
    "nothing_paid": ("Q-03", "amount_not_zero"),
    "a_penny_more": ("Q-03", "amount_within_limit"),
    "euros": ("Q-03", "amount_in_pounds"),
    "unread_total": ("Q-03", "total_read"),
    "tomorrow": ("Q-04", "paid_on_not_ahead"),
    "dated_tomorrow": ("Q-04", "dated_on_not_ahead"),
    "no_day": ("Q-04", "paid_on_given"),
    "unread_day": ("Q-04", "paid_on_read"),
    "unknown_entry": ("Q-06", "entry_type_known"),
    "unread_frequency": ("Q-07", "frequency_code_known"),
}
REMARKED = {
    "zero": "amount_not_zero",
    "long_before": "paid_after_start",
    "unknown_mcc": "merchant_code_known",
    "unknown_country": "country_known",
    "unknown_category": "category_known",
    "odd_kind": "kind_code_known",
    "a_penny_out": "lines_add_up",
    "no_total": "total_pence_given",
    "nhs_in_words": "no_identity_in_text",
    "bank": "feed_in_time",
    f"{'1' * 64} odd.csv": "layout_recognised",
    f"{'3' * 64} cut.csv": "whole_and_days_first",
}


@pytest.mark.parametrize(("row_id", "expected"), REFUSED.items(), ids=REFUSED)
def test_a_row_that_cannot_be_used_is_refused_for_its_reason(night: Run, row_id: str, expected: tuple[str, str]) -> None:
    found = night.warehouse.frame("SELECT rule_ids, reason_codes FROM validated.quarantine WHERE row_id = $row_id", {"row_id": row_id})
    assert found.rows() == [expected]


@pytest.mark.parametrize(("row_id", "expected"), REMARKED.items(), ids=REMARKED)
def test_a_row_that_can_be_used_is_admitted_with_a_remark(night: Run, row_id: str, expected: str) -> None:
    assert remarked(night)[row_id] == expected


def test_nothing_else_is_refused_or_remarked_on(night: Run) -> None:
    assert set(refused(night)) == set(REFUSED)
    assert set(remarked(night)) == set(REMARKED)


@pytest.mark.parametrize(
    "row_id",
    ["good", "pounds", "zero", "nothing_in", "fifty_thousand", "today", "sixty_days_before", "long_before", "presented", "unknown_mcc"],
)
def test_at_the_threshold_and_below_it_a_payment_is_admitted(night: Run, row_id: str) -> None:
    assert row_id in admitted(night)


def test_a_replayed_file_is_no_reason_for_a_remark(night: Run) -> None:
    assert "again.csv" not in " ".join(remarked(night))


def test_holds_refusals_and_reversals_are_admitted_and_are_no_spend(night: Run) -> None:
    kinds = night.warehouse.frame("SELECT row_id, kind_code, is_spend FROM validated.payments WHERE feed_code = 'card'")
    found = {row_id: (kind, is_spend) for row_id, kind, is_spend in kinds.rows()}
    assert found["presented"] == ("purchase", True)
    assert found["held"] == found["held_for_nothing"] == ("authorisation", False)
    assert (found["declined"], found["reversed"]) == (("declined", False), ("reversed", False))


def test_identity_in_text_never_reaches_the_validated_row(night: Run) -> None:
    words = night.warehouse.frame("SELECT description FROM validated.payments WHERE row_id = 'nhs_in_words'").item()
    assert words == "FOR [number removed]"


def test_a_category_that_is_not_known_is_left_out(night: Run) -> None:
    lines = dict(night.warehouse.frame("SELECT row_id, category_code FROM validated.plan_lines").rows())
    assert lines == {"good_line": "C01", "unknown_category": None, "no_outcome": "C01"}


def test_a_receipt_is_admitted_once_with_all_its_lines(night: Run) -> None:
    lines = "validated.receipts LEFT JOIN validated.receipt_lines USING (receipt_id)"
    counted = f"SELECT receipt_ref, count(receipt_line_id) FROM {lines} GROUP BY ALL"
    assert dict(night.warehouse.frame(counted).rows()) == {"R1": 1, "R2": 2, "R3": 1, "R5": 1, "R6": 0}


def test_a_refused_row_is_kept_whole_with_file_line_and_reason(night: Run) -> None:
    kept = night.warehouse.frame("SELECT * FROM validated.quarantine WHERE row_id = 'unread_amount'").row(0, named=True)
    assert (kept["file_name"], kept["line_number"], kept["state_code"]) == ("october.csv", 2, "open")
    assert kept["reason"] == 'The amount is given as "12,3.4", which is not pounds and pence.'
    assert (kept["fix_owner"], kept["holder_id"], kept["amount_pence"]) == ("the account provider", a.HOLDER, 0)
    whole = pl.Series([kept["row"]]).str.json_decode(pl.Struct({"paid_out_text": pl.String, "payee_text": pl.String}))
    assert whole.to_list() == [{"paid_out_text": "12,3.4", "payee_text": "BOOTS"}]


def test_what_only_a_register_can_mend_goes_to_whoever_keeps_it(night: Run) -> None:
    owners = dict(night.warehouse.frame("SELECT row_id, fix_owner FROM validated.quarantine").rows())
    assert owners["unknown_account"] == "the commissioner's finance team"
    assert owners["no_such_version"] == "the continuing healthcare team"


def test_the_books_count_every_row_and_every_readable_penny(night: Run) -> None:
    books = night.warehouse.frame("SELECT item, rows_count, sum_pence FROM nights.control_totals WHERE stage_name = 'validated'")
    found = {item: (rows, pence) for item, rows, pence in books.rows()}
    assert found["payments landed"][0] == len(PAYMENTS)
    assert found["payments landed"][0] == found["payments admitted"][0] + found["payments refused"][0]
    assert found["payments landed"][1] == found["payments admitted"][1] + found["payments refused"][1]
    total = night.warehouse.frame("SELECT CAST(sum(amount_pence) AS BIGINT) FROM validated.payments").item()
    assert found["payments admitted"][1] == total


def test_every_expectation_of_every_landed_table_is_written_down(night: Run) -> None:
    checks = night.warehouse.frame("SELECT suite_name, expectation_name, rows_failed, is_met FROM validated.checks")
    assert set(checks["suite_name"]) == {suite.name for suite in all_suites() if suite.name.startswith("landed_")}
    assert checks.filter(pl.col("is_met") != (pl.col("rows_failed") == 0)).is_empty()
    failed = checks.filter((pl.col("suite_name") == "landed_payments") & (pl.col("expectation_name") == "amount_read"))
    assert failed["rows_failed"].to_list() == [1]


def test_people_whose_rows_were_refused_are_held_back_and_nobody_else(night: Run) -> None:
    held = night.warehouse.frame("SELECT holder_id, feed_code FROM validated.held_back ORDER BY ALL").rows()
    assert (a.HOLDER, "bank") in held
    assert (a.HOLDER, "plan_lines") in held
    assert (a.OTHER, "bank") in held
    assert (a.HOLDER, "receipts") in held
    assert (a.HOLDER, "instalments") in held
    assert not [feed for _, feed in held if feed in ("budgets", "plans")]
