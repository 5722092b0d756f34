"""A reason is honest: take away what it names and the probability of the answer falls; what speaks against it, and it rises."""

from __future__ import annotations

import polars as pl

from phb_audit.classified.classifier import classify
from phb_audit.classified.model import MIXED
from tests.classified import measure


def lines() -> pl.DataFrame:
    sets = [pl.read_csv(path, infer_schema=False) for path in (measure.FROZEN, measure.HERE / "dev_lines.csv")]
    return pl.concat([each.select("merchant", "description", "mcc") for each in sets]).with_columns(pl.all().fill_null(""))


def share_of(frame: pl.DataFrame, wanted: pl.Series) -> pl.Series:
    """What each changed line still gives to the answer it had: its first or second choice, or less than both."""
    told = classify(frame).with_columns(wanted=wanted)
    first = pl.when(pl.col("category_code") == pl.col("wanted")).then("probability_share")
    second = pl.when(pl.col("second_code") == pl.col("wanted")).then("second_share")
    return told.select(pl.coalesce(first, second, pl.lit(0.0)))["probability_share"]


def settled() -> pl.DataFrame:
    frame = lines()
    told = pl.concat([frame, classify(frame)], how="horizontal")
    return told.filter(~pl.col("is_abstained"), pl.col("category_code") != MIXED)


def falls(told: pl.DataFrame, changed: pl.DataFrame) -> float:
    """Part of the lines whose answer lost probability by the change."""
    after = share_of(changed.select("merchant", "description", "mcc"), told["category_code"])
    return float((after <= told["probability_share"]).mean())  # type: ignore[arg-type]


def test_without_the_quoted_words_the_answer_is_less_likely() -> None:
    told = settled().filter(pl.col("because").str.contains("(?i)the words? '"))
    quoted = told["because"].str.extract_all("'[^']+'").list.eval(pl.element().str.strip_chars("'"))
    changed = told.with_columns(
        pl.Series(
            "description",
            [
                " ".join(part for part in text.split() if not any(word in part.lower() for word in words))
                for text, words in zip(told["description"], quoted, strict=True)
            ],
        ),
        pl.Series(
            "merchant",
            [
                " ".join(part for part in text.split() if not any(word in part.lower() for word in words))
                for text, words in zip(told["merchant"], quoted, strict=True)
            ],
        ),
    )
    assert told.height > 200
    assert falls(told, changed) >= 0.9


def test_without_the_trade_code_that_speaks_for_it_the_answer_is_less_likely() -> None:
    told = settled().filter(pl.col("because").str.contains("(?i)the shop's trade code"), pl.col("description") != "")
    assert told.height > 50
    assert falls(told, told.with_columns(mcc=pl.lit(""))) >= 0.9


def test_without_the_trade_code_that_speaks_against_it_the_answer_is_likelier() -> None:
    told = settled().filter(pl.col("because").str.contains("its trade code"))
    changed = told.with_columns(mcc=pl.lit(""))
    after = share_of(changed.select("merchant", "description", "mcc"), told["category_code"])
    assert told.height > 5
    assert (after >= told["probability_share"] - 1e-6).mean() >= 0.8  # type: ignore[operator]


def test_without_the_known_name_the_answer_is_less_likely() -> None:
    told = settled().filter(pl.col("because").str.contains("is a known name"), pl.col("description") != "")
    assert told.height > 30
    assert falls(told, told.with_columns(merchant=pl.lit(""))) >= 0.85
