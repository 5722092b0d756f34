"""flagged.cases: flags merged into one case per thing to decide, with its place in the queue.

rank_score = 100 x severity + money + reasons
* money: 15 x log10(1 + expected pounds), at most 60. Expected pounds are the pounds at stake times the share of such proposals that
  usually lead to a change: `CHANGES` (starting values, to be replaced by what reviewers decide).
* reasons: 5 for each independent reason after the first, at most 20. Flags of one rule family count as one reason.
Ties: more money first, then the case id. A flag the organisation's own delay explains has already lost one step of severity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from phb_audit.money import pounds_expr
from phb_audit.rules.rule import DECISIONS, ORDER
from phb_audit.sentences import filled_in
from phb_audit.tables.flagged import EVERYONE

CHANGES = {"refuse": 0.6, "query": 0.4, "clinician": 0.2, "information": 0.05}
STRENGTH = {"information": 0, "clinician": 1, "query": 2, "refuse": 3}
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread
HEADLINES = {
    "papers": "{} papers to ask for",
    "cash": "Cash drawn beyond what was agreed",
    "abroad": "Money spent abroad",
    "family_pay": "Pay to someone in the household",
    "hospital_pay": "Pay during a hospital stay",
    "payroll": "Pay and pay slips",
    "after_the_end": "Money moved after an end date",
    "surplus": "Money not yet used",
    "plan": "The plan and its amounts",
    "organisation": "The organisation\u2019s own duties",
    "feed": "Files from senders",
}
OF_ONE = {"papers": "A paper to ask for"}


def case_ids(flags: pl.DataFrame) -> pl.DataFrame:
    """Add case_id: 16 hex of what the decision is about (`DECISIONS`)."""
    key = pl.col("subject_id")
    for decides, column in DECISIONS.items():
        about = ("case_payment_id", "payment_id") if column == "payment_id" else (column,)
        key = pl.when(pl.col("decides") == decides).then(pl.coalesce(*about, "subject_id")).otherwise(key)
    keys = flags.select(pl.concat_str("decides", pl.lit("|"), key)).to_series()
    # Only what was found is hashed, which is little.
    ids = pl.Series("case_id", [hashlib.sha256(about.encode()).hexdigest()[:16] for about in keys], dtype=pl.String)
    return flags.with_columns(ids)


def rows(flags: pl.DataFrame, payees: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Rows of flagged.cases but for case_ref and rank (0), with lane_code. `flags`: rows of flagged.findings with decides, is_explained
    and lane_code; the flags of a case are of one lane."""
    order = {family: place for place, family in enumerate(ORDER)}
    weighed = (
        flags.join(payees, on="payment_id", how="left", maintain_order="left")
        .with_columns(pl.min_horizontal("at_stake_pence", pl.col("amount_pence").abs()).alias("at_stake_pence"))
        .with_columns(
            place=pl.col("family_code").replace_strict(order, return_dtype=pl.Int64),
            strength=pl.col("outcome_code").replace_strict(STRENGTH, return_dtype=pl.Int64),
            expected_pence=pl.col("at_stake_pence").abs() * pl.col("outcome_code").replace_strict(CHANGES, return_dtype=pl.Float64),
        )
        .sort("case_id", "severity", "strength", "place", "rule_id", "flag_id", descending=[False, True, True, False, False, False])
    )
    merged = weighed.group_by("case_id", maintain_order=True).agg(
        pl.col("first_flagged_on").min(),
        pl.col("holder_id").first(),
        pl.when(pl.col("payment_id").n_unique() == 1).then(pl.col("payment_id").first()).alias("payment_id"),
        pl.col("subject_on").max(),
        pl.col("severity").max(),
        pl.col("outcome_code").sort_by("strength", descending=True, maintain_order=True).first(),
        pl.len().cast(pl.Int64).alias("flags_count"),
        pl.col("rule_id").unique(maintain_order=True).str.join("|").alias("rule_ids"),
        (pl.col("is_commissioners") | pl.col("is_explained")).all().alias("is_commissioners"),
        pl.col("is_restricted").any(),
        pl.col("lane_code").first(),
        pl.col("decides").first(),
        pl.col("title").first(),
        pl.col("family_code").n_unique().alias("reasons_count"),
        pl.col("payee_shown").drop_nulls().first(),
        pl.col("amount_pence").filter(pl.col("payment_id").is_first_distinct()).sum().alias("paid_pence"),
        pl.col("payment_id").drop_nulls().n_unique().alias("payments_count"),
        pl.col("amount_pence").first(),
    )
    return (
        merged.join(_money(weighed), on="case_id", how="left", maintain_order="left")
        .with_columns(
            pl.lit(run_id).alias("run_id"),
            _holder_shown().alias("holder_shown"),
            _headline().alias("headline"),
            _priority().alias("priority_code"),
            _score().alias("rank_score"),
            pl.lit(0, dtype=pl.Int64).alias("rank"),
        )
        .drop("decides", "title", "reasons_count", "expected_pence", "payee_shown", "amount_pence", "paid_pence", "payments_count")
    )


