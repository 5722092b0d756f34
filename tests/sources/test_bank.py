"""Every bank layout gives the same facts."""

from __future__ import annotations

import pytest

from tests.sources.cells import KEY, landed, recognised

ACCOUNT = KEY.pseudonym("B", "12345612345678")
HEAD = "Account Name:,Mrs Jane Example\nAccount Number:,12345678\nSort Code:,12-34-56\n\n"
FILES = {
    "bank_five_column": HEAD + "Date,Type,Description,Paid out,Paid in,Balance\n01/07/2026,DEB,TESCO STORES 2231,3.20,,96.80\n",
    "bank_signed": "Sort Code,Account Number,Account Name,Date,Value Date,Transaction Type,Description,Amount,Balance\n"
    "12-34-56,12345678,MRS J EXAMPLE,01/07/2026,02/07/2026,DEB,TESCO STORES 2231,-3.20,96.80\n",
    "bank_debit_credit": "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,"
    "Debit Amount,Credit Amount,Balance\n"
    "01/07/2026,DEB,'12-34-56,12345678,TESCO STORES 2231,3.20,,96.80\n",
    "bank_memo": "Number,Date,Account,Amount,Subcategory,Memo\n1,01/07/2026,12-34-56 12345678,-3.20,DEB,TESCO STORES 2231\n",
    "bank_statement_lines": "statement_no,sort_code,account_no,account_name,statement_from,statement_to,opening_balance,"
    "txn_date,value_date,type,"
    "description,paid_out,paid_in,running_balance,closing_balance\n"
    "7,123456,12345678,MRS J EXAMPLE,01/07/2026,31/07/2026,100.00,01/07/2026,02/07/2026,DEB,TESCO STORES 2231,3.20,,96.80,96.80\n",
    "bank_app": "Transaction ID,Date,Time,Type,Name,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,"
    "Description,Account number,Sort code\n"
    "tx_1,01/07/2026,10:11:12,DEB,TESCO STORES 2231,Groceries,-3.20,GBP,-3.20,GBP,,,,TESCO STORES 2231 LEEDS,12345678,12-34-56\n",
}


@pytest.mark.parametrize("layout", FILES)
def test_each_bank_layout_is_known_by_its_headers(layout: str) -> None:
    assert recognised(FILES[layout]).layout_code == layout


@pytest.mark.parametrize("layout", FILES)
def test_each_bank_layout_gives_account_day_payee_type_and_amount(layout: str) -> None:
    row = landed(FILES[layout]).row(0, named=True)
    assert row["account_ref"] == ACCOUNT
    assert (row["paid_on_text"], row["payee_text"], row["type_text"], row["payee_ref"]) == ("01/07/2026", "TESCO STORES 2231", "DEB", None)
    signed = (row["amount_text"], row["amount_sign_code"]) == ("-3.20", "in")
    assert signed or (row["paid_out_text"], row["paid_in_text"]) == ("3.20", None)


@pytest.mark.parametrize("layout", FILES)
def test_no_name_and_no_account_number_stays_in_the_row(layout: str) -> None:
    frame = landed(FILES[layout]).drop("sort_code", "account_number")
    text = str(frame.row(0))
    assert "xample".upper() not in text.upper()
    assert "12345678" not in text


def test_the_account_may_stand_in_one_cell_above_the_header() -> None:
    data = FILES["bank_five_column"].replace("Number:,", "Number: ").replace("Code:,", "Code: ")
    assert landed(data)["account_ref"].to_list() == [ACCOUNT]


def test_two_sections_of_one_file_belong_to_two_accounts() -> None:
    second = FILES["bank_five_column"].replace("12345678", "87654321").replace("3.20", "9.99")
    rows = landed(FILES["bank_five_column"] + second)
    assert rows["account_ref"].to_list() == [ACCOUNT, KEY.pseudonym("B", "12345687654321")]
    assert rows["line_number"].to_list() == [6, 12]


def test_zeros_that_a_spreadsheet_dropped_come_back() -> None:
    full = FILES["bank_signed"].replace("12-34-56,12345678", "01-23-45,01234567")
    short = FILES["bank_signed"].replace("12-34-56,12345678", "12345,1234567")
    assert landed(full)["account_ref"].to_list() == landed(short)["account_ref"].to_list()


def test_a_statement_without_an_account_lands_without_one() -> None:
    data = FILES["bank_five_column"].removeprefix(HEAD)
    assert landed(data)["account_ref"].to_list() == [None]
