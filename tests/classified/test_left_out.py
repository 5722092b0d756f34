"""Evidence that an answer names carries it: left out, the answer is less sure or another one."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.classified.classifier import classify
from phb_audit.classified.left_out import left_out
from phb_audit.settings import shipped

COLUMNS = ("merchant", "description", "mcc")


@pytest.fixture(scope="module")
def frozen() -> pl.DataFrame:
    lines = pl.read_csv(shipped("reference") / "frozen_lines.csv", infer_schema=False).with_columns(pl.all().fill_null(""))
    return left_out(lines.select(COLUMNS)).hstack(classify(lines.select(COLUMNS)).select("probability_share", "is_abstained", "because"))


def test_without_the_named_evidence_an_answer_is_less_sure(frozen: pl.DataFrame) -> None:
    named = frozen.filter(pl.col("because").str.contains("^The words? '"), pl.col("least_share").is_not_null())
    fell = named.filter(pl.col("least_share") < pl.col("probability_share"))
    assert named.height > 80
    rose = named.filter(pl.col("least_share") > pl.col("probability_share") + 0.01)
    assert rose.is_empty(), rose.select(COLUMNS).rows()
    assert fell.height >= 0.97 * named.height


def test_every_settled_line_with_parts_is_told_what_would_change_it(frozen: pl.DataFrame) -> None:
    settled = frozen.filter(~pl.col("is_abstained"), pl.col("least_share").is_not_null())
    assert settled.filter(pl.col("would_change") == "").is_empty()
    assert frozen.filter("is_abstained")["would_change"].unique().to_list() in ([""], [])


def test_nothing_can_be_left_out_of_a_line_of_one_word() -> None:
    one = left_out(pl.DataFrame({"merchant": ["SPAR"], "description": [""], "mcc": [""]}))
    assert one.select("would_change", "least_share").row(0) == ("", None)


def test_no_lines_no_answers() -> None:
    assert left_out(pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))).height == 0
