"""What N-09 tells of copies in made-up worlds, and of honest repeats.

`python -m tests.detectors.measure_paid_twice HOME... [--cards FOLDER]`. HOME: homes of nights over made-up worlds (`synth --holders 300
--months 12 --seed N`, `run`), which taught nothing: the weights shipped were learned on card lines of two councils. Copies are put into
every world's payments (`repeats_fit.with_copies`), without papers of their own, and the rule is asked as a night asks it. FOLDER keeps
nights over the two councils' card lines: there nothing is put in, every pair is honest, and each half of the cards is judged by weights
learned on the other half with copies in it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from phb_audit.assurance.intervals import poisson
from phb_audit.detectors.repeats import counted, repeats
from phb_audit.detectors.repeats_fit import COPY, is_copy, with_copies
from phb_audit.rules.limits import declared
from phb_audit.rules.spending import FRAMES, Spending, as_text
from phb_audit.rules.statistical.paid_twice import find
from tests.detectors.card_nights import ALL_DAYS, card_payments, warehouse_of
from tests.detectors.measure_repeats import STREAMS, pairs, taught, told
from tests.detectors.measure_twins import of_home, share_of

SHARES, SEEDS = (0.0, 0.005, 0.01, 0.02), (1, 2, 3)
CARD_SHARE = 0.01
HONEST = "honest told for 100 holders a month"
DAYS = (ALL_DAYS[0], ALL_DAYS[1].replace(year=2027))


@dataclass(frozen=True)
class Told:
    """One draw: copies put in, those of 20 pounds and more, what was told, how many of these were copies, and all pairs that are honest."""

    copies: int
    large: int
    found: int
    right: int
    honest_pairs: int


def judged(payments: pl.DataFrame, share: float, seed: int, folder: Path) -> Told:
    """What the rule tells of a stream with copies in it, with the weights shipped."""
    stream = with_copies(payments, share, seed) if share else payments
    is_put_in = pl.col("payment_id").str.starts_with(COPY)
    no_paper = pl.when(is_put_in).then(None).otherwise("receipt_id").alias("receipt_id")
    stream = stream.with_columns(no_paper)
    warehouse = warehouse_of(stream, folder)
    try:
        like = repeats(warehouse, *DAYS)
    finally:
        warehouse.close()
    columns = [name for name in FRAMES["payments"] if name in stream.columns]
    absent = {name: kind for name, kind in FRAMES["payments"].items() if name not in columns}
    rows = stream.select(columns).with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in absent.items())
    spending = Spending.of(DAYS[1], {"payments": rows, "repeats": like.select(list(FRAMES["repeats"]))})
    found = as_text(find(spending)).filter("is_found").select("payment_id").collect()
    marked = like.with_columns(is_copy=pl.Series(is_copy(like)))
    right = found.join(marked.filter("is_copy"), on="payment_id", how="semi")
    copies = stream.filter(is_put_in)
    large = copies.filter(pl.col("amount_pence") >= declared(find)["least_pence"])
    return Told(copies.height, large.height, found.height, right.height, marked.filter(~pl.col("is_copy")).height)


def holder_months(payments: pl.DataFrame) -> int:
    """How many months of how many holders the stream has."""
    return payments.select("holder_id", pl.col("paid_on").dt.truncate("1mo")).unique().height


def a_month(some: int, months: int) -> str:
    """'0.05 (0.01-0.12, n 3)' for 100 holders and a month, exact Poisson."""
    rate = poisson(some, months)
    return f"{100 * some / months:.2f} ({100 * (rate.low or 0):.2f}-{100 * (rate.high or 0):.2f}, n {some})"


def of_worlds(homes: Iterable[Path], folder: Path) -> None:
    """A line for each world and share of copies, three draws together."""
    say(say(f"| {' | '.join(('world, copies put in', 'copies told', 'of those of £20 and more', 'right of what is told'))} | {HONEST} |"))
    say("|---|---|---|---|---|")
    for home in homes:
        payments = of_home(home)
        for share in SHARES:
            draws = [judged(payments, share, seed, folder) for seed in (SEEDS if share else SEEDS[:1])]
            copies, large, found, right = (sum(getattr(one, what) for one in draws) for what in ("copies", "large", "found", "right"))
            honest = a_month(found - right, len(draws) * holder_months(payments))
            told_of = f"{share_of(right, copies)} | {share_of(right, large)} | {share_of(right, found)}"
            say(f"| {home.name}, {share:.1%} | {told_of} | {honest} |")


def of_cards(kept: Path, folder: Path) -> None:
    """Honest repeats alone, of two councils."""
    limits = declared(find)
    is_told = (pl.col("copy_share") >= limits["least_share"]) & (pl.col("amount_pence") >= limits["least_pence"])
    say("\n| card lines, nothing put in | honest repeats | told | told for 100 cards a month |\n|---|---|---|---|")
    for name in STREAMS:
        payments = card_payments(name, kept)
        warehouse = warehouse_of(payments, folder)
        try:
            honest = counted(warehouse, *ALL_DAYS)
        finally:
            warehouse.close()
        draws = [told(honest, taught(pairs(payments, CARD_SHARE, seed, folder))).filter(is_told).height for seed in SEEDS]
        every, some = len(draws) * honest.height, sum(draws)
        say(f"| {name} | {honest.height:,} | {share_of(some, every)} | {a_month(some, len(draws) * holder_months(payments))} |")


def say(words: str) -> None:
    """A line."""
    print(words, flush=True)  # noqa: T201


def main(given: list[str]) -> None:
    """Print the tables."""
    cards = Path(given[given.index("--cards") + 1]) if "--cards" in given else None
    homes = [Path(one) for place, one in enumerate(given) if one != "--cards" and (place == 0 or given[place - 1] != "--cards")]
    with tempfile.TemporaryDirectory() as place:
        if homes:
            of_worlds(homes, Path(place))
        if cards is not None:
            of_cards(cards, Path(place))


if __name__ == "__main__":
    main(sys.argv[1:])
