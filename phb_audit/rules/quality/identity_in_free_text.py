"""Rows whose free text held a number that says who somebody is: masked before the text was admitted."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-10",
    "Identity in free text",
    3,
    sentence="In the feed '{feed_code}' an NHS number, account number or the like stood in free text tonight: "
    "{noticed_count:many row} in {files_count:many file}. It was masked before it was admitted.",
    because="Free text is noticed and masked where it holds a number that says who somebody is.",
    innocent="People write such numbers where a form has no other place for them.",
    counted="noticed_count",
    ask="Ask {fix_owner} to leave such numbers out of free text. Nothing to ask any holder.",
    clears="Nothing to clear: the text is masked.",
    overtaken="No such text came again.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where text was masked tonight."""
    return of_feeds(spending, RULE.id, "noticed_count")
