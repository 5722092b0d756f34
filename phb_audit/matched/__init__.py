"""Matched: each payment beside its plan version, plan line, outcome, receipt and budget position; each receipt; each account.

Only holders touched tonight are read back, whole; their rows are replaced, everybody else's stay. See docs/explanation/matching.md.
"""

from __future__ import annotations

import polars as pl

from phb_audit.matched.accounts import ACCOUNTS, stand
from phb_audit.matched.holders import in_parts, read_holders, touched
from phb_audit.matched.papers import RECEIPTS, count_papers, match_receipts
from phb_audit.matched.payments import PAYMENTS, match_payments
from phb_audit.run import Run, StageTotals, Total
from phb_audit.warehouse import sql

__all__ = ["build"]


def build(run: Run) -> StageTotals:
    """Match the holders touched tonight; raises BooksDoNotBalance when a payment of theirs is lost on the way."""
    holders = touched(run)
    with run.warehouse.transaction():
        for name in ("forget_payments", "forget_receipts", "forget_accounts"):
            run.warehouse.execute_with(sql(__file__, name), holders_now=holders.select("holder_id"))
        codes = [_match_part(run, some) for some in in_parts(holders)]
        count_papers(run)
    totals = StageTotals("matched", (_admitted(holders), *_by_code(codes)))
    run.keep_books(totals)
    return totals


def _match_part(run: Run, some: pl.DataFrame) -> pl.DataFrame:
    """Match some holders and write their rows; returns rows and pence by match code."""
    holders = read_holders(run.warehouse, some)
    payments = match_payments(run.warehouse, holders, run.run_id)
    run.warehouse.write(PAYMENTS, payments)
    run.warehouse.write(RECEIPTS, match_receipts(run.warehouse, holders.receipts, payments, run.run_id))
    run.warehouse.write(ACCOUNTS, stand(run.warehouse, some, holders, payments, run.as_of, run.run_id))
    return payments.group_by("match_code").agg(rows=pl.len(), pence=pl.col("amount_pence").sum())


def _admitted(holders: pl.DataFrame) -> Total:
    return Total("in", "admitted payments of touched holders", int(holders["payments_count"].sum()), int(holders["sum_pence"].sum()))


def _by_code(parts: list[pl.DataFrame]) -> list[Total]:
    codes = PAYMENTS.column("match_code").values
    every = pl.concat(parts) if parts else pl.DataFrame(schema={"match_code": pl.String, "rows": pl.Int64, "pence": pl.Int64})
    sums = {code: every.filter(pl.col("match_code") == code) for code in codes}
    return [Total("out", f"matched: {code}", int(some["rows"].sum()), int(some["pence"].sum())) for code, some in sums.items()]
