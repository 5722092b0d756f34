"""Each payment beside the line of its plan it fits best, the line's outcome, and what a later version says."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.evidence import Lines, Texts, lines_of_plans, texts_of_receipts, texts_of_strings
from phb_audit.matched.goal_states import Hearing
from phb_audit.matched.holders import Holders
from phb_audit.matched.outcomes import with_outcomes
from phb_audit.matched.plan_in_force import later_versions, live
from phb_audit.matched.plan_lines import EVIDENCE, best_two, later_lines, match_code, scored
from phb_audit.matched.strength import NEAREST_SHARE, OTHER_READING_SHARE, SURE_SHARE, UNCLEAR_SHARE, at_once_pence

NAMED = (
    *("plan_line_id", "plan_line_words", "outcome_id", "frequency_code", "line_category_code"),
    *("line_annual_pence", "line_amount_pence", "line_most_at_once_pence"),
)


def with_lines(payments: pl.DataFrame, holders: Holders, receipt_lines: pl.DataFrame, hearing: Hearing | None = None) -> pl.DataFrame:
    """The payments, in their order, with plan line, runner-up, outcome, `match_code` and what speaks for the line."""
    payments = payments.with_columns(is_sure=(pl.col("probability_share") >= SURE_SHARE) & ~pl.col("is_abstained"))
    spend = payments.filter("is_spend").with_columns(paid_pence="amount_pence")
    facts = spend.select("pay_idx", "paid_pence", "paid_on", "is_sure", "probability_share")
    lines = _lines_to_ask(spend, holders)
    said, texts = _what_payments_say(spend, receipt_lines)
    best = best_two(scored(_ask(spend, said, lines), facts, texts, lines))
    matched = match_code(_named(payments, best, lines))
    later = later_versions(matched.filter(pl.col("is_spend") & (pl.col("match_code") != "fits")), holders.plans)
    pairs = scored(_ask(later, said, lines), facts, texts, lines, heed_dates=False)
    matched = matched.join(later_lines(pairs, lines), on="pay_idx", how="left", maintain_order="left")
    return with_outcomes(_without_weak_lines(matched), holders, hearing)


def _lines_to_ask(spend: pl.DataFrame, holders: Holders) -> Lines:
    """Lines of the versions in force on some day of spend, and of those that took effect after one."""
    first = spend.group_by("holder_idx").agg(first_on=pl.col("paid_on").min())
    spans = live(holders.plans).select("holder_idx", "plan_version_id", "effective_from_on")
    later = spans.join(first, on="holder_idx").filter(pl.col("effective_from_on") > pl.col("first_on")).select("plan_version_id")
    asked = pl.concat([later, spend.select("plan_version_id").drop_nulls().unique()]).unique()
    effective = spans.join(asked, on="plan_version_id", how="semi").select("plan_version_id", "effective_from_on")
    return lines_of_plans(holders.plan_lines.join(effective, on="plan_version_id"))


def _what_payments_say(spend: pl.DataFrame, receipt_lines: pl.DataFrame) -> tuple[pl.DataFrame, Texts]:
    of_strings, strings = texts_of_strings(spend)
    with_receipt = spend.select("pay_idx", "receipt_id").drop_nulls()
    of_receipts, receipts = texts_of_receipts(with_receipt, receipt_lines, of_strings.height)
    two = of_receipts.select("pay_idx").unique()
    both_said = (of_strings.with_columns(is_receipt=pl.lit(False)), of_receipts.with_columns(is_receipt=pl.lit(True)))
    said = pl.concat(both_said, how="vertical_relaxed")
    said = said.join(two.with_columns(is_alone=pl.lit(False)), on="pay_idx", how="left").with_columns(pl.col("is_alone").fill_null(True))
    both = [pl.concat(parts, how="vertical_relaxed") for parts in ((strings.keys, receipts.keys), (strings.codes, receipts.codes))]
    return said, Texts(*both)


def _ask(payments: pl.DataFrame, said: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    versions = lines.lines.select("plan_version_id", "version_idx").unique()
    asked = payments.select("pay_idx", "plan_version_id").join(versions, on="plan_version_id").select("pay_idx", "version_idx")
    return asked.join(said, on="pay_idx")


def _named(payments: pl.DataFrame, best: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """The payments with their best line's facts; nulls where nothing speaks for any line."""
    facts = lines.lines.select(
        "line_idx",
        "plan_line_id",
        "outcome_id",
        "frequency_code",
        is_line_preapproved="is_preapproved",
        plan_line_words="description",
        line_category_code="category_code",
        line_annual_pence="annual_pence",
        line_amount_pence="amount_pence",
        line_most_at_once_pence="most_at_once_pence",
        limit_pence=at_once_pence(),
    )
    runners = lines.lines.select(runner_idx="line_idx", runner_up_line_id="plan_line_id")
    found = best.select("pay_idx", "line_idx", "share", "runner_idx", "runner_up_share", *EVIDENCE)
    found = found.join(facts, on="line_idx").join(runners, on="runner_idx", how="left").drop("line_idx", "runner_idx")
    second = lines.lines.select("plan_version_id", second_code="category_code", is_second_in_plan=pl.lit(True)).unique()
    likely = (pl.col("second_share") >= OTHER_READING_SHARE).fill_null(False)
    return (
        payments.join(found, on="pay_idx", how="left", maintain_order="left")
        .join(second, on=["plan_version_id", "second_code"], how="left", maintain_order="left")
        .with_columns(is_second_in_plan=pl.col("is_second_in_plan").fill_null(False) & likely)
    )


def _without_weak_lines(payments: pl.DataFrame) -> pl.DataFrame:
    """A line below the threshold is no match: it is told in words as the nearest, and not linked."""
    kept = (pl.col("match_code").is_in(["fits", "unclear"]) & (pl.col("share") >= UNCLEAR_SHARE)).fill_null(False)
    return payments.with_columns(
        pl.when(kept).then(pl.col(*NAMED)),
        pl.col("is_agreed_amount", "is_above_limit", "is_outside_dates", "is_receipt_words", "is_receipt_kind").fill_null(False),
        pl.col("words").fill_null(""),
        pl.col("supplier_share", "kind_share").fill_null(0.0),
        nearest_words=pl.when(~kept & (pl.col("share") >= NEAREST_SHARE)).then("plan_line_words"),
        match_share=pl.col("share").fill_null(0.0),
        is_line_preapproved=pl.col("is_line_preapproved").fill_null(False) & kept,
    )
