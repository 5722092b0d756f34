"""A file whose bytes had come before: it was kept once, and nothing in it counts twice."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.gates import gate_rule, of_feeds
from phb_audit.rules.spending import Spending

RULE = gate_rule(
    "Q-05",
    "File came twice",
    3,
    sentence="In the feed '{feed_code}' {again_count:many file} came again tonight with the same bytes "
    "({at_stake_pence:pounds}). Nothing was counted a second time.",
    because="The same file is counted once, however often and under whatever name it is sent.",
    innocent="Senders send a file again when they are not sure that it arrived.",
    counted="again_count",
    ask="Nobody needs to be asked. Where it happens often, ask the sender why.",
    clears="Nothing to clear.",
    overtaken="The file did not come again.",
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per feed; found where a file came again tonight."""
    return of_feeds(spending, RULE.id, "again_count")
