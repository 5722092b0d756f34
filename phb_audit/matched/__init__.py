"""Matched: each payment beside its plan version, plan line, outcome, receipt and budget position; each receipt, refund and account.

Only what needs it is matched again: see `phb_audit.matched.asked` and docs/explanation/matching.md.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from phb_audit.matched.accounts import ACCOUNTS, stand
from phb_audit.matched.asked import ask, forget_asked, in_parts
from phb_audit.matched.goal_states import Hearing
from phb_audit.matched.holders import read_holders
from phb_audit.matched.papers import RECEIPTS, count_papers, match_receipts
from phb_audit.matched.papers_alike import join_papers
from phb_audit.matched.payments import PAYMENTS, Matched, match_payments
from phb_audit.matched.refunds import REFUNDS, link_refunds
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables import TABLES
from phb_audit.warehouse import sql

__all__ = ["build"]

LINKS = TABLES["matched.receipt_links"]


def build(run: Run, hearing: Hearing | None = None) -> StageTotals:
    """Match what tonight brought or bears on; raises BooksDoNotBalance when a payment is lost on the way.

    `hearing` judges words of goals and purchases that no table lists; without it they tell nothing.
    """
    warehouse, tonight = run.warehouse, {"run_id": run.run_id}
    with warehouse.transaction():
        holders = ask(run)
        for name in ("forget_payments", "forget_lost_receipts", "forget_links"):
            warehouse.run(sql(__file__, name), tonight)
        for name in ("forget_accounts", "forget_refunds"):
            warehouse.execute_with(sql(__file__, name), holders_now=holders.select("holder_id"))
        older = _match_older(run, [_match_part(run, some, hearing) for some in in_parts(holders)])
        join_papers(run)
        count_papers(run)
        warehouse.write(REFUNDS, link_refunds(warehouse, holders, run.run_id))
        warehouse.write(ACCOUNTS, stand(warehouse, holders, run.as_of, run.run_id))
        books = warehouse.frame(sql(__file__, "books"), tonight, older_kept=older)
        forget_asked(run)
    totals = StageTotals("matched", tuple(_totals(books)))
    run.keep_books(totals)
    return totals


def _match_part(run: Run, some: pl.DataFrame, hearing: Hearing | None) -> Matched:
    """Match some holders and write their rows, but for those of earlier nights' payments: few, and returned."""
    warehouse, holders = run.warehouse, read_holders(run.warehouse, some)
    matched = match_payments(warehouse, holders, run.run_id, hearing)
    warehouse.write(PAYMENTS, matched.payments)
    warehouse.write(LINKS, matched.links.with_columns(run_id=pl.lit(run.run_id)).select(LINKS.column_names).sort(LINKS.key))
    beside = matched.links.filter(pl.col("link_code") != "open").select("receipt_id", "payment_id").sort("receipt_id", "payment_id")
    beside = beside.unique("receipt_id", keep="first", maintain_order=True)
    receipts = match_receipts(warehouse, holders.receipts, beside, run.run_id)
    warehouse.execute_with(sql(__file__, "forget_receipts"), receipts_now=receipts.select("receipt_id"))
    warehouse.write(RECEIPTS, receipts)
    return replace(matched, payments=matched.payments.clear())


def _match_older(run: Run, parts: list[Matched]) -> pl.DataFrame:
    """Put the rows of earlier nights' payments in place of what stood, in one go (each change of old rows costs memory); their ids."""
    older = pl.concat([PAYMENTS.polars_schema.to_frame(), *(part.older for part in parts)])
    shifted = [part.shifted for part in parts if part.shifted.height]
    if older.height:
        run.warehouse.execute_with(sql(__file__, "forget_older"), older_now=older.select("payment_id"))
        run.warehouse.write(PAYMENTS, older)
    if shifted:
        run.warehouse.execute_with(sql(__file__, "shift"), {"run_id": run.run_id}, shifted_now=pl.concat(shifted))
    return older.select("payment_id")


def _totals(books: pl.DataFrame) -> list[Total]:
    """The books as lines: what came in, and every match code, those nobody has too."""
    found = {item: (rows, pence) for side, item, rows, pence in books.iter_rows() if side == "out"}
    came = [Total(side, item, rows, pence) for side, item, rows, pence in books.iter_rows() if side == "in"]
    return came + [Total("out", f"matched: {code}", *found.get(code, (0, 0))) for code in PAYMENTS.column("match_code").values]
