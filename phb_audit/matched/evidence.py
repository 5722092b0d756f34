"""What speaks for a payment and a plan line belonging together: kinds of purchase, words in common, the supplier the plan names."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from phb_audit.matched.reference import near_categories
from phb_audit.matched.strength import as_planned
from phb_audit.matched.words import WORD, keyed

READINGS = ("category_code", "probability_share", "second_code", "second_share")
PACK = 2**32
TELLING_WEIGHT = 0.3  # a lighter word counts, but is not worth quoting
SPEAKING = ("kind_share", "words_weight", "supplier_share", "words")


@dataclass(frozen=True)
class Texts:
    """What payments say: each distinct string (or receipt) once.

    `keys`: one row per text and word key (`text_idx, key`). `codes`: one row per text and category (`text_idx, code, code_share`,
    and `planned_share` where the plan has a line of that very kind).
    """

    keys: pl.DataFrame
    codes: pl.DataFrame


@dataclass(frozen=True)
class Lines:
    """What plans say. `lines`: one row per plan line, with `line_idx` and `version_idx`; `words`: one row per line and word key."""

    lines: pl.DataFrame
    words: pl.DataFrame


def texts_of_strings(payments: pl.DataFrame) -> tuple[pl.DataFrame, Texts]:
    """One row per payment of `payments` (`pay_idx, text_idx`), and the texts: the same words read as the same category are one text."""
    said_as = payments.select("string_id", *READINGS)
    numbered = payments.select("pay_idx", reading=said_as.hash_rows())
    once = numbered["reading"].arg_unique()
    first = payments.select("string_id", "payee_text", "description", *READINGS)[once].with_columns(numbered["reading"].gather(once))
    words = pl.concat_str("payee_text", "description", separator=" ", ignore_nulls=True).str.to_lowercase().str.extract_all(WORD)
    strings = first.select("string_id", "payee_text", "description").unique("string_id").select("string_id", said=words.list.join(" "))
    said = first.select("reading", "string_id", *READINGS).join(strings, on="string_id")
    distinct = said.select("said", *READINGS).unique().sort("said", *READINGS).with_row_index("text_idx")
    read = said.join(distinct, on=["said", *READINGS], nulls_equal=True).select("reading", "text_idx")
    codes = pl.concat(
        [
            distinct.select("text_idx", code="category_code", code_share="probability_share"),
            distinct.select("text_idx", code="second_code", code_share=pl.col("second_share").fill_null(0.0)),
        ]
    ).filter(pl.col("code").is_not_null() & (pl.col("code_share") > 0))
    codes = codes.with_columns(planned_share=as_planned(pl.col("code_share")))
    asked = numbered.join(read, on="reading").select("pay_idx", "text_idx")
    return asked, Texts(_keys_of(distinct.select("text_idx", "said")), codes)


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
    codes = codes.with_columns(planned_share="code_share")
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
    """One row per combo and line of the same or a near category: `pair, kind_share`.

    Each reading of the text counts by its probability, higher where the plan has a line of that very kind; the readings add up, to 1 at
    most.
    """
    near = near_categories().select("code", "nearness", category_code="line_code")
    numbered = near.select("code").unique().sort("code").with_row_index("code_idx")
    at = _packed("version_idx", "code_idx")
    codes = texts.codes.join(numbered, on="code").select("text_idx", "code_idx", "code_share", "planned_share")
    read = combos.join(codes, on="text_idx").select("combo_idx", "code_share", "planned_share", at=at)
    near = near.join(numbered, on="code").select("category_code", "code_idx", "nearness")
    offered = lines.lines.select("version_idx", "line_idx", "category_code").join(near, on="category_code")
    hits = read.join(offered.select("line_idx", "nearness", at=at), on="at")
    share = pl.when(pl.col("nearness") == 1).then("planned_share").otherwise(pl.col("code_share") * pl.col("nearness"))
    return (
        hits.select(pair=_packed("combo_idx", "line_idx"), share=share)
        .group_by("pair")
        .agg(kind_share=pl.col("share").sum().clip(0, 1).round(6))
    )


def word_hits(combos: pl.DataFrame, texts: Texts, lines: Lines) -> pl.DataFrame:
    """One row per combo and line with words in common: `pair, words_weight` (sum), `supplier_share` (0-1), `words` (the plan's)."""
    both = ["key"]
    numbered = (
        texts.keys.select(both).unique().join(lines.words.select(both).unique(), on=both, how="semi").sort(both).with_row_index("key_idx")
    )
    at = _packed("version_idx", "key_idx")
    keys = texts.keys.join(numbered, on=both).select("text_idx", "key_idx")
    read = combos.join(keys, on="text_idx").select("combo_idx", at=at)
    offered = lines.words.join(numbered, on=both).select("line_idx", "word", "weight", "place", "is_supplier", "part", at=at)
    hits = read.join(offered, on="at").select("word", "weight", "place", "is_supplier", "part", pair=_packed("combo_idx", "line_idx"))
    described = ~pl.col("is_supplier")
    return (
        hits.sort("pair", "place")
        .group_by("pair", maintain_order=True)
        .agg(
            words_weight=pl.col("weight").filter(described).sum().round(6),
            supplier_share=pl.col("part").sum().clip(0, 1).round(6),
            words=pl.col("word").filter(described & (pl.col("weight") >= TELLING_WEIGHT)).head(3).str.join(" and "),
        )
    )


def hits(asked: pl.DataFrame, texts: Texts, lines: Lines) -> pl.DataFrame:
    """One row per payment and plan line that anything speaks for; `asked` is one row per payment, version and text it says.

    Each distinct text is held against each plan version once, however many payments say it.
    """
    asked = asked.select("pay_idx", "is_alone", "is_receipt", "text_idx", "version_idx", combo=_packed("text_idx", "version_idx"))
    combos = asked.select("combo", "text_idx", "version_idx").unique("combo").with_row_index("combo_idx")
    pairs = kind_hits(combos, texts, lines).join(word_hits(combos, texts, lines), on="pair", how="full", coalesce=True)
    pairs = pairs.select(
        pl.col("kind_share", "words_weight", "supplier_share").fill_null(0.0),
        pl.col("words").fill_null(""),
        combo_idx=(pl.col("pair") // PACK).cast(pl.UInt32),
        line_idx=(pl.col("pair") % PACK).cast(pl.UInt32),
    )
    reached = asked.join(combos, on="combo").select("pay_idx", "combo_idx", "is_alone", "is_receipt").join(pairs, on="combo_idx")
    lonely = reached.select(pl.col("is_alone") | ~_packed("pay_idx", "line_idx").is_duplicated()).to_series()
    of_receipt = pl.col("is_receipt")
    one = reached.filter(lonely).with_columns(
        is_receipt_words=of_receipt & (pl.col("words_weight") > 0), is_receipt_kind=of_receipt & (pl.col("kind_share") > 0)
    )
    merged = _merged(reached.filter(~lonely))
    return pl.concat([one.select(merged.columns), merged])


def _merged(reached: pl.DataFrame) -> pl.DataFrame:
    """One row per payment and line, where payee and receipt both speak: the stronger of the two, and whose it is."""
    by = ["pay_idx", "line_idx"]
    receipt = reached.filter("is_receipt").select(*by, pl.col(SPEAKING).name.suffix("_read"))
    both = reached.filter(~pl.col("is_receipt")).join(receipt, on=by)
    is_read = pl.col("words_weight_read") > pl.col("words_weight")
    return both.select(
        *by,
        *(pl.max_horizontal(name, f"{name}_read") for name in SPEAKING[:3]),
        words=pl.when(is_read).then("words_read").otherwise("words"),
        is_receipt_words=is_read,
        is_receipt_kind=pl.col("kind_share_read") > pl.col("kind_share"),
    )


def _packed(high: str, low: str) -> pl.Expr:
    """Two numbers as one: joins on one number are several times as fast as on two."""
    return pl.col(high).cast(pl.UInt64) * PACK + pl.col(low).cast(pl.UInt64)
