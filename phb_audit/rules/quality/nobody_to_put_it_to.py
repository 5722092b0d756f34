"""Rows refused because no person or account could be found for them."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-02",
    "Nobody to put a row to",
    3,
    sentence="Refused from the feed '{feed_code}': {refused_count:many row} in {files_count:many file} "
    "({at_stake_pence:pounds}). No person or account on file belongs to them, or the row is not whole. Who can mend them: {fix_owner}.",
    because="Rows are refused where no person or account on file belongs to them, or where a cell they cannot do without is empty.",
    innocent="The budget may be new and not yet on the register, or an account was changed.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where rows stand refused."""
    return of_feeds(spending, RULE.id, "refused_count")
