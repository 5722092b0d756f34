"""A case about several things is explained by its own flags."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from flows.nightly import run_plain
from phb_audit.flagged.explain import explain
from phb_audit.rules.register import rules_for
from phb_audit.warehouse import Warehouse
from tests.flows.nights import CODE, night_of, small_world


@pytest.mark.slow
def test_every_case_of_a_night_is_flagged_by_the_rules_that_made_it(tmp_path: Path) -> None:
    night = night_of(small_world(tmp_path / "world", holders=12, months=3), tmp_path / "home")
    run_plain(night)
    cases = pl.read_parquet(tmp_path / "home" / "published" / CODE / "current" / "flagged_cases.parquet")
    warehouse = Warehouse(night.settings.warehouse_path(CODE), read_only=True)
    rules = rules_for(CODE, [])
    assert cases.height > 3
    for ref, rule_ids in cases.select("case_ref", "rule_ids").rows():
        told = json.loads(explain(warehouse, ref, rules).as_json())["verdicts"]
        assert {one["rule_id"] for one in told if one["verdict"] == "flagged"} >= set(rule_ids.split("|")), ref
    warehouse.close()
