"""Features: what is measured of a spend line, each described once. Nought is usual; more is further from usual, in one direction only.

All look back: at what the holder had spent in the year before the day, at what others had paid in the three months before its month, and
at what stands beside the line itself (plan, budget, receipt). None is a column of a person, a diagnosis or a care group: the care group
only chooses whose prices a line is compared with. `phb_audit/detectors/seen.sql` gives the columns they are made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from phb_audit.money import pounds_expr
from phb_audit.periods import is_day_off
from phb_audit.sentences import filled_in

DIGITS = 6
OWN_WEIGHT, PEERS_WEIGHT = 4, 20  # how many lines what is usual elsewhere counts for: shrinkage of a short history, of a small group
LEAST_OTHERS, LEAST_HISTORY, LEAST_REGULAR = 30, 8, 4  # lines before a price, a person's habits, a payee's rhythm can be told
LEAST_PEERS_HOLDERS = 20  # of fewer people it is not said what they pay
LEAST_SPREAD = 0.25  # on the scale of logarithms: prices of one kind differ by a quarter at least
LEAST_OVER = 1.1  # prices move: a tenth over what a line allows is nothing to speak of
DUE_DAYS = 28  # a receipt may come so many days after the payment


@dataclass(frozen=True)
class Feature:
    """One measure. `sentence` and `usual` speak to a reader, of a line where it is above nought; `same_as`: rules that say the same."""

    name: str
    group: str
    unit: str
    looks_at: str
    value: pl.Expr
    sentence: pl.Expr
    usual: pl.Expr
    same_as: tuple[str, ...] = ()


def _log(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Float64).clip(1).log()


def _many(column: str, word: str) -> pl.Expr:
    return filled_in("{} {}{}", column, pl.lit(word), pl.when(pl.col(column) == 1).then(pl.lit("")).otherwise(pl.lit("s")))


def _pounds(column: str) -> pl.Expr:
    return pounds_expr(pl.col(column))


def _shrunk(own: pl.Expr, count: pl.Expr, usual: pl.Expr, weight: int) -> pl.Expr:
    """`own`, drawn towards `usual` the more the fewer lines it rests on; `usual` alone where there is no own."""
    lines = count.fill_null(0)
    return (lines * own.fill_null(0) + weight * usual) / (lines + weight)


AMOUNT = pl.col("amount_pence").cast(pl.Float64)
SIZE = AMOUNT.clip(1).log()
HAS_OTHERS = pl.col("others_count").fill_null(0) >= LEAST_OTHERS
_OTHERS_SPREAD = (_log("others_high_pence") - _log("others_middle_pence")).clip(LEAST_SPREAD)
_PEERS_SPREAD = (_log("peers_high_pence") - _log("peers_middle_pence")).clip(LEAST_SPREAD)
PEERS_SIZE = _shrunk(_log("peers_middle_pence"), pl.col("peers_count"), _log("others_middle_pence"), PEERS_WEIGHT)
SPREAD = _shrunk(_PEERS_SPREAD, pl.col("peers_count"), _OTHERS_SPREAD, PEERS_WEIGHT)
OWN_SIZE = _shrunk(_log("category_middle_pence"), pl.col("category_count"), PEERS_SIZE, OWN_WEIGHT)
HAS_HISTORY = pl.col("holder_count") >= LEAST_HISTORY
IS_REGULAR = pl.col("payee_count") >= LEAST_REGULAR
DAYS_SEEN = (pl.col("paid_on") - pl.col("holder_from_on")).dt.total_days().cast(pl.Float64)
LINE_LIMIT = pl.coalesce("line_most_at_once_pence", "line_amount_pence")
ANNUAL = pl.col("spent_to_date_pence") + pl.col("remaining_pence")
PUT_TO_THE_PERSON = pl.col("holding_code").is_in(["direct_payment", "third_party"])
IS_DUE = PUT_TO_THE_PERSON & pl.col("receipt_id").is_null() & pl.col("receipt_match_code").is_null()
WEAK, NO_GOAL = {"no_match": 1.0, "no_plan": 0.5, "unclear": 0.5}, {"no_goal": 1.0, "unclear": 0.3}
KIND = pl.col("category_words")
NEVER_OR_TIMES = pl.when(pl.col("category_count") == 0).then(pl.lit("never")).otherwise(_many("category_count", "time"))
GROUP_IS_TOLD = pl.col("peers_holders_count").fill_null(0) >= LEAST_PEERS_HOLDERS
YEAR_BEFORE = "of the holder's year before"


def _coded(column: str, values: Mapping[str, float]) -> pl.Expr:
    return pl.col(column).replace_strict(values, default=0.0, return_dtype=pl.Float64)


def _paid(more: str = "") -> pl.Expr:
    return filled_in("{} was paid to {}{}.", _pounds("amount_pence"), "payee_shown", pl.lit(more))


AMONG_OTHERS = pl.when(GROUP_IS_TOLD).then(
    filled_in(
        "Of {} payments for {} by {} holders of the same care group in the three months before the month, the middle one was {} and "
        "nine in ten at most {}.",
        "peers_count", KIND, "peers_holders_count", _pounds("peers_middle_pence"), _pounds("peers_high_pence"),
    )
).otherwise(
    filled_in(
        "Of {} payments for {} by all holders in the three months before the month, the middle one was {} and nine in ten at most {}.",
        "others_count", KIND, _pounds("others_middle_pence"), _pounds("others_high_pence"),
    )
)  # fmt: skip
AT_PAYEE = filled_in(
    "The middle one of {} there in the year before was {}.", _many("payee_count", "payment"), _pounds("payee_middle_pence")
)

AMOUNTS = (
    Feature(
        "for_person", "amounts", "spreads above the usual, on a logarithm", "amounts of the same category " + YEAR_BEFORE,
        pl.when(HAS_OTHERS & (pl.col("category_count") > 0)).then((SIZE - OWN_SIZE) / SPREAD),
        filled_in("{} was paid to {} for {}.", _pounds("amount_pence"), "payee_shown", KIND),
        filled_in("This person's middle payment for it in the year before was {} ({}).", _pounds("category_middle_pence"),
                  _many("category_count", "payment")),
        ("N-01",),
    ),
    Feature(
        "among_others", "amounts", "spreads above the usual, on a logarithm",
        "amounts of the same category that others (first those of the same care group) paid in the three months before the month",
        pl.when(HAS_OTHERS).then((SIZE - PEERS_SIZE) / SPREAD),
        filled_in("{} was paid to {} for {}.", _pounds("amount_pence"), "payee_shown", KIND), AMONG_OTHERS, ("N-02",),
    ),
    Feature(
        "at_payee", "amounts", "logarithm of the times of the usual", "amounts to the same payee " + YEAR_BEFORE,
        pl.when(IS_REGULAR).then(SIZE - _log("payee_middle_pence")), _paid(), AT_PAYEE,
    ),
    Feature(
        "above_line", "amounts", "logarithm of the times of what the line allows, beyond a tenth", "the plan line in force on the day",
        pl.when((LINE_LIMIT > 0) & pl.col("match_code").is_in(["fits", "unclear"]) & ~pl.col("is_preapproved"))
        .then(SIZE - (LINE_LIMIT * LEAST_OVER).clip(1).log()),
        _paid(), filled_in("The plan line it fits best is of {} each time.", pounds_expr(LINE_LIMIT)), ("P-05",),
    ),
)  # fmt: skip

PLAN = (
    Feature(
        "far_from_plan", "plan", "0 to 1: how weak the best match is",
        "the plan in force on the day: whole where none of the codes the purchase may have stands in it, half where the match is unclear",
        pl.when(~pl.col("is_preapproved") & pl.col("has_any_plan")).then(_coded("match_code", WEAK) * (1 - pl.col("match_share"))),
        filled_in("{} to {}: {}.", _pounds("amount_pence"), "payee_shown",
                  pl.when(pl.col("match_code") == "no_match").then(pl.lit("no line of the plan names what it may be"))
                  .otherwise(pl.lit("whether it fits a line of the plan is unclear"))),
        pl.lit("Most purchases fit a line of the plan in force on the day."), ("P-01", "P-02", "P-03", "P-17", "L-13"),
    ),
    Feature(
        "no_goal", "plan", "1: no outcome speaks for it; 0.3: whether one does is unclear", "the outcomes of the plan in force on the day",
        pl.when(pl.col("match_code") != "fits").then(_coded("goal_state_code", NO_GOAL)),
        filled_in("No outcome of the plan plainly speaks for {} to {}.", _pounds("amount_pence"), "payee_shown"),
        pl.lit("Most purchases without a line of their own serve an outcome of the plan."), ("P-02", "P-03", "P-09"),
    ),
    Feature(
        "rare_kind", "plan", "how seldom it is bought, as a logarithm above one in ten",
        "categories " + YEAR_BEFORE + ", and all holders' of the three months before the month",
        pl.when(HAS_HISTORY & pl.col("category_code").is_not_null() & (pl.col("month_count").fill_null(0) > 0))
        .then(0.1 / ((pl.col("category_count") + PEERS_WEIGHT * pl.col("others_count").fill_null(0) / pl.col("month_count") + 0.01)
                     / (pl.col("holder_count") + PEERS_WEIGHT))).log(),
        filled_in("{} was paid to {} for {}, bought {} by this person in the year before.", _pounds("amount_pence"),
                  "payee_shown", KIND, NEVER_OR_TIMES),
        filled_in("Of {} payments of all holders in the three months before the month {} were for it.", "month_count",
                  pl.col("others_count").fill_null(0)),
        ("N-05", "P-03"),
    ),
)  # fmt: skip

PACE = (
    Feature(
        "line_used", "pace", "logarithm of the times of the line's year", "spending on the same plan line " + YEAR_BEFORE,
        pl.when(pl.col("line_annual_pence") > 0)
        .then((pl.col("line_pence") + pl.col("amount_pence")).cast(pl.Float64).log() - _log("line_annual_pence")),
        filled_in("With {} to {}, {} were spent on one plan line in a year.", _pounds("amount_pence"), "payee_shown",
                  pounds_expr(pl.col("line_pence") + pl.col("amount_pence"))),
        filled_in("The line comes to {} a year.", _pounds("line_annual_pence")), ("P-05", "P-08"),
    ),
    Feature(
        "budget_burn", "pace", "logarithm of the times of the budget to date",
        "the budget year up to the day, of which 8 weeks must have gone",
        pl.when((pl.col("budget_to_date_pence") > ANNUAL * 8 / 52) & (pl.col("spent_to_date_pence") > 0))
        .then(_log("spent_to_date_pence") - _log("budget_to_date_pence")),
        filled_in("{} of the budget year were spent by this day.", _pounds("spent_to_date_pence")),
        filled_in("By the calendar it would be {}.", _pounds("budget_to_date_pence")), ("N-08",),
    ),
    Feature(
        "four_weeks", "pace", "logarithm of the times of the usual", "all spending " + YEAR_BEFORE + ", of which 12 weeks must be on file",
        pl.when(HAS_HISTORY & (DAYS_SEEN >= 84))
        .then((pl.col("four_weeks_pence") + pl.col("amount_pence")).cast(pl.Float64).log()
              - (pl.col("holder_pence") * 28 / DAYS_SEEN).clip(1).log()),
        filled_in("{} were spent in four weeks, with {} to {}.", pounds_expr(pl.col("four_weeks_pence") + pl.col("amount_pence")),
                  _pounds("amount_pence"), "payee_shown"),
        filled_in("Four weeks of the year before came to {} on average ({}).",
                  pounds_expr((pl.col("holder_pence") * 28 / DAYS_SEEN).round(0).cast(pl.Int64)), _many("holder_count", "payment")),
    ),
)  # fmt: skip

HABITS = (
    Feature(
        "new_payee", "habits", "logarithm of the pounds, of a first payment", "payees " + YEAR_BEFORE,
        pl.when(HAS_HISTORY & (pl.col("payee_count") == 0)).then((1 + AMOUNT / 25_00).log()),
        _paid(", for the first time in a year"),
        filled_in("This person had made {} in the year before, most of them to payees known already.", _many("holder_count", "payment")),
        ("N-03",),
    ),
    Feature(
        "new_person", "habits", "1: a person who was never paid before", "payees " + YEAR_BEFORE,
        (HAS_HISTORY & pl.col("is_person") & (pl.col("payee_count") == 0)).cast(pl.Float64),
        _paid(", who had not been paid in the year before"),
        filled_in("Most of this person's {} of the year before went to payees known already.", _many("holder_count", "payment")),
        ("A-16", "W-01", "W-10"),
    ),
    Feature(
        "soon", "habits", "logarithm of the times it came sooner", "days between payments to the same payee " + YEAR_BEFORE,
        pl.when(IS_REGULAR & (pl.col("payee_gap_days") >= 3) & pl.col("since_days").is_not_null())
        .then(_log("payee_gap_days") - pl.col("since_days").cast(pl.Float64).clip(0.5).log()),
        filled_in("{} was paid to {} {} after the last time.", _pounds("amount_pence"), "payee_shown", _many("since_days", "day")),
        filled_in("It is usually {} ({} in the year before).", _many("payee_gap_days", "day"), _many("payee_count", "payment")),
        ("P-08", "A-15", "E-05"),
    ),
    Feature(
        "often", "habits", "logarithm of the times of the usual week", "payments to the same payee " + YEAR_BEFORE,
        pl.when(HAS_HISTORY & (pl.col("week_count") + pl.col("place_in_day") > 1))
        .then((pl.col("week_count") + pl.col("place_in_day")).cast(pl.Float64).log()
              - (1 + pl.col("payee_count") * 7 / DAYS_SEEN.clip(56)).log()),
        filled_in("{} to {} is number {} of 8 days.", _pounds("amount_pence"), "payee_shown",
                  pl.col("week_count") + pl.col("place_in_day")),
        filled_in("There were {} to them in the year before.", _many("payee_count", "payment")), ("P-08", "A-15"),
    ),
    Feature(
        "round", "habits", "1: a round amount that was never paid there before", "amounts to the same payee " + YEAR_BEFORE,
        ((pl.col("amount_pence") >= 100_00) & (pl.col("amount_pence") % 50_00 == 0) & (pl.col("amount_count") == 0)).cast(pl.Float64),
        filled_in("{} to {} is a round amount, not paid there in the year before.", _pounds("amount_pence"), "payee_shown"),
        pl.lit("Most amounts are not a whole number of fifty pounds."), ("A-16",),
    ),
    Feature(
        "day_off", "habits", "how seldom the holder pays on such days, as a logarithm", "days " + YEAR_BEFORE,
        pl.when(HAS_HISTORY & is_day_off(pl.col("paid_on"))).then(-((pl.col("weekend_count") + 1) / (pl.col("holder_count") + 3)).log()),
        _paid(", on a weekend or bank holiday"),
        filled_in("Of this person's {} in the year before {} fell on a weekend.", _many("holder_count", "payment"), "weekend_count"),
    ),
)  # fmt: skip

PAPERS = (
    Feature(
        "no_receipt", "papers", "logarithm of the pounds, where a receipt is due",
        f"the receipts on file, {DUE_DAYS} days after the payment",
        pl.when(IS_DUE & (pl.col("kind_code") == "purchase") & ~pl.col("is_person") & (pl.col("age_days") > DUE_DAYS))
        .then((1 + AMOUNT / 10_00).log()),
        filled_in("No receipt stands beside {} to {} after {} days.", _pounds("amount_pence"), "payee_shown", "age_days"),
        pl.lit(f"Receipts are due within {DUE_DAYS} days."), ("E-01", "P-16", "W-10"),
    ),
    Feature(
        "receipt_less", "papers", "share of the payment", "the receipt beside it",
        pl.when(pl.col("receipt_match_code").is_in(["amount_differs", "exact", "date_differs", "name_differs"]))
        .then(-pl.col("receipt_difference_pence") / AMOUNT),
        filled_in("The receipt beside {} to {} says {} less.", _pounds("amount_pence"), "payee_shown",
                  pounds_expr(-pl.col("receipt_difference_pence"))),
        pl.lit("Receipts and payments mostly agree to the penny."), ("E-02",),
    ),
    Feature(
        "receipt_far", "papers", "weeks beyond two", "the receipt beside it",
        (pl.col("receipt_days").abs() - 14) / 7,
        filled_in("The receipt beside {} to {} is of {} days away.", _pounds("amount_pence"), "payee_shown", pl.col("receipt_days").abs()),
        pl.lit("Most receipts are of the same days as the payment."), ("E-03", "E-05", "E-06"),
    ),
)  # fmt: skip

PLACES = (
    Feature(
        "cash", "places", "logarithm of the pounds of cash in four weeks", "cash of the 28 days before",
        pl.when(pl.col("kind_code") == "cash").then((1 + (pl.col("cash_pence") + AMOUNT) / 50_00).log()),
        filled_in("With {} in cash on this day, {} were drawn in four weeks.", _pounds("amount_pence"),
                  pounds_expr(pl.col("cash_pence") + pl.col("amount_pence"))),
        pl.lit("Most is paid by card or transfer."), ("A-04", "A-05"),
    ),
    Feature(
        "moved", "places", "logarithm of the pounds of a transfer", "the line itself",
        pl.when(pl.col("kind_code") == "transfer").then((1 + AMOUNT / 50_00).log()),
        filled_in("{} was moved to {}.", _pounds("amount_pence"), "payee_shown"),
        pl.lit("Most is paid to a shop or a provider."), ("A-03",),
    ),
    Feature(
        "abroad", "places", "1: paid abroad", "the country of the merchant",
        (pl.col("country_code").is_not_null() & ~pl.col("country_code").is_in(["GB", "GBR", "UK", ""])).cast(pl.Float64),
        filled_in("{} was paid to {}, country {}.", _pounds("amount_pence"), "payee_shown", "country_code"),
        pl.lit("Most is paid in the United Kingdom."), ("A-05",),
    ),
    Feature(
        "away", "places", "1: in hospital or away on the day", "the holder's hospital stays and absences on file",
        pl.col("is_event_open").cast(pl.Float64),
        _paid(", while the person was in hospital or away"),
        pl.lit("Most is paid while the person is at home."), ("W-03", "W-04"),
    ),
)  # fmt: skip

FEATURES: tuple[Feature, ...] = (*AMOUNTS, *PLAN, *PACE, *HABITS, *PAPERS, *PLACES)
BY_NAME: Mapping[str, Feature] = {one.name: one for one in FEATURES}


def measured(seen: pl.DataFrame) -> pl.DataFrame:
    """payment_id and every feature, one row per row of `seen` (seen.sql, with age_days: how old the line is tonight)."""
    values = (one.value.cast(pl.Float64).fill_null(0).fill_nan(0).clip(0).round(DIGITS).alias(one.name) for one in FEATURES)
    return seen.select("payment_id", *values)
