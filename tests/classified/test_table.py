"""The static table: words in pieces, nearness of meaning, and that making it again gives the same table."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.classified import distil
from phb_audit.classified.minilm import SentenceModel, checked_bytes, tensors
from phb_audit.classified.pieces import pieces_of
from phb_audit.classified.table import Table, shipped_table, unit, unpacked
from phb_audit.classified.words import occurrences
from phb_audit.errors import UsageError

VOCABULARY = {"wheel": 0, "##chair": 1, "##s": 2, "chair": 3, "w": 4, "##h": 5}


@pytest.mark.parametrize(
    ("word", "places"),
    [("wheelchair", [0, 1]), ("wheelchairs", [0, 1, 2]), ("chair", [3]), ("wh", [4, 5]), ("zzz", []), ("wheelq", []), ("", [])],
)
def test_a_word_is_its_longest_known_beginning_and_its_continuations(word: str, places: list[int]) -> None:
    assert pieces_of(word, VOCABULARY) == places


def test_a_word_too_long_is_not_read() -> None:
    assert pieces_of("w" * 101, {"w": 0, "##w": 1}) == []


def vectors(*texts: str) -> np.ndarray:
    return shipped_table().of_texts(occurrences(pl.Series(list(texts))))


def test_words_never_met_are_near_words_that_mean_the_same() -> None:
    armchair, settee, vodka = vectors("ARMCHAIR", "SETTEE COUCH", "VODKA")
    assert armchair @ settee > armchair @ vodka + 0.2


def test_a_text_without_a_readable_word_is_all_zeros() -> None:
    assert not vectors("", "ß").any()


def test_a_text_has_length_one_and_does_not_depend_on_its_neighbours() -> None:
    both = vectors("HYDRO POOL", "NITRILE GLOVES")
    assert np.allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    assert np.allclose(both[1], vectors("NITRILE GLOVES")[0], atol=1e-6)


def test_another_file_than_the_one_named_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(UsageError, match="is not the file the table was made from"):
        checked_bytes(tmp_path / "model.safetensors", "0" * 64)
    with pytest.raises(UsageError, match="cannot be read"):
        SentenceModel(tmp_path / "nowhere")


def test_tensors_are_read_from_their_header() -> None:
    header = b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}'
    raw = len(header).to_bytes(8, "little") + header + np.array([1.5, 2.5], np.float32).tobytes() + bytes(8)
    assert {name: each.tolist() for name, each in tensors(raw).items()} == {"a": [1.5, 2.5]}


def test_vectors_are_moved_until_means_meet_their_goals() -> None:
    draw = np.random.default_rng(0)
    before = draw.normal(size=(6, 4)).astype(np.float32)
    uses = distil.means(["wheelchair", "chair", "wh"], VOCABULARY, np.ones(6, np.float32))
    goals = draw.normal(size=(3, 4)).astype(np.float32)
    after = distil.moved(before, uses, goals)
    assert np.linalg.norm(uses @ after - goals) < 0.7 * np.linalg.norm(uses @ before - goals)
    assert np.array_equal(after[2], before[2]), "a piece no text uses stays where it was"


FOLDER = os.environ.get("PHB_AUDIT_SENTENCE_MODEL", "")


@pytest.mark.slow
@pytest.mark.skipif(
    not FOLDER and importlib.util.find_spec(distil.PACKAGE) is None, reason="the dependency group 'distil' is not installed"
)
def test_distilling_again_gives_the_shipped_table() -> None:
    again: Table = unpacked(distil.distil(Path(FOLDER) if FOLDER else distil.installed_model()))
    shipped = shipped_table()
    assert list(again.pieces) == list(shipped.pieces)
    first, second = np.random.default_rng(0).integers(0, len(shipped.pieces), (2, 20_000))
    ours, theirs = unit(shipped.vectors), unit(again.vectors)
    cosines = [(rows[first] * rows[second]).sum(axis=1) for rows in (ours, theirs)]
    assert np.corrcoef(*cosines)[0, 1] >= 0.999
