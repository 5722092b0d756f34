"""Failing rows put into words: which expectations each row failed, what is wrong with it, and who mends it."""

from __future__ import annotations

import re

import polars as pl

from phb_audit.validated.suite import LAST_RESORT, SENDER, Expectation, Suite

SHOWN_AT_MOST = 40
BRACES = re.compile(r"{(\w+)}")


def columns_in(problem: str) -> tuple[str, ...]:
    """The columns a problem's words name in braces."""
    return tuple(BRACES.findall(problem))


def in_words(expectation: Expectation) -> pl.Expr:
    """The problem of one row: braces filled with the row's values, cut at forty letters; 'nothing' for null."""
    shown = [pl.col(name).cast(pl.String).str.slice(0, SHOWN_AT_MOST).fill_null("nothing") for name in columns_in(expectation.problem)]
    return pl.format(BRACES.sub("{}", expectation.problem), *shown) if shown else pl.lit(expectation.problem)


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

    def joined(parts: list[pl.Expr], separator: str) -> pl.Expr:
        return (
            pl.concat_list(pl.when(failed).then(part) for failed, part in zip(fails, parts, strict=True))
            .list.drop_nulls()
            .list.unique(maintain_order=True)
            .list.join(separator)
        )

    owner = pl.coalesce(
        pl.when(failed).then(sender if one.fix_owner == SENDER else pl.lit(one.fix_owner))
        for failed, (_, one) in zip(fails, chosen, strict=True)
    )
    return failing.filter(pl.any_horizontal(fails)).with_columns(
        reason_codes=joined([pl.lit(one.name) for _, one in chosen], "|"),
        reason=joined([in_words(one) for _, one in chosen], " "),
        rule_ids=joined([pl.lit("|".join(one.rule_ids)) for _, one in chosen], "|").str.strip_chars("|"),
        fix_owner=owner,
    )
