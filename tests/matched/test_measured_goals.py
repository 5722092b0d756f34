"""The measured quality does not fall unnoticed: floors a little below what docs/reference/measurements.md reports."""

from __future__ import annotations

import pytest

from tests.matched.measure_goals import REAL, auc, confirmed, judged, pairs, real


def test_pairs_written_by_another_hand_are_told_apart() -> None:
    frame = judged(pairs("dev_goals"))
    assert auc(frame) >= 0.84
    assert frame.filter(frame["state"] == "fits")["serves"].mean() >= 0.78  # type: ignore[operator]
    assert frame.filter(frame["state"] == "no_goal")["serves"].mean() <= 0.16  # type: ignore[operator]


def test_confirmed_tags_tell_them_apart_better() -> None:
    frame = pairs("dev_goals")
    assert auc(judged(frame, confirmed())) >= auc(judged(frame)) >= 0.84


def test_every_goal_of_the_development_pairs_has_tags_of_the_table() -> None:
    from phb_audit.matched.goal_tables import goals

    tags = confirmed()
    assert set(pairs("dev_goals")["goal"]) <= set(tags)
    assert {code for codes in tags.values() for code in codes.split("|")} <= set(goals().domains)


def test_the_tuning_pairs_share_no_goal_with_the_development_pairs() -> None:
    assert not set(pairs("tune_goals")["goal"]) & set(pairs("dev_goals")["goal"])


@pytest.mark.skipif(not REAL.exists(), reason="the folder of real public purchases (../shared/data) is absent")
def test_most_purchases_really_agreed_fit_their_own_goal() -> None:
    assert int(real()[0].split("fits ")[1].split()[0]) >= 23
