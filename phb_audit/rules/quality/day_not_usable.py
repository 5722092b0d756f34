"""Rows refused because a day is missing, cannot be read or cannot be."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-04",
    "Day not usable",
    2,
    sentence="Refused from the feed '{feed_code}': {refused_count:many row} in {files_count:many file} "
    "({at_stake_pence:pounds}). A day is missing, cannot be read, lies ahead, or ends before it begins. Who can mend them: {fix_owner}.",
    because="Rows are refused where a day they cannot do without is missing, cannot be read, lies ahead, or ends before it begins.",
    innocent="A spreadsheet may have turned day and month round, or a payment was entered before it was made.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where rows stand refused."""
    return of_feeds(spending, RULE.id, "refused_count")
