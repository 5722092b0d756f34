"""A return does not reconcile: with itself, with the return before, with the statement, or with what the commissioner paid.

The agent's ledger of a managed account is held against its own balances, a monitoring return against its own sums, the closing of the
return before, the lines of its account and the instalments. Of several breaks the first is told: what follows from it is no second one.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.rules.statement_gaps import statement_gaps

OWN_SUMS, RETURN_BEFORE, STATEMENT, LINES, INSTALMENTS = "own_sums", "return_before", "statement", "lines", "instalments"
AGREES, ADDS_UP, PENCE = "agrees", "adds_up", "pence"
MANAGED: dict[str, object] = {"feed_code": "managed"}
BEGINS: dict[str, object] = {**MANAGED, "balance_pence": 1_000_00, "paid_on": date(2026, 4, 1)}
STOPS: dict[str, object] = {**MANAGED, "balance_pence": 640_00, "paid_on": date(2026, 5, 29), "is_opening": False}
GOES_ON: dict[str, object] = {**MANAGED, "balance_pence": 420_00, "paid_on": date(2026, 6, 2)}
UNSEEN: dict[str, object] = {"reached_on": date(2026, 9, 1), "line_balance_pence": 190_00, "lines_moved_pence": -10_00}
CHEQUE: dict[str, object] = {"line_balance_pence": None, "out_pence": 2_312_00, "closing_pence": 288_00, "told_pence": 300_00}
BEFORE: dict[str, object] = {"before_on": date(2026, 6, 30), "before_pence": 200_00}

RULE = Rule(
    id="E-13",
    title="Return does not reconcile",
    family="A3",
    basis="statements",
    severity=2,
    outcome="query",
    looks_at="managed accounts whose lines all have a balance, and monitoring returns with an opening and a closing",
    sentence="The agent's return says {closed_pence:pounds} on {closed_on:day} and goes on from {opened_pence:pounds} on {opened_on:day}. "
    "The {at_stake_pence:pounds} between is on no line of the return.",
    not_found="Each balance of the return follows from the one before, from {opened_pence:pounds} on {opened_on:day}.",
    usual="The lines of a return come to the balances it gives.",
    innocent="The agent corrected a balance by hand, left a charge out, or sent two returns that overlap.",
    ask="Ask the agent for the ledger of the days between. Nothing to ask the holder.",
    clears="A corrected return, or the missing lines.",
    overtaken="The missing lines came, or the return was put right.",
    same_flag=("subject_id", "opened_on", "opened_pence"),
    decides="papers",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    explained_by=("G-03", "G-05"),
    waits_for=("managed", "bank", "card", "monitoring_returns"),
    variants={
        OWN_SUMS: Variant(
            sentence="The return for {opened_on:day} to {closed_on:day} opens with {opened_pence:pounds}. With the {in_pence:pounds} in "
            "and the {out_pence:pounds} out it tells of, that comes to {expected_pence:pounds}; it closes with {said_pence:pounds}, "
            "{at_stake_pence:pounds} apart.",
            innocent="A sum was left blank, or copied into the wrong box.",
            ask="Ask whoever made the return to look at its sums once more, and offer help with it.",
        ),
        RETURN_BEFORE: Variant(
            sentence="The return from {opened_on:day} opens with {said_pence:pounds}; the return before closed with "
            "{expected_pence:pounds} on the day before, {at_stake_pence:pounds} apart.",
            innocent="A correction after the return before was sent in, or a balance of another day.",
            ask="Ask whoever made the return which of the two balances is right.",
        ),
        STATEMENT: Variant(
            sentence="The return says that the account stood at {said_pence:pounds} on {closed_on:day}. By the lines we hold it stood at "
            "{expected_pence:pounds}, {at_stake_pence:pounds} apart.",
            innocent="A payment made on the last days that the bank had not booked yet, or the balance of another day.",
            ask="Ask, together with any other papers, for the page of the statement with that day.",
            clears="The page of the statement, or a list of what was not booked yet.",
        ),
        LINES: Variant(
            sentence="By the return for {opened_on:day} to {closed_on:day} the account changed by {said_pence:pounds}; by its lines it "
            "changed by {expected_pence:pounds}, {at_stake_pence:pounds} apart.",
            innocent="A payment made on the first or last days that the bank booked in another period.",
            ask="Ask whoever made the return which lines it was made from.",
        ),
        INSTALMENTS: Variant(
            sentence="The return for {opened_on:day} to {closed_on:day} says {said_pence:pounds} of direct payments came in; our own "
            "ledger says {expected_pence:pounds} was paid, {at_stake_pence:pounds} apart.",
            innocent="The instalment was paid into another account, recorded and not sent, or an old one is counted in the return.",
            ask="Ask the finance team first which instalments were sent, and to which account. Then put it to whoever made the return.",
            clears="The record of the payment, or a corrected return.",
            outcome="information",
            is_commissioners=True,
        ),
        PENCE: Variant(
            sentence="The agent's return comes to {closed_pence:pounds} on {closed_on:day} and goes on at {opened_pence:pounds} on "
            "{opened_on:day}, {at_stake_pence:pounds} apart.",
            innocent="The agent rounds, or wrote one amount otherwise than it was paid.",
            ask="Look at the agent's file first. So small a sum is nothing to ask the holder.",
            clears="The line as it was paid.",
            outcome="information",
            severity=1,
        ),
        AGREES: Variant(not_found="The return for {opened_on:day} to {closed_on:day} adds up and agrees with the lines of its account."),
        ADDS_UP: Variant(not_found="The return for {opened_on:day} to {closed_on:day} adds up. We do not hold all lines of these days."),
    },
    examples=(
        flagged("220 pounds that no line speaks of", statement_ends=(BEGINS, STOPS, GOES_ON)),
        left_alone("The return adds up", statement_ends=(BEGINS, STOPS)),
        left_alone(
            "A bank account: another rule (E-12)", statement_ends=tuple({**row, "feed_code": "bank"} for row in (BEGINS, STOPS, GOES_ON))
        ),
        at_the_threshold(
            "A penny: told, and nobody is asked", flags=1, statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_99})
        ),
        at_the_threshold("Less than a pound", flags=1, statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_01})),
        at_the_threshold("Exactly a pound", flags=1, statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_00})),
        flagged("A monitoring return that does not come to its own closing", returns=({"out_pence": 2_250_00},)),
        flagged("It opens at another balance than the return before closed at", returns=({**BEFORE, "before_pence": 260_00},)),
        left_alone("It goes on where the return before ended", returns=(BEFORE,)),
        flagged("The statement stood at another balance on its last day", returns=({"line_balance_pence": 240_00},)),
        flagged("A card without balances, and its lines come to less", returns=({"line_balance_pence": None, "lines_moved_pence": 20_00},)),
        left_alone("A card without balances; a cheque of 12 pounds is not booked yet, and the return says so", returns=(CHEQUE,)),
        flagged("An instalment of ours that the return does not know", returns=({**UNSEEN, "paid_least_pence": 3_200_00},)),
        left_alone("The statement has not come yet, and the return adds up", returns=(UNSEEN,)),
        left_alone("A return that agrees with everything", returns=({},)),
        left_alone("An instalment on the last day, which may have come in after it", returns=({**UNSEEN, "paid_most_pence": 3_200_00},)),
        at_the_threshold("99 pence of rounding", returns=({"out_pence": 2_299_01},)),
        at_the_threshold("A pound", flags=1, returns=({"out_pence": 2_299_00},)),
    ),
)


def find(spending: Spending, *, least_pence: int = 1, ask_pence: int = 1_00, returns_least_pence: int = 1_00) -> pl.LazyFrame:
    """One row per managed account, one more per further day on which its lines open at a balance none of them closed at, and one per
    monitoring return with an opening and a closing. Of a ledger, what is less than `ask_pence` is told for information; returns are
    filled in by hand, so `returns_least_pence` and more is a break of theirs.
    """
    is_small = pl.col("gap_pence").abs().is_between(least_pence, ask_pence - 1).fill_null(False)
    gaps = statement_gaps(spending, "managed").with_columns(
        subject_id="account_id", variant_code=pl.when(is_small).then(pl.lit(PENCE)).otherwise(pl.lit(""))
    )
    rows = pl.concat([gaps, _returns(spending, returns_least_pence)], how="diagonal")
    measured = (
        "closed_on",
        "closed_pence",
        "opened_on",
        "opened_pence",
        "gap_pence",
        "in_pence",
        "out_pence",
        "said_pence",
        "expected_pence",
    )
    found = about(rows, "", "subject_id", "opened_on", pl.col("gap_pence").abs() >= least_pence, *measured, "first_line_id", "variant_code")
    is_ledger = pl.col("variant_code").is_in(["", PENCE])
    return found.with_columns(subject_code=pl.when(is_ledger).then(pl.lit("account")).otherwise(pl.lit("return")))


def _returns(spending: Spending, least_pence: int) -> pl.LazyFrame:
    """One row per monitoring return with both balances: its first break, what it says, and what it should say."""
    opening, closing, day = pl.col("opening_pence"), pl.col("closing_pence"), pl.col("period_to_on")
    moved, told = pl.col("in_pence") - pl.col("out_pence"), pl.col("told_pence")
    follows = pl.col("before_on") == pl.col("period_from_on").dt.offset_by("-1d")
    is_held = pl.col("reached_on") >= day
    is_whole = is_held & (pl.col("first_on") < pl.col("period_from_on"))
    sent = pl.col("received_pence").clip(pl.col("paid_least_pence"), pl.col("paid_most_pence"))
    # What it is held against, each break explaining the next: can it be held against that, what it says, what it should say.
    held = (
        (OWN_SUMS, pl.lit(True), closing, opening + moved),
        (RETURN_BEFORE, follows, opening, pl.col("before_pence")),
        (STATEMENT, is_held, told, pl.col("line_balance_pence")),
        # What the bank had not booked yet on the last day (closing less the statement's balance) is on none of its lines.
        (LINES, is_whole & pl.col("line_balance_pence").is_null(), moved + told - closing, pl.col("lines_moved_pence")),
        (INSTALMENTS, pl.lit(True), pl.col("received_pence"), sent),
    )
    breaks = [
        (code, there.fill_null(False) & ((said - due).abs() >= least_pence).fill_null(False), said, due) for code, there, said, due in held
    ]

    def of_first(values: list[pl.Expr], otherwise: pl.Expr) -> pl.Expr:
        return pl.coalesce(*(pl.when(broken).then(value) for (_, broken, *_), value in zip(breaks, values, strict=True)), otherwise)

    nothing = pl.lit(None, dtype=pl.Int64)
    whole = pl.when(is_whole).then(pl.lit(AGREES)).otherwise(pl.lit(ADDS_UP))
    return (
        spending.returns.filter(opening.is_not_null() & closing.is_not_null())
        .with_columns(
            variant_code=of_first([pl.lit(code) for code, *_ in breaks], whole),
            said_pence=of_first([said for *_, said, _ in breaks], nothing),
            expected_pence=of_first([due for *_, due in breaks], nothing),
        )
        .select(
            *("holder_id", "in_pence", "out_pence", "variant_code", "said_pence", "expected_pence"),
            NO_PAYMENT,
            subject_id="return_id",
            opened_on="period_from_on",
            opened_pence="opening_pence",
            closed_on="period_to_on",
            closed_pence="closing_pence",
            gap_pence=pl.col("said_pence") - pl.col("expected_pence"),
            at_stake_pence=(pl.col("said_pence") - pl.col("expected_pence")).abs().fill_null(0),
            first_line_id=pl.when(pl.col("variant_code") == STATEMENT)
            .then(pl.coalesce("balance_line_id", "first_line_id"))
            .otherwise("first_line_id"),
        )
    )
