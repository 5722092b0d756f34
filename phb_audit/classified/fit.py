"""Learning the weights of words from the reference files: `python -m phb_audit.classified.fit` writes weights.npz.

Learned from: the descriptions of the categories, the example lines of taxonomy.csv, classifier_examples.csv, the names of known
merchants and the titles of merchant codes. Nothing real is learned from. The result is shipped, so a night never learns.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from scipy import sparse

from phb_audit.classified import clean
from phb_audit.classified.reference import WHOLE_NAME, read
from phb_audit.classified.words import Floats, Occurrences, Vocabulary, letter_runs, occurrences, pair_keys
from phb_audit.settings import shipped

WEIGHTS = Path(__file__).with_name("weights.npz")
SOFTNESS = 20.0
"""Inverse strength of the penalty on large weights (scikit-learn's C), chosen by cross-validation over the examples."""
TRUST = {"example": 1.0, "definition": 1.0, "merchant": 0.6, "title": 0.5}
NAMES_ITS_GOODS = 0.7
"""A known merchant's name teaches only where the shop sells one kind of thing."""


def lessons(folder: Path) -> pl.DataFrame:
    """All that is learned from: `text` (cleaned), `code`, `trust`, `source`."""
    taxonomy = read(folder, "taxonomy.csv", ["code", "category", "definition", "example_lines"])
    examples = read(folder, "classifier_examples.csv", ["code", "merchant", "description", "mcc"])
    merchants = read(folder, "merchants.csv", ["pattern", "code", "probability"])
    merchants = merchants.filter((pl.col("probability").cast(pl.Float64) >= NAMES_ITS_GOODS) & (pl.col("code") != "M04"))
    titles = read(folder, "merchant_codes.csv", ["title", "code", "weight"])
    titles = titles.filter((pl.col("weight").cast(pl.Float64) >= NAMES_ITS_GOODS) & (pl.col("code") != "M04"))
    both = pl.concat_str("merchant", "description", separator=" ")
    definitions = pl.concat(
        [
            taxonomy.select("code", text="category"),
            taxonomy.select("code", text="definition"),
            taxonomy.select("code", text=pl.col("example_lines").str.split("; ")).explode("text"),
        ]
    )
    parts = {
        "example": examples.select("code", text=both),
        "definition": definitions,
        "merchant": merchants.select("code", text=pl.col("pattern").str.strip_suffix(WHOLE_NAME)),
        "title": titles.select("code", text="title"),
    }
    frame = pl.concat([part.select("text", "code", source=pl.lit(name)) for name, part in parts.items()])
    cleaned = clean.cleaned(frame["text"], is_payee=False)["text"]
    taught = frame.with_columns(cleaned.alias("text"), trust=pl.col("source").replace_strict(TRUST))
    return taught.filter(pl.col("text").str.len_chars() > 1)


def weigh(counts: dict[str, int], total: int, *, at_least: int) -> tuple[dict[str, int], Floats]:
    """Places (in alphabetical order) and inverse document frequencies of the keys met often enough."""
    kept = sorted(key for key, count in counts.items() if count >= at_least)
    idf = np.array([np.log((1 + total) / (1 + counts[key])) + 1 for key in kept], np.float32)
    return {key: place for place, key in enumerate(kept)}, idf


def count(keys: Iterable[str]) -> dict[str, int]:
    """How often each key was met."""
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    return counts


def vocabulary(found: Occurrences) -> Vocabulary:
    """What is known after reading the lessons; a letter run must be met in two different words."""
    uses = np.bincount(found.word, minlength=len(found.words))
    words = {word: int(times) for word, times in zip(found.words, uses, strict=True)}
    runs = count(run for word in found.words for run in set(letter_runs(word)))
    pairs = count(pair_keys(found)[1])
    total = found.text_count
    return Vocabulary(
        *weigh(runs, len(found.words), at_least=2),
        *weigh(words, total, at_least=1),
        *weigh(pairs, total, at_least=1),
    )


def learn(
    features: sparse.csr_array, codes: Sequence[str], trust: Floats, *, softness: float = SOFTNESS
) -> tuple[Floats, Floats, list[str]]:
    """Weights (features by categories), the starting score of each category, and the categories in order."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=softness, max_iter=400, tol=1e-5, class_weight="balanced")
    model.fit(features, np.array(codes), sample_weight=trust)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32), [str(code) for code in model.classes_]


def fit(folder: Path) -> dict[str, np.ndarray]:
    """Everything that is shipped, by name: keys as UTF-8 bytes joined by newlines, weights as 16-bit floats."""
    taught = lessons(folder)
    found = occurrences(taught["text"])
    known = vocabulary(found)
    trust = taught["trust"].to_numpy().astype(np.float32)
    weights, start, learned = learn(known.features(found), taught["code"].to_list(), trust)
    codes = read(folder, "taxonomy.csv", ["code"])["code"].to_list()
    in_order = [learned.index(code) for code in codes]
    weights, start = weights[:, in_order], start[in_order]
    ends = np.cumsum([len(known.runs), len(known.words)])
    by_runs, by_words, by_pairs = np.split(weights, ends)
    return {
        "codes": as_bytes(codes),
        "start": start,
        **{f"{name}_keys": as_bytes(keys) for name, keys in (("runs", known.runs), ("words", known.words), ("pairs", known.pairs))},
        **{f"{name}_idf": idf for name, idf in (("runs", known.runs_idf), ("words", known.words_idf), ("pairs", known.pairs_idf))},
        **{f"{name}_weights": w.astype(np.float16) for name, w in (("runs", by_runs), ("words", by_words), ("pairs", by_pairs))},
    }


def as_bytes(keys: Iterable[str]) -> np.ndarray:
    """Texts as one array of bytes, so that the file holds plain numbers only (no pickle)."""
    return np.frombuffer("\n".join(keys).encode(), dtype=np.uint8)


def write(path: Path = WEIGHTS) -> Path:
    """Learn from the shipped reference files and write the weights."""
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **fit(shipped("reference")))
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write()} {WEIGHTS.stat().st_size:,} bytes\n")
