"""A batch of cells to landed rows: pseudonyms, row ids, and which of them landed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from phb_audit.landed.contents import SEPARATOR, contents, pence_of
from phb_audit.run import Run
from phb_audit.sources.feeds import FEEDS, Feed
from phb_audit.sources.layouts import Layout
from phb_audit.sources.pseudonyms import Identity
from phb_audit.warehouse import sql

SEEN = {"file_index": pl.Int32, "row_id": pl.String, "count": pl.Int64}
TALLY = {"file_index": pl.Int32, "is_repeat": pl.Boolean, "rows": pl.Int64, "pence": pl.Int64}


@dataclass(frozen=True)
class Batch:
    """Rows of one layout. `landed` has the landed table's columns but run_id and file_id, and `file_index` and `pence` beside them;
    `first_ids` are the row ids before equal rows of one file were told apart."""

    feed: Feed
    landed: pl.DataFrame
    cells: pl.DataFrame
    first_ids: pl.DataFrame


def prepare(run: Run, cells: pl.DataFrame, layout: Layout, identity: Identity, seen: pl.DataFrame) -> Batch:
    """Cells of one layout as landed rows with their ids; `seen` counts equal rows in earlier parts of a file read in parts."""
    feed = FEEDS[layout.feed]
    landed = feed.land(cells, identity)
    if layout.holder == "account":
        stand_in = pl.lit("H") + pl.col("account_ref").str.slice(1)
        landed = landed.with_columns(holder_ref=pl.coalesce("holder_ref", stand_in))
    content = contents(cells, landed, feed, layout, identity.key.pseudonym("R", "content of rows"))
    first = pl.DataFrame([cells["file_index"], hashed(run, content["content"]), content["may_recur"]])
    landed = landed.with_columns(told_apart(run, first, seen), pence_of(cells, feed), layout_code=pl.lit(layout.code))
    return Batch(feed, landed, cells, first)


def told_apart(run: Run, first: pl.DataFrame, seen: pl.DataFrame) -> pl.Series:
    """Row ids. Where a file may truly repeat itself, its second equal row has an id of its own, and so on."""
    marked = first.with_row_index("place").with_columns(twin=pl.struct("file_index", "row_id").is_duplicated())
    if seen.height:
        marked = marked.join(seen, on=["file_index", "row_id"], how="left", maintain_order="left")
    else:
        marked = marked.with_columns(count=pl.lit(None, dtype=pl.Int64))
    twins = marked.filter((pl.col("twin") | pl.col("count").is_not_null()) & pl.col("may_recur"))
    before = pl.int_range(pl.len()).over("file_index", "row_id") + pl.col("count").fill_null(0)
    later = twins.with_columns(before=before).filter(pl.col("before") > 0)
    if later.is_empty():
        return first["row_id"]
    ids = hashed(run, later.select(pl.concat_str("row_id", "before", separator=SEPARATOR)).to_series())
    return first["row_id"].clone().scatter(later["place"], ids)


def counted(seen: pl.DataFrame, batch: Batch, file_index: int) -> pl.DataFrame:
    """`seen` for the next part of a file: how often each of its rows has stood in it so far."""
    here = batch.first_ids.filter(pl.col("file_index") == file_index).group_by("file_index", "row_id").agg(count=pl.len().cast(pl.Int64))
    return pl.concat([seen.filter(pl.col("file_index") == file_index), here]).group_by("file_index", "row_id").agg(pl.col("count").sum())


def hashed(run: Run, texts: pl.Series) -> pl.Series:
    """The first 16 hex digits of the SHA-256 of each text, as 'row_id', in order."""
    batch = texts.alias("content").to_frame().with_row_index("place")
    return run.warehouse.frame(sql(__file__, "row_ids"), batch_contents=batch)["row_id"]


def write_new(run: Run, batch: Batch, file_ids: Sequence[str]) -> pl.DataFrame:
    """Write the rows that never landed before; returns for each file the rows and pence landed and repeated."""
    table = batch.feed.table
    before = run.warehouse.frame(sql(__file__, "repeats"), {"table": table.name}, batch_rows=batch.landed.select("row_id"))["row_id"]
    is_repeat = ~pl.col("row_id").is_first_distinct()
    if len(before):
        is_repeat = is_repeat | pl.col("row_id").is_in(before.implode())
    marked = batch.landed.with_columns(is_repeat=is_repeat)
    fresh = marked.filter(~pl.col("is_repeat"))
    names = pl.Series("file_id", file_ids, dtype=pl.String).gather(fresh["file_index"])
    fresh = fresh.with_columns(names, run_id=pl.lit(run.run_id))
    run.warehouse.write(table, fresh.select(table.column_names))
    return marked.group_by("file_index", "is_repeat").agg(rows=pl.len().cast(pl.Int64), pence=pl.col("pence").sum()).select(list(TALLY))
