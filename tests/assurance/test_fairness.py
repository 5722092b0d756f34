"""Rates by group: a planted bias is found, nothing planted seldom sounds the alarm, and small groups are not told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from phb_audit.assurance.fairness import LEAST_HOLDERS, group_rates, parts_to_stop, ratio_of

LIKE = ["fits", "unclear", "no_match"]
RATE = {"fits": 0.01, "unclear": 0.06, "no_match": 0.30}


def world(generator: np.random.Generator, *, bias: float = 1.0, holders: int = 240, mix: float = 0.0) -> pl.DataFrame:
    """Purchases of holders in four groups. `bias`: how many times as often the second group is flagged; `mix`: how much worse its
    purchases fit. Some holders are flagged far more often than others, as in life."""
    rows = []
    for number in range(holders):
        group = int(generator.integers(4))
        heavy = float(generator.gamma(0.7, 1 / 0.7))
        shares = np.array([0.85, 0.12, 0.03]) + (np.array([-mix, mix * 0.6, mix * 0.4]) if group == 1 else 0)
        for like in generator.choice(LIKE, int(generator.integers(20, 90)), p=shares):
            chance = min(RATE[str(like)] * heavy * (bias if group == 1 else 1.0), 1.0)
            rows.append((f"H{number:04d}", f"group {group}", str(like), bool(generator.random() < chance)))
    lines = pl.DataFrame(rows, schema=["holder_id", "group_code", "like_code", "is_counted"], orient="row")
    return lines.group_by("holder_id", "group_code", "like_code", maintain_order=True).agg(
        lines_count=pl.len(), counted=pl.col("is_counted").sum()
    )


def test_a_planted_bias_is_found_and_only_there() -> None:
    found = 0
    for seed in range(20):
        rates = group_rates(world(np.random.Generator(np.random.PCG64(seed)), bias=2.2), deals=400)
        alarmed = rates.filter("is_alarm")["group_code"].to_list()
        found += alarmed == ["group 1"]
    assert found >= 15


@pytest.mark.slow
@pytest.mark.parametrize("mix", [0.0, 0.25])
def test_with_nothing_planted_the_alarm_sounds_in_at_most_one_of_twenty(mix: float) -> None:
    """Also where a group's purchases fit its plans less well: that alone is no bias."""
    worlds = 200
    sounded = 0
    for seed in range(worlds):
        generator = np.random.Generator(np.random.PCG64([seed, int(mix * 100), 2]))
        sounded += bool(group_rates(world(generator, mix=mix, holders=120), deals=200).filter("is_alarm").height)
    assert sounded / worlds <= 0.05, f"{sounded} of {worlds}"


def test_without_regard_to_the_plan_match_the_same_groups_would_differ() -> None:
    """What conditioning is for: a group whose purchases fit less well looks biased against until like is held against like."""
    lines = world(np.random.Generator(np.random.PCG64(5)), mix=0.25)
    ratio = {
        name: dict(group_rates(told, deals=50).select("group_code", "ratio").iter_rows())["group 1"]
        for name, told in (("like", lines), ("all", lines.with_columns(like_code=pl.lit("all"))))
    }
    assert ratio["all"] > 1.5
    assert ratio["like"] < 1.3


def test_small_groups_and_small_counts_are_not_told() -> None:
    lines = world(np.random.Generator(np.random.PCG64(1)), holders=60)
    few = lines.filter(pl.col("holder_id").is_in([f"H{n:04d}" for n in range(LEAST_HOLDERS - 1)])).with_columns(
        group_code=pl.lit("few"), holder_id=pl.concat_str("holder_id", pl.lit("x"))
    )
    quiet = lines.with_columns(
        group_code=pl.lit("quiet"), holder_id=pl.concat_str("holder_id", pl.lit("y")), counted=pl.lit(0, dtype=pl.UInt32)
    )
    quiet = quiet.with_columns(counted=(pl.int_range(pl.len()) < 3).cast(pl.UInt32))
    rates = {row["group_code"]: row for row in group_rates(pl.concat([lines, few, quiet]), deals=50).iter_rows(named=True)}
    assert rates["few"]["is_suppressed"] and rates["few"]["holders_count"] is None and rates["few"]["ratio"] is None
    assert rates["quiet"]["is_suppressed"] and rates["quiet"]["observed_count"] is None and rates["quiet"]["ratio"] is None


def test_the_same_lines_give_the_same_rates() -> None:
    lines = world(np.random.Generator(np.random.PCG64(2)), holders=80)
    assert group_rates(lines, deals=50).equals(group_rates(lines.sample(fraction=1, shuffle=True, seed=1), deals=50))


def test_equal_shares_have_a_ratio_of_one() -> None:
    inside = np.array([True, True, False, False])
    ratio, low, high = ratio_of(np.array([2.0, 1.0, 2.0, 1.0]), np.array([1.5, 1.5, 1.5, 1.5]), inside)
    assert ratio == pytest.approx(1)
    assert low is not None and high is not None
    assert low < 1 < high


def test_one_group_alone_is_not_compared() -> None:
    lines = world(np.random.Generator(np.random.PCG64(2)), holders=30).with_columns(group_code=pl.lit("only"))
    assert group_rates(lines, deals=20)["is_suppressed"].to_list() == [True]


def test_a_learned_weight_that_falls_on_the_group_is_stopped_and_no_other() -> None:
    weights = pl.DataFrame({"part_name": ["A", "B", "C"], "start": [1.0, 1.0, 1.0], "weight": [2.0, 2.0, 0.5]})
    counts = [("A", "g1", 50, 20), ("A", "g2", 50, 5), ("B", "g1", 50, 5), ("B", "g2", 50, 5), ("C", "g1", 50, 45), ("C", "g2", 50, 5)]
    flagged = pl.DataFrame(counts, schema=["part_name", "group_code", "holders_count", "flags_count"], orient="row")
    assert parts_to_stop(["g1"], weights, flagged) == ["A"]
    assert parts_to_stop([], weights, flagged) == []
