"""A published night of any size for the review app, made with SQL from the sample's: cases, what pages show of them, people and lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from phb_audit.cases.casebook import CASE, open_casebook
from phb_audit.settings import Settings

PEOPLE_TIMES = 50  # people are copied at most this often: each then has about as many cases as a long queue gives
REASONS = ("It serves the goal of getting out.", "The plan names it.", "It was agreed with the family at the review in spring.")
FLAG = "flag_id, rule_id, rule_version, title, sentence, plan_words, measured, payment_id, at_stake_pence"


def multiplied(path: Path, cases: int, lines: int, people_times: int = PEOPLE_TIMES) -> tuple[int, int]:
    """The night with each of its cases, and what pages show of it, many times over; returns how many cases and lines there are.

    A copy of a case is about a copy of its person. Lines are those of all the people, most of which no case is about.
    """
    path.chmod(0o600)
    with duckdb.connect(str(path)) as night:
        night.execute("UPDATE flagged.cases SET is_queued = true, state_code = 'open'")
        kept = _count(night, "flagged.cases")
        night.execute("CREATE TEMP TABLE times AS SELECT range AS n, range % ? AS m FROM range(1, ?)", [people_times, -(-cases // kept)])
        for table, other_ids in _copies(night).items():
            times = "(SELECT DISTINCT m FROM times WHERE m > 0)" if "|| n" not in other_ids else "times"
            night.execute(f"INSERT INTO {table} SELECT t.* REPLACE ({other_ids}) FROM {table} t, {times}")
        there = _count(night, "matched.payments")
        for number in range(1, -(-lines // there)):
            night.execute(
                f"""INSERT INTO matched.payments SELECT p.* REPLACE (payment_id || '-{number}' AS payment_id)
                FROM matched.payments p LIMIT {there}"""
            )
        return _count(night, "flagged.cases"), _count(night, "matched.payments")


def _copies(night: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What is other in a copy, by table. `n` is the copy of a case, `m` of a person; person 0 is the one that was there."""
    other, person = "|| '-' || n", "|| '-' || m"
    holder = "CASE WHEN m = 0 OR holder_id = 'ALL' THEN holder_id ELSE left(holder_id, 1) || md5(holder_id || m) END AS holder_id"
    mask = "CASE WHEN m = 0 OR holder_id = 'ALL' THEN holder_shown ELSE 'PHB-' || upper(left(md5(holder_id || m), 6)) END AS holder_shown"
    has_mask = {
        name
        for (name,) in night.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_columns() WHERE column_name = 'holder_shown'"
        ).fetchall()
    }
    cases = {
        "flagged.cases": f"case_id {other} AS case_id, payment_id {other} AS payment_id, rank + n * 1000 AS rank, "
        "'F' || upper(substr(md5(case_id || n), 1, 8)) AS case_ref",
        "flagged.findings": f"flag_id {other} AS flag_id, case_id {other} AS case_id, payment_id {other} AS payment_id",
        "flagged.clearings": f"case_id {other} AS case_id",
        "flagged.ranked": f"case_id {other} AS case_id",
        "flagged.score_parts": f"case_id {other} AS case_id",
        "shown.payments": f"payment_id {other} AS payment_id, receipt_id {other} AS receipt_id",
        "shown.receipts": f"receipt_id {other} AS receipt_id",
        "shown.receipt_links": f"payment_id {other} AS payment_id, receipt_id {other} AS receipt_id",
        "shown.receipt_lines": f"receipt_line_id {other} AS receipt_line_id, receipt_id {other} AS receipt_id",
    }
    people = {
        "shown.holders": "holder_id AS holder_id",
        "validated.budgets": f"budget_id {person} AS budget_id",
        "validated.plans": f"plan_version_id {person} AS plan_version_id",
        "validated.plan_outcomes": f"plan_version_id {person} AS plan_version_id, outcome_id {person} AS outcome_id",
        "validated.plan_lines": f"plan_version_id {person} AS plan_version_id, plan_line_id {person} AS plan_line_id",
    }
    has_holder = {
        name
        for (name,) in night.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_columns() WHERE column_name = 'holder_id'"
        ).fetchall()
    }
    told = {}
    for table, ids in (cases | people).items():
        parts = [ids.replace("holder_id AS holder_id", "").strip()] + [holder] * (table in has_holder) + [mask] * (table in has_mask)
        told[table] = ", ".join(part for part in parts if part)
    return told


def decide_some(settings: Settings, code: str, path: Path, decisions: int) -> None:
    """So many cases agreed in the past year by three people, as the app keeps a decision."""
    with duckdb.connect(str(path), read_only=True) as night, open_casebook(settings, code) as casebook:
        for by, bodies in _decisions(night, decisions):
            casebook.append(CASE, bodies, by=by, at=datetime(2026, 10, 1, tzinfo=UTC) - timedelta(days=len(bodies) % 200))


def _decisions(night: duckdb.DuckDBPyConnection, decisions: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    rows = night.execute(
        f"""SELECT c.case_id, c.case_ref, c.holder_id, c.run_id, c.severity,
            list({{{", ".join(f"'{name.strip()}': f.{name.strip()}" for name in FLAG.split(","))}}}) AS flags,
            list_sort(list_distinct(list(f.family_code))) AS families
        FROM flagged.cases c JOIN flagged.findings f USING (case_id)
        WHERE NOT c.is_restricted GROUP BY ALL ORDER BY max(c.rank) DESC, c.case_id LIMIT ?""",
        [decisions],
    ).fetchall()
    bodies: dict[str, list[dict[str, Any]]] = {"Lee Marsh": [], "Uma Sand": [], "Rae Hill": []}
    for number, (case_id, case_ref, holder_id, run_id, severity, flags, families) in enumerate(rows):
        seen = {"case_id": case_id, "case_ref": case_ref, "holder_id": holder_id, "run_id": run_id, "severity": severity}
        seen |= {"families": families, "flags": flags, "receipt_ids": []}
        move: dict[str, Any] = {
            "move_code": "agree",
            "from_state": "open",
            "to_state": "agreed",
            "role": "clinician",
            "checks_by": None,
            "particulars": {},
        }
        body = {"case_id": case_id, "case_ref": case_ref, "holder_id": holder_id, "case_version": 1, "seen": seen}
        bodies[list(bodies)[number % 3]].append(body | move | {"reason": REASONS[number % len(REASONS)]})
    yield from bodies.items()


def _count(night: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(night.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
