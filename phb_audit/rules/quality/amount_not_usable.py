"""Rows refused because the amount is missing, cannot be read or lies beyond what one line can be."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-03",
    "Amount not usable",
    2,
    sentence="Refused from the feed '{feed_code}': {refused_count:many row} in {files_count:many file} "
    "({at_stake_pence:pounds}). The amount is missing, cannot be read, or is beyond the limit. Who can mend them: {fix_owner}.",
    because="Rows are refused where the amount is missing, cannot be read, is in a currency nobody turned into pounds, or "
    "is beyond the limit.",
    innocent="An export may have put the amount in another column, or left a total in the file.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where rows stand refused."""
    return of_feeds(spending, RULE.id, "refused_count")
