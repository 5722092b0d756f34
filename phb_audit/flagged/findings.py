"""flagged.findings: what the rules found, each with its sentence, the numbers, and everything a reader needs to judge it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from phb_audit.rules.register import Registered, bases
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import ENGINE, STANDARD, Spending
from phb_audit.rules.wording import sentence
from phb_audit.sentences import filled_in

TEXTS = ("sentence", "usual", "ask", "innocent", "clears")
NO_PLAN = "We do not hold a care plan for this person."
NOT_IN_FORCE = "No plan was in force on that day."
NO_LINE = "The plan in force has no line for this."
NOT_ONE_PURCHASE = "Not about one purchase."
ORGANISATION_FIRST = "First, the organisation\u2019s own part: "
THEN = " Then: "

SCHEMA = pl.Schema(
    {
        "flag_id": pl.String,
        "rule_id": pl.String,
        "rule_version": pl.String,
        "family_code": pl.String,
        "holder_id": pl.String,
        "subject_code": pl.String,
        "subject_id": pl.String,
        "payment_id": pl.String,
        "subject_on": pl.Date,
        "at_stake_pence": pl.Int64,
        "outcome_code": pl.String,
        "severity": pl.Int64,
        "title": pl.String,
        **dict.fromkeys(TEXTS, pl.String),
        "basis_code": pl.String,
        "basis": pl.String,
        "measured": pl.String,
        "is_commissioners": pl.Boolean,
        "is_safeguarding": pl.Boolean,
        "decides": pl.String,
        "case_payment_id": pl.String,
    }
)

TOUCHED = pl.Schema(dict.fromkeys(("payment_id", "rule_id", "flag_id"), pl.String))


@dataclass(frozen=True)
class Found:
    """`flags`: one row per flag (SCHEMA). `payments`: payment_id, rule_id and flag_id of every found row."""

    flags: pl.DataFrame
    payments: pl.DataFrame


def found_rows(rules: Sequence[Registered], spending: Spending) -> list[pl.DataFrame]:
    """What each rule found in the spending of some holders, in the order of the rules."""
    return [kept_apart(rows) for rows in pl.collect_all([one.considered(spending).filter("is_found") for one in rules], engine=ENGINE)]


def kept_apart(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their texts copied: a text as it was read keeps the whole table it was read with in memory."""
    return rows.with_columns(filled_in("{}", name).alias(name) for name, kind in rows.schema.items() if kind == pl.String)


def found(rules: Sequence[Registered], lots: Sequence[list[pl.DataFrame]], held_back: pl.DataFrame) -> Found:
    """The rows found in all lots as flags. `held_back` (holder_id, feed_code): a rule that waits for a feed skips those holders."""
    rows = [(one, pl.concat(frames)) for one, *frames in zip(rules, *lots, strict=True)]
    kept = [(one, frame.join(_waiting(one.rule, held_back), on="holder_id", how="anti")) for one, frame in rows if frame.height]
    flags = [flags_of(one, part, rule.version) for rule, frame in kept for one, part in rule.by_limits(frame)]
    touched = [
        frame.select("payment_id", pl.lit(one.rule.id).alias("rule_id"), flag_keys(one.rule, frame)).drop_nulls() for one, frame in kept
    ]
    return Found(
        pl.concat([pl.DataFrame(schema=SCHEMA), *flags]).sort("flag_id"),
        pl.concat([pl.DataFrame(schema=TOUCHED), *touched]).unique().sort("payment_id", "rule_id", "flag_id"),
    )


def _waiting(rule: Rule, held_back: pl.DataFrame) -> pl.DataFrame:
    return held_back.filter(pl.col("feed_code").is_in(rule.waits_for)).select("holder_id").unique()


