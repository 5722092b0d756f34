"""What councils' cards tell of sellers: kept as hashes, asked last, and never against better knowledge."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl

from phb_audit.classified.classifier import classify
from phb_audit.classified.council import COUNCIL, ask_council, hashed_names, shipped_council, unpacked
from phb_audit.classified.fit_council import fit_council, sellers
from phb_audit.classified.model import Learned, judge, read_lines, shipped_model
from phb_audit.classified.reference import reference

CARDS = pl.DataFrame(
    {
        "merchant": ["ZORBLE STORE 12", "ZORBLE STORE 99", "QUIXEL CABS", "VANTRY CABS", "PLIMBO STORE", "GRONT BAR", "WEXO BAR"],
        "accepted": ["H02|H01", "H02|H01", "R03", "R03", "H02|H01", "X01", "X01"],
    }
)


def learned() -> Learned:
    council = unpacked(fit_council(CARDS, CARDS.head(0)))
    return dataclasses.replace(shipped_model(), council=council)


def says(name: str) -> str:
    council = learned().council
    return reference().codes[int(ask_council(pl.Series([name]), council, reference().codes).scores[0].argmax())]


def test_a_seller_has_its_commonest_kind_once() -> None:
    assert sellers(CARDS)["name"].to_list() == ["GRONT BAR", "PLIMBO STORE", "QUIXEL CABS", "VANTRY CABS", "WEXO BAR", "ZORBLE STORE"]


def test_a_name_that_was_met_is_known_and_one_like_it_guessed() -> None:
    assert says("QUIXEL CABS") == "R03"
    assert says("HALLOW CABS") == "R03"
    met = ask_council(pl.Series(["QUIXEL CABS", "HALLOW CABS", ""]), learned().council, reference().codes)
    assert met.is_met.tolist() == [True, False, False]
    assert not met.scores[2].any()


def test_councils_are_not_asked_beside_a_description_or_a_merchant_code() -> None:
    frame = pl.DataFrame({"merchant": ["QUIXEL CABS"] * 3, "description": ["", "piano lesson", ""], "mcc": ["", "", "5912"]})
    alone, described, coded = judge(read_lines(frame), learned=learned()).experts["council"]
    assert alone.any()
    assert not described.any()
    assert not coded.any()


def test_a_delicate_kind_does_not_outweigh_a_known_name() -> None:
    cards = pl.concat([CARDS, pl.DataFrame({"merchant": ["TESCO STORES", "NATIONAL TRUST"], "accepted": ["X01", "R03"]})])
    council = dataclasses.replace(shipped_model(), council=unpacked(fit_council(cards, cards.head(0))))
    frame = pl.DataFrame({"merchant": ["TESCO STORES", "NATIONAL TRUST"], "description": ["", ""], "mcc": ["", ""]})
    tesco, trust = judge(read_lines(frame), learned=council).experts["council"]
    assert not tesco.any()
    assert trust.any()


def test_a_name_that_was_met_as_a_shop_of_many_kinds_is_one() -> None:
    cards = pl.concat([CARDS, pl.DataFrame({"merchant": ["HEDGELY GARDEN SPARES"], "accepted": ["M04"]})])
    council = dataclasses.replace(shipped_model(), council=unpacked(fit_council(cards, cards.head(0))))
    frame = pl.DataFrame({"merchant": ["HEDGELY GARDEN SPARES", "HEDGELY GARDENS"], "description": ["", ""], "mcc": ["", ""]})
    met, like = judge(read_lines(frame), learned=council).top
    assert reference().codes[met] == "M04"
    assert reference().codes[like] != "M04"


def test_no_name_is_in_the_file() -> None:
    with np.load(COUNCIL, allow_pickle=False) as arrays:
        assert sorted(arrays.files) == ["hashes", "kind_of", "kinds", "scales", "start", "weights"]
        assert all(arrays[name].dtype.kind in "uif" for name in arrays.files)
    assert len(np.unique(shipped_council().hashes)) == len(shipped_council().hashes)


def test_hashes_are_salted_and_always_the_same() -> None:
    assert hashed_names(["TESCO"])[0] == hashed_names(["X", "TESCO"])[1]
    assert hashed_names(["TESCO"])[0] != hashed_names(["TESCOS"])[0]


def test_the_reason_says_that_councils_cards_decided() -> None:
    frame = pl.DataFrame({"merchant": ["QUIXEL CABS"], "description": [""], "mcc": [""]})
    assert classify(frame)["because"].item()
