"""What the rules on refused rows share: the gate has done the work already, and the rule of the register is its page and its count."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.tables.flagged import EVERYONE

COUNTS = ("refused_count", "noticed_count", "again_count")


def gate_rule(
    rule_id: str,
    title: str,
    severity: int,
    *,
    sentence: str,
    because: str,
    innocent: str,
    counted: str = "refused_count",
    ask: str = "Ask {fix_owner} to put the rows right and send them again. Nothing to ask any holder.",
    clears: str = "The rows sent again and admitted, or taken back by their sender.",
    overtaken: str = "The rows were mended or replaced.",
) -> Rule:
    """A rule about rows of a feed that the gate refused (or, by `counted`, noticed). `because` completes "Rows are refused where ..."."""
    gate: dict[str, object] = {"feed_code": "bank", "rule_id": rule_id}
    other = {**gate, "rule_id": "Q-99", counted: 3}
    feeds: tuple[dict[str, object], ...] = ({"feed_code": "bank"},)
    return Rule(
        id=rule_id,
        title=title,
        family="A8",
        basis="data_quality",
        severity=severity,
        outcome="information",
        looks_at="feeds that are expected, or of which rows were refused or noticed",
        sentence=sentence,
        not_found="No row of the feed '{feed_code}' stands out for this tonight.",
        usual=f"None. {because}",
        innocent=innocent,
        ask=ask,
        clears=clears,
        overtaken=overtaken,
        same_flag=("subject_id",),
        decides="feed",
        owner="Data steward",
        reviewer="Head of internal audit",
        next_review=date(2027, 4, 1),
        is_commissioners=True,
        examples=(
            flagged("Three rows of the bank's file", feeds=feeds, gates=({**gate, counted: 3},)),
            flagged("A feed that nobody expected tonight", gates=({**gate, counted: 3},)),
            left_alone("Rows that stand out for something else", feeds=feeds, gates=(other,)),
            left_alone("Nothing was refused", feeds=feeds),
            at_the_threshold("One row", flags=1, feeds=feeds, gates=({**gate, counted: 1},)),
        ),
    )


def of_feeds(spending: Spending, rule_id: str, *counted: str) -> pl.LazyFrame:
    """One row per feed expected tonight or with refused rows; found where one of the counts is not nothing."""
    gates = spending.gates.filter(pl.col("rule_id") == rule_id)
    feeds = pl.concat([spending.feeds.select("feed_code"), gates.select("feed_code")]).unique()
    rows = feeds.join(gates, on="feed_code", how="left").with_columns(
        NO_PAYMENT,
        pl.col(*COUNTS, "at_stake_pence", "files_count").fill_null(0),
        pl.col("fix_owner").fill_null("its sender"),
        holder_id=pl.lit(EVERYONE),
        day=pl.lit(spending.as_of),
    )
    is_found = pl.sum_horizontal(*counted) > 0
    return about(rows, "feed", "feed_code", "day", is_found, "feed_code", *COUNTS, "files_count", "fix_owner")