def flags_of(one: Registered, frame: pl.DataFrame, version: str) -> pl.DataFrame:
    """Found rows of one rule to flags, one per distinct `same_flag`: the latest day stands for them; no payment if there are several."""
    rule = one.rule
    ids = flag_keys(rule, frame)
    grouped = (
        frame.with_columns(ids)
        .sort("flag_id", "subject_on", "subject_id", "payment_id", descending=[False, True, False, False])
        .with_columns(pl.when(pl.col("payment_id").n_unique().over("flag_id") == 1).then("payment_id").alias("payment_id"))
        .unique("flag_id", keep="first", maintain_order=True)
    )
    return grouped.select(
        "flag_id",
        pl.lit(rule.id).alias("rule_id"),
        pl.lit(version).alias("rule_version"),
        pl.lit(rule.family).alias("family_code"),
        "holder_id",
        "subject_code",
        "subject_id",
        "payment_id",
        "subject_on",
        pl.col("at_stake_pence").cast(pl.Int64),
        declared(rule, frame, "outcome").alias("outcome_code"),
        declared(rule, frame, "severity").cast(pl.Int64),
        pl.lit(rule.title).alias("title"),
        *(worded(one, frame, name).alias(name) for name in TEXTS),
        pl.lit(rule.basis).alias("basis_code"),
        pl.lit(bases()[rule.basis]).alias("basis"),
        measured(frame, one.limits).alias("measured"),
        declared(rule, frame, "is_commissioners"),
        declared(rule, frame, "is_safeguarding"),
        pl.lit(rule.decides).alias("decides"),
        (pl.col("case_payment_id") if "case_payment_id" in frame.columns else pl.lit(None, dtype=pl.String)).alias("case_payment_id"),
    )


def flag_keys(rule: Rule, frame: pl.DataFrame) -> pl.Series:
    """flag_id of each row: 'F' + 16 hex of the SHA-256 of rule and what makes two findings the same."""
    same = frame.select(pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in rule.same_flag], separator="|")).to_series()
    # Only what was found is hashed, which is little.
    return pl.Series("flag_id", [f"F{hashlib.sha256(f'{rule.id}|{key}'.encode()).hexdigest()[:16]}" for key in same], dtype=pl.String)


def worded(one: Registered, frame: pl.DataFrame, name: str) -> pl.Expr:
    """A template of the rule, or of the row's variant, as a column of sentences. `name` is a field of Rule and Variant."""
    return _by_variant(
        one.rule, frame, lambda said: sentence(getattr(said, name), one.limits), lambda variant: bool(getattr(variant, name))
    )


def declared(rule: Rule, frame: pl.DataFrame, name: str) -> pl.Expr:
    """A declared value of the rule, or of the row's variant, as a column."""
    return _by_variant(
        rule, frame, lambda said: pl.lit(getattr(said, name)), lambda variant: getattr(variant, name) not in (None, "")
    ).alias(name)


def _by_variant(
    rule: Rule, frame: pl.DataFrame, expression: Callable[[Rule | Variant], pl.Expr], says: Callable[[Variant], bool]
) -> pl.Expr:
    answer = expression(rule)
    if "variant_code" not in frame.columns:
        return answer
    for code, variant in rule.variants.items():
        if says(variant):
            answer = pl.when(pl.col("variant_code") == code).then(expression(variant)).otherwise(answer)
    return answer


def measured(frame: pl.DataFrame, limits: Mapping[str, object]) -> pl.Expr:
    """JSON of the numbers, days and yes/no the rule measured, and its limits under 'limits'. No free text."""
    kinds = (pl.String, pl.Struct, pl.List)
    names = [name for name, kind in frame.schema.items() if name not in STANDARD and kind not in kinds] + ["at_stake_pence"]
    columns = [pl.col(name).round(6) if frame.schema[name].is_float() else pl.col(name) for name in dict.fromkeys(names)]
    body = pl.struct(columns).struct.json_encode().str.strip_suffix("}")
    return pl.concat_str(body, pl.lit(f',"limits":{json.dumps(dict(limits), sort_keys=True)}}}'))


