"""Receipts that are one paper photographed, scanned or saved anew: another file, the same picture, and everything read of it agrees.

A picture alone never says so, for receipts of one shop look alike: total, day and company must be the same, and so must the numbers
and times printed. Across every holder, as for papers that are one file.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any

import polars as pl

from phb_audit.evidence.alike import is_one_paper
from phb_audit.evidence.verify import LIKE_SHARE, likeness
from phb_audit.run import Run
from phb_audit.warehouse import sql

PICTURED = ("picture_mark", "numbers_mark")
AS_SIDE = {"picture_mark": "picture", "numbers_mark": "numbers", "supplier_name": "supplier"}
Known = tuple[date, str, str]


def join_papers(run: Run) -> int:
    """Give receipts that tonight's receipts look like, and those, one `sameness_id`: that of the paper that came first.

    Returns how many pairs were found.
    """
    pairs = run.warehouse.frame(sql(__file__, "papers_alike"), {"run_id": run.run_id})
    links = [(known(row, "one"), known(row, "other")) for row in pairs.iter_rows(named=True) if is_copy(row)]
    if firsts := first_of_each(links):
        papers = pl.DataFrame(sorted(firsts.items()), schema={"sameness_id": pl.String, "first_id": pl.String}, orient="row")
        run.warehouse.execute_with(sql(__file__, "join_papers"), papers_now=papers)
    return len(links)


def is_copy(row: dict[str, Any]) -> bool:
    """Do pictures, numbers and company of a pair agree? Its total and day do."""
    marks = (row["one_picture"], row["other_picture"], row["one_numbers"], row["other_numbers"])
    return is_one_paper(*marks) and likeness(row["one_supplier"], row["other_supplier"]) >= LIKE_SHARE


def are_prints(papers: list[dict[str, Any]]) -> bool:
    """Are these receipts of one holder all prints of one paper: one file, or pictures of it with everything read the same?"""
    return all(is_print(one, other) for one, other in combinations(papers, 2))


def is_print(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same of two receipts; each a row of `sameness` with `picture_mark` and `numbers_mark`."""
    if one["paper_text"] is not None and one["paper_text"] == other["paper_text"]:
        return True
    told = (*PICTURED, "total_pence", "dated_on", "supplier_name")
    if any(paper[name] is None for paper in (one, other) for name in told):
        return False
    if any(one[name] != other[name] for name in ("total_pence", "dated_on")):
        return False
    return is_copy({f"{side}_{AS_SIDE[name]}": paper[name] for side, paper in (("one", one), ("other", other)) for name in AS_SIDE})


def known(row: dict[str, Any], side: str) -> Known:
    """One side of a pair: the day it came, its receipt and what its paper is known by."""
    return row[f"{side}_received_on"] or date.max, row[f"{side}_id"], row[f"{side}_sameness"]


def first_of_each(links: list[tuple[Known, Known]]) -> dict[str, str]:
    """For every `sameness_id` that hangs together with others, the one of the receipt that came first among them."""
    groups: dict[str, set[Known]] = {}
    for pair in links:
        together = set(pair).union(*(groups.get(sameness, set()) for _, _, sameness in pair))
        for _, _, sameness in together:
            groups[sameness] = together
    return {sameness: min(together)[2] for sameness, together in groups.items()}
