"""The three who are asked what a line was: the words, the memory of known merchants, and the merchant code.

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

from phb_audit.classified.reference import Reference, merchant_key
from phb_audit.classified.words import LETTERS_WEIGHT, Floats, Ints, Occurrences, Vocabulary, occurrences

WEIGHTS = Path(__file__).with_name("weights.npz")
LONGEST_NAME = 6
"""Known names have at most this many words."""
SHORTEST_GLUED = 6
"""A name run together with what follows ('TESCOSTORESLTD') is looked for only when it has this many letters."""
NAME_NOISE = (
    r" (?:STORES?|RETAIL|ONLINE|SHOP|DIRECT|GROUP|SUPERSTORES?|SERVICES?|PAYMENT|PAYMENTS|SUBSCRIPTION|CO|COM|UK|EU|M|INTERNET|WEB)\b"
)


@dataclass(frozen=True)
class Weights:
    """What was learned: weights of runs, words and pairs for each category, and each category's starting score."""

    vocabulary: Vocabulary
    runs: Floats
    words: Floats
    pairs: Floats
    start: Floats
    codes: list[str]


def unpacked(arrays: dict[str, np.ndarray]) -> Weights:
    """Weights from the arrays that `fit` makes and weights.npz holds."""
    keys = {name: arrays[f"{name}_keys"].tobytes().decode().split("\n") for name in ("runs", "words", "pairs")}
    place = {name: {key: at for at, key in enumerate(names)} for name, names in keys.items()}
    known = Vocabulary(
        place["runs"], arrays["runs_idf"], place["words"], arrays["words_idf"], arrays["sayable"] > 0, place["pairs"], arrays["pairs_idf"]
    )
    runs, words, pairs = (arrays[f"{name}_weights"].astype(np.float32) for name in ("runs", "words", "pairs"))
    return Weights(known, runs, words, pairs, arrays["start"], arrays["codes"].tobytes().decode().split("\n"))


@cache
def shipped_weights() -> Weights:
    """The weights that came with the package, read once."""
    with np.load(WEIGHTS, allow_pickle=False) as arrays:
        return unpacked(dict(arrays))


@dataclass(frozen=True)
class WordScores:
    """What the words of each text say. `by_word` are the scores of each distinct word; `share` its weight at each occurrence."""

    found: Occurrences
    share: Floats
    by_word: Floats
    is_known: npt.NDArray[np.bool_]
    is_sayable: npt.NDArray[np.bool_]
    total: Floats

    @property
    def has_words(self) -> npt.NDArray[np.bool_]:
        """Which texts had any word at all."""
        return np.bincount(self.found.text, minlength=self.found.text_count) > 0


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
    total = np.where(has_words[:, None], total + weights.start, np.float32(0))
    return WordScores(
        found, share, by_word.astype(np.float32), known.is_known(found.words), known.is_sayable(found.words), total.astype(np.float32)
    )


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


def ask_merchant_code(codes: pl.Series, reference: Reference) -> Ints:
    """Row of `reference.mcc_shares` for each tidy merchant code, 0 where there is none or it says nothing."""
    return codes.replace_strict(reference.mcc_rows, default=0, return_dtype=pl.Int64).to_numpy()
