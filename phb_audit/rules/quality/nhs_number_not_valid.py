"""Rows refused because the NHS number is missing or fails its check digit."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-01",
    "NHS number not valid",
    3,
    sentence="Refused from the feed '{feed_code}': {refused_count:many row} in {files_count:many file} "
    "({at_stake_pence:pounds}). The NHS number is missing or fails its check digit. Who can mend them: {fix_owner}.",
    because="Rows are refused where the NHS number is missing or fails its check digit, so that no payment lands on the wrong person.",
    innocent="A digit was mistyped, or a spreadsheet dropped a leading nought.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where rows stand refused."""
    return of_feeds(spending, RULE.id, "refused_count")
