"""Which goal a purchase serves: strengths move as the words and tags say they should."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.matched import goal_states
from phb_audit.matched import goals as strengths
from phb_audit.matched.goal_states import FITS_SHARE, NO_GOAL_SHARE, match_goals, told_domains
from phb_audit.matched.goal_tables import goals
from phb_audit.matched.goals import read_goals, read_purchases, serve

Answer = dict[str, object]


def judge(
    goal: str, code: str, description: str = "", *, share: float = 0.9, second: str = "M04", third: str = "Z01", tags: str = ""
) -> Answer:
    """One pair; the purchase reads as `code` with `share`, as `second` with most of the rest."""
    row = {"goal": goal, "tags": tags, "merchant": "A SHOP", "description": description, "category_code": code, "second_code": second}
    left = 1 - share
    return match_goals(
        pl.DataFrame([{**row, "third_code": third, "probability_share": share, "second_share": left * 0.7, "third_share": left * 0.1}])
    ).row(0, named=True)


def bought(code: str) -> pl.DataFrame:
    """One purchase that surely reads as `code`, without a word."""
    row = {"merchant": "", "description": "", "category_code": code, "probability_share": 0.95, "second_code": "M04", "second_share": 0.02}
    return pl.DataFrame([row])


def strength(*given: str, **more: object) -> float:
    return float(judge(*given, **more)["strength"])  # type: ignore[arg-type]


GOALS = {
    "I get so lonely, I want to see people": ("A10", "E03"),
    "reduce carer strain": ("C10", "A03"),
    "maintain skin integrity": ("E02", "A06"),
    "feel safe in my own home": ("E04", "A14"),
    "manage anxiety": ("E08", "E03"),
    "be a good mum": ("A08", "E03"),
    "sleep better": ("E14", "A11"),
    "to communicate": ("E05", "H04"),
    "stay warm in winter": ("H03", "A06"),
    "eat well": ("H01", "A07"),
    "learn something new at college": ("A11", "E14"),
    "work or volunteer": ("A11", "E03"),
    "keep pets": ("A13", "E09"),
    "go to church": ("R03", "E07"),
    "independence with bathing": ("E09", "A12"),
    "prevent admission to hospital": ("C09", "A03"),
    "end of life at home": ("C09", "A11"),
    "I want to get out more": ("R03", "E14"),
}


@pytest.mark.parametrize(("goal", "right", "wrong"), [(goal, *codes) for goal, codes in GOALS.items()])
def test_each_way_of_saying_a_goal_is_heard(goal: str, right: str, wrong: str) -> None:
    assert strength(goal, right) > NO_GOAL_SHARE
    assert strength(goal, right) > 4 * strength(goal, wrong)


@pytest.mark.parametrize(
    ("goal", "without", "code"),
    [
        ("I want to sleep through the night", "I want to", "E14"),
        ("to feel calmer among noise", "to feel among", "E08"),
        ("a place to grow vegetables in my garden", "a place", "E12"),
        ("See my friends and not be lonely", "See and not be", "A10"),
    ],
)
def test_taking_the_telling_words_away_weakens_what_they_spoke_for(goal: str, without: str, code: str) -> None:
    assert strength(goal, code) > strength(without, code) + 0.1


def test_naming_the_very_thing_is_stronger_than_its_kind_and_that_stronger_than_neither() -> None:
    very = strength("to have riding lessons", "T07", "riding lesson 30 min")
    kind = strength("to have riding lessons", "T07", "30 min")
    neither = strength("to have lessons", "T07", "30 min")
    assert very > kind > neither


def test_sharing_a_word_is_not_serving() -> None:
    pub = judge("to have riding lessons", "H02", "two dinners at the riding inn")
    assert pub["state"] != "fits"
    assert strength("to have riding lessons", "T07", "riding") > float(str(pub["strength"])) + 0.5


def test_confirmed_tags_take_precedence_over_words() -> None:
    goal = "somewhere to be when it all gets too much"
    assert strength(goal, "E10", tags="own_space") > strength(goal, "E10") + 0.2
    assert strength("I want to sleep", "E14", tags="music") < strength("I want to sleep", "E14") - 0.3
    assert judge(goal, "E10", tags="own_space|calm")["domains"] in ("own_space|calm", "calm|own_space")
    assert "as a person confirmed" in str(judge(goal, "E10", tags="own_space")["because"])


def test_an_unknown_tag_is_no_tag() -> None:
    assert judge("I want to sleep", "E14", tags="gold") == judge("I want to sleep", "E14")


@pytest.mark.parametrize("code", [code for code, never in zip(goals().codes, goals().is_never, strict=True) if never])
def test_what_may_never_be_bought_serves_no_goal_whatever_the_goal_says(code: str) -> None:
    told = judge("to enjoy a drink, a bet and a smoke with friends", code, "drink bet smoke friends", second="A10")
    assert (told["state"], told["strength"]) == ("no_goal", 0.0)


def test_the_goal_tips_a_tablet_between_codes_that_depend_on_the_plan_and_says_so() -> None:
    talking = judge("to communicate and be understood", "E06", "tablet", share=0.5, second="E05")
    assert talking["state"] == "fits"
    assert "the goal speaks for a communication aid" in str(talking["because"])
    online = judge("to keep in touch online", "E06", "tablet", share=0.5, second="E05")
    assert "speaks for" not in str(online["because"])


def test_a_goal_never_tips_out_of_a_code_that_may_never_be_bought_nor_of_one_that_is_usual() -> None:
    doubtful = judge("to see friends", "X01", share=0.45, second="A10")
    assert doubtful["strength"] == 0.0
    wages = judge("to see friends", "C02", share=0.6, second="A10")
    assert "speaks for" not in str(wages["because"])


def test_a_goal_that_tells_nothing_and_a_purchase_that_tells_nothing_are_unclear() -> None:
    mute = judge("as agreed", "E14")
    assert mute["state"] == "unclear" and "confirm its goal tags" in str(mute["because"])
    basket = judge("to sleep", "M04", second="Z01")
    assert basket["state"] == "unclear" and "A receipt would tell" in str(basket["because"])


def test_the_reasons_quote_the_goal_and_say_what_is_missing() -> None:
    fits = str(judge("I want to see my friends", "A10")["because"])
    assert "'see my friends'" in fits and "Friends and company" in fits and "a group or club" in fits
    missing = judge("To see my friends", "E03")
    assert missing["state"] == "no_goal" and "nothing in the goal speaks of that" in str(missing["because"])


def test_states_follow_the_strength() -> None:
    assert strength("I want to see my friends", "A10") >= FITS_SHARE
    assert strength("I want to see my friends", "E03") <= NO_GOAL_SHARE


def test_equal_rows_get_equal_answers_in_order_and_nothing_gives_nothing() -> None:
    row = {"goal": "sleep", "tags": "", "merchant": "", "description": "duvet", "category_code": "E14", "second_code": "H02"}
    both = [
        {**row, "probability_share": 0.9, "second_share": 0.1},
        {**row, "category_code": "A07", "probability_share": 0.9, "second_share": 0.1},
    ]
    told = match_goals(pl.DataFrame([both[0], both[1], both[0]]))
    assert told.row(0) == told.row(2) != told.row(1)
    assert match_goals(pl.DataFrame(both).clear()).height == 0


def test_the_documentation_gives_every_number_of_goals_as_it_is() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/explanation/matching.md").read_text(encoding="utf-8")
    told = page.split("## Which goal it serves")[1].split("## The numbers")[0]
    said = dict(re.findall(r"^\| ([A-Z_]+) \| ([0-9.]+) \| [^|]*\|$", told, re.MULTILINE))
    numbers = {name: value for module in (strengths, goal_states) for name, value in vars(module).items() if isinstance(value, float)}
    assert {name: float(value) for name, value in said.items()} == numbers
    curves = {name: value for name, value in vars(goal_states).items() if isinstance(value, goal_states.Curve)}
    assert len(curves) == 4
    for name, curve in curves.items():
        assert f"| {name} | {curve.slope:.2f} | {curve.near:.2f} | {curve.usual:.2f} | {curve.level:.2f} |" in told


def test_home_care_and_wages_serve_more_goals_than_their_row_says() -> None:
    told = read_goals(["walk to the shop again"])
    near = [np.float32(0)]
    usual, other = (serve(told, read_purchases(bought(code)), np.zeros(1, int), np.zeros(1, int)) for code in ("C08", "C11"))
    assert usual.usual_share[0] > 0.5 > other.usual_share[0]
    lowered = dataclasses.replace(usual, usual_share=np.zeros(1, np.float32))
    assert goal_states.strength_of(usual, np.array(near))[0] > goal_states.strength_of(lowered, np.array(near))[0]


def test_a_kind_that_serves_nothing_gains_nothing_by_being_usual() -> None:
    assert not goals().is_usual[~goals().serves.any(axis=1)].any() and goals().is_usual.sum() >= 8


def test_what_a_person_confirmed_follows_a_curve_of_its_own() -> None:
    told = read_goals(["walk again", "walk again"], [[], ["mobility"]])
    pair = serve(told, read_purchases(bought("A14")), np.array([0, 1]), np.zeros(2, int))
    assert pair.is_tagged.tolist() == [False, True]
    alike = dataclasses.replace(pair, raw=np.full(2, 0.5, np.float32))
    by_words, by_person = goal_states.strength_of(alike, np.full(2, -1, np.float32))
    assert by_person < by_words  # what lies far from the goods of confirmed domains counts more against it


def test_what_is_bought_for_others_serves_less_and_it_is_said() -> None:
    own, others = judge("I want to play music", "A04", "guitar"), judge("I want to play music", "A04", "guitar, present for brother")
    assert others["strength"] < own["strength"]  # type: ignore[operator]
    assert "somebody else" in str(others["because"]) and "somebody else" not in str(own["because"])


def test_a_goal_about_family_is_served_by_what_is_bought_for_them() -> None:
    own, others = (
        judge("be a good mum to my children", "A08", "zoo"),
        judge("be a good mum to my children", "A08", "zoo, birthday gift for son"),
    )
    assert others["strength"] == pytest.approx(own["strength"], abs=0.1) and "somebody else" not in str(others["because"])


@pytest.mark.parametrize(
    "goal", ["as agreed", "see plan", "as per care plan", "improve", "continue as before", "to be reviewed", "other", "n/a"]
)
def test_words_that_say_nothing_tell_no_domain(goal: str) -> None:
    assert judge(goal, "E09")["domains"] == "" and judge(goal, "E09")["state"] == "unclear"


def test_a_domain_near_the_goals_own_is_served_less_and_it_is_said() -> None:
    own, near = judge("my hair and nails", "A14"), judge("my hair and nails", "T03")
    strengths_told = [float(str(told["strength"])) for told in (judge("my hair and nails", "E15"), near, own)]
    assert sorted(strengths_told) == strengths_told and strengths_told[1] > 2 * strengths_told[0]
    sure = judge("I need a quiet place", "T05", "aromatherapy for relaxation", share=1.0)
    assert own["state"] == "fits" and sure["state"] == "unclear" and float(str(sure["strength"])) >= FITS_SHARE
    assert "near to what the goal is about" in str(near["because"]) and "near to" not in str(own["because"])
    assert near["domains"] == own["domains"] == "appearance"


@pytest.mark.parametrize(
    ("goal", "about", "not_about"),
    [
        ("Keep fit", "fitness", "safe"),
        ("To keep fit and well", "fitness", "safe"),
        ("Fits are noticed at once", "safe", "fitness"),
        ("Get over my stroke", "mobility", "animals"),
        ("Stroke horses", "animals", "mobility"),
        ("Play with my children", "family", "shows"),
        ("See a play", "shows", "family"),
        ("Grow in confidence", "mood", "garden"),
        ("Grow vegetables", "garden", "mood"),
        ("Break the cycle of self harm", "safe", "fitness"),
        ("Cycle to the shops", "fitness", "safe"),
        ("Keep my mind active", "thinking", "work"),
        ("Watch football with friends", "shows", "fitness"),
        ("Run a business", "work", "fitness"),
    ],
)
def test_a_word_of_two_meanings_is_read_by_what_stands_beside_it(goal: str, about: str, not_about: str) -> None:
    told = told_domains(read_goals([goal]))[0].split("|")
    assert about in told
    assert not_about not in told
