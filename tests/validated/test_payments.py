"""Payments typed: money out positive, London's days, whose an account is, countries in two letters."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.validated.payments import typed, with_amounts, with_holders
from tests.builders import rows
from tests.validated.small_world import BANK, HOLDER, OTHER, bank_line, card_line


def amount(**cells: object) -> int | None:
    frame = with_amounts(rows("landed.payments", bank_line(**{"paid_out_text": None, **cells})))
    value: int | None = frame["amount_pence"].item()
    return value


@pytest.mark.parametrize(
    ("cells", "pence"),
    [
        ({"paid_out_text": "10.00"}, 10_00),
        ({"paid_in_text": "10.00"}, -10_00),
        ({"paid_out_text": "10.00", "paid_in_text": "0.00"}, 10_00),
        ({"paid_out_text": "-10.00"}, -10_00),
        ({"amount_text": "10.00", "amount_sign_code": "out"}, 10_00),
        ({"amount_text": "10.00", "amount_sign_code": "in"}, -10_00),
        ({"amount_text": "-10.00", "amount_sign_code": "in"}, 10_00),
        ({}, None),
        ({"amount_text": "x", "amount_sign_code": "out"}, None),
        ({"paid_out_text": "x", "paid_in_text": "10.00"}, None),
    ],
)
def test_money_out_is_positive_whichever_columns_hold_it(cells: dict[str, object], pence: int | None) -> None:
    assert amount(**cells) == pence


def test_a_cards_day_is_londons_and_a_banks_is_as_printed() -> None:
    landed = rows("landed.payments", card_line(paid_on_text="2026-07-01 23:30:00"), bank_line(paid_on_text="01/07/2026"))
    assert typed(landed)["paid_on"].to_list() == [date(2026, 7, 2), date(2026, 7, 1)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "GB"),
        ("gbr", "GB"),
        ("United Kingdom", "GB"),
        ("UK", "GB"),
        ("826", "GB"),
        ("ESP", "ES"),
        ("FR", "FR"),
        ("Narnia", None),
        (None, "GB"),
    ],
)
def test_countries_become_two_letters(text: str | None, code: str | None) -> None:
    assert typed(rows("landed.payments", card_line(country_text=text)))["country_code"].item() == code


@pytest.mark.parametrize(("text", "code"), [("5912", "5912"), ("742", "0742"), ("5912.0", "5912"), ("x", None), (None, None)])
def test_merchant_codes_have_four_digits(text: str | None, code: str | None) -> None:
    assert typed(rows("landed.payments", card_line(mcc_text=text)))["mcc_code"].item() == code


def held(line: dict[str, object], *accounts: tuple[str, str, int, date | None]) -> dict[str, object]:
    register = pl.DataFrame(
        accounts,
        schema={"account_id": pl.String, "holder_id": pl.String, "owners_count": pl.Int64, "first_start_on": pl.Date},
        orient="row",
    )
    return with_holders(typed(rows("landed.payments", line)), register).row(0, named=True)


def test_the_register_says_whose_an_account_is() -> None:
    assert held(bank_line(), (BANK, HOLDER, 1, None))["holder_id"] == HOLDER


def test_the_senders_own_person_comes_first() -> None:
    assert held(bank_line(holder_ref=OTHER), (BANK, OTHER, 2, None))["holder_id"] == OTHER


def test_an_account_of_two_people_is_nobodys_unless_the_line_says() -> None:
    read = held(bank_line(), (BANK, HOLDER, 2, None))
    assert (read["holder_id"], read["is_account_unclear"]) == (None, True)


def test_a_line_that_names_one_person_and_anothers_account_is_marked() -> None:
    assert held(bank_line(holder_ref=OTHER), (BANK, HOLDER, 1, None))["is_account_anothers"]
    assert not held(bank_line(holder_ref=HOLDER), (BANK, HOLDER, 1, None))["is_account_anothers"]


def test_days_before_the_budget_began_are_counted() -> None:
    assert held(bank_line(paid_on_text="01/02/2026"), (BANK, HOLDER, 1, date(2026, 4, 1)))["days_before_start"] == 59
