"""What people decided of a seller is asked first."""

from __future__ import annotations

import polars as pl

from phb_audit.classified.classifier import classify

DECIDED = pl.DataFrame(
    {"merchant_words": ["OAK CHOIR", "TESCO STORES"], "category_code": ["A10", "C08"], "told_share": [1.0, 0.9]},
)


def say(merchant: str, description: str = "", remembered: pl.DataFrame | None = DECIDED) -> dict[str, object]:
    return classify(pl.DataFrame({"merchant": [merchant], "description": [description], "mcc": [""]}), remembered).row(0, named=True)


def test_a_decided_seller_is_known_from_then_on() -> None:
    assert say("CARD PAYMENT TO OAK CHOIR 2231")["category_code"] == "A10"
    assert say("OAK CHOIR")["how_code"] == "memory"
    assert "people decided" in str(say("OAK CHOIR")["because"]).lower()


def test_people_outweigh_the_shipped_memory() -> None:
    assert say("TESCO STORES")["category_code"] == "C08"
    assert say("TESCO STORES", remembered=None)["category_code"] == "H02"


def test_a_description_outweighs_what_was_decided_of_the_bare_name() -> None:
    assert say("TESCO STORES", "lager 12 pack cans beer")["category_code"] == "X01"


def test_others_are_answered_as_before() -> None:
    assert say("ODEON") == say("ODEON", remembered=None) == say("ODEON", remembered=DECIDED.head(0))
