"""The pairs that come to most points in all, held against every way there is; and what is left open because another way does as well."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phb_audit.matched import pairing
from phb_audit.matched.pairing import MARGIN, paired

Edge = tuple[int, int, int]


def frame(edges: list[Edge]) -> pl.DataFrame:
    schema = {"payment_id": pl.UInt32, "receipt_id": pl.UInt32, "points": pl.Int64}
    return pl.DataFrame(edges, schema=schema, orient="row")


def ways(edges: list[Edge]) -> Iterator[tuple[int, frozenset[tuple[int, int]]]]:
    """Every way of pairing, with what it comes to."""
    if not edges:
        yield 0, frozenset()
        return
    (payment, receipt, points), *rest = edges
    yield from ways(rest)
    for total, pairs in ways([edge for edge in rest if edge[0] != payment and edge[1] != receipt]):
        yield total + points, pairs | {(payment, receipt)}


def pairs_of(rows: pl.DataFrame) -> set[tuple[int, int]]:
    return set(rows.select("payment_id", "receipt_id").iter_rows())


edges = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([400, 405, 420, 500, 505, 700])),
    max_size=9,
    unique_by=lambda edge: edge[:2],
)


@settings(deadline=None, max_examples=300)  # a busy machine is no failure
@given(edges)
def test_what_stands_is_in_every_way_that_is_best_or_nearly(drawn: list[Edge]) -> None:
    found = paired(frame(drawn))
    every = list(ways(drawn))
    best = max(total for total, _ in every)
    near = [pairs for total, pairs in every if total > best - MARGIN]
    always = frozenset.intersection(*near)
    assert pairs_of(found.sure) == always


@settings(deadline=None, max_examples=100)
@given(edges)
def test_what_is_chosen_among_the_open_makes_the_best_way_whole(drawn: list[Edge]) -> None:
    found = paired(frame(drawn))
    chosen = pl.concat([found.sure, found.open.filter("is_chosen").select(found.sure.columns)])
    assert chosen["points"].sum() == max(total for total, _ in ways(drawn))
    assert chosen["payment_id"].n_unique() == chosen["receipt_id"].n_unique() == chosen.height


@settings(deadline=None, max_examples=100)
@given(edges)
def test_the_order_of_rows_does_not_matter(drawn: list[Edge]) -> None:
    first, second = paired(frame(drawn)), paired(frame(drawn[::-1]))
    assert first.sure.equals(second.sure)
    assert first.open.equals(second.open)


@pytest.mark.parametrize("numbers", [1, 30])
def test_how_many_components_are_taken_at_once_does_not_matter(monkeypatch: pytest.MonkeyPatch, numbers: int) -> None:
    tie = [(10 * k + p, 10 * k + r, 700 - k * (p - r)) for k in range(6) for p in (1, 2) for r in (1, 2)]
    settled = [(100 + k + p, 100 + k, 700 - 50 * p) for k in range(0, 30, 3) for p in (0, 1)]
    whole = paired(frame(tie + settled))
    monkeypatch.setattr(pairing, "NUMBERS_AT_ONCE", numbers)
    parts = paired(frame(tie + settled))
    assert parts.sure.equals(whole.sure)
    assert parts.open.equals(whole.open)
    assert whole.open["group_idx"].n_unique() == 6


def test_the_best_pair_first_would_leave_one_without() -> None:
    found = paired(frame([(1, 1, 700), (1, 2, 690), (2, 1, 690)]))
    assert pairs_of(found.sure) == {(1, 2), (2, 1)}


def test_two_alike_payments_and_two_alike_receipts_are_one_tie() -> None:
    found = paired(frame([(p, r, 700) for p in (1, 2) for r in (1, 2)]))
    assert found.sure.is_empty()
    assert (found.open.height, found.open["group_idx"].n_unique()) == (4, 1)


def test_one_receipt_that_fits_two_payments_is_a_tie() -> None:
    found = paired(frame([(1, 1, 700), (2, 1, 695)]))
    assert pairs_of(found.open) == {(1, 1), (2, 1)}


def test_ten_points_more_settle_it() -> None:
    found = paired(frame([(1, 1, 700), (2, 1, 690)]))
    assert pairs_of(found.sure) == {(1, 1)}
