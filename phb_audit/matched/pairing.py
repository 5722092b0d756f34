"""The best pairs of payments and receipts of a whole account at once, and which of them are a tie that no machine may break.

Pairs that hang together are one component. In each, the pairs are chosen that come to most points in all (an assignment, not the best
first). A pair is open where other pairs of the same component would come to as many points, or nearly: then nobody can tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MARGIN = 10  # points: less between two ways of pairing is no difference
PAIR = ("payment_id", "receipt_id")
NUMBERS_AT_ONCE = 2_000_000  # of components of one size taken together: bounds the memory
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Paired:
    """`sure`: rows of the pairs that stand. `open`: rows of pairs that could as well stand otherwise, with `group_idx`, their tie.

    `is_chosen` marks the open pairs of one best way among several: for ties that are of no matter.
    """

    sure: pl.DataFrame
    open: pl.DataFrame


def paired(pairs: pl.DataFrame, margin: int = MARGIN) -> Paired:
    """Choose among pairs (`payment_id`, `receipt_id` as numbers, `points` above 0; each pair once). The order of rows does not matter."""
    ordered = pairs.sort(PAIR)
    if ordered.is_empty():
        return Paired(ordered, ordered.with_columns(group_idx=pl.lit(0, dtype=pl.UInt32), is_chosen=pl.lit(value=False)))
    is_alone = ordered.select(~pl.col("payment_id").is_duplicated() & ~pl.col("receipt_id").is_duplicated()).to_series()
    rest = ordered.filter(~is_alone).with_row_index("edge")
    sure, tied = _in_components(rest, margin)
    chosen = pl.concat([ordered.filter(is_alone), rest.filter(pl.col("edge").is_in(sure)).drop("edge")])
    groups = pl.DataFrame(tied, schema={"edge": pl.UInt32, "group_idx": pl.UInt32, "is_chosen": pl.Boolean}, orient="row")
    return Paired(chosen.sort(PAIR), rest.join(groups, on="edge").drop("edge").sort(PAIR))


def _in_components(rest: pl.DataFrame, margin: int) -> tuple[list[int], list[tuple[int, int, bool]]]:
    """Edges that stand, and edges of ties with the number of their tie."""
    if rest.is_empty():
        return [], []
    left = rest["payment_id"].rank("dense").to_numpy().astype(np.int64) - 1
    right = rest["receipt_id"].rank("dense").to_numpy().astype(np.int64) - 1
    points = rest["points"].to_numpy().astype(np.int64)
    size = int(left.max()) + 1
    joined = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right + size)), shape=(size + int(right.max()) + 1,) * 2)
    component = connected_components(joined, directed=False)[1][left].astype(np.int64)
    row, rows = _places(component, left)
    column, columns = _places(component, right)
    is_chosen, groups = np.zeros(len(left), np.bool_), np.full(len(left), -1)
    for some in _of_one_size(component, rows, columns):
        is_chosen[some], groups[some] = _alike(component[some], row[some], column[some], points[some], margin)
    sure = np.flatnonzero(is_chosen & (groups < 0)).tolist()
    tied = np.flatnonzero(groups >= 0)
    numbers = np.unique(np.stack([component[tied], groups[tied]]), axis=1, return_inverse=True)[1].ravel()
    return sure, list(zip(tied.tolist(), numbers.tolist(), is_chosen[tied].tolist(), strict=True))


def _places(component: Ints, side: Ints) -> tuple[Ints, Ints]:
    """Of each edge the place of its payment (or receipt) within its component, in order; and how many each component has."""
    one_each, of_edge = np.unique(side, return_inverse=True)
    owner = np.zeros(len(one_each), np.int64)
    owner[of_edge] = component
    order = np.argsort(owner, kind="stable")
    sizes = np.bincount(owner)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - (np.cumsum(sizes) - sizes)[owner[order]]
    return place[of_edge], sizes


def _of_one_size(component: Ints, rows: Ints, columns: Ints) -> Iterator[Ints]:
    """The edges, some components of equally many payments and receipts at a time; edges of one component stand together."""
    order = np.lexsort((component, columns[component], rows[component]))
    size = np.stack([rows, columns], axis=1)[component[order]]
    for edges in np.split(order, np.flatnonzero((np.diff(size, axis=0) != 0).any(axis=1)) + 1):
        high, wide = int(rows[component[edges[0]]]) + 1, int(columns[component[edges[0]]]) + 1
        many = max(1, NUMBERS_AT_ONCE // (high * (high + wide)))
        place = np.unique(component[edges], return_inverse=True)[1]
        yield from np.split(edges, np.searchsorted(place, np.arange(many, place[-1] + 1, many)))


def _alike(component: Ints, row: Ints, column: Ints, points: Ints, margin: int) -> tuple[npt.NDArray[np.bool_], Ints]:
    """For each edge of components with equally many payments and receipts: whether it is of the best way found, and the number of its tie
    within its component (-1: none). Edges of one component stand together."""
    place = np.unique(component, return_inverse=True)[1]
    count, wide, high = int(place[-1]) + 1, int(row.max()) + 1, int(column.max()) + 1
    gain = np.zeros((count, wide, high))
    gain[place, row, column] = points
    mine, taken = np.full((count, wide), -1), np.full((count, high), -1)
    for one in range(count):
        r, c = linear_sum_assignment(gain[one], maximize=True)
        has = gain[one, r, c] > 0
        mine[one, r[has]], taken[one, c[has]] = c[has], r[has]
    slack = _slack(gain, mine, taken)
    is_chosen = mine[place, row] == column
    is_open = is_chosen & (slack[place, row] < margin)
    groups = np.full(len(place), -1)
    bounds = np.searchsorted(place, np.arange(count + 1))
    for one in np.unique(place[is_open]):
        some = slice(bounds[one], bounds[one + 1])
        groups[some] = _ties(gain[one], mine[one], taken[one], row[some], column[some], slack[one] < margin, margin)
    return is_chosen, groups


def _swaps(gain: Floats, mine: Ints, taken: Ints) -> Floats:
    """What it costs each payment to take another's receipt (the last place: one that is free, or none), infinite where it cannot.

    A way round these places is another way of pairing; what it costs in all is how many points it has less. One component after another.
    """
    components, count = mine.shape
    has, free = mine >= 0, taken < 0
    held = np.maximum(mine, 0)
    would = np.take_along_axis(gain, held[:, None, :], axis=2)
    own = np.diagonal(would, axis1=1, axis2=2)
    cost = np.full((components, count + 1, count + 1), np.inf)
    cost[:, :count, :count] = np.where((would > 0) & has[:, None, :], own[:, None, :] - would, np.inf)
    best_free = np.where(free[:, None, :], gain, 0).max(axis=2)
    best_idle = np.where(~has[:, :, None], gain, 0).max(axis=1)
    cost[:, :count, count] = -best_free
    cost[:, count, :count] = np.where(has, own - np.take_along_axis(best_idle, held, axis=1), np.inf)
    cost[:, :count][~has] = np.inf
    places = np.arange(count + 1)
    cost[:, places, places] = 0.0
    return cost


def _slack(gain: Floats, mine: Ints, taken: Ints) -> Floats:
    """For each payment with a receipt, how many points the best other way of pairing that moves it has less."""
    cost = _swaps(gain, mine, taken)
    places = np.arange(cost.shape[1])
    # A way that costs nothing is a way, but no better than none: a shift far below one point in all.
    far = cost + 1e-6
    far[:, places, places] = 0.0
    for over in places:  # Floyd and Warshall's, of all components at once
        np.minimum(far, far[:, :, over, None] + far[:, over, None, :], out=far)
    round_trip = cost + far.transpose(0, 2, 1)
    round_trip[:, places, places] = np.inf
    return np.asarray(round_trip.min(axis=2))[:, :-1]


def _ties(gain: Floats, mine: Ints, taken: Ints, row: Ints, column: Ints, is_loose: npt.NDArray[np.bool_], margin: int) -> Ints:
    """The number of the tie each edge belongs to: loose payments, the receipts they could have, and idle ones that want those."""
    held = is_loose[row] | ((taken[column] >= 0) & is_loose[taken[column]])
    own = np.where(mine[row] >= 0, gain[row, mine[row]], 0)
    theirs = np.where(taken[column] >= 0, gain[taken[column], column], 0)
    is_idle_row, is_free = mine[row] < 0, taken[column] < 0
    near = np.where(is_idle_row, theirs, np.where(is_free, own, np.minimum(own, theirs))) - gain[row, column] < margin
    chosen = mine[row] == column
    both = np.where(is_idle_row | is_free, True, is_loose[row])
    edges = np.flatnonzero(held & both & (near | chosen) & (~chosen | is_loose[row]))
    groups = np.full(len(row), -1)
    if not len(edges):
        return groups
    size = len(mine)
    joined = coo_matrix((np.ones(len(edges), dtype=np.int8), (row[edges], column[edges] + size)), shape=(size + len(taken),) * 2)
    label = connected_components(joined, directed=False)[1][row[edges]]
    groups[edges] = np.unique(label, return_inverse=True)[1]
    return groups
