"""What a rule sees: one commissioner's tables for some holders, as lazy frames, and the day the night looks at."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import wraps
from typing import Any, Concatenate, Literal, ParamSpec

import polars as pl
from polars import selectors

from phb_audit.rules.history import FRAMES_OF_HISTORY
from phb_audit.tables import TABLES

# Columns of matched.payments that no rule uses yet: a night reads a million payments, so what is not used is not read.
# A rule that needs one takes it out of this list, and adds it to flagged/read_payments.sql. `reference` is that of ledger lines only,
# `billed_on` the day of the invoice on a ledger of notional budgets.
PAYMENTS_WITHOUT = {
    "run_id",
    "account_id",
    "description",
    "category_because",
    "match_because",
    "match_share",
    "has_any_plan",
    "outcome_id",
    "outcome_words",
    "goal_state_code",
    "goal_share",
    "goal_runner_up_id",
    "goal_because",
    "runner_up_line_id",
    "runner_up_share",
    "budget_to_date_pence",
    "spent_to_date_pence",
    "remaining_pence",
    "is_event_open",
}
ORIGIN = {"run_id", "file_id", "line_number", "row_id"}
# The same for the other large tables.
RECEIPTS_WITHOUT = {"receipt_ref", "image_hash", "picture_mark", "numbers_mark"}
RECEIPT_LINES_WITHOUT = {"receipt_line_id"}


def _columns(table_name: str, *, without: set[str] = ORIGIN) -> dict[str, pl.DataType]:
    return {column.name: column.dtype for column in TABLES[table_name].columns if column.name not in without}  # type: ignore[misc]


# What purchases of all holders come to, by care group and category, over the last weeks: a batch of holders cannot say it.
PEERS: dict[str, pl.DataType] = {
    "care_group_code": pl.String(),
    "category_code": pl.String(),
    "lines_count": pl.Int64(),
    "holders_count": pl.Int64(),
    "middle_pence": pl.Int64(),
    "high_pence": pl.Int64(),  # 99 of 100 are at most this
    "category_count": pl.Int64(),
    "all_count": pl.Int64(),
}
# What the gate refused or noticed, by feed and rule of family A8: rows that were refused stand in no other frame.
GATES: dict[str, pl.DataType] = {
    "feed_code": pl.String(),
    "rule_id": pl.String(),
    "refused_count": pl.Int64(),  # rows that stand refused
    "noticed_count": pl.Int64(),  # rows admitted tonight with a note
    "again_count": pl.Int64(),  # files that came tonight a second time
    "at_stake_pence": pl.Int64(),
    "files_count": pl.Int64(),
    "fix_owner": pl.String(),
}
# Shifts during which the same person was on a shift for another holder, whom a batch may not hold.
SHARED_SHIFTS: dict[str, pl.DataType] = {
    "visit_id": pl.String(),
    "holder_id": pl.String(),
    "employee_id": pl.String(),
    "visited_on": pl.Date(),
    "starts_minute": pl.Int64(),
    "ends_minute": pl.Int64(),
    "both_minutes": pl.Int64(),
}
# Purchases soon after one of the same payee and amount, with what tells a copy from a habit (`phb_audit.detectors.repeats`).
REPEATS: dict[str, pl.DataType] = {
    "payment_id": pl.String(),
    "before_id": pl.String(),
    "holder_id": pl.String(),
    "before_on": pl.Date(),
    "gap_days": pl.Int64(),
    "payee_count": pl.Int64(),
    "amount_count": pl.Int64(),
    "pairs_count": pl.Int64(),
    "copy_share": pl.Float64(),  # how likely it is a copy, where one payment in a hundred is one
}
# Payments that stand on another account of the holder too: a feed may tell them twice.
TWINS: dict[str, pl.DataType] = {
    "payment_id": pl.String(),
    "before_id": pl.String(),
    "holder_id": pl.String(),
    "before_on": pl.Date(),
    "before_feed_code": pl.String(),
    "gap_days": pl.Int64(),
    "close_count": pl.Int64(),  # payments of that payee and price within three days after another on one account
    "both_count": pl.Int64(),  # payments that stand on both accounts
    "fewer_count": pl.Int64(),  # payments on the account with fewer, in the days both speak of
}
# Bank accounts on file that stand under another name for another holder, whom a batch may not hold.
SHARED_ACCOUNTS: dict[str, pl.DataType] = {
    "holder_id": pl.String(),
    "account_ref": pl.String(),
    "holders_count": pl.Int64(),
    "names_count": pl.Int64(),
    "has_assistant": pl.Boolean(),
}
_RECEIPT_LINE_ANSWER = ("category_code", "probability_share", "second_code", "set_codes", "is_abstained")

# Grain as the named table; the columns each frame of a Spending has.
FRAMES: dict[str, dict[str, pl.DataType]] = {
    "payments": _columns("matched.payments", without=PAYMENTS_WITHOUT) | {"reference": pl.String(), "billed_on": pl.Date()},
    "receipts": _columns("validated.receipts", without=ORIGIN | RECEIPTS_WITHOUT)
    | {name: kind for name, kind in _columns("matched.receipts").items() if name not in ("receipt_id", "holder_id")},
    "receipt_lines": _columns("validated.receipt_lines", without=ORIGIN | RECEIPT_LINES_WITHOUT)
    | {name: kind for name, kind in _columns("classified.receipt_lines").items() if name in _RECEIPT_LINE_ANSWER}
    | {"payment_id": pl.String(), "dated_on": pl.Date(), "received_on": pl.Date()},
    "pay_slips": _columns("validated.pay_slips"),
    "people": _columns("validated.people"),
    "budgets": _columns("validated.budgets"),
    "instalments": _columns("validated.instalments"),
    "plans": _columns("validated.plans"),
    "plan_outcomes": _columns("validated.plan_outcomes"),
    "plan_lines": _columns("validated.plan_lines"),
    "support_records": _columns("validated.support_records", without=ORIGIN),
    "visits": _columns("validated.visits", without=ORIGIN),
    "council_claims": _columns("validated.council_claims", without=ORIGIN | {"claim_ref", "claimed_on"}),
    "shared_shifts": SHARED_SHIFTS,
    "events": _columns("validated.holder_events"),
    "accounts": _columns("matched.accounts", without={"run_id"}),
    "refund_links": _columns("matched.refund_links", without={"run_id"}),
    "feeds": _columns("landed.feeds", without={"run_id"}),
    **FRAMES_OF_HISTORY,
    "peers": PEERS,
    "gates": GATES,
    "repeats": REPEATS,
    "twins": TWINS,
    "shared_accounts": SHARED_ACCOUNTS,
}

# Ids that rules join and group by, each with the columns that hold it: inside a Spending they are categories, so that a million
# comparisons are of numbers. `as_text` turns them back.
KEYS = {
    "holder_id": ("holder_id",),
    "payee_id": ("payee_id",),
    "plan_version_id": ("plan_version_id", "later_plan_version_id"),
    "plan_line_id": ("plan_line_id", "later_plan_line_id"),
}


def _keyed(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The frames with every column of `KEYS` as categories of its own."""
    kinds = {name: kind for columns in KEYS.values() for kind in [pl.Categorical(pl.Categories.random())] for name in columns}
    return {
        key: frame.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items() if name in frame.columns)
        for key, frame in frames.items()
    }


