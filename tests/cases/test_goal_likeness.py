"""Wordings of goals no table lists are read by likeness, but a goal that tells nothing else stays mute."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from phb_audit.cases.goal_likeness import likeness
from phb_audit.matched.goal_states import match_goals
from phb_audit.matched.goal_tables import goals
from phb_audit.matched.goals import read_goals


@pytest.mark.parametrize(
    ("text", "domain"), [("orchestral recital", "music"), ("feeling gloomy and despondent", "mood"), ("sprinting and hurdles", "fitness")]
)
def test_a_wording_nobody_listed_is_most_like_its_own_domain(text: str, domain: str) -> None:
    (row,) = likeness([text])
    assert goals().domains[int(row.argmax())] == domain
    assert read_goals([text]).domains.max() == 0


def test_the_domains_of_a_text_are_one_together_and_a_text_without_a_word_is_like_nothing() -> None:
    rows = likeness(["to sleep better", "12 / 7"])
    assert np.isclose(rows[0].sum(), 1, atol=1e-4)
    assert rows[1].sum() == 0


def test_likeness_adds_to_what_the_words_tell_and_is_said_as_such() -> None:
    text = "see my friends at the orchestral recital"
    music, company = (goals().domains.index(code) for code in ("music", "company"))
    heard, alone = read_goals([text], likeness=likeness), read_goals([text])
    assert alone.domains[0, music] == 0 < heard.domains[0, music]
    assert heard.domains[0, company] >= alone.domains[0, company] > 0
    assert music not in heard.words[0] and company in heard.words[0]


@pytest.mark.parametrize("text", ["as agreed", "see plan", "continue as before"])
def test_a_goal_that_only_is_like_something_stays_unclear(text: str) -> None:
    row = {"goal": text, "tags": "", "merchant": "", "description": "stairlift", "category_code": "E09", "second_code": "H04"}
    told = match_goals(pl.DataFrame([{**row, "probability_share": 0.9, "second_share": 0.1}]), likeness=likeness)
    assert likeness([text]).any()
    assert (told["state"][0], told["domains"][0]) == ("unclear", "")
