"""Persons become PERSON; businesses stay."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.sources.names import described, masked_payee, payees
from tests.sources.cells import KEY, NOBODY, knowing

SMITH = KEY.pseudonym("Y", "J SMT")
PERSONS = {
    "MR J SMITH": "PERSON",
    "Mrs Jane Smith": "PERSON",
    "DR. SMITH": "PERSON",
    "WAGES J SMITH": "WAGES PERSON",
    "WAGES J SMYTHE WK 12": "WAGES PERSON WK 12",
    "NET PAY JANE SMITH": "NET PAY PERSON",
    "SALARY: SMITH J": "SALARY: PERSON",
    "PAY J SMITH JULY": "PAY PERSON JULY",
    "TFR MRS J SMITH": "TFR PERSON",
    "TRANSFER TO J SMITH": "TRANSFER TO PERSON",
    "TO J A SMITH": "TO PERSON",
    "FPO TO JANE SMITH": "FPO TO PERSON",
    "J SMITH WAGES": "PERSON WAGES",
    "TO J SMITH 12": "TO PERSON 12",
    "PA WAGES J SMITH": "PA WAGES PERSON",
    "BONUS J SMITH": "BONUS PERSON",
    "PA MILEAGE PATRICK SMITH": "PA MILEAGE PERSON",
}
BUSINESSES = [
    "SUMUP *JANES ART",
    "TESCO STORES 2231",
    "AMZNMKTPLACE*2K4",
    "PAYPAL *HORSERIDE",
    "DR MARTENS",
    "MS SOCIETY",
    "MISS SELFRIDGE LEEDS",
    "TO TESCO STORES",
    "TFR SAVINGS ACCOUNT",
    "TRANSFER",
    "PAY",
    "WAGES",
    "WAGES JULY",
    "PAYROLL SERVICES LTD",
    "TO BRIGHT CARE LTD",
    "HMRC CUMBERNAULD",
    "JOHN LEWIS",
    "TOTAL FITNESS",
    "TOM FORD",
    "PAYPOINT 55",
    "WH SMITH 118",
    "QZZ ICB PHB",
    "TESCO STORRS",
    "TYL*JUNIPER SMITH",
    "",
]


@pytest.mark.parametrize(("text", "masked"), PERSONS.items())
def test_a_name_after_a_title_or_a_pay_word_is_replaced(text: str, masked: str) -> None:
    assert masked_payee(text, NOBODY)[0] == masked


@pytest.mark.parametrize("text", [text for text in PERSONS if text not in ("DR. SMITH", "PA MILEAGE PATRICK SMITH")])
def test_every_way_of_writing_a_person_gives_one_pseudonym(text: str) -> None:
    assert masked_payee(text, NOBODY)[1] == SMITH


@pytest.mark.parametrize("text", BUSINESSES)
def test_a_business_stays_as_it_is(text: str) -> None:
    assert masked_payee(text, knowing("Jane Smith", "Tess Storrs")) == (text, None)


@pytest.mark.parametrize("text", ["J SMITH", "SMITH J", "JANE SMITH", "Jane Smythe", "SMITH, JANE", "J. SMITH"])
def test_the_name_of_a_known_person_is_replaced(text: str) -> None:
    assert masked_payee(text, NOBODY) == (text, None)
    assert masked_payee(text, knowing("Jane Smith")) == ("PERSON", SMITH)


def test_a_surname_alone_has_no_pseudonym() -> None:
    assert masked_payee("WAGES SMITH", NOBODY) == ("WAGES PERSON", None)


def test_a_known_person_inside_a_longer_text_is_replaced() -> None:
    assert masked_payee("HOLS J SMITH 3", knowing("Jane Smith")) == ("HOLS PERSON 3", SMITH)


def test_a_sole_trader_is_not_a_known_person_of_the_same_initial() -> None:
    assert masked_payee("JEAN SMITH SUPORT", knowing("Jane Smith")) == ("JEAN SMITH SUPORT", None)
    assert masked_payee("JANE SMITH SUPORT", knowing("Jane Smith")) == ("PERSON SUPORT", SMITH)


def test_columns_keep_their_order_and_their_gaps() -> None:
    texts = pl.Series(["TESCO", None, "WAGES J SMITH", "TESCO", "WAGES J SMITH"])
    assert payees(texts, NOBODY).rows() == [
        ("TESCO", None),
        (None, None),
        ("WAGES PERSON", SMITH),
        ("TESCO", None),
        ("WAGES PERSON", SMITH),
    ]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Swimming with Jane Smith on Mondays", "Swimming with PERSON on Mondays"),
        ("Advice of Dr Patel, then Mrs Okafor", "Advice of PERSON, then PERSON"),
        ("to attend a pottery class", "to attend a pottery class"),
        ("Help for MS and mobility", "Help for MS and mobility"),
        ("Wages J Smith wk 12", "Wages PERSON wk 12"),
        ("Paid for 999 000 0018", "Paid for NUMBER"),
        ("Invoice 9990000017", "Invoice 9990000017"),
        ("Mileage claim w/e", "Mileage claim w/e"),
        ("Wages due Friday", "Wages due Friday"),
    ],
)
def test_names_and_nhs_numbers_in_free_words_are_replaced(text: str, masked: str) -> None:
    assert described(pl.Series([text]), knowing("Jane Smith")).to_list() == [masked]