def as_text(rows: pl.LazyFrame) -> pl.LazyFrame:
    """What a rule found, with its ids as text."""
    return rows.with_columns(selectors.categorical().cast(pl.String))


@dataclass(frozen=True)
class Spending:
    """Lazy frames of the holders looked at tonight; columns as in `FRAMES`. `receipt_lines` carry their receipt's payment and days."""

    payments: pl.LazyFrame
    receipts: pl.LazyFrame
    receipt_lines: pl.LazyFrame
    pay_slips: pl.LazyFrame
    people: pl.LazyFrame
    budgets: pl.LazyFrame
    instalments: pl.LazyFrame
    plans: pl.LazyFrame
    plan_outcomes: pl.LazyFrame
    plan_lines: pl.LazyFrame
    events: pl.LazyFrame
    support_records: pl.LazyFrame
    visits: pl.LazyFrame
    council_claims: pl.LazyFrame
    shared_shifts: pl.LazyFrame
    accounts: pl.LazyFrame
    refund_links: pl.LazyFrame
    feeds: pl.LazyFrame
    account_changes: pl.LazyFrame
    statement_ends: pl.LazyFrame
    returns: pl.LazyFrame
    raised: pl.LazyFrame
    asked: pl.LazyFrame
    judged: pl.LazyFrame
    groups: pl.LazyFrame
    limit_changes: pl.LazyFrame
    peers: pl.LazyFrame
    gates: pl.LazyFrame
    repeats: pl.LazyFrame
    twins: pl.LazyFrame
    shared_accounts: pl.LazyFrame
    as_of: date
    worked_out: dict[Hashable, pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)  # kept by `shared`

    @classmethod
    def of(cls, as_of: date, frames: Mapping[str, pl.DataFrame]) -> Spending:
        """From frames; one not given is empty."""
        full = {name: frames[name] if name in frames else pl.DataFrame(schema=columns) for name, columns in FRAMES.items()}
        lazy: dict[str, Any] = {name: frame.select(list(FRAMES[name])).lazy() for name, frame in _keyed(full).items()}
        return cls(as_of=as_of, **lazy)

    def frames(self) -> dict[str, pl.LazyFrame]:
        """The frames by name."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name in FRAMES}


Given = ParamSpec("Given")
# The plans of rules are many and small, and their frames stand in memory already.
ENGINE: Literal["in-memory"] = "in-memory"


def at_once(rows: pl.LazyFrame) -> pl.LazyFrame:
    """The same rows, worked out now: for rows that are used more than once below, which Polars would work out each time."""
    return rows.collect(engine=ENGINE).lazy()


Build = Callable[Concatenate[Spending, Given], pl.LazyFrame]


def shared(build: Build[Given]) -> Build[Given]:
    """Marks what several rules stand on: it is worked out once for the same spending and arguments, and kept beside it.

    What it returns is held in memory whole, so it selects the columns its rules use.
    """

    @wraps(build)
    def once(spending: Spending, /, *args: Given.args, **kwargs: Given.kwargs) -> pl.LazyFrame:
        key = (build.__module__, build.__qualname__, args, tuple(sorted(kwargs.items())))
        if key not in spending.worked_out:
            spending.worked_out[key] = build(spending, *args, **kwargs).collect(engine=ENGINE)
        return spending.worked_out[key].lazy()

    return once


def about_payments(frame: pl.LazyFrame, is_found: pl.Expr, *measured: str, at_stake: str = "amount_pence", **more: pl.Expr) -> pl.LazyFrame:
    """The rows a rule about payments looked at: one row per payment of `frame`, the standard columns and what was measured.

    `measured` are columns of `frame`, `more` are expressions over it; amount, day and payee are always there for the sentence.
    """
    return frame.select(
        pl.lit("payment").alias("subject_code"),
        pl.col("payment_id").alias("subject_id"),
        "payment_id",
        "holder_id",
        pl.col("paid_on").alias("subject_on"),
        pl.col(at_stake).alias("at_stake_pence"),
        is_found.fill_null(False).alias("is_found"),
        "amount_pence",
        "paid_on",
        "payee_shown",
        *measured,
        **more,
    )


def about(
    frame: pl.LazyFrame, subject_code: str, subject: str, day: str, is_found: pl.Expr, *measured: str, **more: pl.Expr
) -> pl.LazyFrame:
    """The rows a rule about something else looked at. `frame` has holder_id, at_stake_pence, and payment_id where one is known."""
    return frame.select(
        pl.lit(subject_code).alias("subject_code"),
        pl.col(subject).alias("subject_id"),
        "payment_id",
        "holder_id",
        pl.col(day).alias("subject_on"),
        "at_stake_pence",
        is_found.fill_null(False).alias("is_found"),
        *measured,
        **more,
    )


def first_at(rows: pl.LazyFrame, is_found: pl.Expr, *keys: str) -> pl.LazyFrame:
    """Add case_payment_id: payments one rule finds with equal keys (one payee) are one decision, and join the case of the first of them."""
    rows = at_once(rows)
    first = (
        rows.filter(is_found)
        .sort("paid_on", "payment_id")
        .group_by("holder_id", *keys, maintain_order=True)
        .agg(pl.col("payment_id").first().alias("case_payment_id"))
    )
    return rows.join(first, on=["holder_id", *keys], how="left")


NO_PAYMENT = pl.lit(None, dtype=pl.String).alias("payment_id")
STANDARD = ("subject_code", "subject_id", "payment_id", "holder_id", "subject_on", "at_stake_pence", "is_found")
