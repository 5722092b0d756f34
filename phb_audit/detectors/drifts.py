"""Supplier prices by month: suppliers whose usual charge for a like service went up by more than others' and a yearly rise explain.

Every holder is compared with the same holder's own months before, at the same supplier and for the same category, so a dearer package is no
dearer price. What counts is what nearly all of a supplier's holders have in common: more hours of one person move one person only. It looks
back only, asks nobody and makes no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import binom  # type: ignore[import-untyped, unused-ignore]

from phb_audit.money import pounds_expr
from phb_audit.run import Run
from phb_audit.sentences import filled_in
from phb_audit.tables.detected import DRIFTS
from phb_audit.warehouse import Warehouse, sql

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
NOT_PRICES = ("C01", "C02", "Z01", "Z02", "Z03", "Z04")  # pay, its taxes, cash, transfers, savings, gifts: amounts, and no prices
A_SERVICE = "something the words do not settle"
LEAST_MONTHS, LEAST_HOLDERS = 3, 3  # months before of a holder, and holders of a supplier, of whom a change is told
LEAST_OTHERS = 10  # holders of other suppliers of whom it is told what others' prices did
NAME_LETTERS = 15  # of a name that a bank leaves
LEAST_SPREAD = 0.02  # on the logarithm of amounts: months differ by two in a hundred without a reason
APRIL_RISE = 0.08  # where April lies between, so much is no drift: wages and prices rise each April
LEAST_BEYOND = 0.02  # beyond what is explained, before anything is said
CHANCE = 0.125  # that "at least" is said wrongly of a supplier whose prices stand still, by its holders alone
SURE = 1.64
SAME = ["month_on", "base_code", "category_code"]
KEY = ["month_on", "payee_id", "category_code"]
AMOUNTS = {"usual_pence": "base_size", "now_pence": "size"}


def keep_up_drifts(run: Run, words: Mapping[str, str]) -> None:
    """Bring detected.drifts up to tonight: a payment matched tonight can change the windows of its month and of those after it.

    After `histories.keep_up`, which leaves the holders looked at.
    """
    first_on = run.warehouse.frame(sql(__file__, "first_looked_at")).item()
    if first_on is None:
        return
    told = drifts(run.warehouse, first_on, run.as_of, words)
    with run.warehouse.transaction():
        run.warehouse.run(f"DELETE FROM {DRIFTS.name} WHERE month_on >= date_trunc('month', $from_on::DATE)", {"from_on": first_on})
        run.warehouse.write(DRIFTS, told)


def drifts(warehouse: Warehouse, from_on: date, to_on: date, words: Mapping[str, str]) -> pl.DataFrame:
    """Rows of detected.drifts for the months from that of `from_on` on, the strongest first within a month; `words`: of categories."""
    told = warehouse.frame(
        sql(__file__, "drifts"), {"from_on": from_on, "to_on": to_on, "least_months": LEAST_MONTHS, "letters": NAME_LETTERS,
         "not_prices": list(NOT_PRICES)},
    )  # fmt: skip
    beyond = of_suppliers(told).filter(pl.col("beyond_share") >= LEAST_BEYOND)
    # Of the two comparisons the one that says more speaks.
    best = beyond.sort(*KEY, "beyond_share", "base_code", descending=[False, False, False, True, False]).unique(KEY, keep="first")
    rows = worded(best, words)
    return rows.select(DRIFTS.column_names).sort(
        "month_on", "beyond_share", "payee_id", "category_code", descending=[False, True, False, False]
    )


def of_suppliers(holders: pl.DataFrame) -> pl.DataFrame:
    """One row per month, base, supplier and category with enough holders: what nearly all of them pay more, beyond what explains it."""
    numbered = holders.with_row_index("row").with_columns(moved=pl.col("size") - pl.col("base_size"))
    firsts = numbered.with_columns(of_same=pl.col("row").min().over(SAME), of_part=pl.col("row").min().over(*SAME, "name_key"))
    rows = firsts.sort("of_same", "of_part", "row").with_columns(pl.col("of_same", "of_part").rle_id())
    counted = rows.group_by("of_same", "of_part", maintain_order=True).agg(
        *(pl.col(name).first() for name in SAME),
        holders_count=pl.len().cast(pl.Int64),
        spent_pence=pl.col("spent_pence").sum(),
        is_across_april=pl.col("is_across_april").any(),
    )
    told = counted.with_columns(_others(rows, counted), *_in_common(rows, counted["holders_count"].to_numpy()))
    told = told.with_columns(others_count=pl.col("holders_count").sum().over("of_same") - pl.col("holders_count"))
    told = told.filter(pl.col("holders_count") >= LEAST_HOLDERS)
    explained = pl.max_horizontal(
        pl.col("others_moved").fill_null(0.0),
        pl.when("is_across_april").then(float(np.log1p(APRIL_RISE))).otherwise(0.0),
        pl.lit(0.0),
    )
    named = told.join(_names(rows), on="of_part", how="left", maintain_order="left").join(_in_the_middle(rows), on="of_part", how="left")
    return named.with_columns(
        at_least_share=pl.col("at_least").exp() - 1,
        change_share=pl.col("middle").exp() - 1,
        others_share=pl.col("others_moved").exp() - 1,
        beyond_share=(pl.col("at_least") - explained).exp() - 1,
    ).drop("of_same", "of_part")


def _others(rows: pl.DataFrame, counted: pl.DataFrame) -> pl.Series:
    """For each supplier what holders of other suppliers pay more, where they are enough."""
    told: list[float | None] = []
    changes = rows.select("of_same", "of_part", "moved").sort("of_same", "moved").partition_by("of_same", maintain_order=True)
    sizes = counted.select("of_same", "of_part", "holders_count").partition_by("of_same", maintain_order=True)
    for like, suppliers in zip(changes, sizes, strict=True):
        parts, moved = like["of_part"].to_numpy(), like["moved"].to_numpy()
        for _, part, count in suppliers.iter_rows():
            if count < LEAST_HOLDERS or len(moved) - count < LEAST_OTHERS:
                told.append(None)
                continue
            others = moved[parts != part]
            told.append(float(others[(len(others) - 1) // 2] + others[len(others) // 2]) / 2)
    return pl.Series("others_moved", told, dtype=pl.Float64)


def _in_common(rows: pl.DataFrame, counts: Places) -> tuple[pl.Series, ...]:
    """Of each supplier's holders: the middle change, and what all but a few pay more, at the least that their months' spread leaves."""
    starts = counts.cumsum() - counts

    def ordered(name: str) -> Array:
        return rows.select(pl.col(name).sort_by("of_part", name)).to_series().to_numpy()

    def middles(values: Array) -> Array:
        return np.asarray((values[starts + (counts - 1) // 2] + values[starts + counts // 2]) / 2)

    moved = ordered("moved")
    spread = np.maximum(LEAST_SPREAD, middles(ordered("base_spread")) * 1.4826)
    wider = np.sqrt(1 + 1.57 / rows["months_count"].to_numpy())
    wider_by = np.array([wider[start : start + count].mean() for start, count in zip(starts, counts, strict=True)])
    below = np.array([_may_differ(int(count)) for count in counts], np.int64)
    least = moved[starts + below] - SURE * spread * wider_by / np.sqrt(counts)
    return (
        pl.Series("middle", middles(moved)),
        pl.Series("at_least", least, dtype=pl.Float64),
        pl.Series("of_count", counts - below, dtype=pl.Int64),
    )


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """A supplier stands under the name that most of these holders' payments have: `of_part, payee_id, payee_shown`."""
    named = rows.group_by("of_part", "payee_id", "payee_shown").len()
    most = named.sort("of_part", "len", "payee_id", "payee_shown", descending=[False, True, False, False])
    return most.unique("of_part", keep="first", maintain_order=True).drop("len")


