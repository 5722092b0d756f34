"""Learning what councils' cards and invoices tell of sellers: `python -m phb_audit.classified.fit_council FOLDER` writes council.npz.

FOLDER holds calderdale_pcard and wakefield_adult_care as published (docs/reference/model-card.md names them with their licences).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl

from phb_audit.classified import clean
from phb_audit.classified.council import BUCKETS, COUNCIL, hashed_features, hashed_names
from phb_audit.classified.reference import merchant_key, read
from phb_audit.settings import shipped

SOFTNESS = 3.0
"""Inverse strength of the penalty on large weights, chosen by cross-validation over merchants of 2014 to 2017."""
UNSOUND = ("Dry Cleaners", "Laundry/Cleaning/Garment Sv")
"""Kinds of shop whose accepted codes are not what such a shop sells to a person ('clothing' for cleaners): they teach nothing."""
HIDDEN = r"(?i)amazon|amzn|amz\*|ebay|paypal"
"""Market places and payment services: their shop's kind says nothing of what was bought."""


def card_lines(folder: Path) -> pl.DataFrame:
    """Lines of Calderdale's cards: `merchant`, `accepted` (codes joined by '|'), `year`, `is_sound` (its label may teach)."""
    cards = folder / "calderdale_pcard"
    lines = pl.read_csv(cards / "calderdale_2014-10_to_2018-12.csv.gz", infer_schema=False, encoding="utf8-lossy")
    codes = read(cards, "merchant_category_to_taxonomy.csv", ["merchant_category", "acceptable_taxonomy_codes"])
    joined = lines.join(codes, left_on="Merchant Category", right_on="merchant_category")
    told = joined.select(
        merchant="Supplier Name",
        accepted="acceptable_taxonomy_codes",
        year=pl.col("Transaction Date").str.head(4).cast(pl.Int64),
        is_sound=~pl.col("Merchant Category").is_in(UNSOUND),
    )
    return told.filter(pl.col("accepted") != "", ~pl.col("merchant").str.contains(HIDDEN))


def invoices(folder: Path, accepted: dict[str, str]) -> pl.DataFrame:
    """Suppliers of Wakefield's adults' directorate with the codes accepted for the purpose they were paid for."""
    pairs = pl.read_csv(folder / "wakefield_adult_care" / "supplier_by_purpose.csv", infer_schema=False, encoding="utf8-lossy")
    kept = pairs.filter(pl.col("purpose").is_in(list(accepted)), ~pl.col("supplier").str.contains("(?i)redact"))
    return kept.select(merchant="supplier", accepted=pl.col("purpose").replace_strict(accepted, return_dtype=pl.String))


def sellers(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per cleaned seller: `name`, `key`, its commonest `accepted`, in order of key."""
    named = lines.with_columns(name=clean.cleaned(lines["merchant"], is_payee=True)["text"])
    named = named.with_columns(key=merchant_key(pl.col("name"))).filter(pl.col("key") != "")
    counted = (
        named.group_by("key", "accepted")
        .agg(pl.len(), pl.col("name").min())
        .sort("key", "len", "accepted", descending=[False, True, False])
    )
    return counted.group_by("key", maintain_order=True).first().select("name", "key", "accepted")


def fit_council(cards: pl.DataFrame, suppliers: pl.DataFrame, *, softness: float = SOFTNESS) -> dict[str, np.ndarray]:
    """The arrays of council.npz. Names of `cards` are kept by their hash; those of `suppliers` only teach the weights."""
    from sklearn.linear_model import LogisticRegression

    codes = read(shipped("reference"), "taxonomy.csv", ["code"])["code"].to_list()
    met = sellers(cards)
    taught = pl.concat([met, sellers(suppliers)]) if suppliers.height else met
    kinds = taught["accepted"].unique().sort().to_list()
    model = LogisticRegression(C=softness, max_iter=300, tol=1e-4)
    model.fit(hashed_features(taught["name"].to_list()), taught["accepted"].to_numpy())
    weights = np.zeros((BUCKETS, len(kinds)), np.float32)
    weights[:] = model.coef_.T
    scales = np.maximum(np.abs(weights).max(axis=0), 1e-9) / 127
    shares = np.array([[(code in kind.split("|")) / len(kind.split("|")) for code in codes] for kind in kinds], np.float32)
    hashes = hashed_names(met["key"].to_list())
    order = np.argsort(hashes, kind="stable")
    place = {kind: at for at, kind in enumerate(kinds)}
    return {
        "hashes": hashes[order],
        "kind_of": np.array([place[kind] for kind in met["accepted"]], dtype=np.uint8)[order],
        "kinds": shares,
        "weights": np.round(weights / scales).astype(np.int8),
        "scales": scales.astype(np.float32),
        "start": model.intercept_.astype(np.float32),
    }


def main(folder: Path) -> None:
    """Learn from every year and write."""
    purposes = read(shipped("reference"), "council_purposes.csv", ["purpose", "accepted"])
    arrays = fit_council(card_lines(folder).filter("is_sound"), invoices(folder, dict(purposes.iter_rows())))
    with COUNCIL.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    sys.stdout.write(f"{COUNCIL} {COUNCIL.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
