"""matched.payments: one row per admitted payment beside its plan version, plan line, outcome, receipt and budget position."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.because import with_because
from phb_audit.matched.budget_position import with_holding, with_position
from phb_audit.matched.evidence import Lines, Texts, lines_of_plans, texts_of_receipts, texts_of_strings
from phb_audit.matched.holders import Holders
from phb_audit.matched.outcomes import served
from phb_audit.matched.payees import with_payees
from phb_audit.matched.plan_in_force import FAR_OFF, later_versions, live, version_in_force
from phb_audit.matched.plan_lines import EVIDENCE, ONE_OFF, best_two, later_lines, match_code, scored
from phb_audit.matched.receipts import pair_up
from phb_audit.matched.strength import PREAPPROVED_SHARE, SURE_SHARE, UNCLEAR_SHARE, at_once_pence
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse

PAYMENTS = TABLES["matched.payments"]
DEPOSIT_DAYS = 90  # a deposit and its balance to one payee within so many days are one purchase
AWAY = ("admission", "absence")


def match_payments(warehouse: Warehouse, holders: Holders, run_id: str) -> pl.DataFrame:
    """matched.payments of these holders, sorted by holder, day and id."""
    days = holders.payments.select("holder_id", "paid_on").unique()
    payments = with_position(with_holding(holders.payments, holders.budgets), holders.budgets)
    payments = payments.join(version_in_force(days, holders.plans), on=["holder_id", "paid_on"], how="left")
    payments = payments.join(pair_up(warehouse, payments, holders.receipts), on="payment_id", how="left")
    payments = payments.join(open_events(days, holders.events), on=["holder_id", "paid_on"], how="left")
    payments = with_payees(warehouse, payments.with_columns(pl.col("is_event_open").fill_null(False)))
    payments = with_lines(payments.sort("holder_id", "paid_on", "payment_id").with_row_index("pay_idx"), holders)
    payments = with_preapproval(with_because(payments))
    return payments.with_columns(run_id=pl.lit(run_id)).sort("holder_id", "paid_on", "payment_id").select(PAYMENTS.column_names)


def open_events(days: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """One row per holder and day on which the holder was in hospital or away: `is_event_open` is true."""
    away = events.filter(pl.col("event_code").is_in(AWAY)).select("holder_id", "from_on", "to_on")
    during = (pl.col("from_on") <= pl.col("paid_on")) & (pl.col("paid_on") <= pl.col("to_on").fill_null(FAR_OFF))
    return days.join(away, on="holder_id").filter(during).select("holder_id", "paid_on", is_event_open=pl.lit(True)).unique()


def with_lines(payments: pl.DataFrame, holders: Holders) -> pl.DataFrame:
    """The payments with plan line, runner-up, outcome, `match_code` and what speaks for the line."""
    payments = payments.with_columns(is_sure=(pl.col("probability_share") >= SURE_SHARE) & ~pl.col("is_abstained"))
    spend = payments.filter("is_spend").with_columns(paid_pence="amount_pence")
    spans = live(holders.plans).select("plan_version_id", "effective_from_on")
    lines = lines_of_plans(holders.plan_lines.join(spans, on="plan_version_id"))
    said, texts = _what_payments_say(spend, holders.receipt_lines)
    now = _ask(spend.select("pay_idx", "plan_version_id"), said, lines)
    facts = spend.select("pay_idx", "paid_pence", "paid_on", "is_sure")
    best = best_two(scored(now, facts, texts, lines))
    matched = match_code(
        _name_lines(
            payments.join(
                best.select("pay_idx", "line_idx", "share", "runner_idx", "runner_up_share", *EVIDENCE), on="pay_idx", how="left"
            ),
            lines,
        )
    )
    matched = _with_later(matched, spend, said, texts, lines, holders.plans)
    return _with_outcomes(_without_weak_lines(matched), holders.outcomes)


def _what_payments_say(spend: pl.DataFrame, receipt_lines: pl.DataFrame) -> tuple[pl.DataFrame, Texts]:
    of_strings, strings = texts_of_strings(spend)
    with_receipt = spend.select("pay_idx", "receipt_id").drop_nulls()
    of_receipts, receipts = texts_of_receipts(with_receipt, receipt_lines, of_strings.height)
    said = pl.concat(
        [of_strings.with_columns(is_receipt=pl.lit(False)), of_receipts.with_columns(is_receipt=pl.lit(True))], how="vertical_relaxed"
    )
    keys, codes = ([strings.keys, receipts.keys], [strings.codes, receipts.codes])
    return said, Texts(pl.concat(keys, how="vertical_relaxed"), pl.concat(codes, how="vertical_relaxed"))


def _ask(payments: pl.DataFrame, said: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    versions = lines.lines.select("plan_version_id", "version_idx").unique()
    return payments.join(versions, on="plan_version_id").join(said, on="pay_idx").select("pay_idx", "version_idx", "text_idx")


def _name_lines(payments: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    facts = lines.lines.select(
        "line_idx",
        "plan_line_id",
        "outcome_id",
        "frequency_code",
        "is_preapproved",
        plan_line_words="description",
        line_category_code="category_code",
        line_annual_pence="annual_pence",
        line_amount_pence="amount_pence",
        line_most_at_once_pence="most_at_once_pence",
        limit_pence=at_once_pence(),
    )
    runners = lines.lines.select(runner_idx="line_idx", runner_up_line_id="plan_line_id")
    return payments.join(facts, on="line_idx", how="left").join(runners, on="runner_idx", how="left")


def _with_later(
    payments: pl.DataFrame, spend: pl.DataFrame, said: pl.DataFrame, texts: Texts, lines: Lines, plans: pl.DataFrame
) -> pl.DataFrame:
    wanting = payments.filter(pl.col("is_spend") & (pl.col("match_code") != "fits")).select("pay_idx", "holder_id", "paid_on")
    later = later_versions(wanting, plans).select("pay_idx", plan_version_id="later_version_id")
    facts = spend.select("pay_idx", "paid_pence", "paid_on", "is_sure")
    pairs = scored(_ask(later, said, lines), facts, texts, lines, heed_dates=False)
    return payments.join(later_lines(pairs, lines), on="pay_idx", how="left")


def _without_weak_lines(payments: pl.DataFrame) -> pl.DataFrame:
    """A line below the threshold is no match: it is told in words as the nearest, and not linked."""
    kept = pl.col("match_code").is_in(["fits", "unclear"]) & (pl.col("share") >= UNCLEAR_SHARE)
    linked = [
        "plan_line_id",
        "plan_line_words",
        "line_category_code",
        "line_annual_pence",
        "line_amount_pence",
        "line_most_at_once_pence",
        "outcome_id",
    ]
    return payments.with_columns(nearest_words=pl.when(~kept.fill_null(False)).then("plan_line_words")).with_columns(
        pl.when(kept).then(pl.col(*linked, "frequency_code")),
        has_receipt=pl.col("receipt_id").is_not_null(),
        match_share=pl.col("share").fill_null(0.0),
        words=pl.col("words").fill_null(""),
        supplier_share=pl.col("supplier_share").fill_null(0.0),
        is_preapproved=pl.col("is_preapproved").fill_null(False) & kept.fill_null(False),
        **{name: pl.col(name).fill_null(False) for name in ("is_agreed_amount", "is_above_limit", "is_outside_dates")},
    )


def _with_outcomes(payments: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    own = outcomes.select("outcome_id", own_words="outcome_text")
    wanted = payments.join(own, on="outcome_id", how="left").join(
        served(outcomes).rename({"code": "category_code"}), on=["plan_version_id", "category_code"], how="left"
    )
    asked = pl.col("is_spend") & pl.col("outcome_id").is_null()
    return wanted.with_columns(
        outcome_id=pl.when(asked).then("served_id").otherwise("outcome_id"),
        outcome_words=pl.when(asked).then("served_words").otherwise("own_words"),
        served_words=pl.when(asked).then("served_words"),
    )


def with_preapproval(payments: pl.DataFrame) -> pl.DataFrame:
    """The payments with `is_preapproved`: a line agreed by name, a strong match, within what it allows at once, and the first time.

    For a one-off line the first purchase settles it, and its balance: the same payee within 90 days, together within the amount agreed.
    """
    strong = (pl.col("match_code") == "fits") & (pl.col("match_share") >= PREAPPROVED_SHARE) & ~pl.col("is_outside_dates")
    within = (pl.col("amount_pence") <= pl.col("limit_pence").fill_null(2**62)) & (pl.col("amount_pence") > 0)
    named = payments.with_columns(is_candidate=pl.col("is_preapproved") & strong & within)
    first = (
        named.filter(pl.col("is_candidate") & (pl.col("frequency_code") == ONE_OFF))
        .sort("plan_line_id", "paid_on", "payment_id")
        .with_columns(
            taken_pence=pl.col("amount_pence").cum_sum().over("plan_line_id"),
            first_on=pl.col("paid_on").first().over("plan_line_id"),
            first_payee=pl.col("payee_id").first().over("plan_line_id"),
            is_first=pl.col("payment_id") == pl.col("payment_id").first().over("plan_line_id"),
        )
    )
    balance = (pl.col("payee_id") == pl.col("first_payee")) & ((pl.col("paid_on") - pl.col("first_on")).dt.total_days() <= DEPOSIT_DAYS)
    settled = first.filter("is_first" | (balance & (pl.col("taken_pence") <= pl.col("line_amount_pence")))).select("payment_id")
    once = pl.col("payment_id").is_in(settled["payment_id"].implode()) | (pl.col("frequency_code") != ONE_OFF).fill_null(True)
    return named.with_columns(is_preapproved=pl.col("is_candidate") & once, line_frequency_code="frequency_code")
