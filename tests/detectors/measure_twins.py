"""Measuring what finds one payment in two feeds: `python -m tests.detectors.measure_twins HOME... [--cards FOLDER]`.

HOME: homes of nights over made-up worlds (`synth --holders 300 --months 12 --seed N`, `run`); FOLDER keeps a night over public card lines.
Every holder's purchases are put on two accounts, by lot: that is honest, and all of their repeats are. Of one holder in five a share of the
lines of the first account is told by the second again, up to three days later and in a bank's words.
"""

from __future__ import annotations

import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.assurance.intervals import wilson
from phb_audit.detectors.twins import twins
from phb_audit.rules.account.in_two_feeds import find
from phb_audit.rules.spending import FRAMES, Spending, as_text
from tests.detectors.card_nights import ALL_DAYS, card_payments, warehouse_of

COPY = "told-again-"
SHARES, SEEDS = (0.05, 0.3, 1.0), (1, 2, 3)
LATER = (0.5, 0.25, 0.15, 0.1)
ONE_IN = 5


def of_home(home: Path) -> pl.DataFrame:
    """Rows of matched.payments of a made-up world's one night."""
    (path,) = home.glob("published/*/current/matched_payments.parquet")
    return pl.read_parquet(path).sort("payment_id")


def in_bank_words(name: str, generator: np.random.Generator) -> str:
    """A shop's name as the bank behind the card would write it."""
    return (name.upper(), name[:18], f"CARD {name}", f"{name} GB")[int(generator.integers(4))]


def with_second_feed(payments: pl.DataFrame, share: float, seed: int) -> pl.DataFrame:
    """Every holder's spend on two accounts by lot; for one holder in five, so much of the first account is told by the second again."""
    generator = np.random.Generator(np.random.PCG64(seed))
    spent = payments.filter(pl.col("is_spend") & (pl.col("amount_pence") > 0)).sort("payment_id")
    is_second = pl.Series(generator.random(spent.height) < 0.5)
    both = spent.with_columns(account_id=pl.when(is_second).then(pl.lit("B-second")).otherwise(pl.lit("B-first")))
    told = pl.Series([zlib.crc32(f"{seed}{holder}".encode()) % ONE_IN == 0 for holder in both["holder_id"]])
    again = both.filter(told & (both["account_id"] == "B-first"))
    again = again.filter(pl.Series(generator.random(again.height) < share))
    later = pl.Series(generator.choice(len(LATER), again.height, p=LATER))
    names = [in_bank_words(name, generator) for name in again["payee_shown"]]
    copies = again.with_columns(
        payment_id=pl.lit(COPY) + pl.col("payment_id"),
        account_id=pl.lit("B-second"),
        paid_on=pl.col("paid_on").dt.offset_by(pl.format("{}d", later)),
        payee_shown=pl.Series(names, dtype=pl.String),
        receipt_id=pl.lit(None, dtype=pl.String),
    )
    return pl.concat([both, copies])


@dataclass(frozen=True)
class Told:
    """One draw: copies put in, what was told, and how many of these were right; pence of copies, and pence told."""

    copies: int
    found: int
    right: int
    copies_pence: int
    found_pence: int
    right_pence: int


def judged(payments: pl.DataFrame, folder: Path) -> Told:
    """What the rule tells of a stream with copies in it. Right is a pair of which one is a copy and the other of its payee and price."""
    warehouse = warehouse_of(payments, folder)
    try:
        pairs = twins(warehouse, *ALL_DAYS_AND_LATER)
    finally:
        warehouse.close()
    columns = [name for name in FRAMES["payments"] if name in payments.columns]
    absent = {name: kind for name, kind in FRAMES["payments"].items() if name not in columns}
    rows = payments.select(columns).with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in absent.items())
    spending = Spending.of(ALL_DAYS_AND_LATER[1], {"payments": rows, "twins": pairs})
    found = as_text(find(spending)).filter("is_found").select("payment_id", "before_id", "amount_pence").collect()
    right = found.filter(pl.col("payment_id").str.starts_with(COPY) != pl.col("before_id").str.starts_with(COPY))
    copies = payments.filter(pl.col("payment_id").str.starts_with(COPY))
    return Told(copies.height, found.height, right.height, *(int(one["amount_pence"].sum()) for one in (copies, found, right)))


ALL_DAYS_AND_LATER = (ALL_DAYS[0], ALL_DAYS[1].replace(year=2027))


def share_of(some: int, of: int) -> str:
    """'12 of 13, 92.3% (66.7-98.6)'."""
    if of == 0:
        return "none"
    found = wilson(some, of)
    return f"{some:,} of {of:,}, {some / of:.1%} ({100 * (found.low or 0):.1f}-{100 * (found.high or 0):.1f})"


def main() -> None:
    """Print a table: a line for each stream and share."""
    given = sys.argv[1:]
    cards = Path(given[given.index("--cards") + 1]) if "--cards" in given else None
    homes = [Path(one) for place, one in enumerate(given) if one != "--cards" and given[place - 1] != "--cards"]
    streams = {home.name: of_home(home) for home in homes}
    if cards is not None:
        streams["birmingham_pcard"] = card_payments("birmingham_pcard", cards)
    print("| stream, share told again | right of what is told | copies told | pounds of copies told |\n|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as place:
        for name, payments in streams.items():
            for share in (0.0, *SHARES):
                draws = [judged(with_second_feed(payments, share, seed), Path(place)) for seed in SEEDS]
                copies, found, right = (sum(getattr(one, what) for one in draws) for what in ("copies", "found", "right"))
                pounds = f"{sum(one.right_pence for one in draws) / max(1, sum(one.copies_pence for one in draws)):.1%}"
                print(f"| {name}, {share:.0%} | {share_of(right, found)} | {share_of(right, copies)} | {pounds} |", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
