"""Ranking: the list in the order in which a reviewer's minute is worth most, and every place told as a sum of named parts.

worth = chance that a case leads to something x (its money + what it is worth to look beyond the money) / minutes it takes; of a case
that only informs little of the money counts. The chance is
the stack's (stack.py): flags as parts, weighted by severity until decisions say otherwise; detectors add parts of their own (`Signals`).
Certain rules come first, whatever the minutes; cases with demoted rules alone come last. What is learned says nothing of people: no
column of a person or a group is a part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from phb_audit.flagged.even_groups import evened
from phb_audit.flagged.reading_time import reading_time
from phb_audit.flagged.stack import DIGITS, Decided, Prior, Stack, first_tier, fit, starting
from phb_audit.rules.register import shipped_rules
from phb_audit.rules.review_time import ReviewTime, review_time
from phb_audit.rules.rule import Rule
from phb_audit.run import Run, StageTotals, Total
from phb_audit.settings import read_toml, shipped
from phb_audit.tables.flagged import CERTAIN, PART_WEIGHTS, RANKED, READING_TIME, SCORE_PARTS
from phb_audit.warehouse import Warehouse, sql

FIRST, ORDINARY_TIER, DEMOTED = "first", "ranked", "demoted"
APART = 1_000_000.0  # what rank_score gains or loses for the certain and the demoted: more than any worth
VALUES = {"case_id": pl.String, "part_name": pl.String, "value_share": pl.Float64}


@dataclass(frozen=True)
class Signals:
    """What detectors say of cases: `values` as VALUES, from 0 to 1; `chances`: of each part, the chance of a case with that part alone."""

    values: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VALUES))
    chances: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranked:
    """The order of the list. `cases`: rows of flagged.ranked with rank_score; `parts`: of flagged.score_parts; `weights`: of
    flagged.part_weights but for the run."""

    stack: Stack
    cases: pl.DataFrame
    parts: pl.DataFrame
    weights: pl.DataFrame


def build(run: Run, signals: Signals | None = None) -> StageTotals:
    """Rank flagged.cases, and write flagged.ranked, .score_parts, .part_weights and .reading_time; the books count cases in and out."""
    time = review_time(run.settings)
    found = rank(run.warehouse, run.run_id, run.as_of, time, signals or Signals())
    told = reading_time(found.stack, found.parts, in_order(found.cases), time)
    with run.warehouse.transaction():
        for table, frame in ((RANKED, found.cases.drop("rank_score")), (SCORE_PARTS, found.parts)):
            run.warehouse.run(f"DELETE FROM {table.name}")
            run.warehouse.write(table, frame)
        run.warehouse.replace_run(PART_WEIGHTS, run.run_id, found.weights.with_columns(pl.lit(run.run_id).alias("run_id")))
        run.warehouse.replace_run(READING_TIME, run.run_id, pl.DataFrame([{"run_id": run.run_id, **told}]))
        run.warehouse.execute_with(sql(__file__, "rank_by_worth"), worth=found.cases.select("case_id", "rank_score"))
        run.warehouse.run(sql(__file__, "rank_cases"))
    totals = _books(found.cases)
    run.keep_books(totals)
    return totals


def rank(warehouse: Warehouse, run_id: str, as_of: date, time: ReviewTime, signals: Signals) -> Ranked:
    """Rank the cases in the queue, from what the warehouse holds."""
    cases = warehouse.frame(sql(__file__, "read_queue"))
    flags = warehouse.frame(sql(__file__, "read_queue_flags"))
    judged = warehouse.frame(sql(__file__, "read_judgements"), {"as_of": as_of})
    stopped = warehouse.frame(sql(__file__, "read_stopped"), {"run_id": run_id})["part_name"].to_list()
    return ranked(cases, flags, judged, as_of, time, signals, read_toml(shipped("reference") / "ranking.toml"), stopped)


def ranked(
    cases: pl.DataFrame,
    flags: pl.DataFrame,
    judged: pl.DataFrame,
    as_of: date,
    time: ReviewTime,
    signals: Signals,
    starts: Mapping[str, Any],
    stopped: Sequence[str] = (),
) -> Ranked:
    """The order of `cases` (rows of flagged.cases). `flags`: case_id, rule_id, severity; `judged`: rows of decided.judgements, and
    care_group_code where it is known; `starts`: ranking.toml; `stopped`: parts that a stop rule puts back where they started."""
    prior = prior_of(starts, [*flags["rule_id"], *_rules_in(judged)], signals.chances)
    decided = lessons(judged, as_of, float(starts["half_life_days"]), _by_case(signals.values.select(list(VALUES))))
    groups = judged.sort("event_number").get_column("care_group_code", default=pl.repeat("", judged.height, eager=True)).to_list()
    learned = fit(prior, evened(decided, groups, int(starts["least_decided"])))
    back = sorted(set(stopped) & prior.start.keys())
    weights = weighed(prior, learned, decided, starts, back)
    demoted = frozenset(weights.filter("is_demoted")["part_name"])
    stack = learned.switched_back(back, prior).without(demoted)
    values = values_of(flags, starts, prior)
    more = signals.values.join(cases.select("case_id"), on="case_id", how="semi")
    by_case = _by_case(pl.concat([values, more.select(list(VALUES))]).sort("case_id", "part_name"))
    speaks = {case_id: values.keys() - signals.chances.keys() for case_id, values in by_case.items()}
    last = {case_id for case_id, rules in speaks.items() if rules and rules <= demoted}  # a detector lifts no case out of the demoted
    rows = [_row(case, by_case.get(case["case_id"], {}), stack, time, starts, last) for case in cases.iter_rows(named=True)]
    schema = pl.Schema([*RANKED.polars_schema.items(), ("rank_score", pl.Float64())])
    placed = within_minutes(with_first_tier(pl.DataFrame(rows, schema=schema), float(starts["most_wrong"])), time)
    return Ranked(stack, placed.sort("case_id"), _parts(cases, by_case, stack), weights)


def prior_of(starts: Mapping[str, Any], rule_ids: list[str], chances: Mapping[str, float]) -> Prior:
    """Where every part starts: the rules by severity (of one that is no longer shipped: as severity 1), detectors where they say."""
    by_severity = _by_severity(starts["chance"])
    rules = dict.fromkeys(sorted(set(rule_ids)), by_severity[1]) | {
        one.rule.id: by_severity[most_severe(one.rule)] for one in shipped_rules()
    }
    return starting(float(starts["usual_chance"]), {**rules, **chances}, float(starts["spread"]))


def most_severe(rule: Rule) -> int:
    """The highest severity the rule can give."""
    return max(rule.severity, *(variant.severity or 0 for variant in rule.variants.values()), 0)


def values_of(flags: pl.DataFrame, starts: Mapping[str, Any], prior: Prior) -> pl.DataFrame:
    """One row per case and rule, as VALUES: 1, or less where the flag is of a lower severity than the rule can give."""
    chances = _by_severity(starts["chance"])
    full = {severity: starting(float(starts["usual_chance"]), {"": chance}, 1.0).start[""] for severity, chance in chances.items()}
    rows = [
        (case_id, rule_id, round(min(full[severity] / prior.start[rule_id], 1.0), DIGITS) if prior.start[rule_id] else 0.0)
        for case_id, rule_id, severity in flags.group_by("case_id", "rule_id").agg(pl.col("severity").max()).iter_rows()
    ]
    return pl.DataFrame(rows, schema=VALUES, orient="row")


def lessons(
    judged: pl.DataFrame, as_of: date, half_life_days: float, heard: Mapping[str, Mapping[str, float]] | None = None
) -> list[Decided]:
    """Decided cases as the stack learns from them: half as much after each half-life, and not at all where the reason only echoes.

    `heard`: what detectors say of decided cases, by case.
    """
    return [
        Decided(
            {**dict.fromkeys(row["rule_ids"].split("|"), 1.0), **(heard or {}).get(row["case_id"], {})},
            row["is_right"],
            round(0.5 ** ((as_of - row["decided_on"]).days / half_life_days), DIGITS) if row["is_own_words"] else 0.0,
        )
        for row in judged.sort("event_number").iter_rows(named=True)
    ]


def weighed(prior: Prior, stack: Stack, decided: list[Decided], starts: Mapping[str, Any], back: Sequence[str]) -> pl.DataFrame:
    """Rows of flagged.part_weights but for the run."""
    rows = []
    for name in stack.names:
        with_it = [one for one in decided if one.parts.get(name)]
        count = sum(one.trust for one in with_it)
        right = sum(one.trust for one in with_it if one.is_right)
        share = right / count if count else None
        is_low = share is not None and count >= float(starts["least_decided"]) and share < float(starts["least_precision"])
        told = None if share is None else round(share, DIGITS)
        is_demoted = is_low and name not in starts["certain"]
        start, learned = prior.start[name], stack.weights[name]
        weight = 0.0 if is_demoted else start if name in back else learned
        rows.append((name, start, learned, weight, round(count, DIGITS), told, name in back, is_demoted))
    schema = {name: kind for name, kind in PART_WEIGHTS.polars_schema.items() if name != "run_id"}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _row(
    case: Mapping[str, Any],
    values: Mapping[str, float],
    stack: Stack,
    time: ReviewTime,
    starts: Mapping[str, Any],
    last: set[str],
) -> dict[str, Any]:
    score, chance = stack.score(values), round(stack.chance(values), DIGITS)
    pence, harm = abs(case["at_stake_pence"]), int(starts["harm_pence"][str(case["severity"])])
    minutes = time.minutes[case["outcome_code"]]
    counts = float(starts["told_only"]) if case["outcome_code"] == "information" else 1.0
    worth = round(chance * (pence * counts + harm) / 100 / minutes, DIGITS)
    is_certain = bool(values.keys() & set(starts["certain"]))
    tier = CERTAIN if is_certain else DEMOTED if case["case_id"] in last else ORDINARY_TIER
    return {
        "case_id": case["case_id"],
        "tier_code": tier,
        "score": score,
        "chance_share": chance,
        "at_stake_pence": case["at_stake_pence"],
        "harm_pence": harm,
        "minutes": minutes,
        "worth_per_minute": worth,
        "is_within_minutes": is_certain,
        "rank_score": worth + {CERTAIN: APART, DEMOTED: -APART}.get(tier, 0.0),
    }


def with_first_tier(rows: pl.DataFrame, most_wrong: float) -> pl.DataFrame:
    """Mark the first tier among the ranked: the likeliest, as many as keep the expected share that leads to nothing in bounds."""
    likeliest = rows.filter(pl.col("tier_code") == ORDINARY_TIER).sort("chance_share", "case_id", descending=[True, False])
    first = likeliest.head(first_tier(likeliest["chance_share"].to_list(), most_wrong))["case_id"]
    is_first = pl.col("case_id").is_in(first.implode())
    return rows.with_columns(tier_code=pl.when(is_first).then(pl.lit(FIRST)).otherwise("tier_code"))


def within_minutes(rows: pl.DataFrame, time: ReviewTime) -> pl.DataFrame:
    """Mark what fits in a week's minutes, in order; the certain take none of them, and the random arm's share is left to it."""
    takes = pl.when(pl.col("tier_code") == CERTAIN).then(0.0).otherwise("minutes")
    ordered = in_order(rows).with_columns(taken=takes.cum_sum())
    fits = pl.col("is_within_minutes") | (pl.col("taken") <= time.minutes_a_week * (1 - time.random_share))
    return ordered.with_columns(is_within_minutes=fits).drop("taken")


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """As rank_cases.sql orders them."""
    return rows.sort("rank_score", "at_stake_pence", "case_id", descending=[True, True, False])


def _parts(cases: pl.DataFrame, by_case: Mapping[str, Mapping[str, float]], stack: Stack) -> pl.DataFrame:
    rows = [
        (case_id, name, values.get(name, 1.0), part)
        for case_id in cases["case_id"].sort()
        for values in [by_case.get(case_id, {})]
        for name, part in stack.parts(values).items()
    ]
    return pl.DataFrame(rows, schema=SCORE_PARTS.polars_schema, orient="row")


def _by_case(values: pl.DataFrame) -> dict[str, dict[str, float]]:
    told: dict[str, dict[str, float]] = {}
    for case_id, name, value in values.iter_rows():
        told.setdefault(case_id, {})[name] = value
    return told


def _by_severity(written: Mapping[str, Any]) -> dict[int, float]:
    return {int(severity): float(value) for severity, value in written.items()}


def _rules_in(judged: pl.DataFrame) -> list[str]:
    return sorted({rule_id for ids in judged["rule_ids"] for rule_id in ids.split("|")})


def _books(cases: pl.DataFrame) -> StageTotals:
    tiers = cases.group_by("tier_code").agg(pl.len(), pl.col("at_stake_pence").sum()).sort("tier_code")
    all_in = Total("in", "cases in the queue", cases.height, int(cases["at_stake_pence"].sum()))
    return StageTotals("ranked", (all_in, *(Total("out", f"tier {tier}", rows, pence) for tier, rows, pence in tiers.iter_rows())))
