"""What the classifier says of single lines, and what it declines to say."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.classified.classifier import classify, model_version
from phb_audit.classified.reference import reference
from phb_audit.settings import shipped
from phb_audit.tables.classified import ANSWER


def say(merchant: str = "", description: str = "", mcc: str = "") -> dict[str, object]:
    frame = pl.DataFrame({"merchant": [merchant], "description": [description], "mcc": [mcc]})
    return classify(frame).row(0, named=True)


@pytest.mark.parametrize(
    ("merchant", "description", "mcc", "code"),
    [
        ("", "WAGES W/E 07/06 32.5H", "", "C01"),
        ("HMRC", "", "9311", "C02"),
        ("", "HYDRO POOL 30M", "", "T02"),
        ("SUMUP *JANES ART", "", "", "A05"),
        ("TESCO STORES 3321", "", "5411", "H02"),
        ("TESCO STORES 3321", "LAGER 12PK", "5411", "X01"),
        ("CO-OP GROUP 310", "", "", "H02"),
        ("TESCO PFS 3312", "", "5541", "R03"),
        ("ARGOS", "LAPTOP 15IN", "5311", "E06"),
        ("BET365", "", "7995", "X03"),
        ("", "", "7832", "A06"),
        ("B&B SEAVIEW", "1 NIGHT", "7011", "R01"),
        ("WWW.GARDENCENTREDIRECT.CO.UK", "", "", "E12"),
    ],
)
def test_plain_cases(merchant: str, description: str, mcc: str, code: str) -> None:
    assert say(merchant, description, mcc)["category_code"] == code


def test_misspelled_words_are_still_known() -> None:
    assert say(description="hydrotheraphy sesion")["category_code"] == "T02"


def test_a_supermarket_is_never_alcohol_by_itself() -> None:
    for shop in ("TESCO", "ALDI 22", "MORRISONS", "WAITROSE", "SPAR"):
        told = say(shop, "", "5411")
        assert not str(told["category_code"]).startswith("X")


def test_a_pub_without_more_is_not_called_alcohol() -> None:
    assert say("THE PLOUGH", "", "5813")["category_code"] == "H02"


@pytest.mark.parametrize("merchant", ["AMAZON.CO.UK", "AMZN MKTP UK*AB12C", "PAYPAL *", "PAYPAL *EBAY UK", "EBAY O*11-222-3", "ARGOS LTD"])
def test_a_line_that_hides_what_was_bought_waits_for_the_receipts_lines(merchant: str) -> None:
    told = say(merchant)
    assert (told["category_code"], told["is_abstained"]) == ("M04", True)
    assert "needs the receipt's lines" in str(told["because"])


def test_the_same_seller_with_a_description_is_answered() -> None:
    told = say("AMAZON.CO.UK", "nitrile gloves box 100", "5969")
    assert (told["category_code"], told["is_abstained"]) == ("E03", False)


def test_an_unknown_name_is_not_settled() -> None:
    told = say("QZXV HOLDINGS")
    assert told["is_abstained"]
    assert "needs the receipt or invoice" in str(told["because"])


def test_a_bare_payment_to_a_person_asks_for_the_pay_slip() -> None:
    told = say("PERSON")
    assert told["is_abstained"]
    assert "pay slip or invoice of the person paid" in str(told["because"])


def test_the_reason_quotes_the_words_and_the_merchant_code() -> None:
    told = say("LEISURE CTR", "hydro pool", "7997")
    assert told["because"] == (
        "The words 'hydro' and 'pool' point to hydrotherapy; the shop's trade code 7997 means clubs: sports, leisure and country."
    )
    assert told["how_code"] == "words"


def test_the_reason_quotes_no_word_that_was_not_learned() -> None:
    told = say("", "WAGES ZBIGNIEWSKA-OYELARAN")
    assert "zbigniewska" not in str(told["because"]).lower()
    assert "'wages'" in str(told["because"])


def test_a_surname_met_in_the_name_of_a_firm_is_not_quoted() -> None:
    assert "lloyd" not in str(say("PAT LLOYD SUPPORT WORKER")["because"]).lower()


def test_a_merchant_code_in_words_counts_as_words() -> None:
    assert say("SOMEBODY", "", "Veterinary services")["category_code"] == "A13"


def test_answers_fit_the_table_that_holds_them() -> None:
    frame = classify(pl.DataFrame({"merchant": ["TESCO", "PAYPAL"], "description": [None, ""], "mcc": [None, "x"]}))
    assert frame.columns == [*(column.name for column in ANSWER), "merchant_words", "description_words"]
    for column in ANSWER:
        assert frame.schema[column.name] == column.dtype
        assert column.nullable or frame[column.name].null_count() == 0
        assert not column.values or set(frame[column.name]) <= set(column.values)


def test_no_lines_give_no_answers() -> None:
    schema = {"merchant": pl.String, "description": pl.String, "mcc": pl.String}
    assert classify(pl.DataFrame(schema=schema)).height == 0


LINES = st.lists(
    st.tuples(st.text(max_size=30), st.text(max_size=40), st.sampled_from(["", "5411", "7995", "junk"])), min_size=1, max_size=8
)


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_any_text_gets_a_code_of_the_taxonomy_and_a_reason(lines: list[tuple[str, str, str]]) -> None:
    told = classify(pl.DataFrame(lines, schema=["merchant", "description", "mcc"], orient="row"))
    assert told.height == len(lines)
    assert set(told["category_code"]) <= set(reference().codes)
    assert told["probability_share"].is_between(0, 1).all()
    assert (told["because"].str.len_chars() > 0).all()


def test_an_answer_does_not_depend_on_its_neighbours() -> None:
    frame = pl.read_csv(shipped("reference") / "frozen_lines.csv", infer_schema=False).select("merchant", "description", "mcc")
    together = classify(frame)
    alone = pl.concat([classify(frame.slice(place, 1)) for place in (0, 40, 99)])
    assert alone.equals(together[[0, 40, 99]])


def test_the_version_names_the_reference_files() -> None:
    assert model_version().startswith("2-")
    assert len(model_version()) == 10
