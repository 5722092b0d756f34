"""Purchases with features, flags and truth: of a made-up world's night, and of real cards with faults put in."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from flows.nightly import run_plain
from phb_audit.assurance.linked import read_linked
from phb_audit.assurance.truth import read_truth
from phb_audit.detectors.features import FEATURES, measured
from phb_audit.detectors.histories import REFERENCE_DAYS, keep_up, reference_ids
from phb_audit.flagged.detected import seen_tonight
from phb_audit.flagged.ranking import prior_of, values_of
from phb_audit.night import Night
from phb_audit.run import Run
from phb_audit.settings import Settings, read_toml, shipped
from phb_audit.synthetic import make_world
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse
from tests.builders import make_run, rows

CODE, LAST_DAY = "QZZ", date(2026, 10, 31)
STARTS = read_toml(shipped("reference") / "ranking.toml")
NAMES = [one.name for one in FEATURES]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Purchases:
    """`lines`: one row per spend line with payment_id, holder_id, group_code, label, is_unusual, kind_code, rule_ids, and every feature;
    `flags`: payment_id, part_name and value_share of the rules that found something; `reference`: features of the lines that say what is
    usual."""

    lines: pl.DataFrame
    flags: pl.DataFrame
    reference: pl.DataFrame

    @property
    def planted(self) -> npt.NDArray[np.bool_]:
        """Which lines the truth does not call fine."""
        return (self.lines["label"] != "fine").to_numpy()


def made_up(seed: int, holders: int, work: Path) -> Purchases:
    """A made-up world of a year and its night, made and run below `work` unless they are there."""
    world, home = work / f"world-{seed}-{holders}", work / f"home-{seed}-{holders}"
    if not (world / "truth.csv").is_file():
        make_world(holders=holders, months=12, seed=seed, out=world, commissioner_code=CODE, last_day=LAST_DAY)
    if not (home / "published" / CODE / "current").exists():
        run_plain(Night(CODE, LAST_DAY, world / CODE, home, threads=2))
    linked = read_linked(world, home, CODE, read_truth(world))
    warehouse = Warehouse(Settings(home).warehouse_path(CODE), read_only=True)
    run = Run(CODE, LAST_DAY, world / CODE, Settings(home), warehouse)
    told = linked.truth.filter((pl.col("subject_code") == "payment") & (pl.col("place_code") == "admitted"))
    truth = told.select("truth_id", "label", "is_unusual", "kind_code", "rule_ids", payment_id="thing_id").unique(
        "payment_id", keep="first"
    )
    lines = _lines(run).join(truth, on="payment_id", how="left", maintain_order="left")
    lines = lines.with_columns(pl.col("label").fill_null("fine"), pl.col("kind_code").fill_null(""))
    lines = lines.with_columns(pl.col("is_unusual").fill_null(False))
    touched = linked.links.filter("is_exact").join(lines.select("truth_id", "payment_id"), on="truth_id").select("flag_id", "payment_id")
    severities = warehouse.frame(
        "SELECT flag_id, rule_id, severity FROM flagged.findings UNION SELECT flag_id, rule_id, severity FROM apart.findings"
    )
    flags = touched.join(severities, on="flag_id").unique(["payment_id", "rule_id", "severity"])
    usual = reference_ids(warehouse, LAST_DAY - timedelta(days=REFERENCE_DAYS - 1), LAST_DAY)
    warehouse.close()
    prior = prior_of(STARTS, flags["rule_id"].to_list(), {})
    values = values_of(flags.select("rule_id", "severity", case_id="payment_id"), STARTS, prior).rename({"case_id": "payment_id"})
    return Purchases(lines, values, lines.join(usual, on="payment_id", how="semi"))


def _lines(run: Run) -> pl.DataFrame:
    """Every spend line with its features, holder and care group; the group is for judging, never for a model."""
    who = run.warehouse.frame(
        "SELECT h.payment_id, h.holder_id, coalesce(p.care_group_code, '') AS group_code, p.amount_pence "
        "FROM detected.histories h JOIN matched.payments p USING (payment_id) ORDER BY h.payment_id"
    )
    return who.join(measured(seen_tonight(run, who.select("payment_id"))), on="payment_id", maintain_order="left")


def real_cards(folder: Path, scratch: Path, seed: int, share: float = 0.01) -> Purchases:
    """Calderdale's card lines of 2017 and 2018, an expense area a holder, with faults put in. There is no plan and no receipt."""
    generator = np.random.Generator(np.random.PCG64(seed))
    with gzip.open(folder / "calderdale_2014-10_to_2018-12.csv.gz") as file:
        read = pl.read_csv(file.read(), infer_schema=False)
    cards = read.with_columns(
        paid_on=pl.col("Transaction Date").str.to_date(strict=False),
        amount_pence=(pl.col("Net Amount").cast(pl.Float64, strict=False) * 100).round(0).cast(pl.Int64),
        payee_id=pl.col("Supplier Name").str.to_uppercase().str.replace_all(r"[\d\W]+", " ").str.strip_chars(),
        holder_id=pl.concat_str("Expense Area", pl.lit("|"), "Expense Type"),
        category_code=pl.col("Merchant Category").fill_null(""),
    )
    cards = cards.filter((pl.col("amount_pence") > 0) & pl.col("paid_on").is_between(date(2017, 1, 1), date(2018, 12, 31)))
    cards = cards.unique(["Transaction number", "paid_on", "amount_pence", "payee_id"]).sort(
        "paid_on", "Transaction number", "amount_pence"
    )
    busy = cards.group_by("holder_id").len().filter(pl.col("len") >= 50)
    cards = cards.join(busy, on="holder_id", how="semi").with_columns(kind_code=pl.lit(""), is_cash=pl.lit(False))
    faulty = with_faults(cards, generator, share)
    ids = pl.Series("payment_id", [f"P{generator.integers(2**60):016x}" for _ in range(faulty.height)])
    faulty = faulty.with_columns(ids).sort("payment_id")
    run = make_run(scratch, as_of=date(2018, 12, 31))
    run.warehouse.write(TABLES["matched.payments"], as_matched(faulty, run.run_id))
    keep_up(run)
    truth = faulty.select(
        "payment_id", "kind_code", label=pl.when(pl.col("kind_code") == "").then(pl.lit("fine")).otherwise(pl.lit("breach"))
    )
    lines = _lines(run).join(truth, on="payment_id", maintain_order="left").join(faulty.select("payment_id", "paid_on"), on="payment_id")
    lines = lines.filter(pl.col("paid_on") >= date(2018, 1, 1)).with_columns(is_unusual=pl.lit(False), rule_ids=pl.lit("")).drop("paid_on")
    usual = reference_ids(run.warehouse, date(2018, 1, 1), date(2018, 12, 31))
    run.warehouse.close()
    return Purchases(lines, pl.DataFrame(schema={"payment_id": pl.String, "part_name": pl.String, "value_share": pl.Float64}),
                     lines.join(usual, on="payment_id", how="semi"))  # fmt: skip


