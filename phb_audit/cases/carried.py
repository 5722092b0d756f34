"""Carrying what people decided from the casebook into the warehouse, where the stages of the night can read it."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.cases.casebook import CASE, Event, casebook_events
from phb_audit.cases.categories import KIND as CATEGORY
from phb_audit.cases.categories import decided_categories, decided_names
from phb_audit.cases.changed import decisions_changed
from phb_audit.cases.decisions import case_states
from phb_audit.cases.exceptions import KIND as EXCEPTION
from phb_audit.cases.exceptions import exceptions
from phb_audit.cases.goal_tags import KIND as TAGS
from phb_audit.cases.goal_tags import goal_tags
from phb_audit.cases.judgements import judgements
from phb_audit.cases.receipt_pairs import KIND as PAIR
from phb_audit.cases.receipt_pairs import pairs_decided, supplier_aliases
from phb_audit.cases.rule_changes import CHANGE, approved_limits, changes_of
from phb_audit.classified.learned import version_in_use
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables import TABLES, Table
from phb_audit.tables import decided as tables

__all__ = ["build"]

STAGE = "decided"
CARRIED = TABLES["nights.carried"]


def build(run: Run) -> StageTotals:
    """Write the schema `decided` anew from the casebook, up to the event the run may see; the books count decisions, no pence.

    Raises BrokenCasebook where the chain of events does not hold: a night does not learn from a book somebody altered.
    """
    events = [
        event
        for event in casebook_events(run.settings, run.commissioner_code)
        if run.decisions_up_to is None or event.event_number <= run.decisions_up_to
    ]
    seen = {
        "run_id": run.run_id,
        "event_number": events[-1].event_number if events else 0,
        "head_hash": events[-1].event_hash if events else None,
        "classifier": run.classifier or version_in_use(run.settings, run.commissioner_code),
    }
    frames = frames_of(events, run.as_of)
    categories, tags = frames[tables.CATEGORIES], frames[tables.GOAL_TAGS]
    cases, agreed, pairs = (frames[table] for table in (tables.CASES, tables.EXCEPTIONS, tables.RECEIPT_PAIRS))
    with run.warehouse.transaction():
        for table, frame in frames.items():
            run.warehouse.run(f"DELETE FROM {table.name}")
            run.warehouse.write(table, frame)
        run.warehouse.replace_run(CARRIED, run.run_id, pl.DataFrame([seen], schema=CARRIED.polars_schema))
    came = {kind: sum(event.kind_code == kind for event in events) for kind in (CATEGORY, TAGS, CASE, CHANGE, EXCEPTION, PAIR)}
    carried = categories.height + tags["outcome_key"].n_unique() + cases.height + len(changes_of(events)) + agreed.height + pairs.height
    totals = StageTotals(
        STAGE,
        (
            Total("in", "decisions on categories", came[CATEGORY], 0),
            Total("in", "decisions on goals", came[TAGS], 0),
            Total("in", "moves of cases", came[CASE], 0),
            Total("in", "steps of rule changes", came[CHANGE], 0),
            Total("in", "agreed exceptions and their ends", came[EXCEPTION], 0),
            Total("in", "decisions on receipts", came[PAIR], 0),
            Total("out", "decisions carried", carried, 0),
            Total("out", "decisions overtaken", sum(came.values()) - carried, 0),
        ),
    )
    run.keep_books(totals)
    return totals


def frames_of(events: list[Event], as_of: date) -> dict[Table, pl.DataFrame]:
    """The rows of every table of the schema, as these events say on the day."""
    categories = decided_categories(events)
    return {
        tables.CATEGORIES: categories,
        tables.NAMES: decided_names(categories),
        tables.GOAL_TAGS: goal_tags(events),
        tables.CASES: case_states(events, as_of),
        tables.CHANGED: decisions_changed(events),
        tables.JUDGEMENTS: judgements(events, as_of),
        tables.RULE_CHANGES: approved_limits(events),
        tables.EXCEPTIONS: exceptions(events),
        tables.RECEIPT_PAIRS: pairs_decided(events),
        tables.SUPPLIER_ALIASES: supplier_aliases(events),
    }
