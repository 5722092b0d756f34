"""Why a payment fits a plan line, or does not, in words a clinician reads."""

from __future__ import annotations

import polars as pl

from phb_audit.matched.reference import ITSELF, category_words, near_categories
from phb_audit.money import pounds_expr
from phb_audit.periods import plain_day_expr
from phb_audit.sentences import filled_in

TELLS = "An invoice would tell."
QUOTED_LETTERS = 160
TELLING_SUPPLIER_SHARE = 0.5  # half of the words of the supplier the plan names
NOT_A_PURCHASE = "Not a purchase: the plan is asked only about spend."
NO_PLAN_AT_ALL = "No plan of this holder is on file."

NEEDED = (
    *(
        "is_spend",
        "match_code",
        "has_any_plan",
        "paid_on",
        "category_code",
        "is_abstained",
        "is_sure",
        "supplier_share",
        "kind_share",
        "is_receipt_words",
        "is_receipt_kind",
    ),
    *("plan_line_words", "line_category_code", "words", "served_words", "nearest_words"),
    *("is_agreed_amount", "is_above_limit", "limit_pence", "is_outside_dates"),
)


def quoted(words: pl.Expr) -> pl.Expr:
    """The plan's own words in quotation marks, cut after 160 letters."""
    tidy = words.str.replace_all(r"\s+", " ").str.strip_chars().str.strip_chars_end(".")
    return pl.concat_str(
        pl.lit("'"),
        pl.when(tidy.str.len_chars() > QUOTED_LETTERS).then(pl.concat_str(tidy.str.head(QUOTED_LETTERS), pl.lit("..."))).otherwise(tidy),
        pl.lit("'"),
    )


def because(payments: pl.DataFrame) -> pl.DataFrame:
    """One row per payment, in order of `pay_idx`: `match_because`; every sentence stands on its own and quotes the plan.

    Needs the columns of `phb_audit.matched.best_lines.with_lines`. Each sentence is written once, however many payments it is true of.
    """
    needed = payments.select(NEEDED).with_columns(
        paid_on=pl.when(pl.col("match_code") == "no_plan").then("paid_on"), limit_pence=pl.when("is_above_limit").then("limit_pence")
    )
    every = payments.select("pay_idx", sentence=needed.hash_rows())
    once = every["sentence"].arg_unique()
    first = needed[once].with_columns(every["sentence"].gather(once))
    return every.join(_sentences(first), on="sentence", how="left", maintain_order="left").select("pay_idx", "match_because")


def _sentences(distinct: pl.DataFrame) -> pl.DataFrame:
    """One row per distinct answer (`sentence`): `match_because`. Each kind of answer is written for its own rows only."""
    plain = category_words()
    told = (
        distinct.join(plain.rename({"code": "category_code", "plain": "bought"}), on="category_code", how="left")
        .join(plain.rename({"code": "line_category_code", "plain": "line_kind"}), on="line_category_code", how="left")
        .join(_kinds(), on=["category_code", "line_category_code"], how="left")
        .with_columns(
            pl.col("bought").fill_null("something not told by the words"), has_supplier=pl.col("supplier_share") >= TELLING_SUPPLIER_SHARE
        )
    )
    spend, code, has_line = pl.col("is_spend"), pl.col("match_code"), pl.col("plan_line_words").is_not_null()
    answers = [
        (~spend, pl.lit(NOT_A_PURCHASE)),
        (spend & (code == "no_plan"), _no_plan()),
        (spend & (code == "fits"), _fits()),
        (spend & (code == "unclear") & has_line, _nearest()),
        (spend & (code == "unclear") & ~has_line, _untold()),
        (spend & (code == "no_match"), _no_line()),
    ]
    return pl.concat([told.filter(which).select("sentence", match_because=sentence) for which, sentence in answers])


def _no_plan() -> pl.Expr:
    lapsed = filled_in("A plan is on file, but none was in force on {}.", plain_day_expr(pl.col("paid_on")))
    return pl.when("has_any_plan").then(lapsed).otherwise(pl.lit(NO_PLAN_AT_ALL))


def _fits() -> pl.Expr:
    return pl.concat_str(pl.lit("The plan line "), quoted(pl.col("plan_line_words")), pl.lit(" "), _what_speaks(), pl.lit("."), _limits())