def _money(weighed: pl.DataFrame) -> pl.DataFrame:
    """case_id with its pence. Two flags on one payment (or one other subject) are about the same money: it counts once, at its largest, and
    a payment with no more than was paid."""
    return (
        weighed.group_by("case_id", pl.coalesce("payment_id", "subject_id").alias("about"))
        .agg(pl.col("at_stake_pence").max(), pl.col("expected_pence").max())
        .group_by("case_id")
        .agg(pl.col("at_stake_pence").sum(), pl.col("expected_pence").sum())
    )


def _holder_shown() -> pl.Expr:
    code = pl.col("holder_id").str.slice(1, 6).str.to_uppercase()
    return pl.when(pl.col("holder_id") == EVERYONE).then(pl.lit("All holders")).otherwise(filled_in("PHB-{}", code))


def _headline() -> pl.Expr:
    one = filled_in("{}, {}", pl.col("payee_shown"), pounds_expr(pl.col("amount_pence")))
    many = filled_in("{}, {} payments, {}", pl.col("payee_shown"), pl.col("payments_count"), pounds_expr(pl.col("paid_pence")))
    of_payment = pl.when(pl.col("payments_count") > 1).then(many).otherwise(one)
    headline = pl.when(pl.col("payee_shown").is_not_null() & (pl.col("decides") == "payment")).then(of_payment).otherwise(pl.col("title"))
    for decides, words in HEADLINES.items():
        several = filled_in(words, pl.col("flags_count")) if "{}" in words else pl.lit(words)
        told = pl.when(pl.col("flags_count") > 1).then(several).otherwise(pl.lit(OF_ONE.get(decides, words)))
        headline = pl.when(pl.col("decides") == decides).then(told).otherwise(headline)
    return headline


def _priority() -> pl.Expr:
    severity, asks = pl.col("severity"), pl.col("outcome_code") != "information"
    is_high = (severity >= 4) | ((severity == 3) & asks & ~pl.col("is_commissioners"))
    is_medium = (severity == 3) | ((severity == 2) & asks)
    return pl.when(is_high).then(pl.lit("high")).when(is_medium).then(pl.lit("medium")).otherwise(pl.lit("low"))


def _score() -> pl.Expr:
    money = (15 * (1 + pl.col("expected_pence") / 100).log10()).clip(0, 60)
    reasons = 5 * (pl.col("reasons_count").cast(pl.Int64) - 1).clip(0, 4)
    return (100 * pl.col("severity") + money + reasons).cast(pl.Float64).round(6)


def with_refs(cases: pl.DataFrame, known: Mapping[str, str]) -> pl.DataFrame:
    """Add case_ref: 'F' and eight letters or digits from the case id; a known case keeps its own, a taken one takes the next."""
    owner = {ref: case_id for case_id, ref in known.items()}
    refs = []
    for case_id in cases["case_id"].sort():
        ref, again = known.get(case_id, ""), 0
        while not ref or owner.get(ref, case_id) != case_id:
            ref, again = _ref(case_id, again), again + 1
        owner[ref] = case_id
        refs.append((case_id, ref))
    frame = pl.DataFrame(refs, schema={"case_id": pl.String, "case_ref": pl.String}, orient="row")
    return cases.join(frame, on="case_id", how="left", maintain_order="left")


def _ref(case_id: str, again: int) -> str:
    number = int(hashlib.sha256(f"{case_id}{again or ''}".encode()).hexdigest()[:10], 16)
    return "F" + "".join(LETTERS[(number >> (5 * place)) & 31] for place in range(8))
