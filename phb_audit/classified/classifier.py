"""The classifier's door: a frame of lines in, one answer a line out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl

from phb_audit.classified.answers import answers
from phb_audit.classified.calibration import Calibration, calibration_beside
from phb_audit.classified.council import COUNCIL
from phb_audit.classified.experts import WEIGHTS
from phb_audit.classified.model import judge, model_of, read_lines
from phb_audit.classified.reference import fingerprint, reference
from phb_audit.classified.table import TABLE
from phb_audit.settings import shipped

VERSION = "2"
AT_ONCE = 20_000
"""Distinct lines judged at a time: their scores (70 numbers for each line and expert) then fit the processor's cache and little memory."""


def model_version(weights: Path = WEIGHTS) -> str:
    """Version of the classifier (with a commissioner's own weights where given): it changes whenever an answer may."""
    return _version_of(weights, calibration_beside(weights))


@cache
def _version_of(weights: Path, calibration: Path) -> str:
    return f"{VERSION}-{fingerprint(shipped('reference'), (weights, TABLE, COUNCIL, calibration))}"


def classify(
    frame: pl.DataFrame, remembered: pl.DataFrame | None = None, weights: Path = WEIGHTS, measured: Calibration | None = None
) -> pl.DataFrame:
    """Answers for lines with the columns `merchant`, `description`, `mcc` (text, may be null), one row a line, in order.

    `remembered` is what people decided of sellers: `merchant_words` (cleaned), `category_code`, `told_share`, as in `decided.names`.
    It is asked before every other memory. `weights` are the shipped ones, or a commissioner's own (see `learned`); they are
    asked with the calibration beside them, or with `measured` where it is given.

    Returns the columns of `phb_audit.tables.classified.ANSWER`, and `merchant_words` and `description_words`, what
    cleaning left. Cleaned lines that are equal are read once.
    """
    lines = read_lines(frame.select("merchant", "description", "mcc"))
    distinct = lines.unique(maintain_order=True)
    parts = list(distinct.iter_slices(AT_ONCE)) or [distinct]
    model = model_of(weights) if measured is None else replace(model_of(weights), measured=measured)
    told = pl.concat([answers(judge(part, remembered, model), reference()) for part in parts])
    every = lines.join(
        pl.concat([distinct, told], how="horizontal"), on=distinct.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    return every.select(*told.columns, merchant_words="merchant", description_words="description")
