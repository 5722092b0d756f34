"""Batches of cells to landed rows: pseudonyms, row ids, and which of them landed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.landed.contents import SEPARATOR, amount_of, contents
from phb_audit.landed.feeds import latest_day
from phb_audit.run import Run
from phb_audit.sources.feeds import FEEDS, Feed
from phb_audit.sources.layouts import Layout
from phb_audit.sources.pseudonyms import Identity
from phb_audit.tables import Table
from phb_audit.warehouse import sql

SEEN = {"file_index": pl.Int32, "first_id": pl.String, "row_id": pl.String}
TALLY = {"file_index": pl.Int32, "is_repeat": pl.Boolean, "rows": pl.Int64, "pence": pl.Int64}
OURS = ["file_index", "pence"]
MADE_LATER = frozenset({"run_id", "file_id", "row_id"})


@dataclass(frozen=True)
class Batch:
    """Rows of one layout, read: the landed table's columns but those made when they are written, `OURS`,
    and what `contents` gives."""

    feed: Feed
    layout: Layout
    rows: pl.DataFrame
    latest_on: date | None

    @property
    def size(self) -> int:
        """About how many bytes it holds."""
        return int(self.rows.estimated_size())


def prepare(cells: pl.DataFrame, layout: Layout, identity: Identity, as_of: date) -> Batch:
    """Cells of one layout as landed rows. Touches nothing but its arguments, so that batches can be prepared side by side."""
    feed = FEEDS[layout.feed]
    landed = feed.land(cells, identity)
    if layout.holder == "account":
        stand_in = pl.lit("H") + pl.col("account_ref").str.slice(1)
        landed = landed.with_columns(holder_ref=pl.coalesce("holder_ref", stand_in))
    amount = amount_of(cells, feed)
    content = contents(cells, landed, feed, layout, amount, identity.key.pseudonym("R", "content of rows"))
    rows = landed.with_columns(*content.get_columns(), pence=amount.fill_null(0), layout_code=pl.lit(layout.code))
    kept = [name for name in feed.table.column_names if name not in MADE_LATER]
    return Batch(feed, layout, rows.select(*kept, *OURS, *content.columns), latest_day(feed, cells, as_of))


def with_ids(run: Run, batches: Sequence[Batch], seen: pl.DataFrame) -> pl.DataFrame:
    """The rows of batches of one table with `first_id`, `row_id`, and `has_equals` (another row has the same `first_id`).

    `seen` are the rows of earlier parts of a file read in parts.
    """
    rows = pl.concat([batch.rows for batch in batches])
    first = hashed(run, rows["content"]).alias("first_id")
    rows = rows.drop("content").with_columns(first, has_equals=first.is_duplicated())
    return rows.with_columns(told_apart(run, rows.select("file_index", "first_id", "may_recur", "has_equals"), seen))


def told_apart(run: Run, first: pl.DataFrame, seen: pl.DataFrame) -> pl.Series:
    """Row ids. Where a file may truly repeat itself, its second equal row has an id of its own, and so on."""
    of_file = ["file_index", "first_id"]
    may_be = pl.col("has_equals") | pl.col("first_id").is_in(seen["first_id"].implode())
    twins = first.with_row_index("place").filter(may_be & pl.col("may_recur"))
    twins = twins.join(seen.group_by(of_file).len("count"), on=of_file, how="left", maintain_order="left")
    before = pl.int_range(pl.len()).over(of_file) + pl.col("count").fill_null(0)
    later = twins.with_columns(before=before).filter(pl.col("before") > 0)
    if later.is_empty():
        return first["first_id"].alias("row_id")
    ids = numbered(run, later["first_id"], later["before"])
    return first["first_id"].clone().scatter(later["place"], ids).alias("row_id")


def numbered(run: Run, first_ids: pl.Series, numbers: pl.Series) -> pl.Series:
    """The ids of rows of which `numbers` equal ones stand before them."""
    return hashed(run, pl.select(pl.concat_str(first_ids, numbers, separator=SEPARATOR)).to_series())


def hashed(run: Run, texts: pl.Series) -> pl.Series:
    """The first 16 hex digits of the SHA-256 of each text, as 'row_id', in order."""
    return run.warehouse.frame(sql(__file__, "row_ids"), batch_contents=texts.alias("content").to_frame())["row_id"]


def with_repeats(run: Run, table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `is_repeat`: true where a row of the same id stands before it, tonight or in the warehouse."""
    before = run.warehouse.frame(sql(__file__, "repeats"), {"table": table.name}, batch_rows=rows.select("row_id"))["row_id"]
    equals = rows.select("row_id", "has_equals").with_row_index("place").filter("has_equals")
    again = equals.filter(~pl.col("row_id").is_first_distinct())["place"]
    is_repeat = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True).scatter(again, True)
    if len(before):
        is_repeat = is_repeat | rows["row_id"].is_in(before.implode())
    return rows.with_columns(is_repeat.alias("is_repeat"))


def write_new(run: Run, table: Table, rows: pl.DataFrame, file_ids: Sequence[str]) -> pl.DataFrame:
    """Write the rows that never landed before; returns for each file the rows and pence landed and repeated."""
    fresh = rows.filter(~pl.col("is_repeat"))
    names = pl.Series("file_id", file_ids, dtype=pl.String).gather(fresh["file_index"])
    fresh = fresh.with_columns(names, run_id=pl.lit(run.run_id))
    run.warehouse.write(table, fresh.select(table.column_names))
    return rows.group_by("file_index", "is_repeat").agg(rows=pl.len().cast(pl.Int64), pence=pl.col("pence").sum()).select(list(TALLY))