def _nearest() -> pl.Expr:
    words = quoted(pl.col("plan_line_words"))
    return pl.concat_str(pl.lit("Nearest is the plan line "), words, pl.lit(": it "), _what_speaks(), _missing(), _limits())


def _kinds() -> pl.DataFrame:
    """One row per category bought and near category of a line: `near_because` and `kind`, how the two speak for each other."""
    plain = category_words()
    return (
        near_categories()
        .join(plain.rename({"plain": "bought"}), on="code")
        .join(plain.rename({"code": "line_code", "plain": "line_kind"}), on="line_code")
        .select(
            "near_because",
            category_code="code",
            line_category_code="line_code",
            kind=pl.when(pl.col("near_because") == ITSELF)
            .then(filled_in("; is for {}, and that is what was bought", "line_kind"))
            .otherwise(filled_in("; is for {}; what was bought is {} ({})", "line_kind", "bought", "near_because")),
        )
    )


def _what_speaks() -> pl.Expr:
    """The pieces of evidence, each behind a semicolon, without the first semicolon."""
    none = pl.lit("")
    words = (
        pl.when(pl.col("words").str.len_bytes() == 0)
        .then(none)
        .when("is_receipt_words")
        .then(filled_in("; names {}, as the receipt's lines do", pl.col("words")))
        .otherwise(filled_in("; names {}, as the payee's words do", pl.col("words")))
    )
    kind = (
        pl.when(pl.col("kind").is_not_null() & ~pl.col("is_receipt_kind"))
        .then("kind")
        .when(pl.col("line_kind").is_null() | (pl.col("kind_share") == 0))
        .then(none)
        .when("is_receipt_kind")
        .then(filled_in("; is for {}, as the receipt's lines are", pl.col("line_kind")))
        .when("is_abstained")
        .then(filled_in("; is for {}, which the payee's words allow", pl.col("line_kind")))
        .otherwise(none)
    )
    supplier = pl.when("has_supplier").then(pl.lit("; names this supplier")).otherwise(none)
    amount = pl.when("is_agreed_amount").then(pl.lit("; agrees this amount")).otherwise(none)
    spoken = pl.concat_str(words, kind, supplier, amount)
    return pl.when(spoken.str.len_bytes() == 0).then(pl.lit("has little in common with it")).otherwise(spoken.str.slice(2))


def _missing() -> pl.Expr:
    return (
        pl.when("is_abstained")
        .then(pl.lit(". The words do not settle what was bought; an invoice would."))
        .when(pl.col("is_sure") & pl.col("near_because").is_null())
        .then(filled_in(". But what was bought reads as {}.", pl.col("bought")))
        .otherwise(pl.lit(". That alone does not make it the same thing."))
    )


def _limits() -> pl.Expr:
    above = pl.when("is_above_limit").then(
        filled_in(" The amount is more than the line allows at once ({}).", pounds_expr(pl.col("limit_pence")))
    )
    outside = pl.when("is_outside_dates").then(pl.lit(" The day lies outside the line's own dates."))
    return pl.concat_str(above.otherwise(pl.lit("")), outside.otherwise(pl.lit("")))


def _untold() -> pl.Expr:
    code = pl.col("category_code")
    likely = filled_in(
        "The words read most like {}, but not surely, and no line of the plan in force speaks of that. {}", "bought", pl.lit(TELLS)
    )
    return (
        pl.when(code == "Z01")
        .then(pl.lit("Cash: what it bought is not known, so no plan line can be named. A receipt or cash book would tell."))
        .when(code == "M03")
        .then(pl.lit("Money given back to the commissioner: no plan line is needed."))
        .when(code == "M02")
        .then(pl.lit("A bank charge, post or printing: plans seldom name these."))
        .when(pl.col("is_abstained") | (code == "M04"))
        .then(pl.lit(f"The words do not tell what was bought, so no plan line can be named. {TELLS}"))
        .otherwise(likely)
    )


def _no_line() -> pl.Expr:
    nearest = pl.when(pl.col("nearest_words").is_not_null()).then(filled_in("; nearest: {}", quoted(pl.col("nearest_words"))))
    served = pl.when(pl.col("served_words").is_not_null()).then(
        filled_in(" The plan's outcome {} could be what it serves.", quoted(pl.col("served_words")))
    )
    return pl.concat_str(
        pl.lit("No line of the plan in force speaks of "),
        "bought",
        nearest.otherwise(pl.lit("")),
        pl.lit("."),
        served.otherwise(pl.lit("")),
    )
