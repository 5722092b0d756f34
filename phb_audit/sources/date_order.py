"""Day or month first: decided once for a column of a file, never date by date.

'03/04/2026' alone says nothing; '07/13/2026' says that its column writes the month first, and then so does every date in it. Where
nothing says so, days stand first, as the UK writes.
"""

from __future__ import annotations

import re

import polars as pl

from phb_audit.errors import UnreadableFile
from phb_audit.sources.layouts import Layout

DAY_COLUMNS = re.compile(r"_on_text$|^(period|effective)_(from|to)_text$")
# Sort codes are written '07-16-20': with hyphens a year has four digits here.
HINT = r"\b(?:0?[1-9]|1[0-2])(?:/(?:1[3-9]|2\d|3[01])/(?:\d{4}|\d\d)|-(?:1[3-9]|2\d|3[01])-\d{4})\b"
HINT_IN_BYTES = re.compile(HINT.encode())
PARTS = r"^\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)(\D.*)?$"
SLIPS_SHARE = 0.02  # of the dates that tell their order so many may tell the other one and be slips: each is refused by itself
ONE_SLIP_AMONG = 5  # a single one beside so many is a slip, whatever its share
SURE_FROM = 3  # dates that tell their order: one beside many that do not is a slip of the hand
MONTHS = 12
NOTE = (
    "The file writes the month before the day (07/13/2026), and its dates were read so. Ask the sender to write days first, or 2026-07-13."
)


def day_columns(layout: Layout) -> list[str]:
    """Our columns of a layout that hold days."""
    return [name for name in layout.columns if DAY_COLUMNS.search(name)]


def month_first(cells: pl.DataFrame, layout: Layout) -> frozenset[str]:
    """The columns of one file's cells that write the month first; a column that does not tell does as those do that tell.

    Raises UnreadableFile where one column is written both ways.
    """
    names = day_columns(layout)
    said = {name: told(cells, name) for name in names}
    for name, (months, days) in said.items():
        fewer, more = sorted((len(months), len(days)))
        if fewer and not (fewer == 1 and more >= ONE_SLIP_AMONG) and fewer > SLIPS_SHARE * more:
            raise both_ways(layout, name, months[0], days[0])
    first = {name for name, (months, days) in said.items() if len(months) > len(days) and is_sure(cells, name, months)}
    if not first or any(len(days) > len(months) for months, days in said.values()):
        return frozenset(first)
    return frozenset(names)


def is_sure(cells: pl.DataFrame, name: str, months: pl.Series) -> bool:
    """Whether the dates that can only have the month first are no slip: so many of them, or else the others lie closer together so."""
    if len(months) >= SURE_FROM:
        return True
    parts = pl.col(name).str.extract_groups(PARTS)
    one, two, year = (parts.struct.field(place).cast(pl.Int64, strict=False) for place in ("1", "2", "3"))
    either = cells.select(one=one, two=two, year=year).filter((pl.col("one") <= MONTHS) & (pl.col("two") <= MONTHS))
    spans = either.select(
        *(
            (372 * pl.col("year") + 31 * pl.col(month) + pl.col(day)).alias(order)
            for order, month, day in (("month_first", "one", "two"), ("day_first", "two", "one"))
        )
    ).select(pl.all().max() - pl.all().min())
    month_first_span, day_first_span = spans.row(0)
    return month_first_span is None or month_first_span <= day_first_span


def told(cells: pl.DataFrame, name: str) -> tuple[pl.Series, pl.Series]:
    """The lines of a column that can only have the month first, and those that can only have the day first."""
    parts = pl.col(name).str.extract_groups(PARTS)
    one, two = (parts.struct.field(place).cast(pl.Int64, strict=False) for place in ("1", "2"))
    read = cells.select("line_number", one=one, two=two)
    can_be_months = pl.col("one").is_between(1, MONTHS), pl.col("two").is_between(1, MONTHS)
    can_be_days = pl.col("one").is_between(MONTHS + 1, 31), pl.col("two").is_between(MONTHS + 1, 31)
    return tuple(read.filter(can_be_months[place] & can_be_days[1 - place])["line_number"] for place in (0, 1))  # type: ignore[return-value]


def both_ways(layout: Layout, name: str, month_line: int, day_line: int) -> UnreadableFile:
    """The error for a column in which neither order can be right."""
    header = layout.columns[name].headers[0]
    return UnreadableFile(
        f"Dates under '{header}' are written both ways: line {month_line:,} has the month first, line {day_line:,} the day first, so no "
        "date of the file is certain.",
        do="Ask the sender to export it again with days first, or as 2026-07-13.",
    )


def iso(text: pl.Expr) -> pl.Expr:
    """Dates with the month first as ISO, a time behind them kept; other text as it is."""
    parts = text.str.extract_groups(PARTS)
    month, day, year, rest = (parts.struct.field(place) for place in ("1", "2", "3", "4"))
    whole_year = pl.when(year.str.len_chars() == 2).then(pl.lit("20") + year).otherwise(year)
    written = pl.concat_str(whole_year, pl.lit("-"), month.str.zfill(2), pl.lit("-"), day.str.zfill(2), rest.fill_null(""))
    return pl.coalesce(written, text)
