"""The measured quality does not fall unnoticed: floors a little below what docs/reference/measurements.md reports."""

from __future__ import annotations

import pytest

from tests.matched.measure_goals import REAL, auc, confirmed, judged, pairs, real


def test_pairs_written_by_another_hand_are_told_apart() -> None:
    frame = judged(pairs("dev_goals"))
    assert auc(frame) >= 0.89
    assert frame.filter(frame["state"] == "fits")["serves"].mean() >= 0.82  # type: ignore[operator]
    assert frame.filter(frame["state"] == "no_goal")["serves"].mean() <= 0.10  # type: ignore[operator]


def test_confirmed_tags_tell_them_apart_better() -> None:
    frame = pairs("dev_goals")
    assert auc(judged(frame, confirmed())) >= auc(judged(frame)) >= 0.89


def test_goals_written_after_the_tables_are_read() -> None:
    frame = pairs("goal_pairs_3")
    assert auc(judged(frame)) >= 0.86
    assert auc(judged(frame, confirmed("goal_pairs_3"))) >= 0.90


def test_goals_that_taught_nothing_are_read() -> None:
    frame = pairs("goal_pairs_4")
    assert auc(judged(frame)) >= 0.88
    assert auc(judged(frame, confirmed("goal_pairs_4"))) >= 0.91


@pytest.mark.parametrize(
    ("name", "codes"),
    [("dev_goals", "dev_goal"), ("goal_pairs_2", "goal_pairs_2"), ("goal_pairs_3", "goal_pairs_3"), ("goal_pairs_4", "goal_pairs_4")],
)
def test_every_goal_of_a_set_has_tags_of_the_table(name: str, codes: str) -> None:
    from phb_audit.matched.goal_tables import goals

    tags = confirmed(codes)
    assert set(pairs(name)["goal"]) <= set(tags)
    assert {code for cell in tags.values() for code in cell.split("|")} <= set(goals().domains)


def test_the_sets_share_no_goal() -> None:
    sets = [set(pairs(name)["goal"]) for name in ("tune_goals", "dev_goals", "goal_pairs_2", "goal_pairs_3", "goal_pairs_4")]
    assert len(set().union(*sets)) == sum(len(goals) for goals in sets)


@pytest.mark.skipif(not REAL.exists(), reason="the folder of real public purchases (../shared/data) is absent")
def test_most_purchases_really_agreed_fit_their_own_goal() -> None:
    assert int(real()[0].split("fits ")[1].split()[0]) >= 23
