"""The truth of a made-up world: what was planted, line by line. Only this room reads it; no stage ever does.

`truth.csv` has one row per payment line, and one per planted problem that is not a payment. `person_ref` is an NHS number (of the
test range): it is turned into the holder's pseudonym here and dropped.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import polars as pl

from phb_audit.errors import UsageError
from phb_audit.identity import IdentityKey

COLUMNS = {
    "file_name": pl.String,
    "line_number": pl.Int64,
    "commissioner_code": pl.String,
    "person_ref": pl.String,
    "subject_code": pl.String,
    "on": pl.Date,
    "amount_pence": pl.Int64,
    "category_code": pl.String,
    "plan_line_ref": pl.String,
    "label": pl.String,
    "is_unusual": pl.Boolean,
    "kind_code": pl.String,
    "rule_ids": pl.String,
    "party_code": pl.String,
}
LABELS = ("breach", "needs_clinician", "fine")


def read_truth(world: Path) -> pl.DataFrame:
    """One row per line of `world/truth.csv`, with `truth_id` (its number) and `rule_ids` as a list; texts are never null.

    Raises UsageError when the file is absent, lacks a column, or holds an unknown label.
    """
    path = world / "truth.csv"
    if not path.is_file():
        raise UsageError(f"{path} does not exist.", do="Give a folder made by `phb-audit synth`.")
    header = pl.read_csv(path, n_rows=0).columns
    if missing := [name for name in COLUMNS if name not in header]:
        raise UsageError(
            f"{path.name} has no column {', '.join(missing)}.", do="Make the world again with this version of `phb-audit synth`."
        )
    truth = pl.read_csv(path, columns=list(COLUMNS), schema_overrides=COLUMNS, try_parse_dates=True).with_row_index("truth_id")
    if strangers := set(truth["label"].unique()) - set(LABELS):
        raise UsageError(f"{path.name} has unknown labels: {', '.join(sorted(map(str, strangers)))}.", do=f"Use {', '.join(LABELS)}.")
    return truth.with_columns(
        pl.col(pl.String).fill_null(""),
        pl.col("is_unusual").fill_null(value=False),
        pl.col("truth_id").cast(pl.Int64),
    ).with_columns(rule_ids=pl.col("rule_ids").str.split("|").list.filter(pl.element() != ""))


def with_holders(truth: pl.DataFrame, key: IdentityKey) -> pl.DataFrame:
    """The truth with the holder's pseudonym in place of `person_ref`."""
    persons = truth.select(pl.col("person_ref").unique())
    known = persons.with_columns(holder_id=pl.Series([key.pseudonym("H", one) for one in persons["person_ref"]], dtype=pl.String))
    return truth.join(known, on="person_ref", how="left").drop("person_ref").sort("truth_id")


def with_file_ids(truth: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """The truth with `file_id`, the SHA-256 of each file below the commissioner's folder; null where no file is named.

    Raises UsageError for a file that is not there.
    """
    names = sorted(name for name in truth["file_name"].unique() if name)
    known = pl.DataFrame(
        {"file_name": names, "file_id": [digest(folder / name) for name in names]}, schema={"file_name": pl.String, "file_id": pl.String}
    )
    return truth.join(known, on="file_name", how="left").sort("truth_id")


def digest(path: Path) -> str:
    """SHA-256 of a file, 64 hex digits: what the night calls its `file_id`."""
    if not path.is_file():
        raise UsageError(f"truth.csv names {path.name}, which is not in the world.", do="Make the world again.")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_day(world: Path, truth: pl.DataFrame) -> date:
    """The day the world ends: its `last_day.txt`, or the latest day in its truth."""
    written = world / "last_day.txt"
    if written.is_file():
        return date.fromisoformat(written.read_text(encoding="utf-8").strip())
    latest = truth["on"].max()
    if not isinstance(latest, date):
        raise UsageError("truth.csv holds no day.", do="Make the world again with `phb-audit synth`.")
    return latest
