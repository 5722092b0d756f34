"""The flagged items of a night as one plain list: what the PDF, the workbook, the CSV and the JSON are made of.

The same cases, references and totals as the page (flagged_items.py); what is kept apart is not among them.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.assurance.to_be_read import ASK
from phb_audit.cases.seen import row_keys
from phb_audit.money import pounds_expr
from phb_audit.reports import flagged_scope
from phb_audit.reports.flagged_items import APART, headline
from phb_audit.reports.flagged_totals import PRIORITIES, PROPOSALS, Figures, Sorted, in_words, sort_by_reader, totals
from phb_audit.run import Run
from phb_audit.warehouse import sql

REVIEW, OWN, TO_READ, TOLD = "Needs a look", "Our own side", "To be read", "For information"
DECIDED_IN = (REVIEW, TO_READ)
GROUPS = (OWN, REVIEW, TO_READ, TOLD)  # the commissioner first
SECTIONS = re.compile(r" \(section \d\)|: section \d has them first")  # of the page; the list has none of them
WORDS = {
    "sentence": "What we saw",
    "usual": "What is usual",
    "plan_words": "The plan",
    "innocent": "Why it may be right",
    "ask": "What to ask",
}
# column of the list -> heading for readers, in the order they are printed
COLUMNS = {
    "case_ref": "Reference",
    "group": "Where it belongs",
    "holder_shown": "Person",
    "headline": "What",
    "subject_on": "Day",
    "at_stake": "In question",
    "priority": "Priority",
    "proposal": "Proposed next step",
    "first_flagged_on": "First flagged",
    "waiting_days": "Days waiting",
    "why": "Why",
    "rule_ids": "Rules",
    "own_part": "Our own part",
    **WORDS,
    "clears": "What would clear it",
    "helps": "What helps to decide",
}


@dataclass(frozen=True)
class FlaggedList:
    """A night's list: `items` has the columns of COLUMNS, `case_id` and `at_stake_pence`, in the order of the queue; texts are plain.

    `row_keys`: by case id, what ties a workbook's row to what it was filled in about (cases/workbook.py).
    """

    commissioner_code: str
    run_id: str
    as_of: date
    opening: tuple[str, ...]
    items: pl.DataFrame
    totals: pl.DataFrame
    row_keys: dict[str, str]

    @property
    def list_hash(self) -> str:
        """16 hex digits that stand for every item and total."""
        return hashlib.sha256((self.items.write_csv() + self.totals.write_csv()).encode()).hexdigest()[:16]

    def of(self, group: str) -> pl.DataFrame:
        """The items of a group."""
        return self.items.filter(group=group)


def flagged_list(run: Run) -> FlaggedList:
    """The list of a run whose warehouse is open; nothing is written."""
    found = sort_by_reader(*(run.warehouse.frame(sql(__file__, f"flagged_items_{name}")) for name in ("found", "cases")))
    counted = totals(found, run.run_id, run.as_of)
    seen = flagged_scope.coverage(run)
    told = headline(Figures(counted), seen, stand_in=run.stand_in_holders)
    to_read = to_read_of(run)
    numbers = in_words(Figures(counted), to_read.height)
    said = (*told, numbers, flagged_scope.scope(run)["verdict"], APART, *flagged_scope.limits(seen))
    opening = tuple(SECTIONS.sub("", words) for words in said)
    items = pl.concat([items_of(run, found), to_read])
    order = pl.col("group").replace_strict({name: place for place, name in enumerate(GROUPS)}, return_dtype=pl.Int64)
    keys = row_keys(run.warehouse, items.filter(pl.col("group").is_in(DECIDED_IN)).select("case_id"))
    return FlaggedList(run.commissioner_code, run.run_id, run.as_of, opening, items.sort(order, maintain_order=True), counted, keys)


def to_read_of(run: Run) -> pl.DataFrame:
    """One row a purchase to be read: what was paid, to whom and when, and the same words for all, so that nothing tells why it is there."""
    rows = run.warehouse.frame(sql(__file__, "flagged_items_to_read"))
    same = {"group": TO_READ, "why": TO_READ, "helps": ASK}
    words = [pl.lit(same.get(name, "")).alias(name) for name in COLUMNS if name not in {*rows.columns, "waiting_days"}]
    waiting = (pl.lit(run.as_of) - pl.col("first_flagged_on")).dt.total_days().alias("waiting_days")
    return rows.with_columns(*words, waiting, pl.lit(0, dtype=pl.Int64).alias("at_stake_pence")).select(
        "case_id", "at_stake_pence", *COLUMNS
    )


def items_of(run: Run, found: Sorted) -> pl.DataFrame:
    """One row a case in the queue, with everything its flags say, each thing once."""
    cases = found.cases
    group = (
        pl.when("is_own_only").then(pl.lit(OWN)).when(pl.col("outcome_code") == "information").then(pl.lit(TOLD)).otherwise(pl.lit(REVIEW))
    )
    shown = cases.select("case_id")
    reasons = run.warehouse.frame(sql(__file__, "flagged_items_reasons"), shown_cases=shown)
    mine = ~pl.col("is_commissioners")
    said = reasons.group_by("case_id", maintain_order=True).agg(
        *(_joined(name, mine if name == "sentence" else None).alias(name) for name in WORDS),
        _joined("clears").alias("helps"),
        _joined("title").alias("why"),
        _joined("sentence", ~mine).alias("own_part"),
        pl.col("rule_id").unique(maintain_order=True).str.join(" ").alias("found_by"),
    )
    clearings = run.warehouse.frame(sql(__file__, "flagged_items_clearings"), shown_cases=shown)
    clears = clearings.group_by("case_id", maintain_order=True).agg(_joined("words").alias("clears"))
    return (
        cases.with_columns(
            group=group,
            priority=pl.col("priority_code").replace(PRIORITIES),
            proposal=pl.col("outcome_code").replace(PROPOSALS),
            at_stake=pounds_expr(pl.col("at_stake_pence")),
            waiting_days=(pl.lit(run.as_of) - pl.col("first_flagged_on")).dt.total_days(),
        )
        .drop("rule_ids")
        .join(said, on="case_id", how="left", maintain_order="left")
        .join(clears, on="case_id", how="left", maintain_order="left")
        .rename({"found_by": "rule_ids"})
        .sort("rank", "case_id")
        .select("case_id", "at_stake_pence", *COLUMNS)
        .with_columns(pl.col(pl.String).fill_null(""))
    )


def _joined(name: str, only: pl.Expr | None = None) -> pl.Expr:
    """The words of a case's flags, each once, in order."""
    words = pl.col(name) if only is None else pl.col(name).filter(only)
    return words.filter(words != "").unique(maintain_order=True).str.join("\n")
