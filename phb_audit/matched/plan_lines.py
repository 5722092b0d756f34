"""The plan line a payment fits best, the runner-up, and the line of a later version that names what this one does not."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.evidence import Lines, Texts, hits
from phb_audit.matched.strength import FITS_SHARE, UNCLEAR_SHARE, with_strength

LINE_FACTS = ("amount_pence", "most_at_once_pence", "frequency_code", "starts_on", "ends_on")
EVIDENCE = (
    *("kind_share", "words_weight", "supplier_share", "words", "is_receipt_words", "is_receipt_kind"),
    *("is_agreed_amount", "is_above_limit", "is_outside_dates"),
)
RUNNER_UP_SHARE = 0.10  # a weaker second line is not worth naming
ONE_OFF = "one-off"
UNTOLD = ("M02", "M03", "M04", "Z01")  # bank charges, money given back, mixed baskets, cash


def scored(asked: pl.DataFrame, payments: pl.DataFrame, texts: Texts, lines: Lines, *, heed_dates: bool = True) -> pl.DataFrame:
    """One row per payment and plan line that anything speaks for, strongest first within a payment.

    `asked`: `pay_idx, version_idx, text_idx`. `payments`: `pay_idx, paid_pence, paid_on, is_sure`.
    """
    pairs = hits(asked, texts, lines).join(payments, on="pay_idx").join(lines.lines.select("line_idx", *LINE_FACTS), on="line_idx")
    return with_strength(pairs, heed_dates=heed_dates).sort("pay_idx", "share", "line_idx", descending=[False, True, False])


def best_two(pairs: pl.DataFrame) -> pl.DataFrame:
    """One row per payment: its best line (`line_idx, share` and the evidence) and `runner_idx, runner_up_share`; as sorted by `scored`."""
    is_first = (pl.col("pay_idx") != pl.col("pay_idx").shift(1)).fill_null(True)
    same_next = pl.col("pay_idx").shift(-1) == pl.col("pay_idx")
    weighty = same_next & (pl.col("share").shift(-1) >= RUNNER_UP_SHARE)
    return pairs.with_columns(
        runner_idx=pl.when(weighty).then(pl.col("line_idx").shift(-1)),
        runner_up_share=pl.when(weighty).then(pl.col("share").shift(-1)),
    ).filter(is_first)


def later_lines(pairs: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """One row per payment that a specific line of a later version names: `pay_idx, later_plan_line_id, later_plan_version_id`.

    Specific: agreed by name, or a one-off. Of several later versions the first that names it counts.
    """
    specific = lines.lines.filter(pl.col("is_preapproved") | (pl.col("frequency_code") == ONE_OFF)).select(
        "line_idx", "effective_from_on", later_plan_line_id="plan_line_id", later_plan_version_id="plan_version_id"
    )
    return (
        pairs.filter(pl.col("share") >= FITS_SHARE)
        .join(specific, on="line_idx")
        .sort("pay_idx", "effective_from_on", "share", "line_idx", descending=[False, False, True, False])
        .unique("pay_idx", keep="first", maintain_order=True)
        .select("pay_idx", "later_plan_line_id", "later_plan_version_id")
    )


def match_code(payments: pl.DataFrame) -> pl.DataFrame:
    """The payments with `match_code`; see docs/explanation/matching.md.

    `share` is null where nothing speaks for any line. What the words do not settle, and what plans do not name (UNTOLD), is never
    'no_match': a plan cannot lack a thing nobody has named.
    """
    untold = ~pl.col("is_sure") | pl.col("category_code").is_in(UNTOLD) | pl.col("is_second_in_plan")
    share = pl.col("share").fill_null(0.0)
    return payments.with_columns(
        match_code=pl.when(~pl.col("is_spend"))
        .then(pl.lit("unclear"))
        .when(pl.col("plan_version_id").is_null())
        .then(pl.lit("no_plan"))
        .when(share >= FITS_SHARE)
        .then(pl.lit("fits"))
        .when((share >= UNCLEAR_SHARE) | untold)
        .then(pl.lit("unclear"))
        .otherwise(pl.lit("no_match"))
    )
