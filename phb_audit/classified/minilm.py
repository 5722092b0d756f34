"""A sentence model (all-MiniLM-L6-v2) read forward in plain numpy. Used only while `phb-audit model distil` makes the static table.

Its weights are never shipped and never read at night: they are the teacher of table.npz (docs/reference/model-card.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from phb_audit.classified.pieces import pieces_of
from phb_audit.errors import UsageError

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
LAYERS, HEADS, SMALL = 6, 12, 1e-12
BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
AT_ONCE = 256


def checked_bytes(path: Path, sha256: str) -> bytes:
    """A file's bytes. Raises UsageError when it is absent or not the very file that is asked for."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read.", do="Install the dependency group 'distil'.") from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise UsageError(f"{path.name} is not the file the table was made from.", do=f"Its SHA-256 must be {sha256}.")
    return raw


def tensors(raw: bytes) -> dict[str, Floats]:
    """The 32-bit arrays of a safetensors file by name: a length, a JSON header, then plain numbers."""
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + size])
    found: dict[str, Floats] = {}
    for name, about in header.items():
        if name != "__metadata__" and about["dtype"] == "F32":
            first, last = (8 + size + place for place in about["data_offsets"])
            found[name] = np.frombuffer(raw[first:last], np.float32).reshape(about["shape"])
    return found


class SentenceModel:
    """The teacher: texts in, one vector of length 1 a text out."""

    def __init__(self, folder: Path) -> None:
        self.weights = tensors(checked_bytes(folder / "model.safetensors", WEIGHTS_SHA256))
        self.vocabulary = {piece: place for place, piece in enumerate((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())}

    def ids(self, text: str) -> list[int]:
        """Places of a lower-case text's pieces, without the marks of beginning and end."""
        unknown = self.vocabulary[UNKNOWN]
        return [place for word in text.split() for place in pieces_of(word, self.vocabulary) or [unknown]]

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Vectors of lower-case texts whose words stand between blanks."""
        return self.vectors_of_ids([self.ids(text) for text in texts])

    def vectors_of_ids(self, every: Sequence[Sequence[int]]) -> Floats:
        """Vectors of texts given as pieces; texts of equal length are read together, so nothing is padded."""
        begin, end = self.vocabulary[BEGIN], self.vocabulary[END]
        lengths = np.array([len(ids) for ids in every])
        out = np.zeros((len(every), 384), np.float32)
        for length in np.unique(lengths):
            of_length = np.flatnonzero(lengths == length)
            for first in range(0, len(of_length), AT_ONCE):
                rows = of_length[first : first + AT_ONCE]
                out[rows] = self.forward(np.array([[begin, *every[row], end] for row in rows], dtype=np.int64))
        return out

    def forward(self, ids: Ints) -> Floats:
        """Mean of the last layer over every piece (marks included), scaled to length 1: what the model's own pooling does."""
        weights = self.weights
        state = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        state = self.normal(state + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            state = self.layer(state, f"encoder.layer.{layer}")
        mean = state.mean(axis=1)
        unit: Floats = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def layer(self, state: Floats, name: str) -> Floats:
        """One layer: attention between the pieces, then two dense steps."""
        count, length, width = state.shape
        parts = [
            self.dense(state, f"{name}.attention.self.{part}").reshape(count, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        ]
        scores = parts[0] @ parts[1].transpose(0, 1, 3, 2) / np.float32((width // HEADS) ** 0.5)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = (scores @ parts[2]).transpose(0, 2, 1, 3).reshape(count, length, width)
        state = self.normal(state + self.dense(seen, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        wide = self.dense(state, f"{name}.intermediate.dense")
        wide = wide * np.float32(0.5) * (1 + erf(wide / np.float32(2**0.5)))
        return self.normal(state + self.dense(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def dense(self, state: Floats, name: str) -> Floats:
        """A linear step, as one flat product (numpy takes a stack of them one by one)."""
        weight = self.weights[f"{name}.weight"]
        flat: Floats = state.reshape(-1, weight.shape[1]) @ weight.T + self.weights[f"{name}.bias"]
        return flat.reshape(*state.shape[:-1], weight.shape[0])

    def normal(self, state: Floats, name: str) -> Floats:
        """A layer norm."""
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(SMALL))
        result: Floats = centred / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]
        return result
