"""Numbers that say who a person is are found in free text and masked; other numbers are left alone (Q-10)."""

from __future__ import annotations

import polars as pl
import pytest

from phb_audit.identity import nhs_check_digit
from phb_audit.validated.free_text import MASK, masked, masked_text

NHS = "999000001" + str(nhs_check_digit([9, 9, 9, 0, 0, 0, 0, 0, 1]))
SPACED = f"{NHS[:3]} {NHS[3:6]} {NHS[6:]}"


@pytest.mark.parametrize(
    "text", [NHS, SPACED, f"for {SPACED} please", f"NHS:{NHS}.", "20-30-40 12345678", "A/C 12345678", "account no: 12345678"]
)
def test_identity_in_text_is_masked(text: str) -> None:
    hidden = masked_text(text)
    assert MASK in hidden
    assert not any(part in hidden for part in (NHS, SPACED, "12345678"))


@pytest.mark.parametrize(
    "text",
    [
        "REF 12345678",
        "01234567890",  # eleven digits: a telephone
        f"9{NHS}",
        NHS[:-1] + str((int(NHS[-1]) + 1) % 10),  # fails the check digit
        "INVOICE 2026-10-31",
        "PLATT PHOTOGRAPHY 5903",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert masked_text(text) == text


def test_the_columns_first_look_misses_nothing_the_mask_would_find() -> None:
    frame = pl.DataFrame({"a": [SPACED, "plain", None, "REF 12345678"], "b": ["x", "A/C 12345678", "y", None]})
    read = masked(frame, "a", "b")
    assert read["has_identity_text"].to_list() == [True, True, False, False]
    assert read["a"].to_list() == [MASK, "plain", None, "REF 12345678"]
    assert read["b"].to_list() == ["x", MASK, "y", None]


def test_an_empty_frame_is_masked() -> None:
    assert masked(pl.DataFrame(schema={"a": pl.String}), "a")["has_identity_text"].to_list() == []
