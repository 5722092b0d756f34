"""Identity cells become pseudonyms, the same for the same person however they are written."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.sources.pseudonyms import holder_refs, parted, payee_refs, person_refs, surname_refs
from tests.sources.cells import KEY, landed

GOOD = "9990000018"


def one(series: pl.Series) -> str | None:
    answer: str | None = series.item()
    return answer


def test_an_nhs_number_with_or_without_blanks_is_one_holder() -> None:
    refs = holder_refs(pl.Series([GOOD, "999 000 0018", "999-000-0018", None]), KEY).to_list()
    assert refs == [KEY.pseudonym("H", GOOD)] * 3 + [None]


def test_a_number_that_fails_its_check_digit_is_marked() -> None:
    ref = one(holder_refs(pl.Series(["9990000010"]), KEY))
    assert ref is not None
    assert (ref[0], len(ref)) == ("!", 17)


@pytest.mark.parametrize("name", ["Mrs Jane Smith", "SMITH, Jane", "jane smith", "Jane  Ann Smith", "Smith, Mrs Jane"])
def test_a_name_is_one_person_however_it_is_written(name: str) -> None:
    assert one(person_refs(pl.Series([name]), KEY)) == one(person_refs(pl.Series(["Jane Smith"]), KEY))


def test_a_surname_spelled_two_ways_sounds_the_same() -> None:
    smith, smythe = pl.Series(["Jane Smith"]), pl.Series(["J Smythe"])
    assert one(surname_refs(smith, KEY)) == one(surname_refs(smythe, KEY))
    assert one(payee_refs(smith, KEY)) == one(payee_refs(smythe, KEY))
    assert one(person_refs(smith, KEY)) != one(person_refs(smythe, KEY))


@pytest.mark.parametrize(
    ("name", "first", "surname"),
    [
        ("SMITH J", "J", "SMITH"),
        ("J SMITH", "J", "SMITH"),
        ("Smith", "", "Smith"),
        ("Dr. J. Smith-Jones", "J", "Smith-Jones"),
        ("", "", ""),
    ],
)
def test_names_are_parted(name: str, first: str, surname: str) -> None:
    assert (parted(name).first, parted(name).surname) == (first, surname)


BUDGETS = (
    "Person Ref,Holding,Account Kind,Sort Code,Account Number,Card Token,Managed Account Ref,Care Group,Area,Annual Budget,Start Date\n"
)


@pytest.mark.parametrize(
    ("row", "identity"),
    [
        (f"{GOOD},direct payment,bank,12-34-56,12345678,,,adult,North,1,01/04/2026", "12345612345678"),
        (f"{GOOD},direct payment,card,,,987654321,,adult,North,1,01/04/2026", "987654321"),
        (f"{GOOD},third party,Managed,,,,MA-7,adult,North,1,01/04/2026", "MA-7"),
        (f"{GOOD},notional,notional,,,,,adult,North,1,01/04/2026", f"notional:{GOOD}"),
    ],
)
def test_a_budget_names_its_account_as_the_payments_will(row: str, identity: str) -> None:
    assert landed(BUDGETS + row + "\n")["account_ref"].to_list() == [KEY.pseudonym("B", identity)]


def test_payments_of_each_feed_name_the_account_as_the_budget_does() -> None:
    managed = landed(
        "Account Ref,Person Ref,Date,Head,Payee,Narrative,Invoice No,Paid Out,Paid In,Balance\n"
        f"MA-7,{GOOD},01/07/2026,WAGES,J SMITH,July,,10.00,,5.00\n"
    )
    notional = landed(
        "Invoice Date,Paid Date,Person Ref,Supplier,Invoice Number,Service,Gross Amount,Cost Centre,Subjective\n"
        "01/07/2026,05/07/2026,999 000 0018,BRIGHT CARE LTD,9,care,10.00,x,y\n"
    )
    assert managed["account_ref"].to_list() == [KEY.pseudonym("B", "MA-7")]
    assert notional["account_ref"].to_list() == [KEY.pseudonym("B", f"notional:{GOOD}")]
    assert managed["holder_ref"].to_list() == notional["holder_ref"].to_list() == [KEY.pseudonym("H", GOOD)]
