"""An account month by month, to the penny: opening and what came in, less what went out, is the closing, or the break is named.

Lines of one day come in any order, so a day is the smallest step: it follows where some line of it has the balance the day must end at.
A card's fee is part of its line's amount, or comes on top where only so the day follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations

import polars as pl

MOST_FEES = 10
"""Fees of one day that are tried: more on one card are not known."""


@dataclass(frozen=True)
class Break:
    """The first line after which the sender's balance is another than the lines come to."""

    on: date
    payment_id: str
    expected_pence: int
    given_pence: int

    @property
    def difference_pence(self) -> int:
        """What no line speaks of: more in the account is positive."""
        return self.given_pence - self.expected_pence


@dataclass(frozen=True)
class Month:
    """One month: `opening + came_in - went_out + unexplained = closing`, always. `fees_pence`, on top of lines, are in what went out."""

    first_on: date
    opening_pence: int
    in_pence: int
    out_pence: int
    unexplained_pence: int
    closing_pence: int
    breaks: tuple[Break, ...]
    fees_pence: int = 0


def roll_forward(lines: pl.DataFrame) -> list[Month]:
    """The months of one account from its lines (`paid_on, payment_id, amount_pence, balance_pence`, in the order of the statement).

    `fee_pence`, where it is there, is what a card charged for the line. Where the sender gives no balance the account begins at nothing.
    `amount_pence` is positive for money out.
    """
    if lines.is_empty():
        return []
    if "fee_pence" not in lines.columns:
        lines = lines.with_columns(fee_pence=pl.lit(None, dtype=pl.Int64))
    balance = _opening(lines)
    months: list[Month] = []
    for (first_on,), month in lines.sort("paid_on", maintain_order=True).group_by(
        pl.col("paid_on").dt.truncate("1mo"), maintain_order=True
    ):
        opening, breaks, fees = balance, [], 0
        for (on,), day in month.group_by("paid_on", maintain_order=True):
            expected = balance - int(day["amount_pence"].sum())
            on_top = _on_top(day, expected)
            expected, fees = expected - on_top, fees + on_top
            broken = _broken(on, day, expected)
            balance = broken.given_pence if broken else expected
            breaks += [broken] if broken else []
        amounts = month["amount_pence"]
        came, went = -int(amounts.filter(amounts < 0).sum()), int(amounts.filter(amounts > 0).sum()) + fees
        unexplained = sum(one.difference_pence for one in breaks)
        months.append(Month(first_on, opening, came, went, unexplained, balance, tuple(breaks), fees))
    return months


def _opening(lines: pl.DataFrame) -> int:
    """What the account held before the first day with balances: the one from which that day's lines lead to a balance it gives."""
    given = lines.drop_nulls("balance_pence")
    if given.is_empty():
        return 0
    first_on = given["paid_on"].min()
    day = given.filter(pl.col("paid_on") == first_on)
    before = lines.filter(pl.col("paid_on") < first_on)["amount_pence"].sum()
    whole = lines.filter(pl.col("paid_on") == first_on)["amount_pence"].sum()
    openings, closings = set(day.select(pl.col("balance_pence") + pl.col("amount_pence")).to_series()), set(day["balance_pence"])
    fitting = sorted(opening for opening in openings if opening - whole in closings)
    row = day.row(0, named=True)
    return int(fitting[0] if fitting else row["balance_pence"] + row["amount_pence"]) + int(before)


def _on_top(day: pl.DataFrame, expected: int) -> int:
    """The fees of a day that came on top of its lines: those with which, and only with which, it ends at a balance it gives."""
    fees = day.filter(pl.col("fee_pence") > 0)["fee_pence"].to_list()[:MOST_FEES]
    given = set(day["balance_pence"].drop_nulls())
    if not fees or not given or expected in given:
        return 0
    sums = sorted({sum(some) for count in range(1, len(fees) + 1) for some in combinations(fees, count)})
    return next((one for one in sums if expected - one in given), 0)


def _broken(on: date, day: pl.DataFrame, expected: int) -> Break | None:
    given = day.drop_nulls("balance_pence")
    if given.is_empty() or expected in set(given["balance_pence"]):
        return None
    last = given.row(-1, named=True)
    return Break(on, str(last["payment_id"]), expected, int(last["balance_pence"]))
