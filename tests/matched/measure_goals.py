"""Measuring which goal a purchase serves: `python -m tests.matched.measure_goals`. Prints AUC, shares right by state, and calibration.

Nothing here is learned from but tune_goals.csv, whose lines fitted two numbers (SLOPE and LEVEL) and the two thresholds;
docs/reference/measurements.md holds what this printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from phb_audit.cases.goal_likeness import likeness
from phb_audit.cases.purchase_nearness import nearness
from phb_audit.classified.classifier import classify
from phb_audit.matched.goal_states import LEVEL, SLOPE, STATES, match_goals

HERE = Path(__file__).parent
REAL = HERE.parents[1].parent / "shared" / "data" / "phb_purchases" / "purchases_and_goals.csv"
DRAWS = 1000
Numbers = npt.NDArray[np.float64]


def pairs(name: str) -> pl.DataFrame:
    """A set of pairs with `goal, merchant, description, serves`."""
    frame = pl.read_csv(HERE / f"{name}.csv", infer_schema=False).with_columns(pl.all().fill_null(""))
    return frame.select("goal", "merchant", "description", serves=pl.col("label").is_in(["1", "serves"]))


def confirmed(name: str = "dev_goal") -> dict[str, str]:
    """Domain codes of the goals of a set, mapped by a person from the goals alone (those of dev_goals.csv: and dev_goal_tags.csv)."""
    frame = pl.read_csv(HERE / f"{name}_codes.csv", infer_schema=False)
    return dict(frame.select("goal", "domain_codes").iter_rows())


def judged(frame: pl.DataFrame, tags: dict[str, str] | None = None, *, with_table: bool = True) -> pl.DataFrame:
    """The pairs with what is said of them; `tags` are confirmed ones, by goal. The night has no table of likeness."""
    told = classify(frame.select("merchant", "description", mcc=pl.lit("")))
    given = frame.select("goal", "merchant", "description", tags=pl.col("goal").replace_strict(tags or {}, default=""))
    answers = match_goals(pl.concat([given, told.drop("because")], how="horizontal"), *((nearness, likeness) if with_table else ()))
    return pl.concat([frame, answers], how="horizontal")


def auc(frame: pl.DataFrame) -> float:
    """Chance that a pair that serves is stronger than one that does not."""
    return float(roc_auc_score(frame["serves"], frame["strength"]))


def interval(frame: pl.DataFrame, draws: int = DRAWS) -> tuple[float, float]:
    """95% of the AUC by drawing whole goals again: pairs of one goal stand or fall together."""
    random = np.random.default_rng(7)
    groups = frame.partition_by("goal", maintain_order=True)
    found = [auc(pl.concat([groups[place] for place in random.integers(0, len(groups), len(groups))])) for _ in range(draws)]
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def by_state(frame: pl.DataFrame) -> str:
    """How many pairs are in each state, and the share of them that serve."""
    parts = []
    for state in STATES:
        inside = frame.filter(pl.col("state") == state)
        share = inside["serves"].mean() if inside.height else float("nan")
        parts.append(f"{state} {inside.height} (serve {share:.2f})")
    return ", ".join(parts)


def line(name: str, frame: pl.DataFrame) -> str:
    """One line of the report."""
    low, high = interval(frame)
    return (
        f"{name}: AUC {auc(frame):.3f} ({low:.3f}-{high:.3f}), {frame.height} pairs of {frame['goal'].n_unique()} goals; {by_state(frame)}"
    )


def calibration() -> list[str]:
    """SLOPE and LEVEL as five parts of the tuning goals would have them, and how the strength bears out on pairs held out."""
    frame = judged(pairs("tune_goals"), with_table=False)
    strength = np.clip(frame["strength"].to_numpy(), 1e-4, 1 - 1e-4)
    raw = ((np.log(strength / (1 - strength)) - LEVEL) / SLOPE).reshape(-1, 1)
    serves = frame["serves"].to_numpy()
    held: Numbers = np.zeros(len(serves))
    fits = []
    for taught, kept in GroupKFold(5).split(raw, serves, frame["goal"].to_numpy()):
        model = LogisticRegression(C=10).fit(raw[taught], serves[taught])
        held[kept] = model.predict_proba(raw[kept])[:, 1]
        fits.append(f"{model.coef_[0][0]:.2f}/{model.intercept_[0]:.2f}")
    told = frame.with_columns(held=pl.Series(held), part=pl.Series(np.minimum((held * 5).astype(int), 4)))
    parts = told.group_by("part").agg(pl.len(), pl.col("held").mean(), pl.col("serves").mean()).sort("part")
    shown = ", ".join(f"{count} told {said:.2f} serve {share:.2f}" for _, count, said, share in parts.iter_rows())
    return [f"slope/level by fold: {', '.join(fits)} (in use {SLOPE}/{LEVEL})", f"held out, by fifth of strength: {shown}"]


def real() -> list[str]:
    """Purchases that were really agreed, beside the goal they were for and beside the goals of the others."""
    if not REAL.exists():
        return ["no real purchases here (../shared/data is absent): left out"]
    frame = pl.read_csv(REAL, infer_schema=False).filter(~pl.col("need_or_goal").is_in(["not stated", "agreed health outcomes"]))
    own = frame.select("id", goal="need_or_goal", merchant=pl.lit(""), description="purchase")
    every = own.select("id", "merchant", "description").join(own.select("goal", other="id"), how="cross")
    told = judged(every.with_columns(serves=pl.col("id") == pl.col("other")))
    mine = told.filter("serves")
    return [
        f"real purchases beside their own goal: {by_state(mine)}",
        f"beside their own goal and those of all others (some of which they could serve too): AUC {auc(told):.3f}, {told.height} pairs",
    ]


def report() -> list[str]:
    """Every line."""
    dev = pairs("dev_goals")
    return [
        line("tuning pairs", judged(pairs("tune_goals"))),
        *calibration(),
        line("development pairs, tags by the words", judged(dev)),
        line("the same as in the night, without the table of likeness", judged(dev, with_table=False)),
        line("development pairs, tags confirmed", judged(dev, confirmed())),
        *(
            line(f"{told} pairs, tags {how}", judged(pairs(name), confirmed(name) if how == "confirmed" else None))
            for told, name in (("second", "goal_pairs_2"), ("third", "goal_pairs_3"), ("fourth", "goal_pairs_4"))
            for how in ("by the words", "confirmed")
        ),
        *real(),
    ]


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
