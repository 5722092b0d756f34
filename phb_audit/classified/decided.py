"""What people decided, as the first memory that is asked: a wording they named, or a seller they named.

A wording (seller, description and merchant code after cleaning) that a person decided is that category from the next night on. What was
decided of a seller counts for its other lines too, as a known name does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.classified.experts import ask_memory
from phb_audit.classified.reference import reference
from phb_audit.periods import plain_day_expr
from phb_audit.sentences import filled_in

DECIDED_SHARE = 0.99
MIXED, MIXED_FROM = "M04", 0.5
WORDING = ("merchant_words", "description_words", "mcc_code")


def sells_everything(names: pl.Series) -> npt.NDArray[np.bool_]:
    """Which cleaned sellers are known to sell things of many kinds: one line of theirs tells nothing of the next."""
    known = reference()
    rows = ask_memory(names, known)
    answers: npt.NDArray[np.bool_] = (known.merchant_shares[:, known.place(MIXED)] >= MIXED_FROM)[rows] & (rows > 0)
    return answers


def with_decided(answered: pl.DataFrame, wordings: pl.DataFrame) -> pl.DataFrame:
    """Answers with `merchant_words, description_words, mcc_code`, those of decided wordings replaced by what a person said.

    `wordings`: `merchant_words, description_words, mcc_code` ('' for none), `decided_code, decided_on`, as `decided_wordings.sql` gives.
    """
    if wordings.is_empty():
        return answered
    keyed = answered.with_columns(pl.col("mcc_code").fill_null("").alias("mcc_key"))
    found = keyed.join(
        wordings.rename({"mcc_code": "mcc_key"}), on=["merchant_words", "description_words", "mcc_key"], how="left", maintain_order="left"
    )
    said, is_other = pl.col("decided_code"), pl.col("decided_code") != pl.col("category_code")
    because = filled_in("A person said so of this very wording, on {}.", plain_day_expr(pl.col("decided_on")))
    told = {
        "second_code": pl.when(is_other).then("category_code").otherwise("second_code"),
        "second_share": pl.when(pl.col("decided_code").is_not_null()).then(1 - DECIDED_SHARE),
        "category_code": said,
        "probability_share": pl.lit(DECIDED_SHARE),
        "set_codes": said,
        "set_count": pl.lit(1, pl.Int64),
        "strange_share": pl.lit(0.0),
        "how_code": pl.lit("decided"),
        "is_abstained": pl.lit(False),
        "because": because,
    }
    decided = [pl.when(said.is_not_null()).then(value).otherwise(name).alias(name) for name, value in told.items()]
    return found.with_columns(decided).select(answered.columns)
