"""matched.refund_links: refunds beside the purchase they give money back for; where several would do as well it stays open.

Same account and payee, bought before, and no purchase gives back more than it cost. Refunds are taken in order of day, so that the
second knows what the first left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import polars as pl

from phb_audit.matched.pairing import MARGIN
from phb_audit.money import pounds
from phb_audit.tables import TABLES
from phb_audit.warehouse import Warehouse, sql

REFUNDS = TABLES["matched.refund_links"]
BACK_DAYS = 120  # a refund comes within the weeks in which things can be taken back, and the days a card needs
ALL_OF_IT, PART_OF_IT = 400, 100
SAME_NUMBER = 300
A_DAY = 1  # point lost for every day between
Pair = Mapping[str, Any]
Row = dict[str, Any]


def link_refunds(warehouse: Warehouse, holders: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """matched.refund_links of these holders (`holder_id`), from their matched payments."""
    pairs = warehouse.frame(sql(__file__, "refund_pairs"), {"back_days": BACK_DAYS}, holders_now=holders.select("holder_id"))
    rows = [row | {"run_id": run_id} for row in links_of(pairs.iter_rows(named=True))]
    return pl.DataFrame(rows, schema=REFUNDS.polars_schema, orient="row").sort(REFUNDS.key)


def links_of(pairs: Iterable[Pair]) -> list[Row]:
    """The links of refunds, from the purchases each may be for (as `refund_pairs.sql`, in order of the refund's day)."""
    left: dict[str, int] = {}
    links: list[Row] = []
    waiting: list[list[Row]] = []
    for _, group in groupby(pairs, key=lambda pair: pair["refund_id"]):
        able = [_weighed(pair, left) for pair in group if left.get(pair["purchase_id"], pair["bought_pence"]) >= pair["back_pence"]]
        able.sort(key=lambda row: (-row["points"], row["purchase_id"]))
        best = [row for row in able if able[0]["points"] - row["points"] < MARGIN]
        if len(best) > 1:
            waiting.append(best)
        elif best:
            links.append(_settled(best[0], left))
    for best in waiting:
        links += _of_ties(best, waiting, left)
    return links


def _of_ties(best: list[Row], waiting: list[list[Row]], left: dict[str, int]) -> list[Row]:
    """An open link to each; where as many refunds as purchases tie, all of each given back, which is for which is no matter."""
    best = [row for row in best if left.get(row["purchase_id"], row["bought_pence"]) >= row["back_pence"]]
    if len(best) <= 1:
        return [_settled(row, left) for row in best]
    names = {row["purchase_id"] for row in best}
    alike = [rows for rows in waiting if {row["purchase_id"] for row in rows} >= names]
    if len(alike) >= len(names) and all(row["bought_pence"] == row["back_pence"] for rows in alike for row in rows):
        return [_settled(min(best, key=lambda row: (row["bought_on"], row["purchase_id"])), left)]
    said = "Could be for another purchase as well: "
    return [row | {"link_code": "open", "left_pence": None, "because": said + row["because"]} for row in best]


def _weighed(pair: Pair, left: Mapping[str, int]) -> Row:
    before = left.get(pair["purchase_id"], pair["bought_pence"])
    days = (pair["refund_on"] - pair["bought_on"]).days
    amount = ALL_OF_IT if before == pair["back_pence"] else PART_OF_IT
    near = BACK_DAYS - A_DAY * days
    number = SAME_NUMBER if pair["has_number"] else 0
    told = "all that was left of" if amount == ALL_OF_IT else f"a part of the {pounds(before)} left of"
    words = f"gives back {told} what was paid ({amount}); {days} days after ({near})"
    row = {name: pair[name] for name in pair if name != "has_number"}
    return row | {"points": amount + near + number, "because": words + (f"; the same number in both lines ({number})" if number else "")}


def _settled(row: Row, left: dict[str, int]) -> Row:
    left[row["purchase_id"]] = left.get(row["purchase_id"], row["bought_pence"]) - row["back_pence"]
    return row | {"link_code": "one", "left_pence": left[row["purchase_id"]]}
