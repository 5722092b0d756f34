"""Purchases to be read, as the reader meets them: an item like any other, that says only what was bought and asks whether it fits.

The same words stand on a purchase drawn by chance and on a flagged one whose reasons are kept back for a first reading, so that they
tell nothing. Its priority and place in the queue are those of a flagged case, drawn by chance, and stay.
"""

from __future__ import annotations

import hashlib

import polars as pl

from phb_audit.cases.decisions import TO_BE_READ_RULE
from phb_audit.flagged.cases import case_ids, with_refs
from phb_audit.flagged.findings import with_plan_words
from phb_audit.flagged.standing import untouched
from phb_audit.money import pounds_expr
from phb_audit.run import Run
from phb_audit.sentences import filled_in
from phb_audit.tables.drawn import CASES, FINDINGS
from phb_audit.warehouse import sql

RULE_ID = TO_BE_READ_RULE
TITLE = "To be read"
SENTENCE = "{} was paid to {} on {}. Does it fit the plan, and are its papers right?"
USUAL = "Most purchases fit the plan. Some items on the list are there by chance, so that we learn what our flags miss."
INNOCENT = "Nothing need be wrong with it, and nothing is said against anybody."
ASK = "Read it beside the plan and its papers, and decide as you would of any item."
CLEARS = "A line or an outcome of the plan that it serves, and papers that agree with it."
BASIS_CODE = "statistics"
WORDS = {
    "What it is": "A purchase to be read from the beginning. It stands on the list by chance, or with its reasons kept back for a first "
    "reading: who reads it does not know which.",
    "What it says": "What was paid, to whom and when. It says nothing against anybody.",
    "What is usual": USUAL,
    "What to do": ASK,
    "What helps to decide": CLEARS,
    "Where it counts": "Only in `phb-audit missed`: how much our flags miss. No report counts it as a flag.",
}
MIDDLING = pl.DataFrame({"severity": [2], "priority_code": ["medium"], "rank_score": [5.0]})  # where the queue is empty


def write(run: Run, queue: pl.DataFrame) -> None:
    """Write drawn.cases and drawn.findings anew: every purchase drawn so far, and every case whose reasons are kept back tonight."""
    lines = run.warehouse.frame(sql(__file__, "drawn_lines"), {"run_id": run.run_id})
    known = run.warehouse.frame(sql(__file__, "read_drawn_cases"))
    standing = run.warehouse.frame(sql(__file__, "read_standing"))
    refs = dict(run.warehouse.frame(sql(__file__, "case_refs")).iter_rows())
    rows = as_findings(lines, run.run_id)
    for table, frame in ((FINDINGS, rows), (CASES, as_cases(rows, lines, queue, known, standing, refs))):
        run.warehouse.run(f"DELETE FROM {table.name}")
        run.warehouse.write(table, frame.select(table.column_names))


def as_findings(lines: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Rows of drawn.findings, with decides. `lines`: as drawn_lines.sql reads them."""
    day = pl.col("paid_on").dt.strftime("%-d %B %Y")
    ids = [f"F{_hex('to be read', payment_id)}" for payment_id in lines["payment_id"]]
    worded = lines.with_columns(
        pl.Series("flag_id", ids, dtype=pl.String),
        pl.lit("payment").alias("decides"),
        filled_in(SENTENCE, pounds_expr(pl.col("amount_pence")), "payee_shown", day).alias("sentence"),
        pl.lit(None, dtype=pl.String).alias("case_payment_id"),
        pl.col("payment_id").alias("subject_id"),
    )
    # A case whose reasons are kept back keeps its own id; a purchase drawn gets the id it would have if a rule found it.
    cases = case_ids(worded.drop("case_id"))["case_id"]
    worded = with_plan_words(worded.drop("plan_line_id").with_columns(pl.coalesce("case_id", cases).alias("case_id")), lines)
    said = {
        "run_id": run_id,
        "rule_id": RULE_ID,
        "rule_version": _hex(SENTENCE, USUAL, ASK)[:8],
        "family_code": "A2",
        "subject_code": "payment",
        "outcome_code": "clinician",
        "title": TITLE,
        "usual": USUAL,
        "basis_code": BASIS_CODE,
        "basis": "",  # of one that stands there by chance there is none, and saying so would tell
        "innocent": INNOCENT,
        "ask": "",
        "clears": CLEARS,
        "measured": "{}",
        "is_commissioners": False,
        "is_restricted": False,
        "is_safeguarding": False,
        "severity": 2,
    }
    return worded.with_columns(
        *(pl.lit(value).alias(name) for name, value in said.items()),
        pl.col("drawn_on").alias("first_flagged_on"),
        pl.col("paid_on").alias("subject_on"),
        pl.col("amount_pence").alias("at_stake_pence"),
    ).sort("flag_id")


def as_cases(
    findings: pl.DataFrame, lines: pl.DataFrame, queue: pl.DataFrame, known: pl.DataFrame, standing: pl.DataFrame, refs: dict[str, str]
) -> pl.DataFrame:
    """Rows of drawn.cases. `queue`: the flagged cases; `known`: what the night before gave each; `standing`: rows of decided.cases."""
    columns = [name for name in FINDINGS.column_names if name in CASES.column_names and name != "severity"]
    fresh = findings.sort("case_id").select(columns).unique("case_id", keep="first", maintain_order=True)
    shown = lines.select("payment_id", "payee_shown", "amount_pence")
    donors = MIDDLING if queue.is_empty() else queue.select(MIDDLING.columns)
    places = [int(_hex("place", case_id)[:8], 16) * donors.height >> 32 for case_id in fresh["case_id"]]
    lent = donors[places].with_columns(fresh["case_id"])
    placed = pl.concat([known.select(lent.columns), lent], how="vertical_relaxed").unique("case_id", keep="first", maintain_order=True)
    stands = fresh.with_columns(untouched()).drop("state_code", "is_queued", "decision_code", "decided_by", "decided_at", "due_on")
    told = (
        stands.join(shown, on="payment_id", how="left", maintain_order="left")
        .join(placed, on="case_id", how="left", maintain_order="left")
        .join(standing, on="case_id", how="left", maintain_order="left")
        .with_columns(
            filled_in("{}, {}", "payee_shown", pounds_expr(pl.col("amount_pence"))).alias("headline"),
            filled_in("PHB-{}", pl.col("holder_id").str.slice(1, 6).str.to_uppercase()).alias("holder_shown"),
            pl.lit(1, dtype=pl.Int64).alias("flags_count"),
            pl.lit(RULE_ID).alias("rule_ids"),
            pl.lit(0, dtype=pl.Int64).alias("rank"),
            pl.col("state_code").fill_null("open"),
            pl.col("is_queued").fill_null(value=True),
        )
    )
    return with_refs(told, refs).sort("case_id")


def _hex(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]
