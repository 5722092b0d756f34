"""Why a payment fits a plan line, or does not, in words a clinician reads."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.reference import ITSELF, category_words, near_categories
from phb_audit.money import pounds_expr
from phb_audit.periods import plain_day_expr

QUOTED_LETTERS = 160
TELLING_SUPPLIER_SHARE = 0.5  # half of the words of the supplier the plan names
NOT_A_PURCHASE = "Not a purchase: the plan is asked only about spend."
NO_PLAN_AT_ALL = "No plan of this holder is on file."

TOLD = (
    *("is_spend", "match_code", "plan_version_id", "has_any_plan", "paid_on_shown", "category_code", "is_abstained", "is_sure"),
    *("plan_line_words", "line_category_code", "words", "has_supplier", "has_receipt", "served_words", "nearest_words"),
    *("is_agreed_amount", "is_above_limit", "limit_shown", "is_outside_dates"),
)


def quoted(words: pl.Expr) -> pl.Expr:
    """The plan's own words in quotation marks, cut after 160 letters."""
    tidy = words.str.replace_all(r"\s+", " ").str.strip_chars().str.strip_chars_end(".")
    return pl.concat_str(
        pl.lit("'"),
        pl.when(tidy.str.len_chars() > QUOTED_LETTERS).then(pl.concat_str(tidy.str.head(QUOTED_LETTERS), pl.lit("..."))).otherwise(tidy),
        pl.lit("'"),
    )


def with_because(payments: pl.DataFrame) -> pl.DataFrame:
    """The payments with `match_because`; every sentence stands on its own and quotes the plan.

    Needs the columns of `phb_audit.matched.payments.with_lines`; equal reasons are written once.
    """
    told = payments.with_columns(
        paid_on_shown=pl.when(pl.col("match_code") == "no_plan").then("paid_on"),
        has_supplier=pl.col("supplier_share") >= TELLING_SUPPLIER_SHARE,
        limit_shown=pl.when("is_above_limit").then("limit_pence"),
    )
    by = list(TOLD)
    distinct = told.select(by).unique().with_row_index("because_idx")
    sentences = _sentences(distinct)
    return (
        told.join(distinct, on=by, how="left", nulls_equal=True)
        .join(sentences, on="because_idx", how="left")
        .drop("because_idx", "paid_on_shown", "has_supplier", "limit_shown")
    )


def _sentences(told: pl.DataFrame) -> pl.DataFrame:
    plain = category_words()
    near = near_categories().select(category_code="code", line_category_code="line_code", near_because="near_because")
    told = (
        told.join(plain.rename({"code": "category_code", "plain": "bought"}), on="category_code", how="left")
        .join(plain.rename({"code": "line_category_code", "plain": "line_kind"}), on="line_category_code", how="left")
        .join(near, on=["category_code", "line_category_code"], how="left")
        .with_columns(pl.col("bought").fill_null("something not told by the words"))
    )
    told = told.with_columns(speaks=_what_speaks())
    sentence = (
        pl.when(~pl.col("is_spend"))
        .then(pl.lit(NOT_A_PURCHASE))
        .when((pl.col("match_code") == "no_plan") & ~pl.col("has_any_plan"))
        .then(pl.lit(NO_PLAN_AT_ALL))
        .when(pl.col("match_code") == "no_plan")
        .then(pl.format("A plan is on file, but none was in force on {}.", plain_day_expr(pl.col("paid_on_shown"))))
        .when(pl.col("match_code") == "fits")
        .then(pl.concat_str(pl.lit("The plan line "), quoted(pl.col("plan_line_words")), pl.lit(" "), "speaks", pl.lit("."), _limits()))
        .when((pl.col("match_code") == "unclear") & pl.col("plan_line_words").is_not_null())
        .then(
            pl.concat_str(
                pl.lit("Nearest is the plan line "), quoted(pl.col("plan_line_words")), pl.lit(": it "), "speaks", _missing(), _limits()
            )
        )
        .when(pl.col("match_code") == "unclear")
        .then(_untold())
        .otherwise(_no_line())
    )
    return told.select("because_idx", match_because=sentence)


def _what_speaks() -> pl.Expr:
    same = pl.col("near_because") == ITSELF
    kind = (
        pl.when(same)
        .then(pl.format("is for {}, and that is what was bought", pl.col("line_kind")))
        .when(pl.col("near_because").is_not_null())
        .then(pl.format("is for {}; what was bought is {} ({})", pl.col("line_kind"), pl.col("bought"), pl.col("near_because")))
        .when(pl.col("has_receipt"))
        .then(pl.format("is for {}, as the receipt's lines are", pl.col("line_kind")))
        .when(pl.col("is_abstained"))
        .then(pl.format("is for {}, which the payee's words allow", pl.col("line_kind")))
    )
    words = pl.when(pl.col("words").str.len_chars() > 0).then(
        pl.format(
            "names {}, as the payee{} do",
            pl.col("words"),
            pl.when("has_receipt").then(pl.lit("'s or receipt's words")).otherwise(pl.lit("'s words")),
        )
    )
    supplier = pl.when("has_supplier").then(pl.lit("names this supplier"))
    amount = pl.when("is_agreed_amount").then(pl.lit("agrees this amount"))
    spoken = pl.concat_list(words, kind, supplier, amount).list.drop_nulls()
    return pl.when(spoken.list.len() > 0).then(spoken.list.join("; ")).otherwise(pl.lit("has little in common with it"))


def _missing() -> pl.Expr:
    return (
        pl.when("is_abstained")
        .then(pl.lit(". The words do not settle what was bought; an invoice would."))
        .when(pl.col("is_sure") & pl.col("near_because").is_null())
        .then(pl.format(". But what was bought reads as {}.", pl.col("bought")))
        .otherwise(pl.lit(". That alone does not make it the same thing."))
    )


def _limits() -> pl.Expr:
    above = pl.when("is_above_limit").then(
        pl.format(" The amount is more than the line allows at once ({}).", pounds_expr(pl.col("limit_shown")))
    )
    outside = pl.when("is_outside_dates").then(pl.lit(" The day lies outside the line's own dates."))
    return pl.concat_str(above.otherwise(pl.lit("")), outside.otherwise(pl.lit("")))


def _untold() -> pl.Expr:
    return (
        pl.when(pl.col("category_code") == "Z01")
        .then(pl.lit("Cash: what it bought is not known, so no plan line can be named. A receipt or cash book would tell."))
        .when(pl.col("category_code") == "M02")
        .then(pl.lit("A bank charge, post or printing: plans seldom name these."))
        .otherwise(pl.lit("The words do not tell what was bought, so no plan line can be named. An invoice would tell."))
    )


def _no_line() -> pl.Expr:
    nearest = pl.when(pl.col("nearest_words").is_not_null()).then(pl.format("; nearest: {}", quoted(pl.col("nearest_words"))))
    served = pl.when(pl.col("served_words").is_not_null()).then(
        pl.format(" The plan's outcome {} could be what it serves.", quoted(pl.col("served_words")))
    )
    return pl.concat_str(
        pl.lit("No line of the plan in force speaks of "),
        "bought",
        nearest.otherwise(pl.lit("")),
        pl.lit("."),
        served.otherwise(pl.lit("")),
    )
