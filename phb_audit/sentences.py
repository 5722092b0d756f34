"""Sentences of columns: what `pl.format` does, without it.

Polars 2.1 stops the night in `pl.format` ("assertion failed: i < self.len()") where the first of a column's chunks is empty, which depends
on how its threads shared the rows: the same night may end one time in two. `pl.concat_str` copes with such columns.
"""

from __future__ import annotations

import polars as pl


def filled_in(template: str, *values: pl.Expr | pl.Series | str) -> pl.Expr:
    """The template with each {} replaced by a value: the name of a column, an expression or a column; null where one of them is null.

    Always new text: nothing of what was read is kept in memory for it. Raises ValueError for another number of values than of {}.
    """
    first, *others = template.split("{}")
    if len(others) != len(values):
        raise ValueError(f"{template!r} takes {len(others)} values, not {len(values)}.")
    parts: list[pl.Expr | pl.Series | str] = [pl.lit(first)]
    for value, text in zip(values, others, strict=True):
        parts += [value, pl.lit(text)] if text else [value]
    return pl.concat_str(parts)
