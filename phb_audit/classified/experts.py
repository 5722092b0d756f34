"""Those who are asked what a line was: the words, the static table, the memory of known merchants, and the merchant code.

Each answers for a whole batch at once: rows are texts, columns the categories of taxonomy.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from phb_audit.classified.reference import Reference, merchant_key, shares_table
from phb_audit.classified.table import Table
from phb_audit.classified.words import LETTERS_WEIGHT, Floats, Ints, Occurrences, Vocabulary, occurrences

WEIGHTS = Path(__file__).with_name("weights.npz")
LONGEST_NAME = 6
"""Known names have at most this many words."""
SHORTEST_GLUED = 6
"""A name run together with what follows ('TESCOSTORESLTD') is looked for only when it has this many letters."""
ROWS_AT_ONCE = 4096
"""Texts whose nearness is worked out together."""
UNTOLD_SHARE = 0.01
"""Least share of what people decided of a seller that is spread over all categories."""
NOBODY = pl.DataFrame(schema={"key": pl.String, "code": pl.String, "share": pl.Float64})
NAME_NOISE = (
    r" (?:STORES?|RETAIL|ONLINE|SHOP|DIRECT|GROUP|SUPERSTORES?|SERVICES?|PAYMENT|PAYMENTS|SUBSCRIPTION|CO|COM|UK|EU|M|INTERNET|WEB)\b"
)


@dataclass(frozen=True)
class Weights:
    """What was learned: weights of runs, words and pairs for each category, each category's starting score, and points of the table.

    The last column of the weights is no category: it says how much a text is like lines that belong to none.
    """

    vocabulary: Vocabulary
    runs: Floats
    words: Floats
    pairs: Floats
    start: Floats
    codes: list[str]
    near: Floats
    """Points of the static table: for each point, each category, its numbers."""
    strange_by_table: Floats
    """For a text's vector in the static table (a 1 put last): how much it is like lines that belong to no category."""


def unpacked(arrays: dict[str, np.ndarray]) -> Weights:
    """Weights from the arrays that `fit` makes and weights.npz holds."""
    keys = {name: arrays[f"{name}_keys"].tobytes().decode().split("\n") for name in ("runs", "words", "pairs")}
    place = {name: {key: at for at, key in enumerate(names)} for name, names in keys.items()}
    known = Vocabulary(
        place["runs"], arrays["runs_idf"], place["words"], arrays["words_idf"], arrays["sayable"] > 0, place["pairs"], arrays["pairs_idf"]
    )
    runs, words, pairs, near = (arrays[f"{name}_weights"].astype(np.float32) for name in ("runs", "words", "pairs", "near"))
    codes = arrays["codes"].tobytes().decode().split("\n")
    points = np.ascontiguousarray(near.reshape(len(codes), -1, near.shape[1]).transpose(1, 0, 2))
    return Weights(known, runs, words, pairs, arrays["start"], codes, points, arrays["strange_by_table"])


@cache
def weights_of(path: Path) -> Weights:
    """The weights in a file, read once."""
    with np.load(path, allow_pickle=False) as arrays:
        return unpacked(dict(arrays))


def shipped_weights() -> Weights:
    """The weights that came with the package."""
    return weights_of(WEIGHTS)


@dataclass(frozen=True)
class WordScores:
    """What the words of each text say. `by_word` are the scores of each distinct word; `share` its weight at each occurrence."""

    found: Occurrences
    share: Floats
    by_word: Floats
    is_known: npt.NDArray[np.bool_]
    is_sayable: npt.NDArray[np.bool_]
    total: Floats
    strange: Floats
    """How much each text is like lines that belong to no category; 0 for a text without words."""

    @property
    def has_words(self) -> npt.NDArray[np.bool_]:
        """Which texts had any word at all."""
        return np.bincount(self.found.text, minlength=self.found.text_count) > 0

    @property
    def unknown_share(self) -> Floats:
        """How much of each text's weight lies in words never met while learning; 0 for a text without words."""
        is_unknown = ~self.is_known[self.found.word] if len(self.found.word) else np.zeros(0, bool)
        whole = np.bincount(self.found.text, weights=self.share, minlength=self.found.text_count)
        unknown = np.bincount(self.found.text[is_unknown], weights=self.share[is_unknown], minlength=self.found.text_count)
        share: Floats = (unknown / np.maximum(whole, 1e-9)).astype(np.float32)
        return share


def ask_words(texts: pl.Series, weights: Weights) -> WordScores:
    """Scores of every category for cleaned texts; a text without words gets zeros."""
    known = weights.vocabulary
    found = occurrences(texts, known)
    by_word = np.asarray(known.runs_of(found.words) @ weights.runs) * LETTERS_WEIGHT + np.asarray(
        known.words_of(found.words) @ weights.words
    )
    share, scale = known.shares(found)
    uses = sparse.csr_array((share, (found.text, found.word)), shape=(found.text_count, len(found.words)))
    total = np.asarray(uses @ by_word) + scale[:, None] * np.asarray(known.pairs_of(found) @ weights.pairs)
    has_words = np.bincount(found.text, minlength=found.text_count) > 0
    total = np.where(has_words[:, None], total + weights.start, np.float32(0)).astype(np.float32)
    is_known, is_sayable = known.is_known(found.words), known.is_sayable(found.words)
    return WordScores(found, share, by_word[:, :-1].astype(np.float32), is_known, is_sayable, total[:, :-1], total[:, -1])


