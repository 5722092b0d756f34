"""What the night looked at, and whether it can be trusted: the books of every stage, the files, the refused rows, the gaps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import polars as pl

from phb_audit.flagged import rules_version
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports.page import counted, listed, percent
from phb_audit.run import Run
from phb_audit.warehouse import sql

STAGES = (
    "landed",
    "validated",
    "decided",
    "classified",
    "matched",
    "flagged",
    "detected",
    "ranked",
    "clearing",
    "watched",
    "drawn",
    "shown",
    "published",
)
SEVERITIES = {
    "stop": "Stops the night",
    "quarantine": "The row is refused",
    "inform": "The sender is told",
}
WHY_CHANGED = {
    "software": "Its file came with a newer phb_audit",
    "approved": "Limits that a second person approved",
    "without_second_person": "Limits changed without a second person",
}
MOST_FILES = 200


def scope(run: Run) -> dict[str, Any]:
    """Section 1: the night's books by stage, whether they balance in words, and its files with their hashes."""
    books = run.warehouse.frame(sql(__file__, "flagged_items_books"), {"run_id": run.run_id})
    files = run.warehouse.frame(sql(__file__, "flagged_items_files"), {"run_id": run.run_id})
    stages = stage_totals(books)
    return {
        "stages": stages,
        "verdict": books_in_words(stages),
        "lines": _in_stage_order(books),
        "files": files.head(MOST_FILES).to_dicts(),
        "files_more": max(files.height - MOST_FILES, 0),
        "files_words": files_in_words(files),
        "rules_version": rules_version(run.commissioner_code, run.settings),
        "rules": rule_changes(run),
        "decisions": decisions_in_words(run),
    }


def decisions_in_words(run: Run) -> str:
    """How far tonight read the log of decisions, and the hash that stands for all of it up to there."""
    read = run.warehouse.frame(sql(__file__, "flagged_items_carried"), {"run_id": run.run_id}).rows(named=True)
    if not read or read[0]["head_hash"] is None:
        return "nothing was decided before tonight"
    return f"{counted(read[0]['event_number'], 'event')}, head hash {read[0]['head_hash']}"


def rule_changes(run: Run) -> dict[str, Any]:
    """The limits this installation set itself, each with who approved it; the rules that changed since the night before; both in words."""
    night = {"run_id": run.run_id}
    own = run.warehouse.frame(sql(__file__, "flagged_items_own_limits"), night)
    changed = run.warehouse.frame(sql(__file__, "flagged_items_rules_changed"), night)
    alone = own.filter(pl.col("change_id").is_null()).height
    return {
        "own": own.to_dicts(),
        "changed": changed.with_columns(why=pl.col("change_code").replace(WHY_CHANGED)).to_dicts(),
        "words": "No limit has been changed here; the rules run with those they came with." if own.is_empty() else "",
        "alone": f"{counted(alone, 'limit')} changed without a second person" if alone else "",
    }


def stage_totals(books: pl.DataFrame) -> list[dict[str, Any]]:
    """One dict a stage, in the order of the night: rows and pence in and out, and whether they are equal."""

    def side(code: str, column: str) -> pl.Expr:
        return pl.col(column).filter(pl.col("side_code") == code).sum()

    summed = books.group_by("stage_name").agg(
        rows_in=side("in", "rows_count"),
        rows_out=side("out", "rows_count"),
        pence_in=side("in", "sum_pence"),
        pence_out=side("out", "sum_pence"),
    )
    balances = (pl.col("rows_in") == pl.col("rows_out")) & (pl.col("pence_in") == pl.col("pence_out"))
    return _in_stage_order(summed.with_columns(is_balanced=balances))


def _in_stage_order(frame: pl.DataFrame) -> list[dict[str, Any]]:
    order = {name: place for place, name in enumerate(STAGES)}
    placed = frame.with_columns(place=pl.col("stage_name").replace_strict(order, default=len(order), return_dtype=pl.Int64))
    return placed.sort("place", "stage_name", maintain_order=True).drop("place").to_dicts()


def books_in_words(stages: list[dict[str, Any]]) -> str:
    """Whether every stage accounts for every row and pound."""
    if not stages:
        return "No books were kept for this night, so nothing below can be relied on."
    if wrong := [stage["stage_name"] for stage in stages if not stage["is_balanced"]]:
        return f"The books do not balance at {listed(wrong)}: do not rely on this report until that is put right."
    return f"The books balance: at all {len(stages)} stages, what came in equals what went out, in rows and to the penny."


