"""Who was paid, as it may be shown."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.matched.payees import business_key, sounds_personal, tidy_case
from phb_audit.run import Run
from tests.matched.worlds import matched, paid

DAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("SUMUP *JANES ART 0123", "JANES ART"),
        ("Zettle_*Janes Art", "JANES ART"),
        ("TESCO STORES 2041", "TESCO STORES"),
        ("AMZNMKTPLACE*2R3K4", "AMAZON"),
        ("Amazon Marketplace", "AMAZON"),
        ("BLUEBIRD CARE LTD", "BLUEBIRD CARE"),
        ("", ""),
    ],
)
def test_one_business_has_one_key_however_it_is_written(written: str, key: str) -> None:
    assert pl.select(business_key(pl.lit(written))).item() == key


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("MEADOW RIDING SCHOOL", "Meadow Riding School"),
        ("JANE'S  ART", "Jane's Art"),
        ("HMRC CUMBERNAULD", "HMRC Cumbernauld"),
        ("iPhone repairs", "iPhone repairs"),
    ],
)
def test_a_business_is_shown_as_people_write_it(written: str, shown: str) -> None:
    assert pl.select(tidy_case(pl.lit(written))).item() == shown


@pytest.mark.parametrize(
    ("written", "is_personal"),
    [
        ("ALAN BRIGHT", True),
        ("ISLA RHODES MCSP", True),
        ("FROM DAVID JONES", True),
        ("FPO TO J JONES", True),
        ("PAYPAL *SARAH PEACO", True),
        ("MARK BATES LTD", False),
        ("JOHN LEWIS", False),
        ("DOROTHY PERKINS", False),
        ("FRANKIE & BENNYS 5165", False),
        ("SUMUP *JANES ART", False),
        ("GRACE HOME CARE", False),
        ("TESCO STORES 2231", False),
    ],
)
def test_a_name_nobody_told_us_of_is_known_by_its_given_name(written: str, is_personal: bool) -> None:
    assert sounds_personal(pl.Series(["TESCO", written])).to_list() == [False, is_personal]


@pytest.mark.parametrize(
    "written",
    [
        *("JOHN DE SOUZA", "MARIA DA SILVA", "MOHAMMED AL HASSAN", "AISHA BINT YUSUF", "PETER LE ROUX", "OLUWASEUN ADEYEMI OKAFOR"),
        *("PRIYA SHARMA DEVI", "ALAN BRIGHT LONDON", "SARAH KHAN BRISTOL", "ZETTLE_*ALAN BRIGHT"),
    ],
)
def test_names_of_three_words_with_particles_or_a_town_are_not_shown(written: str) -> None:
    assert sounds_personal(pl.Series(["JOHN LEWIS LEEDS", written, "MAY WAGES", "ROSE CAFE"])).to_list() == [False, True, False, False]


def test_a_person_is_never_shown_by_name(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 1_00, "WAGES PERSON", payee_ref="Y12ab34567890abcd"),
        paid("P2", DAY, 1_00, "SUMUP *PERSON"),
        paid("P3", DAY, 1_00, "SOMEONE UNKNOWN", payee_ref="Yffff000000000000"),
    )
    assert [found[name]["payee_shown"] for name in ("P1", "P2", "P3")] == [
        "a named person (Y12ab)",
        "a named person",
        "a named person (Yffff)",
    ]
    assert found["P1"]["payee_id"] == "Y12ab34567890abcd"


def test_branches_of_one_business_are_one_payee(run: Run) -> None:
    found = matched(
        run, paid("P1", DAY, 1_00, "TESCO STORES 2041"), paid("P2", DAY, 1_00, "TESCO STORES 3312"), paid("P3", DAY, 1_00, "ASDA")
    )
    assert found["P1"]["payee_id"] == found["P2"]["payee_id"] != found["P3"]["payee_id"]
    assert len(str(found["P1"]["payee_id"])) == 17 and str(found["P1"]["payee_id"]).startswith("M")


def test_a_line_without_a_payee_says_what_it_was(run: Run) -> None:
    cash = {"payee_text": None, "kind_code": "cash"}
    found = matched(run, {**paid("P1", DAY, 1_00, ""), **cash}, {**paid("P2", DAY, 1_00, ""), "payee_text": " "})
    assert [found[name]["payee_shown"] for name in ("P1", "P2")] == ["Cash machine", "Payee not given"]
