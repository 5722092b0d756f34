"""Words no table lists still lie near goods that it does."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from phb_audit.cases.purchase_nearness import nearness, served_by_words
from phb_audit.matched.goal_states import match_goals
from phb_audit.matched.goal_tables import goals


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [("mandolin teacher", "music", "continence"), ("hydroponic vegetable kit", "garden", "mood"), ("quilted nightgown", "warm", "music")],
)
def test_goods_nobody_listed_are_nearer_to_their_own_domain(text: str, near: str, far: str) -> None:
    (row,) = nearness([text])
    assert row[goals().domains.index(near)] > row[goals().domains.index(far)] + 0.5


def test_an_ordinary_purchase_is_near_to_nothing_in_particular_and_no_word_is_no_reason_to_fail() -> None:
    shares = nearness(["weekly shop", "", "123 456"])
    assert shares.shape == (3, len(goals().domains))
    assert np.isfinite(shares).all()


def test_words_of_kinds_that_serve_a_domain_are_nearer_to_it() -> None:
    (row,) = served_by_words(["neuro physio at home"])
    mobility, faith = (goals().domains.index(code) for code in ("mobility", "faith"))
    assert row[mobility] > 0.1 > row[faith]
    assert not served_by_words([""]).any()


def test_each_text_is_judged_by_itself() -> None:
    assert np.allclose(nearness(["duvet", "flute lesson"])[1], nearness(["flute lesson"])[0], atol=1e-5)


def test_nearness_moves_the_strength_in_its_direction_and_is_said_where_it_is_much() -> None:
    pair = {
        "goal": "to play music again",
        "tags": "",
        "merchant": "",
        "description": "zither",
        "category_code": "A05",
        "second_code": "A04",
    }
    frame = pl.DataFrame([{**pair, "probability_share": 0.6, "second_share": 0.2}])
    music = goals().domains.index("music")

    def by(deviations: float) -> tuple[float, str]:
        near = np.eye(len(goals().domains), dtype=np.float32)[[music]] * deviations * 2
        told = match_goals(frame, lambda texts: near)
        return float(told["strength"][0]), str(told["because"][0])

    assert by(-2)[0] < by(0)[0] < by(2)[0]
    assert "are like those" in by(2)[1] and "are unlike those" in by(-2)[1] and "those of what" not in by(0)[1]


def test_nearness_never_lifts_what_may_never_be_bought() -> None:
    row = {"goal": "to see friends", "tags": "", "merchant": "", "description": "lager", "category_code": "X01", "second_code": "A10"}
    told = match_goals(pl.DataFrame([{**row, "probability_share": 0.9, "second_share": 0.1}]), lambda texts: nearness(texts) + 9)
    assert (told["state"][0], told["strength"][0]) == ("no_goal", 0.0)
