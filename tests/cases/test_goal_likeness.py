"""Wordings of goals no table lists are read by likeness, but a goal that tells nothing else stays mute."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from phb_audit.cases.goal_likeness import hearing, likeness
from phb_audit.matched import build
from phb_audit.matched.goal_states import match_goals
from phb_audit.matched.goal_tables import goals
from phb_audit.matched.goals import read_goals
from phb_audit.run import Run
from tests.builders import fill
from tests.matched.worlds import line, outcome, paid, plan, rows_of, with_payments


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


@pytest.mark.parametrize("is_heard", [True, False])
def test_the_night_hears_wordings_nobody_listed_where_it_is_handed_what_hears_them(run: Run, is_heard: bool) -> None:
    lesson = paid("P1", date(2026, 6, 10), 30_00, "A TUTOR", "A04", description="mandolin teacher")
    with_payments(run, lesson)
    goal = outcome(1, "see my friends at the orchestral recital")
    wages = line(1, "C01", "Two personal assistants, 30 hours a week")
    fill(run, {"validated.plans": [plan()], "validated.plan_lines": [wages], "validated.plan_outcomes": [goal]})
    build(run, hearing() if is_heard else None)
    assert ("by the likeness of its words" in str(rows_of(run)["P1"]["goal_because"])) is is_heard


def test_the_nightly_stage_hands_it_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import nightly

    given: list[object] = []
    monkeypatch.setattr(nightly.matched, "build", lambda run, heard=None: given.append(heard))
    nightly.matched_by_likeness(None)  # type: ignore[arg-type]
    assert [type(heard).__name__ for heard in given] == ["Hearing"]
