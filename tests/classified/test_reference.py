"""The reference files hold together, and the weights that are shipped are those the files teach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from phb_audit.classified.classifier import classify
from phb_audit.classified.experts import ask_memory, shipped_weights
from phb_audit.classified.fit import WEIGHTS, fit
from phb_audit.classified.reference import MERCHANT_CODE_FLOOR, read, reference
from phb_audit.errors import UsageError
from phb_audit.settings import shipped

MATTERING = (
    "5813 5921 5993 7995 7273 9222 6010 6011 4829 6051 6211 8011 8021 8031 8041 8042 8043 8049 8050 8062 8071 8099 5047 5122 5912 5975 5976"
    " 7297 7298 7011 7012 7032 7033 4411 4511 4722 7512 7519 7832 7911 7922 7929 7933 7941 7991 7993 7994 7996 7997 7998 7999 5411 5499"
    " 5712 5722 5732 5733 5734 5940 5941 5942 5944 5945 5947 5970 5977 5995 4121 4111 4131 4900 6300 7276 7277 8111 8299 8351 8398 9311"
)


def test_every_merchant_code_that_matters_is_in_the_table() -> None:
    assert set(MATTERING.split()) <= set(reference().mcc_rows)


def test_a_merchant_code_leaves_a_share_to_every_category() -> None:
    shares = reference().mcc_shares
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)
    assert shares[1:].min() >= MERCHANT_CODE_FLOOR / len(reference().codes) - 1e-6


def test_ranges_of_merchant_codes_are_written_out() -> None:
    known = reference()
    assert known.mcc_shares[known.mcc_rows["3577"]].argmax() == known.place("R01")


@pytest.mark.parametrize("name", ["merchants.csv", "classifier_examples.csv", "merchant_codes.csv"])
def test_every_code_of_a_reference_file_is_in_the_taxonomy(name: str) -> None:
    assert set(read(shipped("reference"), name, ["code"])["code"]) <= set(reference().codes)


def test_every_category_has_examples() -> None:
    counts = read(shipped("reference"), "classifier_examples.csv", ["code"]).group_by("code").len()
    assert counts.height == 70
    assert counts["len"].min() >= 15  # type: ignore[operator]


def test_no_example_names_a_person_or_carries_a_number_of_theirs() -> None:
    frame = read(shipped("reference"), "classifier_examples.csv", ["merchant", "description"])
    text = frame.select(pl.concat_str("merchant", "description", separator=" ")).to_series()
    assert not text.str.contains(r"\b\d{10}\b|\b\d{2}-\d{2}-\d{2}\b").any()


def known_as(name: str) -> str:
    known = reference()
    return known.merchant_names[int(ask_memory(pl.Series([name]), known)[0])]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("TESCO STORES", "TESCO STORES"),
        ("TESCOSTORESLTD", "TESCO STORES"),
        ("B & Q", "B & Q"),
        ("COOP GROUP FOOD", "COOP GROUP"),
        ("NEXT RETAIL", "NEXT RETAIL"),
        ("NEXT", "NEXT"),
        ("NEXT GENERATION CARE", ""),
        ("NOW PENSIONS", "NOW PENSIONS"),
        ("NEVER HEARD OF", ""),
        ("", ""),
    ],
)
def test_a_known_name_is_found_by_its_longest_beginning(name: str, pattern: str) -> None:
    assert known_as(name).replace(" ", "") == pattern.replace(" ", "")


def test_a_missing_column_is_named(tmp_path: object) -> None:
    with pytest.raises(UsageError, match=r"taxonomy\.csv lacks nonsense"):
        read(shipped("reference"), "taxonomy.csv", ["nonsense"])


def test_the_shipped_weights_are_small_and_plain_numbers() -> None:
    assert WEIGHTS.stat().st_size <= 8_000_000
    assert shipped_weights().codes == reference().codes


@pytest.mark.slow
def test_learning_again_gives_the_shipped_weights(tmp_path: Path) -> None:
    """The search for weights ends a little elsewhere on another processor: nearly the same numbers, and the same answers."""
    again = fit(shipped("reference"))
    with np.load(WEIGHTS, allow_pickle=False) as kept:
        assert set(again) == set(kept.files)
        for name in kept.files:
            if kept[name].dtype.kind == "f":
                before, after = (each[name].astype(np.float64).ravel() for each in (kept, again))
                assert np.corrcoef(before, after)[0, 1] > 0.999, name
            else:
                assert np.array_equal(kept[name], again[name]), name
    with (tmp_path / "again.npz").open("wb") as file:
        np.savez(file, allow_pickle=False, **again)
    lines = pl.read_csv(shipped("reference") / "frozen_lines.csv", infer_schema=False).select("merchant", "description", "mcc")
    told = [classify(lines, None, weights)["category_code"] for weights in (WEIGHTS, tmp_path / "again.npz")]
    assert (told[0] == told[1]).mean() > 0.985
