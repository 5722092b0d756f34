"""Measuring which goal a purchase serves: `python -m tests.matched.measure_goals`. Prints AUC, shares right by state, and calibration.

Learned from the sets of TAUGHT are the two curves of goal_states.py, four numbers each, and nothing else; goal_pairs_4.csv taught
nothing. Beside the curves in use each taught set is measured with curves the other sets taught. docs/reference/measurements.md holds
what this printed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from phb_audit.cases.goal_likeness import likeness
from phb_audit.cases.purchase_nearness import nearness
from phb_audit.classified.classifier import classify
from phb_audit.matched.goal_states import BY_PERSON, BY_PERSON_DEAF, BY_WORDS, BY_WORDS_DEAF, STATES, Curve, find, match_goals

HERE = Path(__file__).parent
REAL = HERE.parents[1].parent / "shared" / "data" / "phb_purchases" / "purchases_and_goals.csv"
DRAWS = 1000
TAUGHT = ("tune_goals", "dev_goals", "goal_pairs_2", "goal_pairs_3")
CODES = {"dev_goals": "dev_goal", **{name: name for name in ("goal_pairs_2", "goal_pairs_3", "goal_pairs_4")}}
Numbers = npt.NDArray[np.float64]


def pairs(name: str) -> pl.DataFrame:
    """A set of pairs with `goal, merchant, description, serves`."""
    frame = pl.read_csv(HERE / f"{name}.csv", infer_schema=False).with_columns(pl.all().fill_null(""))
    return frame.select("goal", "merchant", "description", serves=pl.col("label").is_in(["1", "serves"]))


def confirmed(name: str = "dev_goal") -> dict[str, str]:
    """Domain codes of the goals of a set, mapped by a person from the goals alone (those of dev_goals.csv: and dev_goal_tags.csv)."""
    frame = pl.read_csv(HERE / f"{name}_codes.csv", infer_schema=False)
    return dict(frame.select("goal", "domain_codes").iter_rows())


def asked(frame: pl.DataFrame, tags: dict[str, str] | None = None) -> pl.DataFrame:
    """The pairs as `match_goals` is asked; `tags` are confirmed ones, by goal."""
    told = classify(frame.select("merchant", "description", mcc=pl.lit("")))
    given = frame.select("goal", "merchant", "description", tags=pl.col("goal").replace_strict(tags or {}, default=""))
    return pl.concat([given, told.drop("because")], how="horizontal")


def judged(frame: pl.DataFrame, tags: dict[str, str] | None = None, *, with_table: bool = True, is_night: bool = False) -> pl.DataFrame:
    """The pairs with what is said of them; the night has no third reading."""
    answers = match_goals(asked(frame, tags).drop("third_code" if is_night else []), *((nearness, likeness) if with_table else ()))
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


def evidence(name: str, *, is_confirmed: bool, is_deaf: bool = False) -> pl.DataFrame:
    """What the curves are taught by: `set, goal, serves, raw` (log odds)`, near, usual, may_serve`; `is_deaf`: without a table."""
    frame = pairs(name)
    found = find(asked(frame, confirmed(CODES[name]) if is_confirmed else None), *(() if is_deaf else (nearness, likeness)))
    held = np.clip(found.served.raw.astype(np.float64), 0.01, 0.99)
    columns = {"raw": np.log(held / (1 - held)), "near": np.zeros(len(held)) if found.near is None else found.near}
    columns |= {"usual": found.served.usual_share, "may_serve": found.served.raw > 0}
    told = pl.DataFrame({column: values[found.pair] for column, values in columns.items()})
    return pl.concat([frame.select("goal", "serves", set=pl.lit(name)), told], how="horizontal")


def fitted(taught: pl.DataFrame) -> tuple[Curve, LogisticRegression]:
    """The curve some pairs teach."""
    rows = taught.filter("may_serve")
    model = LogisticRegression(C=1.0).fit(rows.select("raw", "near", "usual").to_numpy(), rows["serves"].to_numpy())
    slope, near, usual = (round(float(weight), 2) for weight in model.coef_[0])
    return Curve(slope, near, usual, round(float(model.intercept_[0]), 2)), model


def told_by(model: LogisticRegression, frame: pl.DataFrame) -> Numbers:
    """The share that serves, by a curve."""
    share: Numbers = model.predict_proba(frame.select("raw", "near", "usual").to_numpy())[:, 1] * frame["may_serve"].to_numpy()
    return share


def curves() -> list[str]:
    """What each curve would be, each set measured by a curve of the other sets, and how such a curve bears out."""
    lines = []
    for is_confirmed, is_deaf, used in (
        (False, False, BY_WORDS),
        (True, False, BY_PERSON),
        (False, True, BY_WORDS_DEAF),
        (True, True, BY_PERSON_DEAF),
    ):
        every = pl.concat(
            [evidence(name, is_confirmed=is_confirmed, is_deaf=is_deaf) for name in TAUGHT if not is_confirmed or name in CODES]
        )
        held: Numbers = np.zeros(every.height)
        areas = []
        for name in every["set"].unique(maintain_order=True):
            kept = every["set"] == name
            held[kept.to_numpy()] = told_by(fitted(every.filter(~kept))[1], every.filter(kept))
            areas.append(f"{name} {roc_auc_score(every.filter(kept)['serves'], held[kept.to_numpy()]):.3f}")
        told = every.with_columns(held=pl.Series(held), part=pl.Series(np.minimum((held * 5).astype(int), 4)))
        parts = told.group_by("part").agg(pl.len(), pl.col("held").mean(), pl.col("serves").mean()).sort("part")
        shown = ", ".join(f"{count} told {said:.2f} serve {share:.2f}" for _, count, said, share in parts.iter_rows())
        how = ("confirmed" if is_confirmed else "by the words") + (", without a table" if is_deaf else "")
        lines += [f"curve, tags {how}: all sets teach {fitted(every)[0]} (in use {used})"]
        lines += [f"each set by a curve of the others, tags {how}: AUC {', '.join(areas)}; {shown}"]
    return lines


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
        *curves(),
        line("development pairs, tags by the words", judged(dev)),
        line("the same as in the night", judged(dev, is_night=True)),
        line("the same without the table of likeness", judged(dev, with_table=False)),
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
