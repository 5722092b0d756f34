"""The flagged-item report: one self-contained HTML page a clinician can work from, our own delays first.

Reads the night's warehouse, and of its papers how sure each thing was read; writes `home/reports/<commissioner>/<run_id>.html`. The same
tables and readings give the same bytes. Pictures stand only in a page of its own, made on demand (`phb-audit report --pictures`).
What is for the Local Counter Fraud Specialist or the safeguarding lead is not in the tables this page is made from: lane_page.py.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit import __version__
from phb_audit.assurance.what_would_change import what_would_change
from phb_audit.cases.transitions import AGREED, CLOSED_OVERTAKEN, MOVES, OVERTAKEN, PROPOSALS, STATES, TO_CHECK, WAITS_FOR_CHECK
from phb_audit.money import pounds
from phb_audit.periods import plain_day
from phb_audit.reports import controls, flagged_scope
from phb_audit.reports.flagged_cases import MATCHES, evidence_of, tell_cases
from phb_audit.reports.flagged_totals import IS_DATA, Figures, Sorted, in_words, sort_by_reader, totals
from phb_audit.reports.newest_night import newest_night
from phb_audit.reports.page import counted, write_page
from phb_audit.reports.receipt_pictures import Pictures
from phb_audit.reports.receipts_beside import receipts_of_cases
from phb_audit.rules.register import NOT_CHECKED, bases, shipped_rules
from phb_audit.run import Run
from phb_audit.sentences import filled_in
from phb_audit.settings import Settings, shipped
from phb_audit.tables.flagged import EVERYONE
from phb_audit.warehouse import sql

SERVICE = "Personal health budget spending review"
MOST_CASES = 500
# Of a case that waits for a second check nothing is told: whoever may still check it reads this page too.
KEPT_FROM_CHECKERS: dict[str, Any] = {
    "decision_code": None,
    "decided_by": "Told once it was checked",
    "reason": None,
    "news": None,  # it names whoever proposed
}
TAKEN_BACK = {"send_back": "Sent back by the second person", "reopen": "Opened again"}
PROPOSED = "A proposal for a second person to check"
MOST_ROWS = 200
SAMPLE_SIZE = 10
# The same words every night, whether there is such a matter or not: a count would tell of it.
APART = (
    "What may be for the safeguarding lead or the Local Counter Fraud Specialist is not on this page and not in any figure of it, "
    "on any night."
)
NOT_IN_THIS_PAGE = "Picture kept sealed. `phb-audit report --pictures` writes this page with it."
SHOWS_PICTURES = "This page shows pictures of receipts, and they may name people. Send it to nobody, and delete it when it has served."
WITH_PICTURES = "-with-pictures"
RESTS_ON_READING = r"^(L-|P-0[23])"  # rules that ask because of what a purchase was read as


def build_report(run: Run, *, most_cases: int = MOST_CASES, with_pictures: bool = False) -> Path:
    """Write tonight's page and return its path. The first `most_cases` cases are shown in full; the page says how many more there are.

    `with_pictures`: another file, with the pictures of receipts as far as they fit, which the night never writes.
    """
    pictures = Pictures(run.settings, run.commissioner_code, with_pictures, not_asked=NOT_IN_THIS_PAGE)
    found = sort_by_reader(_read(run, "found"), _read(run, "cases"))
    figures = Figures(totals(found, run.run_id, run.as_of))
    coverage = flagged_scope.coverage(run)
    review = found.for_review.head(most_cases)
    to_read = _read(run, "to_read")
    values = {
        "title": f"Flagged items, {run.commissioner_code}, {plain_day(run.as_of)}",
        "service": SERVICE,
        "run": run,
        "figures": figures,
        "coverage": coverage,
        "headline": headline(figures, coverage, stand_in=run.stand_in_holders),
        "withheld": APART,
        "numbers": in_words(figures, to_read.height),
        "to_read": to_read.to_dicts(),
        "stories": _read(run, "stories").to_dicts(),
        "scope": flagged_scope.scope(run),
        "quality": flagged_scope.quality(run),
        **own_side(run, found),
        "people": "Accounts" if run.stand_in_holders else "People",
        "cases": cases_in_full(run, review, pictures),
        "shows_pictures": SHOWS_PICTURES if with_pictures else "",
        "informed": told_in_a_line(run, found),
        "cases_more": found.for_review.height - review.height,
        "matches": MATCHES,
        "most_rows": MOST_ROWS,
        "agreed": agreed(run, found),
        "decided": (moved := decided(run)),
        "against": sum(row["outcome_code"] == "refuse" and row["state_code"] == AGREED for row in moved),
        "changed": changed(run),
        "resolved": _with_holder(_read(run, "resolved", run_id=run.run_id)),
        "titles": dict(found.flags.group_by("rule_id").agg(pl.col("title").min()).iter_rows()),
        "categories": _with_category(_read(run, "categories")).to_dicts(),
        "limits": flagged_scope.limits(coverage),
        "controls": [(one.words, one.result) for one in controls.of_report(run.warehouse, run.settings, run.commissioner_code)],
        "is_basis_unchecked": any(NOT_CHECKED in words for words in bases().values()),
        "sample": _with_holder(_with_category(_read(run, "sample", run_id=run.run_id, size=SAMPLE_SIZE))).to_dicts(),
    }
    hashed = flagged_scope.run_hash(run, (found.flags.select("flag_id", "rule_version"), _read(run, "books", run_id=run.run_id)))
    made_of = [f"Run {run.run_id}. Version {__version__}. Run hash {hashed}."]
    path = run.settings.folder("reports", run.commissioner_code) / f"{run.run_id}{WITH_PICTURES if with_pictures else ''}.html"
    return write_page(path, "flagged_items/report.jinja", version=__version__, run_hash=hashed, made_of=made_of, **values)


def headline(figures: Figures, coverage: dict[str, Any], *, stand_in: bool = False) -> list[str]:
    """The night in a few sentences, every number from the totals frame or the coverage row."""
    every, review, own, data, new = (figures.one(group) for group in ("all", "review", "own", "data", "new"))
    spending = coverage["spending_count"]
    per_hundred = f" That is {100 * review['cases_count'] / spending:.1f} for every 100 payments." if spending else ""
    holders = counted(coverage["holders_count"], "account") if stand_in else counted(coverage["holders_count"], "person", "people")
    told = [
        f"We looked at {counted(spending, 'payment')} of {holders}, {pounds(coverage['spending_pence'])} in all.",
        f"{counted(review['cases_count'], 'item')} {_needs(review['cases_count'])} a look, "
        f"with {pounds(review['at_stake_pence'])} in question.{per_hundred}",
    ]
    if own["cases_count"]:
        told.append(f"{counted(own['cases_count'], 'item')} {_is(own['cases_count'])} about a delay of our own: section 3 has them first.")
    if data["cases_count"]:
        told.append(f"{counted(data['cases_count'], 'item')} {_is(data['cases_count'])} about data to be mended (section 2).")
    if every["cases_count"]:
        told.append(f"{counted(new['cases_count'], 'item')} {_is(new['cases_count'])} new tonight.")
    return told


def own_delays(run: Run, found: Sorted) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row per delay of the organisation's own, and one per thing to be mended in the data, the gravest first.

    `is_first_of_case` marks the row a link to the case leads to.
    """
    cases = found.cases.filter(pl.col("has_own") | pl.col("has_data")).select(
        "case_id", "case_ref", "holder_shown", "is_own_only", "rank", "headline"
    )
    words = run.warehouse.frame(sql(__file__, "flagged_items_reasons"), shown_cases=cases.select("case_id"))
    told = (
        words.filter(pl.col("is_commissioners") | IS_DATA)
        .join(cases, on="case_id", how="inner")
        .sort(pl.col("severity"), "rule_id", "rank", "flag_id", descending=[True, False, False, False])
        .with_columns(is_first_of_case=pl.int_range(pl.len()).over("case_id") == 0)
    )
    told = told.with_columns(pl.col("basis").str.strip_suffix(NOT_CHECKED).str.strip_chars_end())
    return told.filter(~IS_DATA).with_columns(duty_of=pl.col("rule_id").replace_strict(duties(), default="")), told.filter(IS_DATA)


