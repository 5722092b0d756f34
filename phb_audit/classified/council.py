"""What councils' purchase cards and invoices tell of sellers: hashed names, and hashed runs of letters of names never seen.

The arrays hold hashes and weights only: no name and no line of the published files is in them (docs/reference/model-card.md).
A label there is the card scheme's kind of shop or a council's purpose, so it is asked after everything the product knows itself.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from phb_audit.classified.reference import merchant_key
from phb_audit.classified.words import Floats, Ints

COUNCIL = Path(__file__).with_name("council.npz")
SALT = b"phb_audit council"
BUCKETS = 1 << 15
DELICATE = ("C02", "A01")
"""With the never-allowed and quasi-cash codes: kinds whose label is often not what a person bought there (a sports shop is 'leisure')."""
COMMON_TAKEN = 0.7
"""How much of what is common on councils' cards anyway (food, hardware) is taken off a guess: people buy other things than councils."""
LEAST = 0.05
"""Least share of what a council tells that is spread over all categories."""


@dataclass(frozen=True)
class Council:
    """Names by hash, each with a row of `kinds`; and weights of hashed features for each kind."""

    hashes: npt.NDArray[np.uint64]
    kind_of: Ints
    kinds: Floats
    """Distribution over the categories for each kind of seller (a set of codes a person would accept)."""
    weights: Floats
    start: Floats

    def is_delicate(self, codes: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Kinds that must never outweigh what the product itself knows of a seller: never-allowed and quasi-cash codes, fines, leisure."""
        return np.array(
            [any(code[0] in "XZ" or code in DELICATE for code, share in zip(codes, row, strict=True) if share > 0) for row in self.kinds]
        )


@dataclass(frozen=True)
class CouncilSays:
    """For each line: log shares of each category (zeros where nothing is told), whether the very name was met, and as what."""

    scores: Floats
    is_met: npt.NDArray[np.bool_]
    is_delicate: npt.NDArray[np.bool_]


def hashed_names(keys: Sequence[str]) -> npt.NDArray[np.uint64]:
    """64-bit salted hashes of sellers' keys."""
    raw = b"".join(hashlib.blake2b(key.encode(), digest_size=8, salt=SALT[:16]).digest() for key in keys)
    return np.frombuffer(raw, dtype="<u8")


def hashed_features(names: Sequence[str]) -> sparse.csr_array:
    """One row of length 1 per cleaned name: its words and their runs of 3 to 5 letters, each put in one of BUCKETS."""
    split = [name.split() for name in names]
    of_word = {word: places(word) for word in {word for words in split for word in words}}
    rows = [of_word[words[0]] if len(words) == 1 else sorted({place for word in words for place in of_word[word]}) for words in split]
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.array([place for row in rows for place in row], dtype=np.int64)
    counts = np.diff(starts)
    values = np.repeat(1 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return sparse.csr_array((values, columns, starts), shape=(len(rows), BUCKETS))


def places(word: str) -> list[int]:
    """Places of a word and of its runs of letters, edges marked, in order and each once."""
    edged = f" {word} ".encode()
    runs = [edged[at : at + size] for size in (3, 4, 5) for at in range(len(edged) - size + 1)]
    return sorted({zlib.crc32(run) % BUCKETS for run in (b"=" + word.encode(), *runs)})


def ask_council(names: pl.Series, council: Council, codes: Sequence[str]) -> CouncilSays:
    """What councils' cards tell of each cleaned name; an empty one is told nothing."""
    distinct = names.unique().sort()
    keys = distinct.to_frame("name").select(merchant_key(pl.col("name")))["name"]
    is_named = (keys != "").to_numpy()
    wanted = hashed_names(keys.to_list())
    place = np.minimum(np.searchsorted(council.hashes, wanted), len(council.hashes) - 1)
    is_met = is_named & (council.hashes[place] == wanted)
    scores = np.zeros((len(distinct), council.kinds.shape[1]), np.float32)
    scores[is_met] = logs(council.kinds[council.kind_of[place[is_met]]])
    like = np.flatnonzero(is_named & ~is_met)
    raw = np.asarray(hashed_features(distinct.gather(like).to_list()) @ council.weights) + council.start
    scores[like] = of_categories(raw, council) - COMMON_TAKEN * of_categories(council.start[None, :], council)
    scores -= scores.mean(axis=1, keepdims=True)
    rows = pl.DataFrame({"name": distinct}).with_row_index("row")
    of_line = names.to_frame("name").join(rows, on="name", how="left", maintain_order="left")["row"].to_numpy().astype(np.int64)
    is_delicate = is_met & council.is_delicate(codes)[council.kind_of[place]]
    return CouncilSays(scores[of_line], is_met[of_line], is_delicate[of_line])


def of_categories(raw: Floats, council: Council) -> Floats:
    """Log shares of the categories from scores of the kinds."""
    shares = np.exp(raw - raw.max(axis=1, keepdims=True))
    return logs(shares / shares.sum(axis=1, keepdims=True) @ council.kinds)


def logs(shares: Floats) -> Floats:
    """Log shares with the least share spread over all categories."""
    result: Floats = np.log(shares * (1 - LEAST) + LEAST / shares.shape[1]).astype(np.float32)
    return result


def unpacked(arrays: dict[str, np.ndarray]) -> Council:
    """From the arrays of council.npz: weights are 8-bit numbers with one scale a kind."""
    weights = arrays["weights"].astype(np.float32) * arrays["scales"]
    return Council(arrays["hashes"], arrays["kind_of"].astype(np.int64), arrays["kinds"].astype(np.float32), weights, arrays["start"])


@cache
def shipped_council() -> Council:
    """What came with the package, read once."""
    with np.load(COUNCIL, allow_pickle=False) as arrays:
        return unpacked(dict(arrays))
