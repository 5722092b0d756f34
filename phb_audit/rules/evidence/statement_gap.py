"""The statements of an account stop at one balance and go on at another: a page or a month is missing."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about
from phb_audit.rules.statement_gaps import statement_gaps

ON_ITS_WAY, PENCE, CARD = "on_its_way", "pence", "card"
BEGINS: dict[str, object] = {"balance_pence": 1_000_00, "paid_on": date(2026, 4, 1)}
STOPS: dict[str, object] = {"balance_pence": 640_00, "paid_on": date(2026, 5, 29), "is_opening": False}
GOES_ON: dict[str, object] = {"balance_pence": 420_00, "paid_on": date(2026, 7, 2)}
ENDS: dict[str, object] = {"balance_pence": 300_00, "paid_on": date(2026, 9, 30), "is_opening": False}

RULE = Rule(
    id="E-12",
    title="Gap between statements",
    family="A3",
    basis="statements",
    severity=3,
    outcome="query",
    looks_at="bank accounts and prepaid cards whose lines all have a balance; a card's holds and refusals are no lines of it",
    sentence="The lines we have of the account stop at {closed_pence:pounds} on {closed_on:day} and go on at {opened_pence:pounds} on "
    "{opened_on:day}. What moved the {at_stake_pence:pounds} between is on no line we have.",
    not_found="Each balance follows from the one before, from {opened_pence:pounds} on {opened_on:day}.",
    usual="Every statement begins with the balance the one before ended with.",
    innocent="A page was not copied, a month was skipped when the statements were sent, or the bank put a line right.",
    ask="Ask the holder, together with any other papers, for the statement of the days between.",
    clears="The missing page or statement.",
    overtaken="The missing lines came.",
    same_flag=("subject_id", "opened_on", "opened_pence"),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    explained_by=("G-03", "G-05"),
    waits_for=("bank", "card"),
    variants={
        CARD: Variant(
            innocent="A file of the card did not come or was cut short, or a line was put right.",
            ask="Ask the card provider for the lines of the days between. Nothing to ask the holder.",
            clears="The missing lines, or word of what was put right.",
        ),
        PENCE: Variant(
            sentence="The lines we have of the account come to {closed_pence:pounds} on {closed_on:day} and go on at {opened_pence:pounds} "
            "on {opened_on:day}, {at_stake_pence:pounds} apart.",
            innocent="The sender rounds its sums, or wrote one of them in another way than it was booked.",
            ask="Look at the sender's file first. So small a sum is nothing to ask the holder.",
            clears="The line as it was booked.",
            outcome="information",
            severity=1,
        ),
        ON_ITS_WAY: Variant(
            not_found="The lines go on at another balance since {opened_on:day}; the page between may still be on its way."
        ),
    },
    examples=(
        flagged("June is missing", statement_ends=(BEGINS, STOPS, GOES_ON, ENDS)),
        left_alone("The lines are whole", statement_ends=(BEGINS, ENDS)),
        left_alone(
            "It opened a fortnight ago: the page may be on its way",
            statement_ends=(BEGINS, STOPS, {**GOES_ON, "paid_on": date(2026, 10, 17)}),
        ),
        left_alone(
            "A managed account: another rule (E-13)",
            statement_ends=tuple({**row, "feed_code": "managed"} for row in (BEGINS, STOPS, GOES_ON)),
        ),
        flagged(
            "A purchase is not among the lines of a card",
            statement_ends=tuple({**row, "feed_code": "card"} for row in (BEGINS, STOPS, GOES_ON)),
        ),
        flagged(
            "An amount that is 50 pence off: told, and nobody is asked",
            statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_50}),
        ),
        at_the_threshold("A penny", flags=1, statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_99})),
        at_the_threshold(
            "Exactly the days a page may be on its way", statement_ends=(BEGINS, STOPS, {**GOES_ON, "paid_on": date(2026, 10, 3)})
        ),
    ),
)


def find(spending: Spending, *, wait_days: int = 28, least_pence: int = 1, ask_pence: int = 1_00) -> pl.LazyFrame:
    """One row per account, and one more per further day on which its lines open at a balance none of them closed at.

    What is less than `ask_pence` is told for information.
    """
    gaps = statement_gaps(spending, "bank", "card")
    is_gap = pl.col("gap_pence").abs() >= least_pence
    is_new = is_gap & ((pl.lit(spending.as_of) - pl.col("opened_on")).dt.total_days() <= wait_days)
    is_small = is_gap & (pl.col("gap_pence").abs() < ask_pence)
    ways = ((is_new, ON_ITS_WAY), (is_small, PENCE), (pl.col("feed_code") == "card", CARD))
    variant = pl.coalesce(*(pl.when(way).then(pl.lit(code)) for way, code in ways), pl.lit("")).alias("variant_code")
    measured = ("closed_on", "closed_pence", "opened_on", "opened_pence", "gap_pence", "first_line_id", "variant_code")
    return about(gaps.with_columns(variant), "account", "account_id", "opened_on", is_gap & ~is_new, *measured)
