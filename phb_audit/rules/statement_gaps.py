"""What the rules on statements share: where the lines of an account stop at one balance and go on at another."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import NO_PAYMENT, Spending, at_once

ACCOUNT = ["holder_id", "account_id"]


def statement_gaps(spending: Spending, *feed_codes: str) -> pl.LazyFrame:
    """One row per account of the feeds whose lines all have balances, and one more per further opening: gap_pence is what moved between
    (more out is positive), null where the lines are whole; closed_on and closed_pence the last balance before; first_line_id is the line
    it goes on with.
    """
    ends = spending.statement_ends.filter(pl.col("feed_code").is_in(feed_codes)).sort("paid_on", "balance_pence")
    # Openings and closings take turns: before the second opening stands the first closing.
    placed = at_once(ends.with_columns(place=pl.int_range(pl.len()).over(*ACCOUNT, "is_opening")))
    closings = placed.filter(~pl.col("is_opening")).select(
        *ACCOUNT, place=pl.col("place") + 1, closed_on="paid_on", closed_pence="balance_pence"
    )
    openings = placed.filter("is_opening").select(
        *ACCOUNT, "feed_code", "place", "first_line_id", opened_on="paid_on", opened_pence="balance_pence"
    )
    return (
        openings.join(closings, on=[*ACCOUNT, "place"], how="left")
        .with_columns(NO_PAYMENT, gap_pence=pl.col("closed_pence") - pl.col("opened_pence"))
        .with_columns(at_stake_pence=pl.col("gap_pence").abs().fill_null(0))
    )
