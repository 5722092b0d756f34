"""Drift: is what comes in still what the classifier was measured on? Weekly shares, and how far each feature has moved.

The population stability index (PSI) of a feature is the sum over its values of (now - before) * ln(now / before), shares of lines. Small
samples move by chance: an index is only called a move where it is above what chance gives in 19 of 20 cases
(the chi-squared point of its values less one, times 1/n + 1/m; Yurdakul, 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from scipy.special import chdtri  # type: ignore[import-untyped, unused-ignore]

from phb_audit.assurance.intervals import Estimate, wilson
from phb_audit.run import Run
from phb_audit.warehouse import sql

RECENT_WEEKS = 4
BASELINE_WEEKS = 52
REFIT_WEEKS = 4
"""After prices rise in April, amounts are compared with weeks since then as soon as there are so many of them."""
FEWEST_LINES = 100
MOVED, MOVED_MUCH = 0.10, 0.25
SMOOTHED = 0.5
CHANCE = 0.05
FEATURES = {
    "category": "what is bought",
    "how_known": "how the category is known",
    "set_size": "how many categories stay possible",
    "feed": "where lines come from",
    "merchant_code": "merchant codes",
    "amount_band": "amounts",
}
PRICED = "amount_band"


@dataclass(frozen=True)
class Moved:
    """How far one feature moved: its index, what chance alone would give, the lines on both sides, and what that means in words."""

    feature_code: str
    name: str
    index: float | None
    by_chance: float | None
    recent_lines: int
    baseline_lines: int
    baseline_from: date
    verdict: str


@dataclass(frozen=True)
class Drift:
    """`weeks`: one row a week (week_on, lines, unseen_share, uncertain_share, mean_set_size); `covered`: how often the set that was
    given held what a person said it was."""

    weeks: pl.DataFrame
    features: tuple[Moved, ...]
    covered: Estimate
    recent_from: date


def drift(run: Run) -> Drift:
    """What moved, up to the run's night."""
    recent_from = monday(run.as_of) - timedelta(weeks=RECENT_WEEKS - 1)
    first_on = recent_from - timedelta(weeks=BASELINE_WEEKS, days=1)
    told = {"run_id": run.run_id, "first_on": first_on, "as_of": run.as_of}
    counts = run.warehouse.frame(sql(__file__, "drift_counts"), told)
    audited = run.warehouse.frame(sql(__file__, "drift_audited"))
    return Drift(
        weeks_of(counts.filter(pl.col("week_on") >= recent_from - timedelta(weeks=RECENT_WEEKS * 2))),
        tuple(moved(counts, feature, recent_from) for feature in FEATURES),
        covered(audited),
        recent_from,
    )


def monday(on: date) -> date:
    """The Monday of the week."""
    return on - timedelta(days=on.weekday())


def weeks_of(counts: pl.DataFrame) -> pl.DataFrame:
    """One row a week: lines, share of merchants no memory knows, share not settled, mean size of the sets."""
    lines = pl.col("lines_count")

    def of(feature: str, *values: str) -> pl.Expr:
        wanted = pl.col("feature_code") == feature
        return lines.filter(wanted & pl.col("value_text").is_in(values) if values else wanted).sum()

    sizes = pl.col("value_text").cast(pl.Int64, strict=False) * lines
    return (
        counts.group_by("week_on")
        .agg(
            lines=of("category"),
            unseen_share=1 - of("how_known", "memory", "decided", "kind") / of("how_known"),
            uncertain_share=of("uncertain", "yes") / of("uncertain"),
            mean_set_size=sizes.filter(pl.col("feature_code") == "set_size").sum() / of("set_size"),
        )
        .sort("week_on")
    )


def moved(counts: pl.DataFrame, feature: str, recent_from: date) -> Moved:
    """How far a feature's recent weeks are from those before."""
    ours = counts.filter(pl.col("feature_code") == feature)
    baseline_from = priced_from(recent_from) if feature == PRICED else recent_from - timedelta(weeks=BASELINE_WEEKS)
    sides = [
        ours.filter(pl.col("week_on") >= recent_from),
        ours.filter((pl.col("week_on") >= baseline_from) & (pl.col("week_on") < recent_from)),
    ]
    recent, before = (dict(side.group_by("value_text").agg(pl.col("lines_count").sum()).iter_rows()) for side in sides)
    sums = sum(recent.values()), sum(before.values())
    name = FEATURES[feature]
    if min(sums) < FEWEST_LINES:
        return Moved(feature, name, None, None, *sums, baseline_from, "too few lines to tell")
    index, by_chance = stability(recent, before)
    return Moved(feature, name, index, by_chance, *sums, baseline_from, verdict(index, by_chance))


def priced_from(recent_from: date) -> date:
    """From when amounts are compared: wages and prices rise each 1 April, so from then on once enough weeks have passed."""
    april = date(recent_from.year if recent_from >= date(recent_from.year, 4, 1) else recent_from.year - 1, 4, 1)
    rise = monday(april)
    yearly = recent_from - timedelta(weeks=BASELINE_WEEKS)
    return max(rise, yearly) if (recent_from - rise).days >= REFIT_WEEKS * 7 else yearly


def stability(recent: dict[str, int], before: dict[str, int]) -> tuple[float, float]:
    """The index between two counts of the same values, and the index that chance alone stays under in 19 of 20 cases."""
    values = sorted(recent.keys() | before.keys())
    now, then = (np.array([side.get(value, 0) + SMOOTHED for value in values]) for side in (recent, before))
    now, then = now / now.sum(), then / then.sum()
    index = float(((now - then) * np.log(now / then)).sum())
    spread = 1 / max(sum(recent.values()), 1) + 1 / max(sum(before.values()), 1)
    by_chance = float(chdtri(len(values) - 1, CHANCE)) * spread if len(values) > 1 else 0.0
    return round(index, 4), round(by_chance, 4)


def verdict(index: float, by_chance: float) -> str:
    """What an index means, in words."""
    if index < MOVED:
        return "as before"
    if index <= by_chance:
        return "no more than chance"
    return "has moved" if index < MOVED_MUCH else "has moved much: look at what is new"


def covered(audited: pl.DataFrame) -> Estimate:
    """How often the set that the classifier had given holds the category a person said it was."""
    held = sum(code in was.split("|") for was, code in audited.select("was_set_codes", "category_code").iter_rows())
    return wilson(held, audited.height)
