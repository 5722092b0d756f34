"""The static table: one vector for each piece of a word, so that words never met while learning are near those that were.

Made once by `phb-audit model distil` from a sentence model (docs/reference/model-card.md); read with numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from phb_audit.classified.pieces import pieces_of
from phb_audit.classified.words import Floats, Occurrences

TABLE = Path(__file__).with_name("table.npz")
LEAST_LENGTH = 1e-6


@dataclass(frozen=True)
class Table:
    """Pieces and their vectors, each already weighed by how rare its piece is."""

    pieces: dict[str, int]
    vectors: Floats

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return int(self.vectors.shape[1])

    def of_words(self, words: Sequence[str]) -> Floats:
        """One row per word: the sum of its pieces' vectors, zeros where some part of it is in no piece."""
        every = [pieces_of(word.strip("#").lower(), self.pieces) for word in words]
        counts = np.array([0, *(len(found) for found in every)], dtype=np.int64)
        places = np.array([place for found in every for place in found], dtype=np.int64)
        shape = (len(every), len(self.pieces))
        uses = sparse.csr_array((np.ones(len(places), np.float32), places, np.cumsum(counts)), shape=shape)
        return np.asarray(uses @ self.vectors, dtype=np.float32)

    def of_texts(self, found: Occurrences) -> Floats:
        """One row of length 1 per text: the sum of its words' vectors, scaled; zeros for a text without a readable word."""
        by_word = self.of_words(found.words)
        ones = np.ones(len(found.word), np.float32)
        uses = sparse.csr_array((ones, (found.text, found.word)), shape=(found.text_count, len(found.words)))
        return unit(np.asarray(uses @ by_word, dtype=np.float32))


def unit(rows: Floats) -> Floats:
    """Rows scaled to length 1; a row of zeros stays one."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Floats = np.where(length > LEAST_LENGTH, rows / np.maximum(length, LEAST_LENGTH), np.float32(0)).astype(np.float32)
    return scaled


def unpacked(arrays: dict[str, npt.NDArray[np.generic]]) -> Table:
    """A table from the arrays of table.npz: pieces as bytes, vectors as 8-bit numbers with one scale a row."""
    names = arrays["pieces"].tobytes().decode().split("\n")
    vectors = arrays["vectors"].astype(np.float32) * arrays["scales"].astype(np.float32)[:, None]
    return Table({name: place for place, name in enumerate(names)}, vectors)


@cache
def shipped_table() -> Table:
    """The table that came with the package, read once."""
    with np.load(TABLE, allow_pickle=False) as arrays:
        return unpacked(dict(arrays))
