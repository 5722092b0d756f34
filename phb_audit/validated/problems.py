"""Failing rows put into words: which expectations each row failed, what is wrong with it, and who mends it."""

from __future__ import annotations

import re

import polars as pl

from phb_audit.sentences import filled_in
from phb_audit.validated.suite import LAST_RESORT, SENDER, Expectation, Suite

SHOWN_AT_MOST = 40
SENDERS_TEXTS = ("_text", "_shown", "_given")
BRACES = re.compile(r"{(\w+)}")


def columns_in(problem: str) -> tuple[str, ...]:
    """The columns a problem's words name in braces."""
    return tuple(BRACES.findall(problem))


def in_words(expectation: Expectation) -> pl.Expr:
    """The problem of one row: braces filled with the row's values, senders' texts cut at forty letters; 'nothing' for null."""
    shown = [_shown(name).fill_null("nothing") for name in columns_in(expectation.problem)]
    return filled_in(BRACES.sub("{}", expectation.problem), *shown) if shown else pl.lit(expectation.problem)


def _shown(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String)
    return text.str.slice(0, SHOWN_AT_MOST) if name.endswith(SENDERS_TEXTS) else text


def described(failing: pl.DataFrame, suite: Suite, severity: str, owners: dict[str, str]) -> pl.DataFrame:
    """Adds `reason_codes`, `reason`, `rule_ids` and `fix_owner` to failing rows, keeping rows that fail at that severity.

    `failing` carries `failed_bits`, `feed_code` and the columns the problems name; `owners` maps feeds to their owners.
    """
    chosen = [(1 << place, one) for place, one in enumerate(suite.by_row) if one.severity_code == severity]
    if not chosen:
        return failing.clear().with_columns(pl.lit("").alias(name) for name in ("reason_codes", "reason", "rule_ids", "fix_owner"))
    better = sum(bit for bit, one in chosen if one.name != LAST_RESORT)
    # The last resort is told only of a row for which there is no better reason.
    asked = [bit if one.name != LAST_RESORT else bit | better for bit, one in chosen]
    fails = [
        (pl.col("failed_bits") & mask) == bit if mask != bit else (pl.col("failed_bits") & bit) != 0
        for mask, (bit, _) in zip(asked, chosen, strict=True)
    ]
    sender = pl.col("feed_code").replace_strict(owners, default=SENDER, return_dtype=pl.String)

    def joined(parts: list[list[pl.Expr]], separator: str) -> pl.Expr:
        told = [pl.when(failed).then(part) for failed, own in zip(fails, parts, strict=True) for part in own]
        if not told:
            return pl.lit("")
        return pl.concat_list(told).list.drop_nulls().list.unique(maintain_order=True).list.join(separator)

    owner = pl.coalesce(
        pl.when(failed).then(sender if one.fix_owner == SENDER else pl.lit(one.fix_owner))
        for failed, (_, one) in zip(fails, chosen, strict=True)
    )
    return failing.filter(pl.any_horizontal(fails)).with_columns(
        reason_codes=joined([[pl.lit(one.name)] for _, one in chosen], "|"),
        reason=joined([[in_words(one)] for _, one in chosen], " "),
        rule_ids=joined([[pl.lit(rule) for rule in one.rule_ids] for _, one in chosen], "|"),
        fix_owner=owner,
    )
