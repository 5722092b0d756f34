"""How the night's pairs of payment and receipt compare with a made-up world's truth: right, wrong, missed, left open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.assurance.intervals import wilson
from phb_audit.assurance.truth import digest
from phb_audit.errors import UsageError
from phb_audit.warehouse import Warehouse, sql

PAIR = ["payment_id", "receipt_id"]
KINDS = ("one", "split", "combined")


def true_pairs(world: Path, commissioner_code: str, warehouse: Warehouse) -> pl.DataFrame:
    """One row per payment and receipt that truly belong together, both admitted, with `kind`: one, split or combined.

    Raises UsageError where the world has no truth about receipts.
    """
    path = world / "truth_receipts.csv"
    if not path.is_file():
        raise UsageError(f"{path} does not exist.", do="Make the world again with `phb-audit synth`.")
    truth = pl.read_csv(path, schema_overrides={"line_number": pl.Int64})
    folder = world / commissioner_code
    files = {name: digest(folder / name) for name in sorted(truth["file_name"].unique())}
    told = truth.with_columns(file_id=pl.col("file_name").replace_strict(files, return_dtype=pl.String))
    lines = warehouse.frame(sql(__file__, "lines")).select("payment_id", "file_id", "line_number")
    papers = warehouse.frame(sql(__file__, "receipt_places"))
    pairs = told.join(lines, on=["file_id", "line_number"]).join(papers, on="receipt_ref").select(PAIR).unique().sort(PAIR)
    several, shared = pl.len().over("payment_id") > 1, pl.len().over("receipt_id") > 1
    kind = pl.when(several).then(pl.lit("split")).when(shared).then(pl.lit("combined")).otherwise(pl.lit("one"))
    return pairs.with_columns(kind=kind)


def judge_receipts(truth: pl.DataFrame, links: pl.DataFrame) -> dict[str, Any]:
    """Precision and recall of the links, the confusion by kind, and what became of pairs left open.

    A pair left open is not linked: it counts as missed, and apart as `open`, with how often the true pair is among those offered.
    """
    linked = links.filter(pl.col("link_code") != "open")
    right = linked.join(truth, on=PAIR, how="semi").height
    offered = links.filter(pl.col("link_code") == "open")
    left = truth.join(linked, on=PAIR, how="anti")
    shown = left.join(offered, on=PAIR, how="semi")
    wrong = linked.join(truth, on=PAIR, how="anti")
    has_other = wrong.join(truth.select("payment_id").unique(), on="payment_id", how="semi").height
    return {
        "true_pairs": truth.height,
        "linked": linked.height,
        "precision": wilson(right, linked.height).as_dict,
        "recall": wilson(right, truth.height).as_dict,
        "recall_with_open": wilson(right + shown.height, truth.height).as_dict,
        "wrong_with_another_receipt": has_other,
        "wrong_without_any": wrong.height - has_other,
        "open_groups": offered["receipt_group_id"].n_unique(),
        "confusion": confusion(truth, links),
    }


def confusion(truth: pl.DataFrame, links: pl.DataFrame) -> list[dict[str, Any]]:
    """One row per kind of true pair (and `none`, for pairs that are not true), and how many were linked as what."""
    both = truth.join(links.select(*PAIR, "link_code"), on=PAIR, how="full", coalesce=True)
    told = both.with_columns(pl.col("kind").fill_null("none"), pl.col("link_code").fill_null("missed"))
    counted = told.group_by("kind", "link_code").len()
    columns = (*KINDS, "open", "missed")
    found = {(kind, code): many for kind, code, many in counted.iter_rows()}
    return [{"kind": kind, **{code: found.get((kind, code), 0) for code in columns}} for kind in (*KINDS, "none")]