def duties() -> dict[str, str]:
    """Who of the organisation must act, by rule."""
    return {one.rule.id: one.rule.duty_of for one in shipped_rules()}


def told_in_a_line(run: Run, found: Sorted) -> list[dict[str, Any]]:
    """One dict a case that is for information alone: its first sentence, and how many more it has."""
    cases = found.for_information.select("case_id", "case_ref", "holder_shown", "headline", "subject_on", "rank")
    words = run.warehouse.frame(sql(__file__, "flagged_items_reasons"), shown_cases=cases.select("case_id"))
    first = words.group_by("case_id", maintain_order=True).agg(pl.col("title", "sentence", "rule_id").first(), more=pl.len() - 1)
    return cases.join(first, on="case_id", how="inner").sort("rank").to_dicts()


def write_with_pictures(settings: Settings, commissioner_code: str) -> Path:
    """The newest night's page with the pictures of receipts, opened from their sealed originals. Raises UsageError without a night."""
    with newest_night(settings, commissioner_code) as run:
        return build_report(run, with_pictures=True)


def cases_in_full(run: Run, cases: pl.DataFrame, pictures: Pictures) -> list[dict[str, Any]]:
    """The evidence of each case given, ready for the page."""
    found = evidence_of(run.warehouse, cases.select("case_id"))
    told = tell_cases(cases, found, run_id=run.run_id, as_of=run.as_of, categories=category_names())
    changes = would_change(run, found.reasons, found.evidence)
    pairs = pl.concat([frame.select("case_id", "payment_id") for frame in (found.evidence, found.case_payments)]).drop_nulls()
    receipts = receipts_of_cases(run.warehouse, cases, pairs, pictures, category_names())
    return [
        case | {"would_change": changes.get(case_id, ""), "receipts": receipts[case_id]}
        for case_id, case in zip(cases["case_id"], told, strict=True)
    ]