def _in_the_middle(rows: pl.DataFrame) -> pl.DataFrame:
    """What the holder in the middle paid a time before, and pays now: `of_part, usual_pence, now_pence`."""
    by_size = rows.select("of_part", "base_size", "size", "holder_id").sort("of_part", "base_size", "holder_id")
    middle = by_size.group_by("of_part", maintain_order=True).agg(pl.col("base_size", "size").get(pl.len() // 2))
    pence = {name: pl.col(size).exp().round(mode="half_to_even").cast(pl.Int64) for name, size in AMOUNTS.items()}
    return middle.select("of_part", **pence)


@cache
def _may_differ(count: int) -> int:
    """How many of so many holders may have a smaller change: were the true middle lower, more would, but for one time in eight."""
    below = 0
    while binom.cdf(below, count, 0.5) <= CHANCE:
        below += 1
    return max(0, below - 1)


def _percent(name: str) -> pl.Expr:
    return filled_in("{}%", (pl.col(name) * 100).floor().cast(pl.Int64))


def worded(rows: pl.DataFrame, words: Mapping[str, str]) -> pl.DataFrame:
    """The rows with `sentence` and `usual`: what we saw, what is usual, for whom, and of how many."""
    kind = pl.col("category_code").replace_strict(words, default=A_SERVICE, return_dtype=pl.String)
    since = pl.when(pl.col("base_code") == "year").then(pl.lit("in the year before")).otherwise(pl.lit("in the months since April"))
    others = (
        pl.when(pl.col("others_share").is_null())
        .then(pl.lit("Too few people pay others for it to say what others' charges did."))
        .otherwise(filled_in("The middle change of {} people who pay others for it was {}.", "others_count", _percent("others_share")))
    )
    april = pl.when("is_across_april").then(pl.lit(f" April lies between: a rise of {APRIL_RISE:.0%} is left out.")).otherwise(pl.lit(""))
    return rows.with_columns(
        sentence=filled_in(
            "{} charged {} of {} people at least {} more for {} in {} than {}; the middle change is {}. "
            "One of them paid {} a time, before {}.",
            "payee_shown", "of_count", "holders_count", _percent("at_least_share"), kind, pl.col("month_on").dt.strftime("%B %Y"), since,
            _percent("change_share"), pounds_expr(pl.col("now_pence")), pounds_expr(pl.col("usual_pence")),
        ),
        usual=pl.concat_str(others, april),
    )  # fmt: skip
