"""The words a match rests on are read back out of the sentence the night wrote, so that a page can mark them in the plan."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.matched.words_named import words_of_goal, words_of_line
from phb_audit.run import Run
from tests.matched.worlds import line, matched, outcome, paid, plan

DAY = date(2026, 6, 10)
WAGES = line(1, "C01", "Two personal assistants, 30 hours a week", amount_pence=480_00)


def because(run: Run, payee: str, category: str, lines: list[dict[str, object]], *outcomes: dict[str, object]) -> dict[str, object]:
    one = paid("P1", DAY, 40_00, payee, category)
    return matched(run, one, plans=[plan()], plan_lines=lines, plan_outcomes=list(outcomes))["P1"]


@pytest.mark.parametrize(
    ("payee", "words", "told"),
    [
        ("MEADOW RIDING SCHOOL", "Weekly riding lessons, 40 pounds", ("riding",)),
        ("MEADOW RIDING LESSONS", "Weekly riding lessons, 40 pounds", ("riding", "lessons")),
        ("MEADOW RIDING SCHOOL", "Names: riding, as the payee's words do or not", ("riding",)),
        ("PONY CLUB", "Weekly hacking, 40 pounds", ()),
    ],
)
def test_the_words_of_a_line_are_those_its_sentence_names(run: Run, payee: str, words: str, told: tuple[str, ...]) -> None:
    found = because(run, payee, "T07", [line(2, "T07", words)])
    assert found["match_code"] == "fits"
    assert words_of_line(str(found["match_because"])) == told


def test_words_of_a_receipt_count_and_sentences_without_words_name_none(run: Run) -> None:
    told = "The plan line 'Garden' names sheds and paths, as the receipt's lines do; agrees this amount."
    assert words_of_line(told) == ("sheds", "paths")
    assert words_of_line(None) == ()
    none = because(run, "GARDEN BUILDINGS D", "E10", [WAGES])
    assert words_of_line(str(none["match_because"])) == ()


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("My mood to be better and my days calmer", ("calmer",)),
        ("Somewhere quiet of my own", ("quiet",)),
        ("To eat and drink safely", ()),
    ],
)
def test_the_words_of_a_goal_are_those_of_what_the_purchase_serves(run: Run, goal: str, told: tuple[str, ...]) -> None:
    found = because(run, "GARDEN BUILDINGS D", "E10", [WAGES], outcome(1, goal))
    words = words_of_goal(str(found["goal_because"]))
    assert [any(one in word for word in words) for one in told] == [True] * len(told), found["goal_because"]
    assert bool(words) == bool(told), found["goal_because"]
    assert all(word in goal for word in words)
    assert "mood" not in words, "it tells of another thing than the purchase serves"


def test_no_sentence_of_a_goal_names_no_word() -> None:
    assert words_of_goal(None) == ()
    told = "The goal is about Friends and company, as a person confirmed. What was bought reads as x, which serves Friends and company: y."
    assert words_of_goal(told) == ()
