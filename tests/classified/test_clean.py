"""What is left of a line once the bank's words, the carrier, numbers and places are gone."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.classified import clean
from phb_audit.classified.experts import shipped_weights
from phb_audit.classified.model import read_lines


def payee(text: str) -> tuple[str, str | None]:
    row = clean.cleaned(pl.Series([text]), is_payee=True).row(0)
    return row[0], row[1]


@pytest.mark.parametrize(
    ("written", "left", "carrier"),
    [
        ("CARD PAYMENT TO SUMUP *JANES ART 2231 LEEDS GB 12JUN", "JANES ART", "SumUp"),
        ("SumUp  *Janes Art", "JANES ART", "SumUp"),
        ("IZ *STABLES", "STABLES", "Zettle"),
        ("ZETTLE_*JOES CAFE", "JOES CAFE", "Zettle"),
        ("SQ *COFFEE", "COFFEE", "Square"),
        ("PAYPAL *HORSERIDE", "HORSERIDE", "PayPal"),
        ("PAYPAL", "", "PayPal"),
        ("AMZNMKTPLACE*2K4", "AMAZON", "Amazon"),
        ("AMZN Mktp UK*2K4RT5", "AMAZON", "Amazon"),
        ("Amazon.co.uk*MN12", "AMAZON", "Amazon"),
    ],
)
def test_the_carrier_is_taken_off_and_remembered(written: str, left: str, carrier: str) -> None:
    assert payee(written) == (left, carrier)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("TESCO STORES 3321", "TESCO STORES"),
        ("B&Q PLC 1234", "B & Q"),
        ("Sainsbury's 0345", "SAINSBURYS"),
        ("JUST-EAT.CO.UK", "JUST EAT"),
        ("WWW.TRAINLINE.COM LONDON", "TRAINLINE"),
        ("PREMIER INN44012345", "PREMIER INN"),
        ("DD VODAFONE LTD REF 12345678", "VODAFONE"),
        ("HMRC PAYE 120PX00123456", "HMRC PAYE"),
        ("XXXX1234 CAFE 12/06/2026", "CAFE"),
        ("BET365", "BET365"),
        ("LEEDS", "LEEDS"),
        (None, ""),
    ],
)
def test_numbers_places_and_legal_forms_are_no_part_of_a_name(written: str, left: str) -> None:
    assert payee(written) == (left, None)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("W/E 07/06 32.5H", "W E #H"),
        ("MILEAGE 42M @45P", "MILEAGE #M #P"),
        ("SCALES 300KG 499.00", "SCALES #KG"),
        ("PS5 CONTROLLER", "PS5 CONTROLLER"),
        ("TAXI TO LEEDS", "TAXI TO LEEDS"),
    ],
)
def test_a_description_keeps_its_units_and_places(written: str, left: str) -> None:
    assert clean.cleaned(pl.Series([written]), is_payee=False)["text"].to_list() == [left]


@pytest.mark.parametrize(("written", "code"), [("5411", "5411"), (" 742 ", "0742"), ("5411.0", "5411"), ("n/a", ""), (None, "")])
def test_a_merchant_code_is_four_digits_or_nothing(written: str | None, code: str) -> None:
    frame = pl.DataFrame({"mcc": [written]}, schema={"mcc": pl.String})
    assert frame.select(clean.tidy_mcc(pl.col("mcc"))).item() == code


def test_rows_keep_their_order_and_equal_texts_are_told_alike() -> None:
    told = clean.cleaned(pl.Series(["TESCO 1", None, "ASDA 2", "TESCO 1"], dtype=pl.String), is_payee=True)
    assert told["text"].to_list() == ["TESCO", "", "ASDA", "TESCO"]


def test_the_last_word_of_a_name_that_a_bank_cut_off_is_made_whole() -> None:
    known = shipped_weights().vocabulary
    names = pl.Series(["OAK DOMICILIA", "OAK PHYSIOTHER", "OAK CAFE", "OAK ZZQX", "DOMICILIA", "OAK PHYSIOTHER LEE", ""])
    whole = known.completed(names, pl.Series([True] * len(names)))
    assert whole.to_list() == ["OAK DOMICILIARY", "OAK PHYSIOTHERAPIST", "OAK CAFE", "OAK ZZQX", "DOMICILIARY", "OAK PHYSIOTHER LEE", ""]
    assert known.completed(names, pl.Series([False] * len(names))).to_list() == names.to_list()


def test_a_word_is_made_whole_only_where_the_known_words_agree() -> None:
    told = dict(shipped_weights().vocabulary.whole_words.iter_rows())
    assert all(whole.startswith(cut) and whole != cut for cut, whole in told.items())
    assert "STAT" not in told  # STATION, STATIONERY, STATEMENT ...


def test_only_a_text_as_long_as_a_banks_field_counts_as_cut() -> None:
    frame = pl.DataFrame({"merchant": ["OAK DOMICILIA", "DD  OAKWOOD DOMICILIA", None], "description": [None] * 3, "mcc": [None] * 3})
    assert read_lines(frame.cast(pl.String))["is_cut"].to_list() == [False, True, False]
