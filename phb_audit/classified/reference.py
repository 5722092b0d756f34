"""The reference files of the classifier: categories, merchant codes, known merchants and example lines, read from data/reference."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from phb_audit.classified import clean
from phb_audit.errors import UsageError
from phb_audit.settings import shipped

Floats = npt.NDArray[np.float32]

FILES = ("taxonomy.csv", "category_words.csv", "merchant_codes.csv", "merchants.csv")
MERCHANT_CODE_FLOOR = 0.15
"""Share of a merchant code's word that is spread over all categories: it describes the shop, never the item."""
WHOLE_NAME = "$"
"""Ends a pattern that is an ordinary word: only the whole name counts, not a name that begins with it."""
UNNAMED_SHARE = 0.02
"""Least share of a known merchant's answer that is spread over all categories."""


@dataclass(frozen=True)
class Reference:
    """Everything the classifier looks up. Distributions are rows over `codes`; row 0 of each table says nothing (all equal)."""

    codes: list[str]
    categories: dict[str, str]
    plain_names: list[str]
    mcc_rows: dict[str, int]
    mcc_titles: list[str]
    mcc_shares: Floats
    merchant_rows: dict[str, int]
    merchant_names: list[str]
    merchant_notes: list[str]
    merchant_shares: Floats
    whole_names: frozenset[int]

    def place(self, code: str) -> int:
        """Where a category stands in every row of shares."""
        return self.codes.index(code)


def read(folder: Path, name: str, columns: list[str]) -> pl.DataFrame:
    """A reference file with every cell as text. Raises UsageError when it is absent or lacks a column."""
    path = folder / name
    try:
        frame = pl.read_csv(path, infer_schema=False).with_columns(pl.all().fill_null(""))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UsageError(f"The reference file {name} cannot be read.", do="Install phb_audit again, or mend the file.") from error
    if missing := [column for column in columns if column not in frame.columns]:
        raise UsageError(f"The reference file {name} lacks {', '.join(missing)}.", do="Mend its header and run again.")
    return frame.select(columns)


def shares_table(frame: pl.DataFrame, codes: list[str], *, floor: float) -> tuple[list[str], Floats]:
    """From rows of `key, code, share`: the keys in order, and their distributions with the rest and the floor spread evenly."""
    keys = frame["key"].unique(maintain_order=True).to_list()
    row = {key: place for place, key in enumerate(keys)}
    column = {code: place for place, code in enumerate(codes)}
    table = np.zeros((len(keys) + 1, len(codes)), np.float32)
    for key, code, share in frame.select("key", "code", "share").iter_rows():
        table[row[key] + 1, column[code]] += float(share)
    named = np.minimum(table.sum(axis=1, keepdims=True), 1.0) * (1 - floor)
    scaled = table * (named / np.maximum(table.sum(axis=1, keepdims=True), 1e-9))
    return keys, (scaled + (1 - named) / len(codes)).astype(np.float32)


def each_mcc(frame: pl.DataFrame) -> pl.DataFrame:
    """Ranges ('3000-3299') written out as their single codes."""
    ends = pl.col("mcc").str.split("-")
    first, last = ends.list.first().cast(pl.Int64), ends.list.last().cast(pl.Int64)
    return frame.with_columns(mcc=pl.int_ranges(first, last + 1)).explode("mcc").with_columns(pl.col("mcc").cast(pl.String).str.zfill(4))


def merchant_key(name: pl.Expr) -> pl.Expr:
    """A cleaned name without blanks and '&', so that 'CO OP', 'COOP' and 'B & Q', 'BQ' are one."""
    return name.str.replace_all(r"[ &]", "")


def read_reference(folder: Path) -> Reference:
    """Read the files. Raises UsageError for a missing file or column."""
    taxonomy = read(folder, "taxonomy.csv", ["code", "category"])
    codes = taxonomy["code"].to_list()
    plain = dict(read(folder, "category_words.csv", ["code", "plain"]).iter_rows())
    mcc = each_mcc(read(folder, "merchant_codes.csv", ["mcc", "title", "code", "weight"]))
    mcc_keys, mcc_shares = shares_table(mcc.select("code", key="mcc", share="weight"), codes, floor=MERCHANT_CODE_FLOOR)
    titles = dict(mcc.select("mcc", "title").iter_rows())
    known = read(folder, "merchants.csv", ["pattern", "code", "probability", "note"])
    is_whole = pl.col("pattern").str.ends_with(WHOLE_NAME)
    known = known.with_columns(pl.col("pattern").str.strip_suffix(WHOLE_NAME), is_whole=is_whole)
    known = known.with_columns(key=merchant_key(clean.plain(pl.col("pattern"))))
    whole = set(known.filter("is_whole")["key"])
    merchant_keys, merchant_shares = shares_table(known.select("key", "code", share="probability"), codes, floor=UNNAMED_SHARE)
    notes, names = (
        dict(known.select("key", "note").iter_rows()),
        dict(known.sort(pl.col("pattern").str.len_chars(), maintain_order=True).select("key", "pattern").iter_rows()),
    )
    return Reference(
        codes=codes,
        categories=dict(taxonomy.iter_rows()),
        plain_names=[plain.get(code, category) for code, category in taxonomy.iter_rows()],
        mcc_rows={key: place + 1 for place, key in enumerate(mcc_keys)},
        mcc_titles=["", *(titles[key] for key in mcc_keys)],
        mcc_shares=mcc_shares,
        merchant_rows={key: place + 1 for place, key in enumerate(merchant_keys)},
        merchant_names=["", *(names[key] for key in merchant_keys)],
        merchant_notes=["", *(notes[key] for key in merchant_keys)],
        merchant_shares=merchant_shares,
        whole_names=frozenset(place + 1 for place, key in enumerate(merchant_keys) if key in whole),
    )


def fingerprint(folder: Path, learned: Sequence[Path]) -> str:
    """Eight hex digits of the reference files and of what was learned and measured: they change when the classifier's answers may."""
    digest = hashlib.sha256()
    for path in learned:
        digest.update(path.read_bytes())
    for name in FILES:
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()[:8]


@cache
def reference() -> Reference:
    """The shipped reference, read once."""
    return read_reference(shipped("reference"))
