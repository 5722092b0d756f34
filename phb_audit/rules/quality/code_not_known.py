"""Rows with a code that is not in our tables: refused where nothing can be done without it, or else noticed."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-07",
    "Code not known",
    1,
    sentence="A code is not known in rows of the feed '{feed_code}': {refused_count} refused, {noticed_count} admitted "
    "tonight with a note. Who can mend them: {fix_owner}.",
    because="Rows are refused or noticed where a code (how a budget is held, a role, a category, a merchant's trade) is not in our tables.",
    innocent="The sender may have a new code that belongs in our tables.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where rows stand refused or were noticed tonight."""
    return of_feeds(spending, RULE.id, "refused_count", "noticed_count")
