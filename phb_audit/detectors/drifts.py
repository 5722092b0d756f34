"""Supplier prices by month: suppliers whose usual charge for a like service went up by more than others' and a yearly rise explain.

Every holder is compared with the same holder's own months before, at the same supplier and for the same category, so a dearer package is no
dearer price. What counts is what nearly all of a supplier's holders have in common: more hours of one person move one person only. It looks
back only, asks nobody and makes no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import binom  # type: ignore[import-untyped, unused-ignore]

from phb_audit.money import pounds_expr
from phb_audit.run import Run
from phb_audit.tables.detected import DRIFTS
from phb_audit.warehouse import Warehouse, sql

Array = npt.NDArray[np.float64]
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
    moved = holders.with_columns(moved=pl.col("size") - pl.col("base_size"), of_count=pl.len().over(*SAME, "name_key"))
    kept = []
    for same, like in moved.partition_by(*SAME, as_dict=True, maintain_order=True).items():
        keys, changes = like["name_key"].to_numpy(), like["moved"].to_numpy()
        wide = like.filter(pl.col("of_count") >= LEAST_HOLDERS).partition_by("name_key", as_dict=True, maintain_order=True)
        for (name_key,), part in wide.items():
            kept.append(dict(zip(SAME, same, strict=True)) | _others(changes[keys != name_key]) | _in_common(part))
    explained = pl.max_horizontal(
        pl.col("others_moved").fill_null(0.0),
        pl.when("is_across_april").then(float(np.log1p(APRIL_RISE))).otherwise(0.0),
        pl.lit(0.0),
    )
    return pl.DataFrame(kept, schema=_SCHEMA).with_columns(
        at_least_share=pl.col("at_least").exp() - 1,
        change_share=pl.col("middle").exp() - 1,
        others_share=pl.col("others_moved").exp() - 1,
        beyond_share=(pl.col("at_least") - explained).exp() - 1,
    )


def _others(changes: Array) -> dict[str, object]:
    """What holders of other suppliers pay more, where they are enough."""
    is_told = len(changes) >= LEAST_OTHERS
    return {"others_count": len(changes), "others_moved": float(np.median(changes)) if is_told else None}


_SCHEMA = {
    "month_on": pl.Date(),
    "base_code": pl.String(),
    "category_code": pl.String(),
    "others_count": pl.Int64(),
    "others_moved": pl.Float64(),
    "payee_id": pl.String(),
    "payee_shown": pl.String(),
    "holders_count": pl.Int64(),
    "of_count": pl.Int64(),
    "middle": pl.Float64(),
    "at_least": pl.Float64(),
    "usual_pence": pl.Int64(),
    "now_pence": pl.Int64(),
    "spent_pence": pl.Int64(),
    "is_across_april": pl.Boolean(),
}


def _in_common(part: pl.DataFrame) -> dict[str, object]:
    """Of a supplier's holders: the middle change, and what all but a few pay more, at the least that their months' spread leaves."""
    spread = max(LEAST_SPREAD, float(np.median(part["base_spread"].to_numpy()) * 1.4826))
    moved = part["moved"].to_numpy()
    noise = SURE * spread * float(np.sqrt(1 + 1.57 / part["months_count"].to_numpy()).mean()) / np.sqrt(part.height)
    least = np.sort(moved) - noise
    below = _may_differ(len(least))
    # A supplier stands under the name that most of these holders' payments have.
    payee_id, payee_shown = (
        part.group_by("payee_id", "payee_shown").len().sort("len", "payee_id", "payee_shown", descending=[True, False, False]).row(0)[:2]
    )
    by_size = part.sort("base_size", "holder_id")[part.height // 2]
    return {
        "payee_id": payee_id,
        "payee_shown": payee_shown,
        "holders_count": part.height,
        "of_count": part.height - below,
        "middle": float(np.median(moved)),
        "at_least": float(least[below]),
        "usual_pence": round(float(np.exp(by_size["base_size"][0]))),
        "now_pence": round(float(np.exp(by_size["size"][0]))),
        "spent_pence": int(part["spent_pence"].sum()),
        "is_across_april": bool(part["is_across_april"].any()),
    }


def _may_differ(count: int) -> int:
    """How many of so many holders may have a smaller change: were the true middle lower, more would, but for one time in eight."""
    below = 0
    while binom.cdf(below, count, 0.5) <= CHANCE:
        below += 1
    return max(0, below - 1)


def _percent(name: str) -> pl.Expr:
    return pl.format("{}%", (pl.col(name) * 100).floor().cast(pl.Int64))


def worded(rows: pl.DataFrame, words: Mapping[str, str]) -> pl.DataFrame:
    """The rows with `sentence` and `usual`: what we saw, what is usual, for whom, and of how many."""
    kind = pl.col("category_code").replace_strict(words, default=A_SERVICE, return_dtype=pl.String)
    since = pl.when(pl.col("base_code") == "year").then(pl.lit("in the year before")).otherwise(pl.lit("in the months since April"))
    others = (
        pl.when(pl.col("others_share").is_null())
        .then(pl.lit("Too few people pay others for it to say what others' charges did."))
        .otherwise(pl.format("The middle change of {} people who pay others for it was {}.", "others_count", _percent("others_share")))
    )
    april = pl.when("is_across_april").then(pl.lit(f" April lies between: a rise of {APRIL_RISE:.0%} is left out.")).otherwise(pl.lit(""))
    return rows.with_columns(
        sentence=pl.format(
            "{} charged {} of {} people at least {} more for {} in {} than {}; the middle change is {}. "
            "One of them paid {} a time, before {}.",
            "payee_shown", "of_count", "holders_count", _percent("at_least_share"), kind, pl.col("month_on").dt.strftime("%B %Y"), since,
            _percent("change_share"), pounds_expr(pl.col("now_pence")), pounds_expr(pl.col("usual_pence")),
        ),
        usual=pl.concat_str(others, april),
    )  # fmt: skip
