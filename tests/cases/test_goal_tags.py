"""Goal tags: a later decision about an outcome replaces the earlier one."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from phb_audit.cases.casebook import casebook_events
from phb_audit.cases.goal_tags import confirm_goal_tags, goal_tags
from phb_audit.settings import Settings


def tags(*rows: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["outcome_key", "domain_code"], orient="row")


def test_the_newest_decision_about_an_outcome_counts(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert confirm_goal_tags(settings, "QZZ", tags(("o1", "calm"), ("o1", "sleep"), ("o2", "music")), by="Ada Reviewer") == 2
    confirm_goal_tags(settings, "QZZ", tags(("o1", "quiet")), by="Bo Checker")
    found = goal_tags(casebook_events(settings, "QZZ"))
    assert found.select("outcome_key", "domain_code", "decided_by").rows() == [
        ("o1", "quiet", "Bo Checker"),
        ("o2", "music", "Ada Reviewer"),
    ]
