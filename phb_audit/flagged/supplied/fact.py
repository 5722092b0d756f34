"""What a person could still supply (a paper, an agreement, a record put right), as a change to the rows that rules see.

A fact changes many worlds at once: `frames` holds copies of a holder's rows, each with its own ids, and `given` says for which of them
the fact is there, one row per thing that was found: holder_id, payment_id, subject_id, subject_on and rule_id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.rules.spending import FRAMES

Frames = dict[str, pl.DataFrame]
Change = Callable[[Frames, pl.DataFrame, date], Frames]
# A frame of its own beside those of a Spending: purchases that an agreed exception covers, as flagged.excepted gives them.
EXCEPTED = "excepted"
EXCEPTED_COLUMNS: dict[str, pl.DataType] = {
    "payment_id": pl.String(),
    "exception_id": pl.String(),
    "is_beyond": pl.Boolean(),
    "because": pl.String(),
}
NEW = "-new"


@dataclass(frozen=True)
class Fact:
    """One thing that could be supplied. `one` and `many` are how it is said of one thing and of `{count}`; `who` can supply it (empty where
    the words say it); `rules` are those whose question it can settle."""

    code: str
    one: str
    many: str
    who: str
    rules: tuple[str, ...]
    change: Change

    def words(self, count: int) -> str:
        """The fact as it is said of so many things."""
        return self.one if count == 1 else self.many.format(count=count)


def changed(frames: Frames, name: str, given: pl.DataFrame, on: Mapping[str, str], **columns: pl.Expr | object) -> Frames:
    """The frames with some columns of one frame put otherwise, where a row of `given` names it: `on` is column of the frame to that of
    `given`. An expression may use columns of the frame alone."""
    keys = given.select(pl.col(theirs).alias(own) for own, theirs in on.items()).drop_nulls().unique()
    frame = frames[name].join(keys.with_columns(is_given=pl.lit(True)), on=list(on), how="left", maintain_order="left")
    is_given = pl.col("is_given").fill_null(False)
    values = {key: value if isinstance(value, pl.Expr) else pl.lit(value, dtype=frame.schema[key]) for key, value in columns.items()}
    put = [pl.when(is_given).then(value.cast(frame.schema[key])).otherwise(key).alias(key) for key, value in values.items()]
    return frames | {name: frame.with_columns(put).drop("is_given")}


def added(frames: Frames, name: str, rows: pl.DataFrame, **columns: pl.Expr | object) -> Frames:
    """The frames with rows added to one of them; a column that is not given stays empty."""
    values = {key: value if isinstance(value, pl.Expr) else pl.lit(value) for key, value in columns.items()}
    full = rows.select((values[key] if key in values else pl.lit(None)).cast(kind).alias(key) for key, kind in frames[name].schema.items())
    return frames | {name: pl.concat([frames[name], full])}


def payments_of(frames: Frames, given: pl.DataFrame) -> pl.DataFrame:
    """The payments that `given` names."""
    return frames["payments"].join(given.select("payment_id").drop_nulls().unique(), on="payment_id", how="semi", maintain_order="left")


def holders_of(given: pl.DataFrame) -> pl.DataFrame:
    """One row per holder (holder_id), with the earliest day of what was found."""
    return given.group_by("holder_id").agg(pl.col("subject_on").min()).sort("holder_id")


def new_id(column: str, mark: str = "") -> pl.Expr:
    """An id for a row that is added, made of another's, so that it is this world's alone."""
    return pl.concat_str(pl.lit(f"{mark or NEW}:"), column)


def empty_excepted() -> pl.DataFrame:
    """No purchase is covered by an exception."""
    return pl.DataFrame(schema=EXCEPTED_COLUMNS)


def columns_of(name: str) -> dict[str, pl.DataType]:
    """The columns of a frame of a Spending."""
    return FRAMES[name]