def with_faults(cards: pl.DataFrame, generator: np.random.Generator, share: float) -> pl.DataFrame:
    """The lines of the second year with faults: a slipped point, another's kind of shop, four in a week, round cash, twice the usual."""
    second = np.flatnonzero((cards["paid_on"] >= date(2018, 1, 1)).to_numpy())
    chosen = np.sort(generator.choice(second, round(len(second) * share), replace=False))
    kinds = np.array(["ten_times", "other_shop", "burst", "cash", "double"])[generator.integers(5, size=len(chosen))]
    kind = pl.Series("fault", [""] * cards.height).scatter(chosen.tolist(), kinds.tolist())
    donor = cards[generator.permutation(cards.height)]
    marked = cards.with_columns(kind).with_columns(
        payee_id=pl.when(pl.col("fault") == "other_shop").then(donor["payee_id"]).otherwise("payee_id"),
        category_code=pl.when(pl.col("fault") == "other_shop").then(donor["category_code"])
        .when(pl.col("fault") == "cash").then(pl.lit("CASH")).otherwise("category_code"),
        amount_pence=pl.when(pl.col("fault") == "ten_times").then(pl.col("amount_pence") * 10)
        .when(pl.col("fault") == "double").then(pl.col("amount_pence") * 2)
        .when(pl.col("fault") == "other_shop").then(pl.max_horizontal("amount_pence", donor["amount_pence"]))
        .when(pl.col("fault") == "cash").then(pl.lit(200_00)).otherwise("amount_pence"),
        is_cash=pl.col("fault") == "cash", kind_code="fault",
    )  # fmt: skip
    again = marked.filter(pl.col("fault") == "burst")
    more = [again.with_columns(pl.col("paid_on") + pl.duration(days=days)) for days in (1, 2, 3)]
    return pl.concat([marked, *more]).drop("fault")


def as_matched(cards: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """The cards as rows of matched.payments; what cards do not say is as neutral as the table lets it be."""
    table = TABLES["matched.payments"]
    neutral = rows(table.name, {})
    told = cards.with_columns(
        pl.lit(run_id).alias("run_id"), is_spend=pl.lit(True), holding_code=pl.lit("none_on_file"), match_code=pl.lit("no_plan"),
        kind_code=pl.when("is_cash").then(pl.lit("cash")).otherwise(pl.lit("purchase")), payee_shown=pl.col("payee_id"),
        feed_code=pl.lit("card"), is_abstained=pl.col("category_code") == "", country_code=pl.lit("GB"),
    )  # fmt: skip
    missing = [
        pl.lit(neutral[name][0], dtype=table.column(name).dtype).alias(name) for name in table.column_names if name not in told.columns
    ]
    return told.with_columns(missing).select(table.column_names)
