"""The stage `shown`: what the review app shows of cases, gathered before publishing, whichever night wrote it.

Published tables hold tonight's rows, and a case stands for weeks: on a night without news of its holder its payment, papers and budget
would be in no file of that night. What would change the reading of a purchase is asked here, where the classifier can be asked.
"""

from __future__ import annotations

import polars as pl

from phb_audit.assurance.what_would_change import what_would_change
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables.describe import Table
from phb_audit.tables.shown import HOLDERS, PAYMENTS, RECEIPT_LINES, RECEIPT_LINKS, RECEIPTS
from phb_audit.warehouse import sql

STAGE = "shown"


def build(run: Run) -> StageTotals:
    """Write the tables of `shown` anew; the books count the payments wanted, and those written."""
    wanted = run.warehouse.frame(sql(__file__, "shown_wanted"))
    payments = _with_would_change(run, _read(run, "payments", wanted), wanted)
    links = _read(run, "receipt_links", payments)
    frames: dict[Table, pl.DataFrame] = {
        PAYMENTS: payments,
        RECEIPT_LINKS: links,
        RECEIPTS: _read(run, "receipts", links),
        RECEIPT_LINES: _read(run, "receipt_lines", links),
        HOLDERS: run.warehouse.frame(sql(__file__, "shown_holders")),
    }
    with run.warehouse.transaction():
        for table, frame in frames.items():
            run.warehouse.run(f"DELETE FROM {table.name}")
            run.warehouse.write(table, frame.sort(table.key))
    totals = StageTotals(
        STAGE,
        (
            Total("in", "payments that cases are about", wanted.height, int(wanted["amount_pence"].sum())),
            Total("out", "payments to show", payments.height, int(payments["amount_pence"].sum())),
        ),
    )
    run.keep_books(totals)
    return totals


def _read(run: Run, name: str, asked: pl.DataFrame) -> pl.DataFrame:
    return run.warehouse.frame(sql(__file__, f"shown_{name}"), asked=asked)


def _with_would_change(run: Run, payments: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """The payments with would_change; of those a case that is not over is about."""
    asked = wanted.filter("is_of_open_case")["payment_id"].to_list()
    told = what_would_change(run.warehouse, run.settings, run.commissioner_code, asked) if asked else {}
    words = pl.col("payment_id").replace_strict(told, default="", return_dtype=pl.String) if told else pl.lit("")
    return payments.with_columns(words.alias("would_change"))
