"""What a team would have found in the minutes it has: the comparison with the truth, over the first cases of the list alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl

from phb_audit.assurance.evaluate import judge, kinds, labels, planted_things
from phb_audit.assurance.intervals import wilson
from phb_audit.assurance.linked import Linked
from phb_audit.rules.review_time import ReviewTime

WEEKS = 4


def at_budget(linked: Linked, time: ReviewTime, *, weeks: int = WEEKS) -> dict[str, Any]:
    """Precision of the cases that fit in some weeks of review time, in the order of the list, and what of the planted they hold, by kind
    and by label. The random arm's share of the minutes is left to it."""
    minutes = time.minutes_a_week * (1 - time.random_share) * weeks
    takes = pl.col("outcome_code").replace_strict(dict(time.minutes), return_dtype=pl.Float64)
    read = linked.cases.sort("rank", "case_id").with_columns(taken=takes.cum_sum()).filter(pl.col("taken") <= minutes).drop("taken")
    findings = linked.findings.join(read.select("case_id"), on="case_id", how="semi")
    within = replace(linked, cases=read, findings=findings, links=linked.links.join(findings.select("flag_id"), on="flag_id", how="semi"))
    judged = judge(within)
    things = planted_things(judged)
    right = int(judged.cases["is_right"].sum())
    caught = things.filter(pl.col("is_caught"))
    return {
        "weeks": weeks,
        "minutes": minutes,
        "cases": read.height,
        "precision": wilson(right, read.height).as_dict,
        "recall": wilson(caught.height, things.height).as_dict,
        "kinds": [{name: row[name] for name in ("kind_code", "planted", "caught", "recall")} for row in kinds(judged)],
        "labels": labels(judged),
    }