def files_in_words(files: pl.DataFrame) -> str:
    """How many files arrived tonight and what became of them."""
    if files.is_empty():
        return "No file arrived tonight. What follows rests on files of earlier nights."
    counts = dict(files.group_by("state_code").len().iter_rows())
    told = [counted(counts.get("landed", 0), "file") + " landed"]
    if counts.get("repeat"):
        told.append(f"{counts['repeat']} had been sent before and " + ("was" if counts["repeat"] == 1 else "were") + " not counted again")
    if counts.get("refused"):
        told.append(
            f"{counts['refused']} could not be read as any known layout and " + ("was" if counts["refused"] == 1 else "were") + " refused"
        )
    return listed(told) + "."


def quality(run: Run) -> dict[str, Any]:
    """Section 2: rows refused, people held back, feeds that are late, checks not met; each with its sum in words."""
    night = {"run_id": run.run_id}
    refused = run.warehouse.frame(sql(__file__, "flagged_items_refused"), night)
    held_back = run.warehouse.frame(sql(__file__, "flagged_items_held_back"), night)
    late = run.warehouse.frame(sql(__file__, "flagged_items_feeds"), night)
    checks = run.warehouse.frame(sql(__file__, "flagged_items_checks"), night)
    return {
        "refused": refused.to_dicts(),
        "held_back": held_back.to_dicts(),
        "late": late.to_dicts(),
        "checks": checks.with_columns(pl.col("severity_code").replace(SEVERITIES)).to_dicts(),
        "words": quality_in_words(refused, held_back, late),
    }


def quality_in_words(refused: pl.DataFrame, held_back: pl.DataFrame, late: pl.DataFrame) -> list[str]:
    """What a reader must know of the data before the flags, a sentence each."""
    told = []
    if rows := int(refused["rows_count"].sum()):
        told.append(
            f"{counted(rows, 'row')} ({pounds(int(refused['sum_pence'].sum()))}) {_is(rows)} refused and waiting for repair: "
            "kept whole, shown on the data-quality page, and not in the figures below."
        )
    for row in held_back.iter_rows(named=True):
        people = row["holders_count"]
        told.append(
            f"{counted(people, 'person', 'people')} {_is(people)} held back because of refused rows in the feed "
            f"'{row['feed_code']}': do not read a missing flag of theirs as all clear."
        )
    for row in late.iter_rows(named=True):
        last = f"it last spoke of {plain_day(row['last_data_on'])}" if row["last_data_on"] else "nothing has come yet"
        told.append(f"The feed '{row['feed_code']}' is late: {last}. Ask {row['owner']}.")
    return told or ["Nothing was refused, nobody is held back and no feed is late."]


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def coverage(run: Run) -> dict[str, Any]:
    """How much the night looked at: counts of payments, people, plans, receipts, and the first and last day."""
    return run.warehouse.frame(sql(__file__, "flagged_items_coverage")).row(0, named=True)


def limits(seen: dict[str, Any]) -> list[str]:
    """What this night could not see, a sentence each, from the coverage row."""
    spending = max(seen["spending_count"], 1)

    def some(count: int) -> str:
        return f"{counted(count, 'payment')} ({percent(count / spending, 1)})"

    told = []
    if seen["plans_count"] == 0:
        told.append("No care plan is on file, so no payment could be compared with one.")
    elif seen["no_plan_count"]:
        told.append(f"{some(seen['no_plan_count'])} fell on a day with no plan version in force and could not be compared with a plan.")
    if seen["budgets_count"] == 0:
        told.append("No budget is on file, so no budget position is given.")
    if seen["receipts_count"] == 0:
        told.append("No receipt is on file, so what was in a basket is not known.")
    else:
        told.append(f"{some(seen['receipt_count'])} have a receipt beside them. Hold what a machine read of a picture against the picture.")
    if seen["unclear_count"]:
        told.append(f"For {some(seen['unclear_count'])} the words on the statement do not settle what was bought.")
    return [
        *told,
        "A person with refused rows is held back (section 2): a missing flag of theirs is not an all clear.",
        "A person about whom nothing new arrived tonight keeps the flags of the night that last looked at them.",
        "The order of the items is a guess at what to look at first, from each rule and the money. It says nothing about anyone.",
        "Cash, shared baskets and payments through a card machine's maker hide what was bought. A receipt settles it; a rule cannot.",
    ]


def run_hash(run: Run, parts: Iterable[pl.DataFrame]) -> str:
    """16 hex digits that stay the same while the run, its files, books and flags stay the same."""
    digest = hashlib.sha256(run.run_id.encode())
    for frame in parts:
        digest.update(frame.write_csv().encode())
    return digest.hexdigest()[:16]
