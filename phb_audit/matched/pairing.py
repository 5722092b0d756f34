"""The best pairs of payments and receipts of a whole account at once, and which of them are a tie that no machine may break.

Pairs that hang together are one component. In each, the pairs are chosen that come to most points in all (an assignment, not the best
first). A pair is open where other pairs of the same component would come to as many points, or nearly: then nobody can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, floyd_warshall

MARGIN = 10  # points: less between two ways of pairing is no difference
PAIR = ("payment_id", "receipt_id")
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
    component = connected_components(joined, directed=False)[1][left]
    order = np.argsort(component, kind="stable")
    bounds = np.flatnonzero(np.diff(component[order])) + 1
    sure: list[int] = []
    tied: list[tuple[int, int, bool]] = []
    ties = 0
    for edges in np.split(order, bounds):
        chosen, groups = _component(left[edges], right[edges], points[edges], margin)
        sure += edges[chosen & (groups < 0)].tolist()
        tied += [
            (int(edge), ties + int(group), bool(is_chosen))
            for edge, group, is_chosen in zip(edges, groups, chosen, strict=True)
            if group >= 0
        ]
        ties += int(groups.max()) + 1
    return sure, tied


def _component(left: Ints, right: Ints, points: Ints, margin: int) -> tuple[npt.NDArray[np.bool_], Ints]:
    """For each edge of one component: whether it is of the best way found, and the number of its tie (-1: none)."""
    rows, row = np.unique(left, return_inverse=True)
    columns, column = np.unique(right, return_inverse=True)
    gain = np.zeros((len(rows), len(columns)))
    gain[row, column] = points
    mine = np.full(len(rows), -1)
    taken = np.full(len(columns), -1)
    for r, c in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
        if gain[r, c] > 0:
            mine[r], taken[c] = c, r
    slack = _slack(gain, mine, taken)
    is_chosen = mine[row] == column
    is_open = is_chosen & (slack[row] < margin)
    groups = _ties(gain, mine, taken, row, column, slack < margin, margin) if is_open.any() else np.full(len(left), -1)
    return is_chosen, groups


def _swaps(gain: Floats, mine: Ints, taken: Ints) -> Floats:
    """What it costs each payment to take another's receipt (the last place: one that is free, or none), infinite where it cannot.

    A way round these places is another way of pairing; what it costs in all is how many points it has less.
    """
    count = len(mine)
    cost = np.full((count + 1, count + 1), np.inf)
    has = np.flatnonzero(mine >= 0)
    own = gain[has, mine[has]]
    for place, payment in enumerate(has):
        reach = gain[:, mine[payment]] > 0
        cost[:count, payment] = np.where(reach, own[place] - gain[:, mine[payment]], np.inf)
    free, idle = taken < 0, mine < 0
    best_free = gain[:, free].max(axis=1) if free.any() else np.zeros(count)
    cost[has, count] = -best_free[has]
    best_idle = gain[idle].max(axis=0) if idle.any() else np.zeros(gain.shape[1])
    cost[count, has] = own - best_idle[mine[has]]
    cost[:count][idle] = np.inf
    np.fill_diagonal(cost, 0.0)
    return cost


def _slack(gain: Floats, mine: Ints, taken: Ints) -> Floats:
    """For each payment with a receipt, how many points the best other way of pairing that moves it has less."""
    cost = _swaps(gain, mine, taken)
    # scipy takes nought for 'no way': a shift keeps ways that cost nothing, and is far below one point in all
    shift = 1e-6
    ways = np.where(np.isfinite(cost), cost + shift, np.inf)
    np.fill_diagonal(ways, 0.0)
    far = np.asarray(floyd_warshall(ways, directed=True))
    round_trip = cost + far.T
    np.fill_diagonal(round_trip, np.inf)
    return np.asarray(round_trip.min(axis=1))[:-1]


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