def would_change(run: Run, reasons: pl.DataFrame, evidence: pl.DataFrame) -> dict[str, str]:
    """By case_id, for cases that rest on what was bought: what would change that reading."""
    rest = reasons.filter(pl.col("rule_id").str.contains(RESTS_ON_READING)).select("case_id").unique()
    asked = evidence.join(rest, on="case_id", how="semi").drop_nulls("payment_id")
    told = what_would_change(run.warehouse, run.settings, run.commissioner_code, asked["payment_id"].to_list())
    return {case_id: told[payment_id] for case_id, payment_id in asked.select("case_id", "payment_id").iter_rows() if payment_id in told}


def agreed(run: Run, found: Sorted) -> pl.DataFrame:
    """One row per unusual purchase that an agreed plan item settles."""
    withheld = found.withheld.select("case_id")
    return _with_holder(run.warehouse.frame(sql(__file__, "flagged_items_agreed"), withheld_cases=withheld))


def own_side(run: Run, found: Sorted) -> dict[str, Any]:
    """What the page says of our own delays and of data to be mended."""
    delays, mend = own_delays(run, found)
    return {
        "own_delays": delays.head(MOST_ROWS).to_dicts(),
        "duties": {row["rule_id"]: row for row in delays.unique("rule_id", keep="first", maintain_order=True).to_dicts()},
        "mend": mend.head(MOST_ROWS).to_dicts(),
        "mend_more": max(mend.height - MOST_ROWS, 0),
        "own_more": max(delays.height - MOST_ROWS, 0),
    }


def decided(run: Run) -> list[dict[str, Any]]:
    """One row per case that people moved out of the queue, but for those kept apart."""
    rows = _with_holder(_read(run, "decided").filter(~pl.col("is_kept_apart")))
    rows = rows.with_columns(decided_on=pl.col("decided_at").str.head(10).str.to_date())
    told = []
    for row in rows.iter_rows(named=True):
        kept = KEPT_FROM_CHECKERS if row["state_code"] in TO_CHECK else {}
        told.append(row | {"state_words": _stands(row)} | kept)
    return told


def changed(run: Run) -> list[dict[str, Any]]:
    """One row each time a decision was taken back, in words; of a case that waits for a check nothing is told of what was decided."""
    told = []
    days = (pl.col(f"{name}_at").str.head(10).str.to_date().alias(f"{name}_on") for name in ("was", "changed", "then"))
    for row in _with_holder(_read(run, "changed")).with_columns(*days).iter_rows(named=True):
        words = {name: _decision(row[name], row["state_code"]) for name in ("was_code", "then_code")}
        told.append(row | words | {"how": TAKEN_BACK[row["changed_code"]], "is_hidden": row["state_code"] in TO_CHECK})
    return told


def _decision(code: str | None, state: str) -> str:
    """A decision in words. Of a proposal not which: whoever checks the next one reads this page too."""
    if code is None:
        return "Not decided again yet"
    return PROPOSED if code in PROPOSALS or state in TO_CHECK else MOVES[code].words


def _stands(row: dict[str, Any]) -> str:
    """'Agreed, update the plan at next review' where the move says more than the state; and whether no flag of it is left."""
    is_more = row["decision_code"] == "agree_update_plan" and row["state_code"] == AGREED
    words = MOVES[row["decision_code"]].words if is_more else STATES[row["state_code"]].words
    words = WAITS_FOR_CHECK.capitalize() if row["state_code"] in TO_CHECK else words
    return f"{words}, {OVERTAKEN}" if row["is_overtaken"] and row["state_code"] != CLOSED_OVERTAKEN else words


@cache
def category_names() -> dict[str, str]:
    """Code to name of every category of taxonomy.csv."""
    with (shipped("reference") / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["category"] for row in csv.DictReader(file)}


def _read(run: Run, name: str, **parameters: object) -> pl.DataFrame:
    return run.warehouse.frame(sql(__file__, f"flagged_items_{name}"), parameters)


def _with_holder(frame: pl.DataFrame) -> pl.DataFrame:
    code = filled_in("PHB-{}", pl.col("holder_id").str.slice(1, 6).str.to_uppercase())
    return frame.with_columns(holder_shown=pl.when(pl.col("holder_id") == EVERYONE).then(pl.lit("All holders")).otherwise(code))


def _with_category(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(category=pl.col("category_code").replace(category_names()))


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _needs(count: int) -> str:
    return "needs" if count == 1 else "need"
