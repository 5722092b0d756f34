"""Reading text columns: every distinct text is read once, however many rows carry it."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from phb_audit.money import pence_series
from phb_audit.periods import day, utc_day

Reader = Callable[[pl.Expr], pl.Expr]
YES = ("yes", "y", "true", "t", "1")


def read(words: pl.Series, reader: Reader) -> pl.Series:
    """`reader` over a text column, asked once for each distinct text; nulls stay null. Keeps order and name."""
    name = words.name
    distinct = words.drop_nulls().unique().to_frame(name)
    answers = distinct.with_columns(answer=reader(pl.col(name)))
    return words.to_frame(name).join(answers, on=name, how="left", maintain_order="left")["answer"].rename(name)


def read_columns(frame: pl.DataFrame, reader: Reader, **columns: str) -> pl.DataFrame:
    """The frame with new columns read from text columns: `read_columns(frame, day, paid_on="paid_on_text")`."""
    return frame.with_columns(read(frame[source], reader).alias(new) for new, source in columns.items())


def read_pence(frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
    """New Int64 columns in pence; null where the text is no amount. The same answers as `money.pence`, many times faster."""
    return frame.with_columns(pence_series(frame[source]).alias(new) for new, source in columns.items())


def read_days(frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
    """New Date columns; null where the text is no date."""
    return read_columns(frame, day, **columns)


def read_utc_days(frame: pl.DataFrame, **columns: str) -> pl.DataFrame:
    """New Date columns from UTC timestamps: the day it was in London. Minutes cannot move a day, so they are cut before reading."""
    on_the_hour = {f"{new}_hour": _on_the_hour(frame[source]) for new, source in columns.items()}
    cut = frame.with_columns(**on_the_hour)
    return read_columns(cut, utc_day, **{new: f"{new}_hour" for new in columns}).drop(on_the_hour.keys())


def _on_the_hour(moments: pl.Series) -> pl.Series:
    """The texts with their minutes cut; a moment written as '2026-07-01 23:30:00' needs no pattern for it."""
    found = moments.filter(moments.is_not_null())
    is_plain = found.str.contains(r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d$")
    cut = found.str.slice(0, len("2026-07-01 23")) + ":00"
    if not is_plain.all():
        odd = found.filter(~is_plain).str.replace(r"(\d{1,2}):\d{2}(:\d{2}(\.\d+)?)?", "$1:00")
        cut = cut.scatter((~is_plain).arg_true(), odd)
    nothing = pl.Series(moments.name, [None], dtype=pl.String).new_from_index(0, moments.len())
    return nothing.scatter(moments.is_not_null().arg_true(), cut)


def is_yes(text: pl.Expr) -> pl.Expr:
    """True for yes, y, true and 1; false for anything else and for null."""
    return text.str.strip_chars().str.to_lowercase().is_in(YES).fill_null(False)


def code(text: pl.Expr) -> pl.Expr:
    """Lower case, single blanks: the form in which senders' codes are compared."""
    return text.str.strip_chars().str.to_lowercase().str.replace_all(r"\s+", " ")


def number(text: pl.Expr) -> pl.Expr:
    """Float64 rounded to six places; null where the text is no number."""
    return text.str.replace_all(r"[,\s]", "").cast(pl.Float64, strict=False).round(6)


def unread(text: str, value: str) -> pl.Expr:
    """True where there is text but no value could be read from it."""
    return pl.col(text).is_not_null() & pl.col(value).is_null()


def holder(reference: str = "holder_ref") -> pl.Expr:
    """The holder's pseudonym; null where there is none or the NHS number failed its check digit."""
    return pl.when(pl.col(reference).str.starts_with("H")).then(pl.col(reference))
