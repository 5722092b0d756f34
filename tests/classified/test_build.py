"""The stage: what comes in is classified once, remembered, and written so that a second try changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit import classified
from phb_audit.run import Run
from tests.builders import fill, make_run

PAYMENTS = [
    {
        "payment_id": "P1",
        "feed_code": "card",
        "kind_code": "purchase",
        "amount_pence": 38_20,
        "payee_text": "TESCO STORES 3321",
        "mcc_code": "5411",
    },
    {"payment_id": "P2", "feed_code": "bank", "kind_code": "cash", "amount_pence": 50_00, "payee_text": "LINK HIGH ST"},
    {"payment_id": "P3", "feed_code": "bank", "kind_code": "purchase", "amount_pence": 236_80, "payee_text": "PERSON", "payee_ref": "Y1"},
    {"payment_id": "P4", "feed_code": "bank", "kind_code": "instalment", "amount_pence": -900_00, "payee_text": "NHS QZZ ICB PHB"},
    {"payment_id": "P5", "feed_code": "card", "kind_code": "purchase", "amount_pence": 12_99, "payee_text": "PAYPAL *", "mcc_code": "5399"},
    {"payment_id": "P6", "feed_code": "bank", "kind_code": "purchase", "amount_pence": 100_00, "payee_text": "PERSON", "payee_ref": "Y2"},
    {
        "payment_id": "P7",
        "feed_code": "managed",
        "kind_code": "purchase",
        "amount_pence": 60_00,
        "payee_text": "JJ",
        "type_code": "PHYSIOTHERAPY",
    },
    {"payment_id": "P8", "feed_code": "bank", "kind_code": "transfer", "amount_pence": 70_00, "payee_text": "ACCT"},
    {
        "payment_id": "P9",
        "feed_code": "bank",
        "kind_code": "refund",
        "amount_pence": -5_00,
        "payee_text": "TESCO STORES 3321",
        "mcc_code": "5411",
    },
]
WORLD = {
    "validated.payments": [{"holder_id": "H1", "is_spend": True, **row} for row in PAYMENTS],
    "validated.pay_slips": [{"pay_slip_id": "W1", "holder_id": "H1", "payee_ref": "Y1"}],
    "validated.people": [{"connection_id": "C1", "holder_id": "H1", "payee_ref": "Y2", "role_code": "holder"}],
    "validated.receipts": [{"receipt_id": "R1", "holder_id": "H1", "supplier_name": "ASDA"}],
    "validated.receipt_lines": [
        {"receipt_line_id": "L1", "receipt_id": "R1", "holder_id": "H1", "description": "LAGER 12PK", "line_total_pence": 11_00},
        {"receipt_line_id": "L2", "receipt_id": "R1", "holder_id": "H1", "description": "NITRILE GLOVES", "line_total_pence": None},
    ],
}


def answers(run: Run) -> dict[str, dict[str, object]]:
    frame = run.warehouse.frame("SELECT * FROM classified.payments ORDER BY payment_id")
    return {str(row["payment_id"]): row for row in frame.iter_rows(named=True)}


def test_every_payment_and_receipt_line_gets_one_answer_and_the_books_balance(run: Run) -> None:
    totals = classified.build(fill(run, WORLD))
    assert totals.balance == (0, 0)
    assert sum(t.rows for t in totals.totals if t.side == "out") == 11
    assert len(answers(run)) == 9


def test_a_supermarket_is_groceries_and_its_refund_too(run: Run) -> None:
    classified.build(fill(run, WORLD))
    told = answers(run)
    assert (told["P1"]["category_code"], told["P9"]["category_code"]) == ("H02", "H02")
    assert told["P1"]["string_id"] == told["P9"]["string_id"]
    assert told["P9"]["amount_pence"] == -5_00


def test_the_kind_of_movement_settles_cash_and_money_coming_in(run: Run) -> None:
    classified.build(fill(run, WORLD))
    told = answers(run)
    assert (told["P2"]["category_code"], told["P2"]["how_code"]) == ("Z01", "kind")
    assert (told["P4"]["category_code"], told["P4"]["is_abstained"]) == ("M04", False)
    assert told["P8"]["category_code"] == "Z02"


def test_a_person_on_the_payroll_is_paid_wages_and_the_holder_is_not(run: Run) -> None:
    classified.build(fill(run, WORLD))
    told = answers(run)
    assert (told["P3"]["category_code"], told["P3"]["how_code"]) == ("C01", "kind")
    assert (told["P6"]["category_code"], told["P6"]["because"]) == ("Z02", "The person paid is the holder.")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("BONUS PERSON", "Z04"),
        ("GIFT PERSON", "Z04"),
        ("THANK YOU PERSON", "C01"),
        ("WAGES PERSON BONUS WK 12", "C01"),
        ("PAY AND BONUS PERSON", "C01"),
        ("PERSON", "C01"),
    ],
)
def test_a_present_to_an_assistant_is_no_wage_and_wages_with_a_bonus_are(run: Run, words: str, code: str) -> None:
    line = {**PAYMENTS[2], "holder_id": "H1", "is_spend": True, "payee_text": words}
    classified.build(fill(run, {**WORLD, "validated.payments": [line]}))
    assert answers(run)["P3"]["category_code"] == code


def test_the_same_words_to_the_holder_are_no_present(run: Run) -> None:
    line = {**PAYMENTS[5], "holder_id": "H1", "is_spend": True, "payee_text": "BONUS PERSON"}
    classified.build(fill(run, {**WORLD, "validated.payments": [line]}))
    assert "assistant" not in str(answers(run)["P6"]["because"])


def test_the_head_of_spend_of_a_managed_return_counts_as_description(run: Run) -> None:
    classified.build(fill(run, WORLD))
    assert answers(run)["P7"]["category_code"] == "T01"


def test_a_line_behind_paypal_waits_for_its_receipt(run: Run) -> None:
    classified.build(fill(run, WORLD))
    told = answers(run)["P5"]
    assert (told["category_code"], told["is_abstained"]) == ("M04", True)
    assert "needs the receipt's lines" in str(told["because"])


def test_receipt_lines_are_read_line_by_line(run: Run) -> None:
    classified.build(fill(run, WORLD))
    lines = run.warehouse.frame("SELECT receipt_line_id, category_code FROM classified.receipt_lines ORDER BY 1")
    assert lines.rows() == [("L1", "X01"), ("L2", "E03")]


def everything(run: Run) -> list[pl.DataFrame]:
    return [run.warehouse.frame(f"SELECT * FROM classified.{name}") for name in ("strings", "payments", "receipt_lines")]


def test_a_second_try_of_a_night_leaves_the_same_rows_in_the_same_order(run: Run) -> None:
    classified.build(fill(run, WORLD))
    before = everything(run)
    classified.build(run)
    assert all(one.equals(two) for one, two in zip(before, everything(run), strict=True))


def test_a_text_met_on_an_earlier_night_is_remembered_and_not_written_again(tmp_path: Path) -> None:
    first = fill(make_run(tmp_path, as_of=date(2026, 9, 30)), WORLD)
    classified.build(first)
    second = Run("QZZ", date(2026, 10, 31), first.inbox, first.settings, first.warehouse)
    fill(second, {"validated.payments": [{**PAYMENTS[0], "payment_id": "P20", "holder_id": "H1", "is_spend": True}]})
    classified.build(second)
    met = first.warehouse.frame("SELECT run_id FROM classified.strings WHERE payee_text = 'TESCO STORES 3321'")
    assert met["run_id"].to_list() == ["QZZ-2026-09-30"]
    assert first.warehouse.frame("SELECT run_id FROM classified.payments WHERE payment_id = 'P20'")["run_id"].to_list() == [
        "QZZ-2026-10-31"
    ]
    first.warehouse.close()


def test_an_answer_of_an_older_classifier_is_given_anew_and_keeps_the_night_that_met_it(tmp_path: Path) -> None:
    first = fill(make_run(tmp_path, as_of=date(2026, 9, 30)), WORLD)
    classified.build(first)
    first.warehouse.run("UPDATE classified.strings SET model_version = 'old', category_code = 'A01'")
    second = Run("QZZ", date(2026, 10, 31), first.inbox, first.settings, first.warehouse)
    fill(second, {"validated.payments": [{**PAYMENTS[0], "payment_id": "P20", "holder_id": "H1", "is_spend": True}]})
    classified.build(second)
    row = first.warehouse.frame("SELECT run_id, category_code FROM classified.strings WHERE payee_text = 'TESCO STORES 3321'")
    assert row.rows() == [("QZZ-2026-09-30", "H02")]
    first.warehouse.close()


def test_a_night_without_payments_is_a_night_with_empty_books(run: Run) -> None:
    assert classified.build(run).balance == (0, 0)
