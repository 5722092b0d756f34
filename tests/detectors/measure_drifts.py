"""How many of the suppliers whose prices drift are told, and among how many: `python -m tests.detectors.measure_drifts --work DIR`.

Made-up worlds with moving prices (`phb_audit/synthetic/prices.py`); and with `--cards DIR`, Calderdale's published card lines, in which the
prices of fifteen suppliers are made to jump or to creep. A window is a month of a supplier and category. Of a supplier the strongest window
of the year stands for it, and the first 20 suppliers are looked at.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from flows.nightly import STAGES, run_stage
from phb_audit.assurance.intervals import wilson
from phb_audit.assurance.truth import read_truth, with_file_ids
from phb_audit.detectors.drifts import LEAST_HOLDERS, drifts
from phb_audit.night import Night, begin
from phb_audit.synthetic import make_world
from phb_audit.synthetic.prices import Prices
from phb_audit.synthetic.world import stories
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse
from tests.builders import make_run
from tests.detectors.worlds import CODE, LAST_DAY, as_matched

WINDOWS, FAULTS, HOLDERS = 20, 15, 300
SUPPLIER = ["payee_id", "category_code"]


def moving(seed: int, work: Path) -> tuple[Warehouse, pl.DataFrame]:
    """A made-up world of a year whose prices move, matched; and its lines whose price has moved."""
    world, home = work / f"moving-{seed}", work / f"moving-home-{seed}"
    if not (world / "truth.csv").is_file():
        make_world(holders=HOLDERS, months=12, seed=seed, out=world, commissioner_code=CODE, last_day=LAST_DAY, prices="moving")
    night = Night(CODE, LAST_DAY, world / CODE, home, threads=2)
    if not home.exists():
        with night.opened() as run:
            begin(run)
        for stage in list(STAGES)[: list(STAGES).index("matched") + 1]:
            run_stage(night, stage)
    warehouse = Warehouse(night.settings.warehouse_path(CODE), read_only=True)
    truth = with_file_ids(read_truth(world).filter(pl.col("subject_code") == "payment"), world / CODE)
    names = suppliers(seed)
    planted = truth.join(names, on=["person_ref", "on", "amount_pence", "kind_code"]).select("file_id", "line_number", "kind_code", "name")
    lines = warehouse.frame(
        "SELECT p.payee_id, p.holder_id, v.file_id, v.line_number FROM matched.payments p JOIN validated.payments v USING (payment_id)"
    )
    return warehouse, lines.join(planted, on=["file_id", "line_number"])


def suppliers(seed: int) -> pl.DataFrame:
    """Of each line whose price has moved, the supplier: person_ref, on, amount_pence, kind_code, name."""
    window = (date(2025, 11, 1).toordinal(), LAST_DAY.toordinal())
    told = [
        (story.nhs, date.fromordinal(line.on), line.amount, line.kind, line.business.name)
        for story in stories(HOLDERS, 12, seed, window, CODE, Prices(seed, HOLDERS, window))
        for line in story.lines
        if line.business is not None and line.kind.startswith("price_")
    ]
    columns = ["person_ref", "on", "amount_pence", "kind_code", "name"]
    return pl.DataFrame(told, schema=columns, orient="row").unique(columns[:4], keep="first", maintain_order=True)


def strongest(told: pl.DataFrame) -> pl.DataFrame:
    """One row a supplier: its strongest window; the strongest first."""
    order = told.sort("beyond_share", "payee_id", "month_on", descending=[True, False, False])
    return order.unique(SUPPLIER, keep="first", maintain_order=True)


def in_words(count: int, n: int) -> str:
    """A share with its interval."""
    told = wilson(count, n)
    return f"{count} of {n}" if told.value is None else f"{count} of {n} ({told.low:.0%}-{told.high:.0%})"


def of_worlds(seeds: list[int], work: Path, say: Callable[[str], object]) -> None:
    """Planted drifts found, and what else is told, in each world and in all."""
    heads = (
        "world",
        "suppliers that drift",
        "found in the first 20",
        "of those three pay or more",
        "told",
        "of these drifting",
        "innocent told",
    )
    say(f"| {' | '.join(heads)} |\n|---|---:|---|---|---:|---|---|\n")
    rows: list[list[int]] = []
    for seed in seeds:
        warehouse, lines = moving(seed, work)
        told = strongest(drifts(warehouse, date(2025, 11, 1), LAST_DAY, {}))
        warehouse.close()
        # What several kinds of lines stand for is what most of them are.
        counted = lines.group_by("name", "kind_code").agg(count=pl.len(), holders=pl.col("holder_id").n_unique())
        kinds = counted.sort("count", "kind_code", descending=[True, False]).unique("name", keep="first", maintain_order=True)
        of_payee = lines.group_by("payee_id", "name").len().sort("len", "name", descending=[True, False]).unique("payee_id", keep="first")
        known = told.join(of_payee.drop("len"), on="payee_id", how="left", maintain_order="left").join(kinds, on="name", how="left")
        drifting = kinds.filter(pl.col("kind_code") == "price_drift")
        wide = drifting.filter(pl.col("holders") >= LEAST_HOLDERS)
        first = known.head(WINDOWS)["name"].unique()
        found = [int(some["name"].is_in(first.implode()).sum()) for some in (drifting, wide)]
        right = int((known["kind_code"] == "price_drift").sum())
        innocent = kinds.filter(pl.col("kind_code") != "price_drift")
        wrong = int(innocent["name"].is_in(known["name"].unique().implode()).sum())
        rows.append([found[0], drifting.height, found[1], wide.height, right, told.height, wrong, innocent.height])
        say(_row(f"seed {seed}", rows[-1]))
    say(_row("all", [int(total) for total in np.sum(rows, axis=0)]))


def _row(name: str, counts: list[int]) -> str:
    found, drifting, found_wide, wide, right, told, wrong, innocent = counts
    cells = (drifting, in_words(found, drifting), in_words(found_wide, wide), told, in_words(right, told), in_words(wrong, innocent))
    return f"| {name} | {' | '.join(str(cell) for cell in cells)} |\n"


def cards_with_drifts(folder: Path, scratch: Path, seed: int) -> tuple[Warehouse, pl.DataFrame]:
    """Calderdale's card lines of 2016 to 2018, an expense area and type a holder; some suppliers are made dearer in 2018."""
    generator = np.random.Generator(np.random.PCG64(seed))
    with gzip.open(folder / "calderdale_2014-10_to_2018-12.csv.gz") as file:
        read = pl.read_csv(file.read(), infer_schema=False)
    cards = read.select(
        paid_on=pl.col("Transaction Date").str.to_date(strict=False),
        amount_pence=(pl.col("Net Amount").cast(pl.Float64, strict=False) * 100).round(0).cast(pl.Int64),
        payee_id=pl.col("Supplier Name").str.to_uppercase().str.replace_all(r"[\d\W]+", " ").str.strip_chars(),
        holder_id=pl.concat_str("Expense Area", pl.lit("|"), "Expense Type"),
        category_code=pl.col("Merchant Category").fill_null(""),
    ).filter((pl.col("amount_pence") > 0) & pl.col("paid_on").is_between(date(2017, 1, 1), date(2018, 12, 31), {}))
    cards = cards.drop_nulls().sort("paid_on", "holder_id", "payee_id", "amount_pence")
    months = cards.filter(pl.col("category_code") != "").group_by(*SUPPLIER, "holder_id").agg(
        pl.col("paid_on").dt.truncate("1mo").n_unique().alias("months")
    )  # fmt: skip
    wide = months.filter(pl.col("months") >= 8).group_by(SUPPLIER).len().filter(pl.col("len") >= LEAST_HOLDERS).sort(SUPPLIER)
    chosen = wide[np.sort(generator.choice(wide.height, min(FAULTS, wide.height), replace=False)).tolist()]
    rate, start = generator.uniform(0.08, 0.20, chosen.height), generator.integers(3, 10, chosen.height)
    chosen = chosen.with_columns(rate=pl.Series(rate), start=pl.Series(start))
    moved = cards.join(chosen.select(*SUPPLIER, "rate", "start"), on=SUPPLIER, how="left").with_columns(
        pl.when((pl.col("paid_on").dt.year() == 2018) & (pl.col("paid_on").dt.month() >= pl.col("start")))
        .then((pl.col("amount_pence") * (1 + pl.col("rate"))).round(0).cast(pl.Int64)).otherwise("amount_pence").alias("amount_pence")
    )  # fmt: skip
    ids = pl.Series("payment_id", [f"P{place:08d}" for place in range(moved.height)])
    run = make_run(scratch, as_of=date(2018, 12, 31))
    lines = moved.drop("rate", "start").with_columns(ids, kind_code=pl.lit(""), is_cash=pl.lit(False))
    run.warehouse.write(TABLES["matched.payments"], as_matched(lines, run.run_id))
    return run.warehouse, chosen


def of_cards(folder: Path, say: Callable[[str], object]) -> None:
    """The same on real card lines: what is told beside the planted may be true, so it is no measure of wrong telling."""
    say("\n| Calderdale | suppliers made dearer | found in the first 20 | told |\n|---|---:|---|---:|\n")
    for seed in (1, 2, 3):
        with tempfile.TemporaryDirectory() as scratch:
            warehouse, chosen = cards_with_drifts(folder, Path(scratch), seed)
            told = strongest(drifts(warehouse, date(2018, 3, 1), date(2018, 12, 31), {}))
            warehouse.close()
        found = told.head(WINDOWS).join(chosen, on=SUPPLIER, how="semi").height
        say(f"| draw {seed} | {chosen.height} | {in_words(found, chosen.height)} | {told.height} |\n")


def main() -> None:
    """Print every table."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--work", type=Path, required=True)
    asked.add_argument("--cards", type=Path)
    asked.add_argument("--seeds", type=int, nargs="+", default=[211, 212, 213])
    given = asked.parse_args()
    of_worlds(given.seeds, given.work, sys.stdout.write)
    if given.cards:
        of_cards(given.cards, sys.stdout.write)


if __name__ == "__main__":
    main()
