"""`phb-audit confirm FILE.csv --by NAME`: what lines were, as a person says, from a list that an analyst or reviewer filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from phb_audit.cases.categories import BODY, confirm_categories
from phb_audit.errors import CLEAN, REFUSED, WARNINGS, UsageError
from phb_audit.settings import Settings, shipped
from phb_audit.warehouse import Warehouse, sql

FOUND = {
    "ref": pl.String,
    "payee_text": pl.String,
    "description": pl.String,
    "mcc_code": pl.String,
    "was_code": pl.String,
    "was_set_codes": pl.String,
    "model_version": pl.String,
    "holder_id": pl.String,
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Refused:
    """A row of the list that cannot be taken: its line in the file, and why."""

    line: int
    reason: str


def confirm_file(source: Path, *, settings: Settings, commissioner_code: str, by: str, say: Say, note: Say) -> int:
    """Record the decisions of a list; good rows are taken though others are refused. Returns 0, 1 when some were refused, 3 when all.

    The list has `category_code` and either `ref` (a payment or receipt line) or `merchant` (with `description` and `mcc` where known),
    and may have `reason`. Raises UsageError where the file cannot be read, lacks a column, or nobody is named.
    """
    asked = read_list(source)
    lines, refused = lines_decided(asked, settings, commissioner_code)
    for one in refused:
        note(f"{source.name}, line {one.line}: {one.reason}")
    if lines.height:
        confirm_categories(settings, commissioner_code, lines, by=by)
    say(f"{lines.height} decisions recorded for {commissioner_code}, {len(refused)} rows refused. The next night and `learn` read them.")
    return CLEAN if not refused else WARNINGS if lines.height else REFUSED


def read_list(source: Path) -> pl.DataFrame:
    """The list with its line numbers, every cell as trimmed text, columns that are absent empty."""
    try:
        frame = pl.read_csv(source, infer_schema=False, encoding="utf8-lossy")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"{source.name} cannot be read as a CSV file.", do="Save it as CSV with a header and try again.") from error
    frame = frame.rename({name: name.strip().lower() for name in frame.columns})
    if "category_code" not in frame.columns or not {"ref", "merchant"} & set(frame.columns):
        raise UsageError(f"{source.name} lacks the columns category_code and ref or merchant.", do="Mend its header and try again.")
    names = ("ref", "merchant", "description", "mcc", "category_code", "reason")
    cells = [(pl.col(name).str.strip_chars() if name in frame.columns else pl.lit(None, pl.String)).alias(name) for name in names]
    trimmed = frame.with_row_index("line", offset=2).select("line", *cells)
    return trimmed.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in names)


def lines_decided(asked: pl.DataFrame, settings: Settings, commissioner_code: str) -> tuple[pl.DataFrame, list[Refused]]:
    """The rows that can be taken, with the columns of a decision, and those that cannot."""
    codes = pl.read_csv(shipped("reference") / "taxonomy.csv", infer_schema=False)["code"]
    known = look_up(asked["ref"].drop_nulls().unique(), settings, commissioner_code)
    joined = asked.join(known, on="ref", how="left", maintain_order="left", suffix="_found")
    is_ref = pl.col("ref").is_not_null()
    reason = (
        pl.when(pl.col("category_code").is_null() | ~pl.col("category_code").is_in(codes.implode()))
        .then(pl.lit("the category code is not one of taxonomy.csv."))
        .when(is_ref & pl.col("was_code").is_null())
        .then(pl.lit("no payment or receipt line of that reference has been classified."))
        .when(~is_ref & pl.col("merchant").is_null())
        .then(pl.lit("it has neither a reference nor a merchant."))
    )
    told = joined.with_columns(
        refused=reason,
        payee_text=pl.when(is_ref).then("payee_text").otherwise("merchant"),
        description=pl.when(is_ref).then("description_found").otherwise("description"),
        mcc_code=pl.when(is_ref).then("mcc_code").otherwise("mcc"),
        provenance_code=pl.when(~is_ref)
        .then(pl.lit("imported"))
        .when(pl.col("was_code") == pl.col("category_code"))
        .then(pl.lit("confirmed"))
        .otherwise(pl.lit("corrected")),
    )
    refused = [Refused(line, why) for line, why in told.filter(pl.col("refused").is_not_null()).select("line", "refused").iter_rows()]
    return told.filter(pl.col("refused").is_null()).select(BODY), refused


def look_up(refs: pl.Series, settings: Settings, commissioner_code: str) -> pl.DataFrame:
    """What the newest nights made of these payments and receipt lines; those that are unknown are left out."""
    path = settings.home / "warehouse" / commissioner_code / "night.duckdb"
    if refs.is_empty() or not path.exists():
        return pl.DataFrame(schema=FOUND)
    warehouse = Warehouse(path, read_only=True)
    try:
        return warehouse.frame(sql(__file__, "lines_of_refs"), asked_refs=refs.alias("ref").to_frame())
    finally:
        warehouse.close()
