"""Where cases stand after what people decided: who decided leaves the queue, unless something new was found since.

New is a flag the person did not see, one whose money has grown by more than a tenth and fifty pounds since, or any of an item that was
closed because no night found it any more. Where a purchase they
saw is stated anew in another way (other money, or a flag that is no longer found), the case says so and stays decided.
"""

from __future__ import annotations

import polars as pl

from phb_audit.money import pounds_expr
from phb_audit.rules.register import shipped_rules
from phb_audit.run import Run
from phb_audit.sentences import filled_in
from phb_audit.warehouse import sql

GROWN_SHARE, GROWN_PENCE = 0.10, 50_00
OPEN, CLOSED_OVERTAKEN = "open", "overtaken"
COLUMNS = ("case_id", "state_code", "is_queued", "decision_code", "decided_by", "decided_at", "due_on", "news")


def untouched() -> list[pl.Expr]:
    """The columns of a case nobody has done anything with."""
    nothing = {"decision_code": pl.String, "decided_by": pl.String, "decided_at": pl.String, "due_on": pl.Date, "news": pl.String}
    return [
        pl.lit(OPEN).alias("state_code"),
        pl.lit(True).alias("is_queued"),
        *(pl.lit(None, dtype=kind).alias(name) for name, kind in nothing.items()),
    ]


def stand(run: Run) -> None:
    """Bring flagged.cases up to date with decided.cases, and rank those in the queue."""
    decided = run.warehouse.frame(sql(__file__, "read_decided"))
    flags = run.warehouse.frame(sql(__file__, "read_case_flags"))
    now = standing(decided, flags, run.warehouse.frame(sql(__file__, "read_gone")))
    run.warehouse.execute_with(sql(__file__, "open_again"), standing_now=now.select("case_id"))
    run.warehouse.execute_with(sql(__file__, "stand_where"), standing_now=now)
    run.warehouse.run(sql(__file__, "rank_cases"))


def standing(decided: pl.DataFrame, flags: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """COLUMNS of the cases in `decided` (rows of decided.cases). `flags`: case_id, flag_id, title, at_stake_pence, payment_id of those that
    stand; `gone`: flag_id and rule_id of those that were cleared once; both with payee_shown and amount_pence where a payment is known.
    """
    new, anew = news(decided, flags), stated_anew(decided, flags, gone)
    is_opened = (pl.col("is_closed") | _was_overtaken()) & pl.col("titles").is_not_null()
    since = (
        pl.when(_was_overtaken())
        .then(filled_in("Found again since it was closed as overtaken: {}.", "titles"))
        .otherwise(filled_in("New since {} decided: {}.", "decided_by", "titles"))
    )
    restated = filled_in("Stated anew since {} decided: {}.", "decided_by", "restated")
    return (
        decided.join(new, on="case_id", how="left", maintain_order="left")
        .join(anew, on="case_id", how="left", maintain_order="left")
        .with_columns(
            news=pl.when(pl.col("titles").is_not_null() & pl.col("restated").is_not_null())
            .then(pl.concat_str(since, restated, separator=" "))
            .otherwise(pl.coalesce(since, restated)),
            due_on=pl.coalesce("due_on", "wake_on"),
            state_code=pl.when(is_opened).then(pl.lit(OPEN)).otherwise("state_code"),
            is_queued=pl.col("is_queued") | is_opened,
        )
        .select(COLUMNS)
    )


def news(decided: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """case_id and `titles` of what is new in it, for the decided cases that have something new."""
    # Without a move that changed its state there is nothing to compare with.
    moved = decided.filter(pl.col("decision_code").is_not_null()).select("case_id", "state_code")
    return (
        flags.join(moved, on="case_id")
        .join(_seen(decided), on=["case_id", "flag_id"], how="left")
        .filter(pl.col("seen_pence").is_null() | _has_grown() | _was_overtaken())
        .group_by("case_id")
        .agg(pl.col("title").unique().sort().str.join("; ").alias("titles"))
    )


def _was_overtaken() -> pl.Expr:
    """Closed because no night found it any more: whatever stands of it was found again."""
    return pl.col("state_code") == CLOSED_OVERTAKEN


def stated_anew(decided: pl.DataFrame, flags: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """case_id and `restated`, in words, of the closed cases of which something seen is stated anew and nothing of that is news."""
    closed = _seen(decided.filter("is_closed"))
    titles = pl.DataFrame({"rule_id": [one.rule.id for one in shipped_rules()], "title": [one.rule.title for one in shipped_rules()]})
    lost = (
        closed.join(flags, on="flag_id", how="anti")
        .join(gone.unique("flag_id"), on="flag_id")
        .join(titles, on="rule_id")
        .select("case_id", "flag_id", words=filled_in("{}{} is no longer found", "title", _of_payment()))
    )
    is_other = (pl.col("seen_pence") != pl.col("at_stake_pence")) & ~_has_grown()
    other = (
        closed.join(flags.filter(pl.col("payment_id").is_not_null()), on=["case_id", "flag_id"])
        .filter(is_other)
        .select(
            "case_id",
            "flag_id",
            words=filled_in(
                "{}{} is about {} and was about {}",
                "title",
                _of_payment(),
                pounds_expr(pl.col("at_stake_pence")),
                pounds_expr(pl.col("seen_pence")),
            ),
        )
    )
    told = pl.concat([lost, other]).sort("case_id", "words", "flag_id")
    return told.group_by("case_id", maintain_order=True).agg(restated=pl.col("words").str.join("; "))


def _of_payment() -> pl.Expr:
    """' (Payee, sum)' where the payment is known, else nothing."""
    return filled_in(" ({}, {})", "payee_shown", pounds_expr(pl.col("amount_pence"))).fill_null("")


def _seen(decided: pl.DataFrame) -> pl.DataFrame:
    """case_id, flag_id and seen_pence of every flag somebody saw."""
    return (
        decided.select("case_id", pl.col("flags_seen").str.split("|").alias("seen"))
        .explode("seen")
        .filter(pl.col("seen").is_not_null() & (pl.col("seen") != ""))
        .select(
            "case_id", flag_id=pl.col("seen").str.extract(r"^(.*):"), seen_pence=pl.col("seen").str.extract(r":(-?\d+)$").cast(pl.Int64)
        )
    )


def _has_grown() -> pl.Expr:
    then, now = pl.col("seen_pence").abs(), pl.col("at_stake_pence").abs()
    return (now > then * (1 + GROWN_SHARE)) & (now > then + GROWN_PENCE)