def with_plan_words(flags: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """Add plan_line_id and plan_words: the line and outcome beside the payment, quoted, or that there are none.

    `payments` has one row per payment of a flag, as read_shown.sql reads it.
    """
    line, outcome = pl.col("plan_line_words"), pl.col("outcome_words")
    quoted = pl.concat_str(
        pl.lit("Line: \u2018"),
        line,
        pl.lit("\u2019."),
        pl.when(outcome.is_not_null()).then(filled_in(" Outcome: \u2018{}\u2019.", outcome)).otherwise(pl.lit("")),
    )
    words = (
        pl.when(line.is_not_null())
        .then(quoted)
        .when(pl.col("has_any_plan").not_())
        .then(pl.lit(NO_PLAN))
        .when(pl.col("plan_version_id").is_null())
        .then(pl.lit(NOT_IN_FORCE))
        .otherwise(pl.lit(NO_LINE))
    )
    wanted = payments.select("payment_id", "plan_line_id", words.alias("plan_words"))
    joined = flags.join(wanted, on="payment_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("plan_words").fill_null(NOT_ONE_PURCHASE))


def organisation_first(flags: pl.DataFrame, rules: Iterable[Registered]) -> pl.DataFrame:
    """Where a flag on the organisation's own delay explains another: say it first, say who must act, and lower the severity by one.

    The cause stands for the same holder; a cause about one payment explains only what is asked about the same case. Of several causes
    the first of the rule's `explained_by` is quoted, and the others are named.
    """
    pairs = [
        (one.rule.id, cause, place, known.rule.duty_of, known.rule.title)
        for known in rules
        for one in rules
        for place, cause in enumerate(one.rule.explained_by)
        if cause == known.rule.id
    ]
    if not pairs:
        return flags.with_columns(is_explained=pl.lit(False))
    explains = pl.DataFrame(pairs, schema=["rule_id", "cause_id", "place", "duty_of", "cause_title"], orient="row")
    own_case = pl.coalesce("case_payment_id", "payment_id")
    causes = flags.filter(pl.col("is_commissioners") & ~pl.col("is_safeguarding")).select(
        "holder_id",
        pl.col("rule_id").alias("cause_id"),
        pl.col("sentence").alias("cause"),
        cause_case=pl.when(pl.col("decides") == "payment").then(own_case),
    )
    first = (
        flags.select("flag_id", "holder_id", "rule_id", own_case=own_case)
        .join(explains, on="rule_id")
        .join(causes, on=["holder_id", "cause_id"])
        .filter(pl.col("cause_case").is_null() | (pl.col("cause_case") == pl.col("own_case")))
        .sort("flag_id", "place", "cause")
        .with_columns(also=pl.col("cause_title").unique(maintain_order=True).slice(1).str.join("; ").over("flag_id"))
        .unique("flag_id", keep="first", maintain_order=True)
        .select("flag_id", told=_own_part())
    )
    is_explained = pl.col("told").is_not_null()
    return (
        flags.join(first, on="flag_id", how="left", maintain_order="left")
        .with_columns(
            is_explained=is_explained,
            severity=pl.when(is_explained).then((pl.col("severity") - 1).clip(1)).otherwise("severity"),
            sentence=pl.when(is_explained).then(pl.concat_str("told", pl.lit(THEN), "sentence")).otherwise("sentence"),
        )
        .drop("told")
    )


def own_part(sentence: str) -> tuple[str, str]:
    """A flag's sentence apart: the organisation's own part (empty where there is none) and what was seen."""
    if not sentence.startswith(ORGANISATION_FIRST):
        return "", sentence
    own, _, seen = sentence.removeprefix(ORGANISATION_FIRST).partition(THEN)
    return own, seen


def _own_part() -> pl.Expr:
    """The cause in the words of its own flag, whose it is to put right, and what else is the organisation's."""
    act = pl.when(pl.col("duty_of") != "").then(filled_in(" To be put right by {}.", "duty_of")).otherwise(pl.lit(""))
    also = pl.when(pl.col("also") != "").then(filled_in(" Also ours: {}.", pl.col("also").str.to_lowercase())).otherwise(pl.lit(""))
    return pl.concat_str(pl.lit(ORGANISATION_FIRST), "cause", act, also)


def with_restricted(flags: pl.DataFrame, rules: Iterable[Registered]) -> pl.DataFrame:
    """Add is_restricted: a rule marked +L found something, and a second, independent sign is there for the same holder."""
    pairs = [(one.rule.id, other) for one in rules for other in one.rule.restricted_with]
    seconds = pl.DataFrame(pairs, schema={"rule_id": pl.String, "second_id": pl.String}, orient="row")
    signs = flags.select("holder_id", pl.col("rule_id").alias("second_id")).unique()
    both = flags.select("flag_id", "holder_id", "rule_id").join(seconds, on="rule_id").join(signs, on=["holder_id", "second_id"])
    return flags.with_columns(is_restricted=pl.col("flag_id").is_in(both["flag_id"].implode()))
