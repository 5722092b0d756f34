"""Keyed pseudonyms and NHS numbers."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phb_audit.errors import UsageError
from phb_audit.identity import IdentityKey, is_nhs_number, nhs_check_digit, person_key, read_or_make_key

KEY = IdentityKey(b"k" * 32)


def test_one_value_written_two_ways_is_one_pseudonym() -> None:
    assert KEY.pseudonym("B", "12-34-56 12345678") == KEY.pseudonym("B", "12345612345678")


def test_two_keys_give_two_pseudonyms() -> None:
    assert KEY.pseudonym("H", "9990000018") != IdentityKey(b"j" * 32).pseudonym("H", "9990000018")


def test_a_pseudonym_says_its_kind_and_nothing_else() -> None:
    made = KEY.pseudonym("H", "9990000018")
    assert made[0] == "H"
    assert len(made) == 17
    assert "999" not in made[1:4]


def test_nothing_stays_nothing() -> None:
    assert KEY.pseudonym("N", " - ") == ""


def test_the_secret_is_not_in_the_words_for_the_key() -> None:
    assert "kkk" not in repr(KEY)


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919", "943-476-5919"])
def test_a_number_whose_check_digit_agrees(number: str) -> None:
    assert is_nhs_number(number)


@pytest.mark.parametrize("number", ["9434765918", "943476591", "", "94347659190", "943476591X", "H434765919"])
def test_a_number_that_is_none(number: str) -> None:
    assert not is_nhs_number(number)


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9))
def test_exactly_one_last_digit_fits_or_none(nine: list[int]) -> None:
    stem = "".join(map(str, nine))
    fitting = [last for last in range(10) if is_nhs_number(f"{stem}{last}")]
    assert fitting == ([nhs_check_digit(nine)] if nhs_check_digit(nine) < 10 else [])


def test_a_surname_spelled_two_ways_sounds_the_same() -> None:
    assert person_key("J", "Smith") == person_key("j", "SMYTHE")
    assert person_key("J", "Clarke") == person_key("J", "Clark")
    assert person_key("J", "Smith") != person_key("J", "Jones")
    assert person_key("J", "Smith") != person_key("K", "Smith")


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "identity.key"
    first, second = read_or_make_key(path), read_or_make_key(path)
    assert first == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_is_refused_and_the_message_does_not_show_it(tmp_path: Path) -> None:
    path = tmp_path / "identity.key"
    path.write_text("abc123secret")
    with pytest.raises(UsageError, match="damaged") as met:
        read_or_make_key(path)
    assert "abc123secret" not in str(met.value)
