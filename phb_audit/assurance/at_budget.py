"""What a team would have found in the minutes it has: the comparison with the truth, over the first cases of the list alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from phb_audit.assurance.evaluate import Judged, Row, judge, kinds, labels, planted_things
from phb_audit.assurance.fairness import LEAST_COUNT, LEAST_HOLDERS
from phb_audit.assurance.intervals import poisson, wilson
from phb_audit.assurance.linked import Linked
from phb_audit.rules.review_time import ReviewTime

WEEKS = 4
WEEKS_A_MONTH = 365.25 / 12 / 7
NO_GROUP = "not on file"


def at_budget(linked: Linked, time: ReviewTime, *, weeks: int = WEEKS) -> dict[str, Any]:
    """Precision of the cases that fit in some weeks of review time, in the order of the list, and what of the planted they hold, by kind,
    by label, by rule and by care group. The random arm's share of the minutes is left to it."""
    minutes = time.minutes_a_week * (1 - time.random_share) * weeks
    takes = pl.col("outcome_code").replace_strict(dict(time.minutes), return_dtype=pl.Float64)
    read = linked.cases.sort("rank", "case_id").with_columns(taken=takes.cum_sum()).filter(pl.col("taken") <= minutes).drop("taken")
    findings = linked.findings.join(read.select("case_id"), on="case_id", how="semi")
    within = replace(linked, cases=read, findings=findings, links=linked.links.join(findings.select("flag_id"), on="flag_id", how="semi"))
    judged = judge(within)
    things = planted_things(judged)
    holders = judged.truth.filter(pl.col("holder_id") != "")["holder_id"].n_unique()
    return {
        "weeks": weeks,
        "minutes": minutes,
        "cases": read.height,
        **_told(judged.cases, things, holders, weeks),
        "kinds": [{name: row[name] for name in ("kind_code", "planted", "caught", "recall")} for row in kinds(judged)],
        "labels": labels(judged),
        "planted_labels": planted_labels(things),
        "rules": by_rule(judged),
        "groups": by_group(judged, things, linked.care_groups, weeks),
    }


def _told(cases: pl.DataFrame, things: pl.DataFrame, holders: int, weeks: int) -> Row:
    """Precision of the cases, recall of the planted, and wrong questions for 100 holders and a month of reading."""
    wrong = cases.filter(pl.col("is_question") & ~pl.col("is_right")).height
    exposure = max(holders / 100 * weeks / WEEKS_A_MONTH, 0.01)
    return {
        "precision": wilson(int(cases["is_right"].sum()), cases.height).as_dict,
        "recall": wilson(int(things["is_caught"].sum()), things.height).as_dict,
        "wrong": poisson(wrong, exposure).as_dict,
    }


def planted_labels(things: pl.DataFrame) -> list[Row]:
    """One row per label of planted things: how many, and how many the cases hold."""
    counted = things.group_by("label").agg(planted=pl.len(), caught=pl.col("is_caught").sum()).sort("label")
    return [row | {"recall": wilson(row["caught"], row["planted"]).as_dict} for row in counted.to_dicts()]


def by_rule(judged: Judged) -> list[Row]:
    """One row per rule with a flag in the cases: its cases, and how many of these have a cause."""
    right = judged.cases.select("case_id", "is_right")
    pairs = judged.findings.select("case_id", "rule_id").unique().join(right, on="case_id")
    counted = pairs.group_by("rule_id").agg(cases=pl.len(), right=pl.col("is_right").sum()).sort("rule_id")
    return [row | {"precision": wilson(row["right"], row["cases"]).as_dict} for row in counted.to_dicts()]


def by_group(judged: Judged, things: pl.DataFrame, care_groups: pl.DataFrame, weeks: int) -> list[Row]:
    """One row per care group: the same figures among its holders. Of a group of fewer than ten holders nothing is told, nor a figure that
    counts one to four things."""
    people = judged.truth.filter(pl.col("holder_id") != "").select("holder_id").unique()
    groups = people.join(care_groups, on="holder_id", how="left").with_columns(pl.col("care_group_code").fill_null(NO_GROUP))
    rows = []
    for (code,), members in sorted(groups.partition_by("care_group_code", as_dict=True).items()):
        if members.height < LEAST_HOLDERS:
            rows.append({"group_code": code, "holders": None, "cases": None, "precision": None, "recall": None, "wrong": None})
            continue
        theirs = judged.cases.join(members, on="holder_id", how="semi")
        told = _told(theirs, things.join(members, on="holder_id", how="semi"), members.height, weeks)
        cases = None if 0 < theirs.height < LEAST_COUNT else theirs.height
        rows.append({"group_code": code, "holders": members.height, "cases": cases} | {name: _kept(told[name]) for name in told})
    return rows


def _kept(estimate: Row) -> Row | None:
    """The estimate, or None where what it counts, or what it leaves, is about one to four."""
    left = estimate["n"] - estimate["count"] if isinstance(estimate["n"], int) else 0
    return None if any(0 < count < LEAST_COUNT for count in (estimate["count"], left)) else estimate
