"""The stage `clearing`: what would clear the cases at the head of the list, worked out by running the rules again, and kept.

Worked out tonight are the cases touched tonight and those not yet worked out, in the order of the list, `MOST_CASES` at most; what was
worked out before stays. Of any other case `phb-audit explain` works it out when it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from phb_audit.flagged import rules_in_force
from phb_audit.flagged.clearing import Case, Clearing, clearings
from phb_audit.flagged.excepted import excepted
from phb_audit.flagged.reading import read_of_all, read_spending
from phb_audit.flagged.supplied import BY_CODE
from phb_audit.flagged.worlds import Engine
from phb_audit.rules.register import Registered
from phb_audit.run import Run, StageTotals, Total
from phb_audit.tables.flagged import CLEARINGS
from phb_audit.warehouse import Warehouse, sql

MOST_CASES = 100
"""More than a team reads in a week."""
CASES_A_LOT = 100
NOTHING = "Nothing that can be sent in clears this by itself. A named person reads it and decides."
EARLIER = "It rests on an earlier night. A named person reads it and decides."
TOGETHER = {2: "Both of these: ", 3: "All three of these: "}


def build(run: Run) -> StageTotals:
    """Write flagged.clearings for the cases at the head of the list; the books count the cases in the queue."""
    rules = rules_in_force(run.commissioner_code, run.settings)
    run.warehouse.run(sql(__file__, "drop_clearings"), {"run_id": run.run_id})
    queue = run.warehouse.frame(sql(__file__, "read_clearing_cases"), {"run_id": run.run_id})
    asked = queue.filter("is_due").head(MOST_CASES)
    of_all = read_of_all(run.warehouse, run.run_id, run.as_of)
    rows = [pl.DataFrame(schema=CLEARINGS.polars_schema)]
    for place in range(0, asked.height, CASES_A_LOT):
        lot = asked.slice(place, CASES_A_LOT)
        holders = lot.select("holder_id").unique().sort("holder_id")
        spending = read_spending(run.warehouse, run.run_id, run.as_of, holders, of_all=of_all)
        engine = Engine.over(rules, spending, excepted(run.warehouse, holders))
        rows.append(rows_of(clearings(engine, cases_of(lot)), run.run_id))
    with run.warehouse.transaction():
        run.warehouse.write(CLEARINGS, pl.concat(rows).sort("case_id", "set_number"))
    done, every = (int(frame["at_stake_pence"].sum()) for frame in (asked, queue))
    totals = StageTotals(
        "clearing",
        (
            Total("in", "cases in the queue", queue.height, every),
            Total("out", "what would clear them worked out tonight", asked.height, done),
            Total("out", "worked out before, or when asked", queue.height - asked.height, every - done),
        ),
    )
    run.keep_books(totals)
    return totals


def cases_of(frame: pl.DataFrame) -> list[Case]:
    """The cases in a frame with case_id, holder_id, flag_ids and rule_ids (lists)."""
    return [
        Case(row["case_id"], row["holder_id"], frozenset(row["flag_ids"]), frozenset(row["rule_ids"]))
        for row in frame.iter_rows(named=True)
    ]


def rows_of(found: Sequence[Clearing], run_id: str) -> pl.DataFrame:
    """Rows of flagged.clearings."""
    rows = [
        (one.case_id, run_id, number, "|".join(codes), words)
        for one in found
        for number, (codes, words) in enumerate(zip(one.sets or ((),), in_words(one), strict=True), start=1)
    ]
    return pl.DataFrame(rows, schema=CLEARINGS.polars_schema, orient="row")


def in_words(one: Clearing) -> list[str]:
    """One sentence a set, the smallest first; one that says so where nothing would clear the case."""
    if not one.is_run:
        return [EARLIER]
    return [set_in_words(codes, one) for codes in one.sets] or [NOTHING]


def set_in_words(codes: Sequence[str], one: Clearing) -> str:
    """A set of facts as a sentence: what, and from whom."""
    facts = [(BY_CODE[code].words(one.counts[code]), BY_CODE[code].who) for code in codes]
    parts = [f"{words} (from {who})" if who else words for words, who in facts]
    said = TOGETHER.get(len(parts), "") + "; and ".join(parts) + "."
    return said[0].upper() + said[1:]


def would_clear(
    warehouse: Warehouse, case_ids: Sequence[str], run_id: str, as_of: date, rules: Sequence[Registered], sees: pl.DataFrame
) -> list[str]:
    """What would clear these cases, in words, as the last night kept it; of a case it did not work out, worked out now."""
    asked = pl.DataFrame({"case_id": list(case_ids)}, schema={"case_id": pl.String})
    kept = warehouse.frame(sql(__file__, "read_clearings"), asked=asked)
    told = {case_id: part["words"].to_list() for (case_id,), part in kept.group_by("case_id", maintain_order=True)}
    left = asked.filter(~pl.col("case_id").is_in(list(told)))
    cases = warehouse.frame(sql(__file__, "read_clearing_flags"), asked=left, sees=sees)
    if cases.height:
        holders = cases.select("holder_id").unique().sort("holder_id")
        engine = Engine.over(rules, read_spending(warehouse, run_id, as_of, holders), excepted(warehouse, holders))
        told |= {one.case_id: in_words(one) for one in clearings(engine, cases_of(cases))}
    return [words for case_id in case_ids for words in told.get(case_id, [])]
