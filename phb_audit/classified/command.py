"""`phb-audit classify FILE.csv --out OUT.csv`: any file of purchases, with what each line was spent on added."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from phb_audit.errors import CLEAN, WARNINGS, UnknownLayout, UnreadableFile, UsageError
from phb_audit.money import pence_series

WANTED = ("merchant", "description", "mcc", "amount_gbp")
ADDED = ("code", "probability", "second_code", "third_code", "set", "abstained", "because")
ROWS_SHOWN = 10
NOT_GIVEN = ("", "-", "--", "n/a", "na", "none", "null")
END = "the end of the file"
"""A row put behind the file: where it is not read as one, a quotation mark before it was never closed."""


def classify_file(source: Path, out: Path) -> int:
    """Write `source` to `out` with its columns and rows unchanged and in order, and the columns ADDED. Returns the exit code.

    The amount plays no part in the answer; one that is none ('nan', '1e999') is told on standard error.
    Of the columns `merchant, description, mcc, amount_gbp` any may be absent or empty, but one of the first two must be there.
    Raises UnreadableFile for a file that is no CSV, UnknownLayout (naming the headers seen) when both are lacking,
    UsageError where `out` cannot be written.
    """
    from phb_audit.classified.classifier import classify

    headers, numbered = numbered_rows(source)
    rows = [row for _, row in numbered]
    places = wanted_places(headers, source)
    frame = pl.DataFrame({name: column(rows, places.get(name)) for name in ("merchant", "description", "mcc")}, schema_overrides=TEXT)
    told = classify(frame).select(
        code="category_code",
        probability=pl.col("probability_share").round(4).cast(pl.String),
        second_code="second_code",
        third_code="third_code",
        set="set_codes",
        abstained=pl.col("is_abstained").cast(pl.String),
        because="because",
    )
    write_rows(out, [*headers, *ADDED], ([*row, *more] for row, more in zip(rows, told.iter_rows(), strict=True)))
    odd = bad_amounts(column(rows, places.get("amount_gbp")))
    if odd:
        shown = [f"{source.name}, row {numbered[at][0]}: {reason}" for at, reason in list(odd.items())[:ROWS_SHOWN]]
        sys.stderr.write("\n".join((*shown, f"{len(odd)} of {len(rows)} rows have no amount; they were classified without.")) + "\n")
    return WARNINGS if odd else CLEAN


def bad_amounts(amounts: list[str]) -> dict[int, str]:
    """Where an amount is given that is none: its place, and why in words. A dash, or 'n/a', gives none."""
    texts = pl.Series("amount", amounts, dtype=pl.String)
    is_bad = ~texts.str.strip_chars().str.to_lowercase().is_in(NOT_GIVEN) & pence_series(texts).is_null()
    return {at: f"The amount '{amounts[at][:40]}' is not pounds and pence." for at in is_bad.arg_true()}


def lines_of(source: Path) -> pl.DataFrame:
    """The columns `merchant, description, mcc` of a CSV file, as text. Raises as `classify_file` does."""
    headers, rows = read_rows(source)
    places = wanted_places(headers, source)
    return pl.DataFrame({name: column(rows, places.get(name)) for name in ("merchant", "description", "mcc")}, schema_overrides=TEXT)


TEXT = {"merchant": pl.String, "description": pl.String, "mcc": pl.String}


def read_rows(source: Path) -> tuple[list[str], list[list[str]]]:
    """Headers and rows of a CSV. Raises UnreadableFile."""
    headers, numbered = numbered_rows(source)
    return headers, [row for _, row in numbered]


def numbered_rows(source: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Headers and rows of a CSV with their numbers (the headers are row 1), cells as they came.

    Short rows are filled, empty cells beyond the headers dropped. Blank lines are left out; under one header a blank line is an empty
    cell. Raises UnreadableFile.
    """
    try:
        text = decoded(source.read_bytes())
    except OSError as error:
        raise UnreadableFile(f"{source.name} cannot be opened.", do="Check its name and its permissions.") from error
    ended = text if not text or text.endswith(("\n", "\r")) else f"{text}\n"
    # Line by line as CSV means it: str.splitlines would break cells at a form feed or a Unicode line separator.
    lines = io.StringIO(f"{ended}{END}\n", newline="")
    delimiter = max(",;\t|", key=text.partition("\n")[0].count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(f"{source.name} cannot be read as CSV: {error}.", do="Save it again as CSV.") from error
    if rows.pop() != [END]:
        what = f"{source.name}, row {len(rows) + 1}: a quotation mark is opened and never closed."
        raise UnreadableFile(what, do='Close it, or write a quotation mark inside a cell twice ("").')
    while rows and not rows[0]:
        rows.pop(0)
    if not rows:
        raise UnreadableFile(f"{source.name} is empty.", do="Give a CSV file with a header line.")
    headers = rows[0]
    kept = [(number, row) for number, row in enumerate(rows[1:], start=2) if row or len(headers) == 1]
    return headers, [(number, filled(row, len(headers), source, number)) for number, row in kept]


def filled(row: list[str], width: int, source: Path, number: int) -> list[str]:
    """A row of exactly `width` cells. Raises UnreadableFile where words stand beyond the headers."""
    if any(row[width:]):
        what = f"{source.name}, row {number}: {len(row)} cells under {width} headers."
        raise UnreadableFile(what, do="Put quotes round cells that hold the delimiter.")
    return [*row[:width], *[""] * (width - len(row))]


def decoded(raw: bytes) -> str:
    """Text of a file: UTF-8 with or without BOM, UTF-16 with BOM, otherwise Windows-1252."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def write_rows(out: Path, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV. Raises UsageError where it cannot be written."""
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            plain = csv.writer(file, lineterminator="\n")
            quoted = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)  # the plain one leaves a bare carriage return unquoted
            for row in (headers, *rows):
                (quoted if any("\r" in str(cell) for cell in row) else plain).writerow(row)
    except OSError as error:
        raise UsageError(
            f"{out.name} cannot be written.", do="Check the folder and its permissions, or name another with --out."
        ) from error


def wanted_places(headers: list[str], source: Path) -> dict[str, int]:
    """Where each wanted column stands, whatever its case or blanks. Raises UnknownLayout without merchant and description."""
    seen = places_seen(headers, source, WANTED)
    places = {name: seen[name] for name in WANTED if name in seen}
    if "merchant" not in places and "description" not in places:
        what = f"{source.name} has neither a 'merchant' nor a 'description' column. Headers seen: {', '.join(headers)}."
        raise UnknownLayout(what, do=f"Name its columns {', '.join(WANTED)} (the last two may be left out).")
    return places


def places_seen(headers: list[str], source: Path, wanted: Sequence[str]) -> dict[str, int]:
    """Where each header stands, whatever its case or blanks. Raises UnknownLayout where a wanted one stands twice."""
    plain = [header.strip().lower().replace(" ", "_") for header in headers]
    for name in wanted:
        if plain.count(name) > 1:
            places = " and ".join(str(at + 1) for at, header in enumerate(plain) if header == name)
            what = f"{source.name} has the column '{name}' more than once (columns {places}), so nobody knows which is meant."
            raise UnknownLayout(what, do="Take out or rename all but one.")
    return {header: place for place, header in enumerate(plain)}


def column(rows: list[list[str]], place: int | None) -> list[str]:
    """One column's cells; empty where the file has no such column."""
    return ["" for _ in rows] if place is None else [row[place] for row in rows]
