"""Which rules and limits a night used, and who approved what: kept, so that a change can be seen, and that it never reached back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from phb_audit.rules.limits import InForce, WrittenLimit, written_limits
from phb_audit.rules.register import Registered, shipped_rules
from phb_audit.rules.wording import limit_in_words
from phb_audit.run import Run
from phb_audit.tables import TABLES
from phb_audit.warehouse import sql

LIMITS, RULES, OWN = TABLES["nights.limits"], TABLES["nights.rules"], TABLES["nights.own_limits"]


def keep_limits(run: Run, rules: Sequence[Registered]) -> None:
    """Write nights.limits for tonight, in place of those of an earlier try."""
    rows = [
        (run.run_id, one.rule.id, name, since.from_on, _in_words(name, value), since.told_on)
        for one in rules
        for since in (InForce(None, one.limits), *one.later)
        for name, value in sorted(since.limits.items())
    ]
    frame = pl.DataFrame(rows, schema=LIMITS.polars_schema, orient="row")
    with run.warehouse.transaction():
        run.warehouse.run("DELETE FROM nights.limits WHERE run_id = $run_id", {"run_id": run.run_id})
        run.warehouse.write(LIMITS, frame)


def keep_rules(run: Run, rules: Sequence[Registered], own_file: Path) -> None:
    """Write nights.own_limits and nights.rules for tonight: every value the installation wrote itself with who approved it, and what
    each rule's version changed by since the night before."""
    own = own_limits(run, own_file)
    before = run.warehouse.frame(sql(__file__, "read_rules_before"), {"run_id": run.run_id})
    earlier = {rule_id: (version, text) for rule_id, version, text in before.iter_rows()}
    alone = set(own.filter(pl.col("change_id").is_null())["rule_id"])
    rows = []
    for one in rules:
        was = earlier.get(one.rule.id)
        changed = what_changed(one, was, is_alone=one.rule.id in alone)
        rows.append((run.run_id, one.rule.id, one.version, one.text_version, was[0] if was else None, changed))
    with run.warehouse.transaction():
        run.warehouse.replace_run(RULES, run.run_id, pl.DataFrame(rows, schema=RULES.polars_schema, orient="row"))
        run.warehouse.replace_run(OWN, run.run_id, own)


def what_changed(one: Registered, earlier: tuple[str, str] | None, *, is_alone: bool) -> str:
    """change_code of nights.rules. `earlier`: version and text_version then; `is_alone`: nobody approved a value of it."""
    if earlier is None:
        return "first_night"
    if one.version == earlier[0]:
        return "none"
    if one.text_version != earlier[1]:
        return "software"
    return "without_second_person" if is_alone else "approved"


def own_limits(run: Run, own_file: Path) -> pl.DataFrame:
    """Rows of nights.own_limits."""
    known = {one.rule.id: one.limits for one in shipped_rules()}
    written = written_limits(own_file, run.commissioner_code, known) if own_file.is_file() else []
    changes = run.warehouse.frame(sql(__file__, "read_rule_changes"))
    behind: dict[tuple[Any, ...], dict[str, Any]] = {
        (row["rule_id"], row["limit_name"], row["from_on"], row["value_json"]): row for row in changes.iter_rows(named=True)
    }
    rows = [_with_approval(run.run_id, one, behind) for one in written]
    return pl.DataFrame(rows, schema=OWN.polars_schema, orient="row")


def _with_approval(run_id: str, one: WrittenLimit, behind: dict[tuple[Any, ...], dict[str, Any]]) -> tuple[object, ...]:
    value = list(one.value) if isinstance(one.value, tuple) else one.value
    change = behind.get((one.rule_id, one.limit_name, one.from_on, json.dumps(value)), {})
    who = (change.get(name) for name in ("change_id", "proposed_by", "approved_by", "approved_at"))
    return (run_id, one.rule_id, one.limit_name, one.from_on, _in_words(one.limit_name, one.value), *who)


def _in_words(limit_name: str, value: object) -> str:
    return limit_in_words(value, "pounds" if limit_name.endswith("_pence") else "")
