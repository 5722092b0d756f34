"""The days a question of money is about, and budgets cut to them so that adjoining periods add up to the penny."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.matched.budget_position import anniversary, pro_rata
from phb_audit.periods import financial_year


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both in it. Raises ValueError where they stand the wrong way round."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"a period from {self.first} to {self.last} has no day")

    @classmethod
    def year_to(cls, as_of: date) -> Period:
        """The financial year of a day, from 1 April up to it."""
        return cls(date(financial_year(as_of), 4, 1), as_of)

    @property
    def days(self) -> dict[str, object]:
        """The parameters of the SQL files here."""
        return {"first_on": self.first, "last_on": self.last}

    @property
    def columns(self) -> dict[str, pl.Expr]:
        """The two columns of every frame about a period."""
        return {"first_on": pl.lit(self.first), "last_on": pl.lit(self.last)}


def accrued(annual: pl.Expr, starts: pl.Expr, on: pl.Expr) -> pl.Expr:
    """Pence of a yearly amount from its first day up to and with a day; nothing before it, the whole amount on each return of it."""
    this = anniversary(starts, on.dt.year())
    begun = pl.when(this > on).then(anniversary(starts, on.dt.year() - 1)).otherwise(this)
    years = begun.dt.year() - starts.dt.year()
    length = (anniversary(starts, begun.dt.year() + 1) - begun).dt.total_days()
    gone = annual * years.cast(pl.Int64) + pro_rata(annual, (on - begun).dt.total_days() + 1, length)
    return pl.when(on < starts).then(0).otherwise(gone)


def accrued_within(annual: pl.Expr, starts: pl.Expr, ends: pl.Expr, period: Period) -> pl.Expr:
    """Pence of a yearly amount that fall into the period; `ends` is the last day, null while it runs on."""
    last = pl.min_horizontal(pl.coalesce(ends, pl.lit(period.last)), pl.lit(period.last))
    before = pl.min_horizontal(last, pl.lit(period.first) - pl.duration(days=1)).cast(pl.Date)
    return pl.when(last < pl.lit(period.first)).then(0).otherwise(accrued(annual, starts, last) - accrued(annual, starts, before))


def thousandths(pence: pl.Series) -> pl.Series:
    """How each 1,000 pounds divides over the rows, in pence: whole, and 100,000 in all (largest remainders); nothing where all is 0."""
    total = int(pence.sum())
    if total <= 0:
        return pl.Series(pence.name, [0] * pence.len(), dtype=pl.Int64)
    exact = [int(amount) * 100_000 for amount in pence]
    parts = [amount // total for amount in exact]
    rest = sorted(range(len(exact)), key=lambda place: (-(exact[place] % total), place))
    for place in rest[: 100_000 - sum(parts)]:
        parts[place] += 1
    return pl.Series(pence.name, parts, dtype=pl.Int64)
