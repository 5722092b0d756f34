"""What kind of movement a line is; holds, refusals and reversals are never spend (Q-06)."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.tables.validated import PAYMENT_KINDS
from phb_audit.validated.payment_kinds import BANK_TYPES, CARD_ENTRIES, NOT_MONEY, SPEND, with_kinds
from phb_audit.validated.payments import typed
from tests.builders import rows
from tests.validated.small_world import bank_line, card_line


def kind(line: dict[str, object], *, is_agreed: bool = False) -> tuple[str | None, bool]:
    agreed = pl.Series([line["row_id"]] if is_agreed else [], dtype=pl.String)
    found = with_kinds(typed(rows("landed.payments", line)), agreed).row(0, named=True)
    return found["kind_code"], found["is_spend"]


@pytest.mark.parametrize(
    ("entry", "amount", "expected"),
    [
        ("second presentment", "10.00", ("purchase", True)),
        ("Second  Presentment", "10.00", ("purchase", True)),
        (None, "10.00", ("purchase", True)),
        ("second presentment", "-10.00", ("refund", True)),
        ("auth approval", "10.00", ("authorisation", False)),
        ("auth declined", "10.00", ("declined", False)),
        ("auth reversal", "-10.00", ("reversed", False)),
        ("chargeback", "-10.00", ("refund", True)),
        ("load", "-10.00", ("credit", False)),
        ("unload", "10.00", ("repayment", False)),
        ("fee", "1.50", ("fee", True)),
        ("mystery", "10.00", (None, False)),
    ],
)
def test_a_card_line_is_what_its_entry_type_says(entry: str | None, amount: str, expected: tuple[str | None, bool]) -> None:
    assert kind(card_line(entry_type_text=entry, amount_text=amount)) == expected


def test_a_load_that_agrees_with_an_instalment_is_one() -> None:
    assert kind(card_line(entry_type_text="load", amount_text="-1000.00"), is_agreed=True) == ("instalment", False)


@pytest.mark.parametrize(
    "line", [bank_line(paid_out_text="0.00"), card_line(amount_text="0"), bank_line(paid_out_text=None, paid_in_text="0.00")]
)
def test_a_line_of_nothing_moves_no_money_and_is_no_spend(line: dict[str, object]) -> None:
    assert kind(line) == ("nothing", False)


@pytest.mark.parametrize("mcc", ["6010", "6011"])
def test_a_cash_machine_gives_cash(mcc: str) -> None:
    assert kind(card_line(mcc_text=mcc)) == ("cash", True)


@pytest.mark.parametrize(
    ("type_text", "payee", "expected"),
    [
        ("FPO", "CARE CO", "purchase"),
        ("DD", "CARE CO", "purchase"),
        ("CPT", "ATM 12", "cash"),
        ("ATM", "ATM 12", "cash"),
        ("cpt/atm", "ATM 12", "cash"),
        ("TFR", "PERSON", "transfer"),
        ("FEE", "ACCOUNT FEE", "fee"),
        ("INT", "DEBIT INTEREST", "fee"),
        ("FPO", "NHS ICB SURPLUS", "repayment"),
        ("FPO", "RETURN OF DP", "repayment"),
        ("FPO", "RETURNED PARCELS LTD", "purchase"),
        ("FPO", "MICBY CARE", "purchase"),
        ("DEB", "ICB CAFE", "purchase"),
        (None, None, "purchase"),
    ],
)
def test_bank_money_out_is_what_its_type_and_payee_say(type_text: str | None, payee: str | None, expected: str) -> None:
    assert kind(bank_line(type_text=type_text, payee_text=payee))[0] == expected


@pytest.mark.parametrize("type_text", ["TFR", "FPO", "Faster Payment", "PAYMENT", "SO", None])
@pytest.mark.parametrize(
    "payee",
    ["TFR PERSON", "TRANSFER TO PERSON", "Transfer: PERSON", "Pot transfer to PERSON", "FPO TFR TO PERSON", "FUNDS TRANSFER PERSON 12"],
)
def test_what_is_called_a_transfer_to_a_person_is_one_in_every_layout(type_text: str | None, payee: str) -> None:
    assert kind(bank_line(type_text=type_text, payee_text=payee)) == ("transfer", True)


@pytest.mark.parametrize("type_text", ["FPO", "Faster Payment", "PAYMENT", "SO", None])
@pytest.mark.parametrize(
    "payee",
    ["PERSON", "WAGES PERSON", "TO PERSON", "FPO TO PERSON", "TRANSFER BOARDS UK", "AIRPORT TRANSFER PERSON", "TRANSFERWISE PERSON"],
)
def test_a_payment_that_is_not_called_a_transfer_is_a_purchase_in_every_layout(type_text: str | None, payee: str) -> None:
    assert kind(bank_line(type_text=type_text, payee_text=payee)) == ("purchase", True)


def test_a_card_payment_is_no_transfer_whatever_its_words() -> None:
    assert kind(bank_line(type_text="DEB", payee_text="TRANSFER TO PERSON")) == ("purchase", True)


@pytest.mark.parametrize("type_text", ["FT", "Funds transfer", "Online transfer", "Account transfer", "XFER"])
def test_a_bank_writes_transfer_in_its_own_way(type_text: str) -> None:
    assert kind(bank_line(type_text=type_text, payee_text="PERSON")) == ("transfer", True)


@pytest.mark.parametrize("type_text", ["Funds transfer", "Online transfer", "Account transfer"])
def test_a_business_paid_by_transfer_sold_something(type_text: str) -> None:
    assert kind(bank_line(type_text=type_text, payee_text="JANES HOME CARE LTD")) == ("purchase", True)


@pytest.mark.parametrize(
    ("type_text", "expected"), [("FPI", "credit"), ("BGC", "credit"), ("INT", "interest"), ("DEB", "refund"), ("TFR", "credit")]
)
def test_bank_money_in_is_what_its_type_says(type_text: str, expected: str) -> None:
    assert kind(bank_line(type_text=type_text, paid_out_text=None, paid_in_text="10.00"))[0] == expected


def test_bank_money_in_that_agrees_with_an_instalment_is_one() -> None:
    line = bank_line(type_text="BGC", paid_out_text=None, paid_in_text="1000.00")
    assert kind(line, is_agreed=True) == ("instalment", False)


@pytest.mark.parametrize(
    ("head", "out", "expected"),
    [
        ("WAGES", True, "purchase"),
        ("PAYROLL FEE", True, "purchase"),
        ("FUNDING", False, "instalment"),
        ("RETURNED FUNDS", True, "repayment"),
        ("INVOICE", False, "refund"),
    ],
)
def test_a_managed_accounts_head_decides(head: str, out: bool, expected: str) -> None:
    cells = {"paid_out_text": "10.00"} if out else {"paid_out_text": None, "paid_in_text": "10.00"}
    assert kind(bank_line(feed_code="managed", type_text=head, **cells))[0] == expected


@pytest.mark.parametrize(("amount", "expected"), [("10.00", "purchase"), ("-10.00", "refund")])
def test_a_notional_credit_note_is_a_refund(amount: str, expected: str) -> None:
    line = bank_line(feed_code="notional", paid_out_text=None, amount_text=amount, amount_sign_code="out", type_text=None)
    assert kind(line)[0] == expected


def test_every_kind_is_one_the_table_knows() -> None:
    told = set(CARD_ENTRIES.values()) - {"load"} | set(BANK_TYPES.values()) - {"card"} | set(SPEND) | set(NOT_MONEY)
    assert told <= set(PAYMENT_KINDS)
    assert not set(SPEND) & set(NOT_MONEY)
