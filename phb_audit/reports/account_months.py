"""An account month by month, to the penny: opening and what came in, less what went out, is the closing, or the break is named.

Lines of one day come in any order, so a day is the smallest step: it follows where some line of it has the balance the day must end at.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl


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
    """One month: `opening + came_in - went_out + unexplained = closing`, always."""

    first_on: date
    opening_pence: int
    in_pence: int
    out_pence: int
    unexplained_pence: int
    closing_pence: int
    breaks: tuple[Break, ...]


def roll_forward(lines: pl.DataFrame) -> list[Month]:
    """The months of one account from its lines (`paid_on, payment_id, amount_pence, balance_pence`, in the order of the statement).

    Where the sender gives no balance the account begins at nothing. `amount_pence` is positive for money out.
    """
    if lines.is_empty():
        return []
    balance = _opening(lines)
    months: list[Month] = []
    for (first_on,), month in lines.sort("paid_on", maintain_order=True).group_by(
        pl.col("paid_on").dt.truncate("1mo"), maintain_order=True
    ):
        opening, breaks = balance, []
        for (on,), day in month.group_by("paid_on", maintain_order=True):
            expected = balance - int(day["amount_pence"].sum())
            broken = _broken(on, day, expected)
            balance = broken.given_pence if broken else expected
            breaks += [broken] if broken else []
        amounts = month["amount_pence"]
        came, went = -int(amounts.filter(amounts < 0).sum()), int(amounts.filter(amounts > 0).sum())
        unexplained = sum(one.difference_pence for one in breaks)
        months.append(Month(first_on, opening, came, went, unexplained, balance, tuple(breaks)))
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


def _broken(on: date, day: pl.DataFrame, expected: int) -> Break | None:
    given = day.drop_nulls("balance_pence")
    if given.is_empty() or expected in set(given["balance_pence"]):
        return None
    last = given.row(-1, named=True)
    return Break(on, str(last["payment_id"]), expected, int(last["balance_pence"]))
