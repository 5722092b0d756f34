"""Several tickets on one receipt: some of them may be for others than the holder.

A person often needs company to go out at all. So two or three tickets are never asked about, and who came along is all that is asked.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about

TICKETS = ("A06", "A07", "A08")
# Words that say who the tickets were for, or that many are one person's: a season, a book of visits.
SAYS_WHO = r"(?i)carer|companion|\bpa\b|season|multi.?visit|book of|pass\b|group rate|programme|popcorn|drink|snack"
HOW_MANY = r"(?i)\b(?:x ?(\d{1,2})|(\d{1,2}) ?x|(\d{1,2}) (?:tickets?|tkts?|adults?|seats?))\b"
CINEMA: dict[str, object] = {"category_code": "A06", "description": "CINEMA TICKET", "quantity_count": 5.0, "line_total_pence": 50_00}

RULE = Rule(
    id="L-14",
    title="Tickets for others",
    family="A1",
    basis="for_the_person",
    severity=2,
    outcome="query",
    looks_at="receipts that list tickets for theatre, cinema, sport or attractions",
    sentence="A receipt of {subject_on:day} lists '{item_shown}', {tickets_count} tickets ({at_stake_pence:pounds}).",
    not_found="The receipt lists {tickets_count:many ticket}; asked from {least_count}.",
    usual="One ticket is for the person, and one or two for those who support them.",
    innocent="One person may have booked for a group that paid back, a family ticket may have been cheaper, or two carers are needed.",
    ask="Ask the holder who went along, and whether the others paid for themselves.",
    clears="A note of who went, a plan that agrees company, or the others' share paid back.",
    overtaken="The receipt or its reading has changed.",
    same_flag=("receipt_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    examples=(
        flagged("Five cinema tickets", receipt_lines=(CINEMA,)),
        flagged(
            "The number stands in the words",
            receipt_lines=({**CINEMA, "description": "THEATRE 6 TKTS", "quantity_count": 1.0},),
        ),
        left_alone("A ticket and a carer's ticket", receipt_lines=({**CINEMA, "quantity_count": 2.0},)),
        left_alone("A season of matches for one", receipt_lines=({**CINEMA, "category_code": "A07", "description": "SEASON TICKET X10"},)),
        left_alone("Six pots of soup", receipt_lines=({**CINEMA, "category_code": "H02", "description": "SOUP X6"},)),
        left_alone("A reading that is not sure", receipt_lines=({**CINEMA, "probability_share": 0.7},)),
        at_the_threshold("Three tickets", receipt_lines=({**CINEMA, "quantity_count": 3.0},)),
        at_the_threshold("Four tickets", flags=1, receipt_lines=({**CINEMA, "quantity_count": 4.0},)),
    ),
)


def find(spending: Spending, *, least_count: int = 4, least_share: float = 0.8, codes: tuple[str, ...] = TICKETS) -> pl.LazyFrame:
    """One row per receipt with lines read as tickets: how many it lists, by the quantity or by the words."""
    words = pl.col("description").fill_null("")
    said = pl.coalesce(*(words.str.extract(HOW_MANY, group).cast(pl.Int64) for group in (1, 2, 3)), pl.lit(1))
    lines = spending.receipt_lines.filter(
        pl.col("category_code").is_in(codes) & ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    ).with_columns(tickets=pl.max_horizontal(pl.col("quantity_count").fill_null(1).cast(pl.Int64), said))
    counts = pl.when(~words.str.contains(SAYS_WHO)).then("tickets").otherwise(1)
    receipts = (
        lines.with_columns(counts.alias("tickets"))
        .sort("tickets", "description", descending=[True, False])
        .group_by("receipt_id", "payment_id", "holder_id", maintain_order=True)
        .agg(
            pl.col("tickets").max().alias("tickets_count"),
            pl.col("description").first().alias("item_shown"),
            pl.col("line_total_pence").first().fill_null(0).alias("at_stake_pence"),
            pl.coalesce("dated_on", "received_on", pl.lit(spending.as_of)).min().alias("seen_on"),
        )
    )
    is_found = pl.col("tickets_count") >= least_count
    return about(receipts, "receipt", "receipt_id", "seen_on", is_found, "receipt_id", "tickets_count", "item_shown")
