"""What speaks for a payment and a plan line belonging together: kinds of purchase, words in common, the supplier the plan names."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.matched.reference import near_categories
from phb_audit.matched.words import keyed

CODE_COLUMNS = ("category_code", "second_code")


@dataclass(frozen=True)
class Texts:
    """What payments say: each distinct string (or receipt) once.

    `keys`: one row per text and word key (`text_idx, key`). `codes`: one row per text and category (`text_idx, code, code_share`).
    """

    keys: pl.DataFrame
    codes: pl.DataFrame


@dataclass(frozen=True)
class Lines:
    """What plans say. `lines`: one row per plan line, with `line_idx` and `version_idx`; `words`: one row per line and word key."""

    lines: pl.DataFrame
    words: pl.DataFrame


def texts_of_strings(payments: pl.DataFrame) -> tuple[pl.DataFrame, Texts]:
    """One row per payment of `payments` (`pay_idx, text_idx`), and the texts: equal strings of equal category are one text."""
    by = ["string_id", "category_code"]
    distinct = payments.sort(*by, "pay_idx").unique(by, keep="first", maintain_order=True).with_row_index("text_idx")
    said = distinct.select("text_idx", said=pl.concat_str("payee_text", "description", separator=" ", ignore_nulls=True))
    codes = pl.concat(
        [
            distinct.select("text_idx", code="category_code", code_share="probability_share"),
            distinct.select("text_idx", code="second_code", code_share=pl.col("second_share").fill_null(0.0)),
        ]
    ).filter(pl.col("code").is_not_null() & (pl.col("code_share") > 0))
    return payments.select("pay_idx", *by).join(distinct.select("text_idx", *by), on=by).select("pay_idx", "text_idx"), Texts(
        _keys_of(said), codes
    )


def texts_of_receipts(matched: pl.DataFrame, lines: pl.DataFrame, first_idx: int) -> tuple[pl.DataFrame, Texts]:
    """As `texts_of_strings` for the receipts beside payments (`pay_idx, receipt_id`): categories weigh by their share of the total.

    `lines` is one row per receipt line: `receipt_id, description, line_total_pence, category_code, probability_share`.
    """
    receipts = matched.select("receipt_id").unique().sort("receipt_id").with_row_index("text_idx", offset=first_idx)
    known = lines.join(receipts, on="receipt_id")
    said = known.sort("text_idx", "receipt_line_id").group_by("text_idx", maintain_order=True).agg(said=pl.col("description").str.join(" "))
    size = pl.col("line_total_pence").fill_null(0).abs() + 1
    weighed = known.with_columns(part=pl.col("probability_share") * size / size.sum().over("text_idx"))
    codes = weighed.group_by("text_idx", code="category_code").agg(code_share=pl.col("part").sum().round(6)).drop_nulls("code")
    asked = matched.join(receipts, on="receipt_id").select("pay_idx", "text_idx")
    return asked, Texts(_keys_of(said), codes)


def _keys_of(said: pl.DataFrame) -> pl.DataFrame:
    distinct = said.select("said").unique().drop_nulls()
    return said.join(keyed(distinct, "said"), on="said").select("text_idx", "key")


def lines_of_plans(lines: pl.DataFrame) -> Lines:
    """The plan lines of some versions, numbered, with the keys of their description and of the supplier they name."""
    versions = lines.select("plan_version_id").unique().sort("plan_version_id").with_row_index("version_idx")
    numbered = lines.sort("plan_line_id").with_row_index("line_idx").join(versions, on="plan_version_id")
    described = _line_words(numbered, "description").with_columns(is_supplier=pl.lit(False), part=pl.lit(0.0))
    suppliers = _line_words(numbered, "supplier_name")
    named = suppliers.with_columns(is_supplier=pl.lit(True), part=pl.col("weight") / pl.col("weight").sum().over("line_idx"))
    return Lines(numbered, pl.concat([described, named], how="diagonal"))


def _line_words(lines: pl.DataFrame, column: str) -> pl.DataFrame:
    distinct = lines.select(column).unique().drop_nulls()
    return lines.select("line_idx", "version_idx", column).join(keyed(distinct, column), on=column).drop(column)


def kind_hits(combos: pl.DataFrame, texts: Texts, lines: Lines) -> pl.DataFrame:
    """One row per combo and line of the same or a near category: `combo_idx, line_idx, kind_share`.

    Each reading of the text counts by its probability; the readings add up, to 1 at most.
    """
    read = combos.join(texts.codes, on="text_idx").select("combo_idx", "version_idx", "code", "code_share")
    offered = lines.lines.select("version_idx", "line_idx", line_code="category_code")
    near = near_categories().select("code", "line_code", "nearness")
    wanted = read.select("version_idx", "code").unique().join(near, on="code").join(offered, on=["version_idx", "line_code"])
    hits = read.join(wanted, on=["version_idx", "code"])
    weighed = (pl.col("code_share") * pl.col("nearness")).sum().clip(0, 1)
    return hits.group_by("combo_idx", "line_idx").agg(kind_share=weighed.round(6))


def word_hits(combos: pl.DataFrame, texts: Texts, lines: Lines) -> pl.DataFrame:
    """One row per combo and line with words in common: `words_weight` (sum of weights), `supplier_share` (0-1), `words` (the plan's)."""
    keys = texts.keys.join(lines.words.select("key").unique(), on="key", how="semi")
    read = combos.join(keys, on="text_idx").select("combo_idx", "version_idx", "key")
    hits = read.join(lines.words, on=["version_idx", "key"])
    described = ~pl.col("is_supplier")
    return (
        hits.sort("combo_idx", "line_idx", "weight", "word", descending=[False, False, True, False])
        .group_by("combo_idx", "line_idx", maintain_order=True)
        .agg(
            words_weight=pl.col("weight").filter(described).sum().round(6),
            supplier_share=pl.col("part").sum().clip(0, 1).round(6),
            words=pl.col("word").filter(described).head(3).str.join(" and "),
        )
    )


def hits(asked: pl.DataFrame, texts: Texts, lines: Lines) -> pl.DataFrame:
    """One row per payment and plan line that anything speaks for; `asked` is one row per payment, version and text it says.

    Each distinct text is held against each plan version once, however many payments say it.
    """
    combos = asked.select("text_idx", "version_idx").unique().sort("text_idx", "version_idx").with_row_index("combo_idx")
    pairs = kind_hits(combos, texts, lines).join(word_hits(combos, texts, lines), on=["combo_idx", "line_idx"], how="full", coalesce=True)
    reached = asked.join(combos, on=["text_idx", "version_idx"]).select("pay_idx", "combo_idx").join(pairs, on="combo_idx")
    zero = pl.col("kind_share", "words_weight", "supplier_share").fill_null(0.0)
    once = reached.with_columns(zero, pl.col("words").fill_null(""))
    again = once.select("pay_idx", "line_idx").is_duplicated()
    merged = (
        once.filter(again)
        .sort("pay_idx", "line_idx", "words_weight", "words", descending=[False, False, True, False])
        .group_by("pay_idx", "line_idx", maintain_order=True)
        .agg(pl.col("kind_share", "words_weight", "supplier_share").max(), pl.col("words").first())
    )
    return pl.concat([once.filter(~again).select(merged.columns), merged])
