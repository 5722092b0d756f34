"""Phrases are found whatever their endings; a longer one hides what lies in it."""

from __future__ import annotations

import pytest

from phb_audit.matched.goal_words import Phrases, keys_of, quoted, stem, words_of


def found(text: str, *phrases: str) -> list[str]:
    return [hit.phrase for hit in Phrases((phrase, phrase) for phrase in phrases).find(words_of(text))]


@pytest.mark.parametrize(
    ("one", "other"), [("walking", "walks"), ("memories", "memory"), ("running", "run"), ("anxieties", "anxiety"), ("caring", "care")]
)
def test_endings_do_not_matter(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("caring", "car"),
        ("trained", "train"),
        ("bedding", "bed"),
        ("fishing", "fish"),
        ("communicate", "community"),
        ("rest", "restaurant"),
        ("dressings", "dress"),
        ("soiled", "soil"),
        ("weighted", "weights"),
        ("fits", "fit"),
    ],
)
def test_words_that_only_look_alike_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_words_of_sense_meet_over_small_words_and_one_other() -> None:
    assert found("I want to see my old friends", "see friends") == ["see friends"]
    assert found("see the doctor about making friends", "see friends") == []


def test_a_small_word_counts_where_a_phrase_has_little_else() -> None:
    assert found("stay in touch with her", "in touch") == ["in touch"]
    assert found("touch screen", "in touch") == []
    assert found("I am less worried for my wife", "be a wife") == []


def test_a_longer_phrase_hides_what_lies_in_it() -> None:
    assert found("who gets me out of bed", "get out", "get out of bed") == ["get out of bed"]
    assert found("a night out", "night", "night out") == ["night out"]
    assert found("at night", "night", "night out") == ["night"]


def test_a_star_stands_for_any_ending() -> None:
    assert found("hydrotherapy", "hydro*") == ["hydro*"]
    assert found("carbohydrate", "hydro*") == []


def test_the_words_are_quoted_as_they_were_written() -> None:
    words = words_of("To SEE my friends again")
    assert quoted("To SEE my friends again", words, Phrases([("see friends", 1)]).find(words)) == "'SEE my friends'"


def test_a_phrase_of_nothing_but_dropped_words_is_looked_for_by_nothing() -> None:
    assert keys_of("the my our") == ()
    assert found("the my our", "the my our") == []
