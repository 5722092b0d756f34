"""The stage that watches rates by group: what it keeps, what it does not tell, and that its alarm stops what decisions taught."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from phb_audit.assurance.groups_command import tell_groups
from phb_audit.assurance.watch import build
from phb_audit.errors import UsageError
from phb_audit.run import Run
from phb_audit.settings import Settings
from tests.builders import AS_OF, fill, make_run


def world(folder: Path, *, bias: float) -> Run:
    """Two care groups of 60 holders and one of three; a question stands about 1 purchase in 20, `bias` times as often in the first."""
    generator = np.random.Generator(np.random.PCG64(11))
    payments: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    for number in range(123):
        group = "small" if number >= 120 else "first" if number % 2 else "second"
        for place in range(20):
            payment_id = f"P{number:03d}{place:02d}"
            told = {"payment_id": payment_id, "holder_id": f"H{number:03d}", "care_group_code": group, "match_code": "fits"}
            payments.append({**told, "is_spend": True, "paid_on": AS_OF, "amount_pence": 10_00})
            if generator.random() < 0.05 * (bias if group == "first" else 1):
                findings.append(
                    {
                        "flag_id": f"F{payment_id}",
                        "case_id": f"c{payment_id}",
                        "payment_id": payment_id,
                        "holder_id": told["holder_id"],
                        "rule_id": "E-02",
                        "outcome_code": "query",
                    }
                )
    weights = [
        {"part_name": "E-02", "start": 2.0, "learned": 3.0, "weight": 3.0},
        {"part_name": "P-05", "start": 2.0, "learned": 2.0, "weight": 2.0},
    ]
    return fill(make_run(folder), {"matched.payments": payments, "flagged.findings": findings, "flagged.part_weights": weights})


def rates(run: Run, measure: str = "asked") -> dict[str, dict[str, Any]]:
    frame = run.warehouse.frame("SELECT * FROM watched.group_rates").filter(pl.col("measure_code") == measure)
    return {row["group_code"]: row for row in frame.iter_rows(named=True)}


def stopped(run: Run) -> list[tuple[str, str]]:
    return run.warehouse.frame("SELECT part_name, group_codes FROM watched.stopped_parts ORDER BY ALL").rows()


def test_a_group_that_is_asked_twice_as_often_sounds_the_alarm_and_stops_what_was_learned(tmp_path: Path) -> None:
    run = world(tmp_path, bias=2.5)
    build(run).require_balance()
    told = rates(run)
    assert told["first"]["is_alarm"] and not told["second"]["is_alarm"]
    assert told["first"]["low"] > 1.25
    assert stopped(run) == [("E-02", "first")]


def test_groups_asked_alike_sound_none_and_stop_nothing(tmp_path: Path) -> None:
    run = world(tmp_path, bias=1.0)
    build(run)
    assert not any(row["is_alarm"] for row in rates(run).values())
    assert stopped(run) == []


def test_three_people_are_not_told(tmp_path: Path) -> None:
    run = world(tmp_path, bias=1.0)
    totals = build(run)
    small = rates(run)["small"]
    assert small["is_suppressed"]
    assert [small[name] for name in ("holders_count", "lines_count", "observed_count", "ratio")] == [None] * 4
    assert [total.rows for total in totals.totals] == [123 * 20, 120 * 20, 3 * 20]


def test_without_decisions_nothing_is_said_of_questions_in_vain(tmp_path: Path) -> None:
    run = world(tmp_path, bias=1.0)
    build(run)
    assert rates(run, "in_vain")["first"]["observed_count"] == 0
    assert rates(run, "in_vain")["first"]["ratio"] is None


def test_the_same_night_again_leaves_the_same(tmp_path: Path) -> None:
    run = world(tmp_path, bias=2.5)
    build(run)
    before = (rates(run), stopped(run))
    build(run)
    assert (rates(run), stopped(run)) == before


def test_the_rates_are_told_on_demand(tmp_path: Path) -> None:
    run = world(tmp_path, bias=3.0)
    build(run)
    fill(run, {"nights.runs": [{"as_of_on": AS_OF}]})
    run.warehouse.close()
    said: list[str] = []
    tell_groups(run.settings, run.commissioner_code, as_json=False, say=said.append)
    assert "| first      |      60 |     1,200 |" in said[0]
    assert "| small      |       - |         - |" in said[0]
    assert "No group enters an order." in said[0]
    tell_groups(run.settings, run.commissioner_code, as_json=True, say=said.append)
    told = json.loads(said[1])
    assert {row["group_code"] for row in told["rates"]} == {"first", "second", "small"}


def test_without_a_night_the_command_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has been run yet"):
        tell_groups(Settings(tmp_path), "QZZ", as_json=False, say=print)
