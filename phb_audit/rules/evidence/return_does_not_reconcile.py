"""The return of a managed account does not add up to its own balances: a line of the ledger is missing or wrong."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about
from phb_audit.rules.statement_gaps import statement_gaps

MANAGED: dict[str, object] = {"feed_code": "managed"}
BEGINS: dict[str, object] = {**MANAGED, "balance_pence": 1_000_00, "paid_on": date(2026, 4, 1)}
STOPS: dict[str, object] = {**MANAGED, "balance_pence": 640_00, "paid_on": date(2026, 5, 29), "is_opening": False}
GOES_ON: dict[str, object] = {**MANAGED, "balance_pence": 420_00, "paid_on": date(2026, 6, 2)}

RULE = Rule(
    id="E-13",
    title="Return does not reconcile",
    family="A3",
    basis="statements",
    severity=2,
    outcome="query",
    looks_at="managed accounts whose lines all have a balance",
    sentence="The agent's return says {closed_pence:pounds} on {closed_on:day} and goes on from {opened_pence:pounds} on {opened_on:day}. "
    "The {at_stake_pence:pounds} between is on no line of the return.",
    not_found="Each balance of the return follows from the one before, from {opened_pence:pounds} on {opened_on:day}.",
    usual="The lines of a return come to the balances it gives.",
    innocent="The agent corrected a balance by hand, left a charge out, or sent two returns that overlap.",
    ask="Ask the agent for the ledger of the days between. Nothing to ask the holder.",
    clears="A corrected return, or the missing lines.",
    overtaken="The missing lines came.",
    same_flag=("subject_id", "opened_on", "opened_pence"),
    decides="papers",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    explained_by=("G-03", "G-05"),
    waits_for=("managed",),
    examples=(
        flagged("220 pounds that no line speaks of", statement_ends=(BEGINS, STOPS, GOES_ON)),
        left_alone("The return adds up", statement_ends=(BEGINS, STOPS)),
        left_alone(
            "A bank account: another rule (E-12)", statement_ends=tuple({**row, "feed_code": "bank"} for row in (BEGINS, STOPS, GOES_ON))
        ),
        at_the_threshold("Less than a pound", statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_01})),
        at_the_threshold("Exactly a pound", flags=1, statement_ends=(BEGINS, STOPS, {**GOES_ON, "balance_pence": 639_00})),
    ),
)


def find(spending: Spending, *, least_pence: int = 1_00) -> pl.LazyFrame:
    """One row per account, and one more per further day on which its lines open at a balance none of them closed at."""
    gaps = statement_gaps(spending, "managed")
    measured = ("closed_on", "closed_pence", "opened_on", "opened_pence", "gap_pence")
    return about(gaps, "account", "account_id", "opened_on", pl.col("gap_pence").abs() >= least_pence, *measured)
