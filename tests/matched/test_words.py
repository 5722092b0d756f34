"""Words of payees and plans meet in one key."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.matched.words import keyed


def keys(text: str) -> dict[str, float]:
    frame = keyed(pl.DataFrame({"said": [text]}), "said")
    return dict(zip(frame["key"], frame["weight"], strict=True))


@pytest.mark.parametrize(
    ("paid", "planned"),
    [
        ("RIDING LESSN", "riding lessons"),
        ("MEADOW EQUESTRIAN", "horse riding"),
        ("AROMATH BY KIM", "aromatherapy"),
        ("SWIM 4 ALL", "swimming with a helper"),
        ("PHYSIOTHERAPIST", "physio"),
        ("SUMMERHOUSES OF KENT", "summer house"),
        ("CITY CABS", "taxis"),
    ],
)
def test_words_of_one_meaning_share_a_key(paid: str, planned: str) -> None:
    assert set(keys(paid)) & set(keys(planned))


@pytest.mark.parametrize(("one", "other"), [("TESCO STORES", "riding lessons"), ("CARE AGENCY", "car hire"), ("HOTEL", "hot tub")])
def test_words_of_another_meaning_do_not(one: str, other: str) -> None:
    assert not set(keys(one)) & set(keys(other))


def test_words_that_say_nothing_are_left_out_and_weak_ones_weigh_little() -> None:
    assert keys("40 pounds a week for the") == {}
    assert 0 < keys("support")["suppo"] < 1
    assert keys("pottery") == {"potte": 1.0}
