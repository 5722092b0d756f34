"""Lessons: decisions fade, echoes count less, and what is judged by shares no person, supplier or time with what was learned."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from phb_audit.cases.lessons import kept_back, weighed
from tests.builders import rows

AS_OF = date(2026, 10, 31)


def decision(
    number: int, *, supplier: str = "", holder: str | None = None, on: str = "2026-10-01", how: str = "corrected"
) -> dict[str, object]:
    return {
        "event_number": number,
        "merchant_words": supplier or f"SHOP {number}",
        "holder_id": holder or f"H{number}",
        "decided_at": f"{on}T10:00:00Z",
        "provenance_code": how,
        "category_code": "A01",
    }


def frame(*decisions: dict[str, object]) -> pl.DataFrame:
    return weighed(rows("decided.categories", *decisions), AS_OF)


@pytest.mark.parametrize(
    ("how", "on", "trust"),
    [("corrected", "2026-10-31", 1.0), ("confirmed", "2026-10-31", 0.5), ("imported", "2026-10-31", 0.8), ("corrected", "2025-10-31", 0.5)],
)
def test_how_much_a_decision_counts(how: str, on: str, trust: float) -> None:
    assert frame(decision(1, how=how, on=on))["trust"].to_list() == [trust]


def test_a_decision_of_a_later_day_is_not_seen() -> None:
    assert frame(decision(1, on="2026-11-01")).is_empty()


def test_what_is_judged_by_is_newer_and_of_other_people_and_suppliers() -> None:
    decisions = [decision(number, supplier=f"SHOP {number % 7}", holder=f"H{number % 5}") for number in range(1, 21)]
    decisions += [decision(number) for number in range(21, 41)]
    taught, judged = kept_back(frame(*decisions))
    assert judged["event_number"].min() > taught["event_number"].max()
    assert not set(taught["holder_id"]) & set(judged["holder_id"])
    assert not set(taught["merchant_words"]) & set(judged["merchant_words"])
    assert judged.height == 10


def test_the_same_supplier_again_is_not_learned_from() -> None:
    taught, judged = kept_back(frame(*(decision(n, supplier="ONE SHOP") for n in range(1, 9))))
    assert taught.is_empty()
    assert judged.height == 2


def test_imported_names_are_only_learned_from() -> None:
    taught, judged = kept_back(frame(decision(1, how="imported"), decision(2, how="imported")))
    assert (taught.height, judged.height) == (2, 0)