@dataclass(frozen=True)
class TableScores:
    """What the static table says of each text: how near to each category, and how much like lines of no category."""

    near: Floats
    strange: Floats
    nearest: Floats
    """Cosine with the nearest point of any category; 0 for a text without a readable word."""


def nearness(vectors: Floats, points: Floats) -> Floats:
    """Cosine of each vector with the nearest point of each category; `points`: for each point, each category, its numbers."""
    flat = points.reshape(-1, points.shape[2]).T
    parts = [
        (vectors[start : start + ROWS_AT_ONCE] @ flat).reshape(-1, points.shape[0], points.shape[1]).max(axis=1)
        for start in range(0, len(vectors), ROWS_AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, points.shape[1]), np.float32)


def ask_table(texts: pl.Series, found: Occurrences, weights: Weights, table: Table) -> TableScores:
    """Nearness of texts to the categories in the static table; zeros for a text without a readable word. Equal texts are read once."""
    distinct = pl.DataFrame({"text": texts.unique(maintain_order=True)}).with_row_index("row")
    rows = texts.to_frame("text").join(distinct, on="text", how="left", maintain_order="left")["row"].to_numpy().astype(np.int64)
    vectors = table.of_texts(found)[np.flatnonzero(texts.is_first_distinct().to_numpy())]
    near = np.zeros((len(vectors), len(weights.codes)), np.float32)
    strange = np.zeros(len(vectors), np.float32)
    read = np.flatnonzero(np.abs(vectors).max(axis=1, initial=0) > 0)
    near[read] = nearness(vectors[read], weights.near)
    strange[read] = vectors[read] @ weights.strange_by_table[:-1] + weights.strange_by_table[-1]
    return TableScores(near[rows], strange[rows], near.max(axis=1, initial=0)[rows])


def ask_memory(names: pl.Series, reference: Reference) -> Ints:
    """Row of `reference.merchant_shares` for each cleaned name, 0 where it is not known: its longest known beginning counts."""
    distinct = names.unique().sort()
    frame = pl.DataFrame({"name": distinct})
    whole = merchant_key(pl.col("name").str.replace_all(NAME_NOISE, ""))
    every = reference.merchant_rows
    begins = {key: row for key, row in every.items() if row not in reference.whole_names}
    tries = [merchant_key(pl.col("name")).replace_strict(every, default=0, return_dtype=pl.Int64)]
    words = pl.col("name").str.split(" ")
    for size in range(LONGEST_NAME, 0, -1):
        beginning = merchant_key(words.list.head(size).list.join(" "))
        tries.append(beginning.replace_strict(begins, default=0, return_dtype=pl.Int64))
    tries.append(whole.replace_strict(every, default=0, return_dtype=pl.Int64))
    glued = {key: row for key, row in begins.items() if len(key) >= SHORTEST_GLUED}
    for size in sorted({len(key) for key in glued}, reverse=True):
        tries.append(merchant_key(pl.col("name")).str.head(size).replace_strict(glued, default=0, return_dtype=pl.Int64))
    first = pl.coalesce([pl.when(attempt > 0).then(attempt) for attempt in tries]).fill_null(0)
    rows = frame.select("name", row=first)
    return names.to_frame("name").join(rows, on="name", how="left", maintain_order="left")["row"].fill_null(0).to_numpy()


@dataclass(frozen=True)
class Told:
    """What people decided of sellers: a row of `shares` for each line, 0 where nobody decided (row 0 says nothing)."""

    rows: Ints
    shares: Floats


def ask_told(names: pl.Series, remembered: pl.DataFrame | None, reference: Reference) -> Told:
    """What people decided of each cleaned seller, from `merchant_words, category_code, told_share` (as in `decided.names`)."""
    if remembered is None or not remembered.height:
        return Told(np.zeros(len(names), np.int64), shares_table(NOBODY, reference.codes, floor=UNTOLD_SHARE)[1])
    decided = remembered.select(key=merchant_key(pl.col("merchant_words")), code="category_code", share="told_share")
    keys, shares = shares_table(decided.sort("key", "code").filter(pl.col("key") != ""), reference.codes, floor=UNTOLD_SHARE)
    rows = {key: place + 1 for place, key in enumerate(keys)}
    found = names.to_frame("name").select(merchant_key(pl.col("name")).replace_strict(rows, default=0, return_dtype=pl.Int64))
    return Told(found["name"].to_numpy(), shares)


def ask_merchant_code(codes: pl.Series, reference: Reference) -> Ints:
    """Row of `reference.mcc_shares` for each tidy merchant code, 0 where there is none or it says nothing."""
    return codes.replace_strict(reference.mcc_rows, default=0, return_dtype=pl.Int64).to_numpy()
