"""Classified: what each payment and receipt line was spent on, how sure, how we know. See docs/reference/classifying.md.

Only texts never met before are read; their answers are remembered with the version of the classifier that gave them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from phb_audit.tables.classified import STRINGS
from phb_audit.warehouse import sql

if TYPE_CHECKING:
    from phb_audit.run import Run, StageTotals

__all__ = ["build"]

AT_ONCE = 100_000
"""Texts read at a time: bounds the memory of the scores (70 numbers for each text and expert)."""


def build(run: Run) -> StageTotals:
    """Classify tonight's payments and receipt lines; raises BooksDoNotBalance when one is lost on the way."""
    from phb_audit.run import StageTotals, Total

    warehouse, tonight = run.warehouse, {"run_id": run.run_id}
    with warehouse.transaction():
        warehouse.run("DELETE FROM classified.strings WHERE run_id = $run_id", tonight)
        warehouse.run(sql(__file__, "texts_of_payments"))
        warehouse.run(sql(__file__, "texts_of_receipt_lines"))
        warehouse.run(sql(__file__, "texts_tonight"), tonight)
        remember_new_strings(run)
        write_answers(run)
        warehouse.run(sql(__file__, "weekly_counts_forgotten"), tonight)
        warehouse.run(sql(__file__, "weekly_counts"), tonight)
    books = warehouse.frame(sql(__file__, "books"), tonight)
    totals = StageTotals("classified", tuple(Total(*line) for line in books.iter_rows()))
    run.keep_books(totals)
    return totals


def remember_new_strings(run: Run) -> None:
    """Classify the texts never met before (or last answered by another version, or before a decision) into classified.strings."""
    from phb_audit.classified.classifier import classify, model_version
    from phb_audit.classified.decided import with_decided
    from phb_audit.classified.learned import weights_path

    warehouse = run.warehouse
    weights = weights_path(
        run.settings, run.commissioner_code, warehouse.frame(sql(__file__, "model_tonight"), {"run_id": run.run_id}).item()
    )
    version = model_version(weights)
    names, wordings = (warehouse.frame(sql(__file__, name)) for name in ("decided_names", "decided_wordings"))
    warehouse.run(sql(__file__, "decided_versions"))
    new = warehouse.frame(sql(__file__, "strings_tonight"), {"model_version": version})
    stale = new.filter(pl.col("met_run_id").is_not_null()).select("string_id")
    warehouse.execute_with("DELETE FROM classified.strings WHERE string_id IN (SELECT string_id FROM stale)", stale=stale)
    for part in new.iter_slices(AT_ONCE):
        answered = classify(part.rename({"payee_text": "merchant", "mcc_code": "mcc"}), names, weights)
        whose = part.select("string_id", "payee_text", "description", "mcc_code", run_id=pl.col("met_run_id").fill_null(run.run_id))
        frame = with_decided(pl.concat([whose, answered], how="horizontal"), wordings)
        warehouse.write(STRINGS, frame.with_columns(model_version=pl.lit(version), decided_version=pl.lit("")))
    warehouse.run(sql(__file__, "decided_versions"))
    warehouse.run(sql(__file__, "decided_taken_in"))


def write_answers(run: Run) -> None:
    """Write tonight's rows of classified.payments and classified.receipt_lines, in place of those of an earlier try."""
    from phb_audit.classified.kinds import answer_of_presents, answers_of_kinds, answers_of_persons

    tonight = {"run_id": run.run_id}
    run.warehouse.run("DELETE FROM classified.payments WHERE run_id = $run_id", tonight)
    run.warehouse.run("DELETE FROM classified.receipt_lines WHERE run_id = $run_id", tonight)
    known = {"answers_of_kinds": answers_of_kinds(), "answers_of_persons": answers_of_persons(), "answer_of_presents": answer_of_presents()}
    run.warehouse.execute_with(sql(__file__, "payments"), tonight, **known)
    run.warehouse.run(sql(__file__, "receipt_lines"), tonight)
