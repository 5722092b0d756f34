from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.settings import shipped
from phb_audit.synthetic.story import Story
from phb_audit.synthetic.words import (
    CARD_LETTERS,
    FASTER_PAYMENT_LETTERS,
    Business,
    card_text,
    misspelt,
    names,
    sound_of,
    spelt_another_way,
    vocabulary,
    wage_text,
)
from phb_audit.synthetic.world import stories
from tests.synthetic.conftest import WINDOW

OWN_WORDS = {"X06B", "BNPL", "RENT"}  # lists of words that are no category of their own
BY_HAND = {"C01", "C07", "M03", "M04", "X05", "Z01", "Z02"}  # written by wages, accounts and planting, or not at all


def test_every_category_has_words() -> None:
    with (shipped("reference") / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        codes = {row["code"] for row in csv.DictReader(file)}
    assert set(vocabulary()) - OWN_WORDS == codes - BY_HAND


@pytest.mark.parametrize("code", sorted(vocabulary()))
def test_words_of_a_category_are_complete(code: str) -> None:
    words = vocabulary()[code]
    assert {"payees", "plan", "items", "price", "mcc", "paid", "goal"} <= set(words)
    assert len(words["payees"]) >= 4 and words["price"][0] < words["price"][1]
    assert code.startswith(("X", "Z", "BNPL", "RENT")) or words["plan"]


@given(st.integers(0, 10_000), st.sampled_from(sorted(vocabulary())))
def test_payees_fit_the_columns_of_banks_and_cards(seed: int, code: str) -> None:
    business = Business(Random(seed), code)
    assert 0 < len(business.bank) <= FASTER_PAYMENT_LETTERS
    assert 0 < len(business.card) <= CARD_LETTERS
    assert business.bank == business.bank.upper() and "{" not in business.name


def test_invoice_numbers_have_gaps() -> None:
    rng = Random(1)
    business = Business(rng, "C08")
    numbers = [int("".join(letter for letter in business.invoice_number(rng)[-5:] if letter.isdigit())) for _ in range(20)]
    assert all(later - earlier >= 2 for earlier, later in pairwise(numbers))


def test_small_traders_stand_behind_aggregators() -> None:
    written = [card_text(Random(seed), "Janes Art", "5970") for seed in range(300)]
    assert {"SUMUP *JANES ART", "PAYPAL *JANES ART", "JANES ART"} <= set(written)


@given(st.integers(0, 5_000))
def test_a_slip_changes_one_letter(seed: int) -> None:
    assert abs(len(misspelt(Random(seed), "LARKFIELD POTTERY")) - 17) <= 1
    assert misspelt(Random(seed), "SHORT") == "SHORT"


@given(st.sampled_from(names()["surname"]), st.integers(0, 500))
def test_another_spelling_sounds_the_same(surname: str, seed: int) -> None:
    other = spelt_another_way(Random(seed), "A", surname)
    assert sound_of("A", other) == sound_of("A", surname)


@given(st.sampled_from(names()["given"]), st.sampled_from(names()["surname"]), st.integers(0, 500))
def test_wages_name_the_assistant_in_eighteen_letters(given_name: str, surname: str, seed: int) -> None:
    text = wage_text(Random(seed), given_name, surname)
    assert len(text) <= FASTER_PAYMENT_LETTERS and surname.upper()[:10] in text


def payees(told: list[Story]) -> set[str]:
    return {line.text for story in told for line in story.lines if line.what == "purchase"}


def test_payees_grow_with_the_world(told: list[Story]) -> None:
    few, all_of_them = payees(told[:30]), payees(told)
    assert len(all_of_them) > 2.5 * len(few)


def test_words_of_one_seed_do_not_cover_another(told: list[Story]) -> None:
    other = payees(list(stories(60, 12, 99, WINDOW, "QZZ")))
    assert len(other - payees(told)) > 0.8 * len(other)


def test_nobody_real_is_meant() -> None:
    lists = names()
    assert all(len(lists[name]) == len(set(lists[name])) for name in ("given", "surname", "place", "word"))
    assert len(lists["given"]) * len(lists["surname"]) > 50_000
    assert Path(__file__).parents[2].joinpath("phb_audit", "synthetic", "vocabulary.toml").is_file()
