"""Names of persons nobody told us of become PERSON in what a payment says; shops stay."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.sources.payments import said
from phb_audit.sources.unheard_names import unheard, without_unheard
from tests.sources.cells import NOBODY, knowing

PERSONS = {
    "JOHN SMITH": "PERSON",
    "FROM DAVID JONES": "FROM PERSON",
    "Ref: John Smith": "Ref: PERSON",
    "JOHN SMITH 07/11": "PERSON 07/11",
    "FPO TO JANE SMITH": "FPO TO PERSON",
    "FASTER PAYMENT FROM J SMITH": "FASTER PAYMENT FROM PERSON",
    "BGC FROM SMITH J": "BGC FROM PERSON",
    "JOHN SMITH VIA MOBILE": "PERSON VIA MOBILE",
    "SARAH JANE COOPER": "PERSON",
    "NATALIE HAGUE MILE": "PERSON MILE",
    "JOHN SMITH JULY": "PERSON JULY",
    "ISLA RHODES MCSP": "PERSON MCSP",
    "Mary O'Brien": "PERSON",
    "J SMITH": "PERSON",
    "FROM A STONE": "FROM PERSON",
}
OTHERS = [
    "JOHN LEWIS",
    "JOHN LEWIS OXFORD",
    "H SAMUEL",
    "TO H SAMUEL",
    "LANGTON S",
    "A STONE",
    "a treat",
    "v belts",
    "W M MORRISONS",
    "GRACE HOME CARE",
    "JANE SMITH PHYSIO",
    "ROBIN FARM DAY CAR",
    "FRANKIE & BENNYS",
    "DOROTHY PERKINS",
    "SUE RYDER 6179",
    "FROM SAVINGS",
    "TESCO STORES 2231",
    "Weekly shop",
    "Art class with friends",
    "Alexander technique",
    "Rose wine",
    "Ivy Cottage",
    "",
]


@pytest.mark.parametrize(("text", "masked"), PERSONS.items())
def test_a_name_and_little_else_is_replaced(text: str, masked: str) -> None:
    assert without_unheard(pl.Series([text])).to_list() == [masked]


@pytest.mark.parametrize("text", OTHERS)
def test_shops_traders_and_ordinary_words_stay(text: str) -> None:
    assert without_unheard(pl.Series([text])).to_list() == [text]


@pytest.mark.parametrize(
    ("payee", "description", "shown"),
    [
        ("MRS A PATEL", "Patel July", "PERSON July"),
        ("WAGES J SMITH", "Smith, week 12", "PERSON, week 12"),
        ("JOHN SMITH", "john smith garden", "PERSON garden"),
        ("FPO", "JOHN SMITH", "PERSON"),
        ("MR T LEE", "a walk to the lee shore", "a walk to the lee shore"),
        ("BRIGHT CARE LTD", "Bright Care July", "Bright Care July"),
        ("JOHN LEWIS", "Lewis Oxford St", "Lewis Oxford St"),
        ("TESCO", None, None),
    ],
)
def test_a_description_does_not_name_the_person_paid(payee: str, description: str | None, shown: str | None) -> None:
    assert said(pl.Series([payee]), pl.Series([description], dtype=pl.String), NOBODY)["description_text"].to_list() == [shown]


def test_columns_keep_their_order_and_their_gaps() -> None:
    payees = pl.Series(["TESCO", None, "MRS A PATEL", "MR T PATEL"])
    words = pl.Series([None, "FROM DAVID JONES", "patel", "TESCO patel"])
    assert said(payees, words, NOBODY)["description_text"].to_list() == [None, "FROM PERSON", "PERSON", "TESCO PERSON"]
    assert said(payees, words, NOBODY)["payee_text"].to_list() == ["TESCO", None, "PERSON", "PERSON"]


def test_a_known_person_is_replaced_first_and_keeps_the_pseudonym() -> None:
    told = said(pl.Series(["FROM JANE SMITH"]), pl.Series(["JANE SMITH"]), knowing("Jane Smith"))
    assert told["payee_text"].to_list() == ["FROM PERSON"]
    assert told["payee_ref"].null_count() == 0
    assert told["description_text"].to_list() == ["PERSON"]


@pytest.mark.parametrize("goods", ["HENRY HOOVER", "B VITAMINS", "Z BED", "VICTORIA SPONGE", "HAZEL NUTS", "J CUSHION"])
def test_what_a_business_sold_is_no_person(goods: str) -> None:
    told = said(pl.Series(["AMAZON"]), pl.Series([goods]), NOBODY)
    assert told["description_text"].to_list() == [goods]


@pytest.mark.parametrize("name", ["MARTIN MEREDITH", "ROSS CAREY", "MARK BATESON", "JOHN LEWISHAM"])
def test_a_shop_is_known_by_whole_words(name: str) -> None:
    assert unheard(name) is not None
