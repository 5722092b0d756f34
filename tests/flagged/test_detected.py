"""The stage `detected`: it makes no case, it gives the list parts and cases reasons, and says nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from phb_audit.flagged import detected, ranking
from phb_audit.flagged.detected import signals
from phb_audit.run import Run
from phb_audit.tables import TABLES
from tests.builders import AS_OF, fill, make_run
from tests.detectors.spending import LAST, line, others, weekly

CASE = {"outcome_code": "query", "severity": 2, "at_stake_pence": 50_00, "is_queued": True, "state_code": "open"}


def flag(case_id: str, payment_id: str, rule_id: str) -> dict[str, object]:
    return {"flag_id": f"F{case_id}{rule_id}", "case_id": case_id, "payment_id": payment_id, "rule_id": rule_id, "severity": 2}


def night(folder: Path, holders: int = 40) -> Run:
    """Two cases of rule E-02 of the same money: one about an ordinary line, one about a line unlike all others; and one of N-01."""
    far = {"amount_pence": 390_00, "match_code": "no_match", "match_share": 0.0}
    lines = [*others(holders), *(row for holder in ("H1", "H2", "H3") for row in weekly(12, holder=holder))]
    lines += [line("plain", LAST), line("far", LAST, holder_id="H2") | far, line("told", LAST, holder_id="H3") | far]
    cases = [("plain", "H1"), ("far", "H2"), ("told", "H3")]
    return fill(
        make_run(folder),
        {
            "matched.payments": lines,
            "flagged.cases": [{**CASE, "case_id": case_id, "holder_id": holder} for case_id, holder in cases],
            "flagged.findings": [flag("plain", "plain", "E-02"), flag("far", "far", "E-02"), flag("told", "told", "N-01")],
        },
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    made = night(tmp_path_factory.mktemp("detected"))
    detected.build(made).require_balance()
    yield made
    made.warehouse.close()


def read(run: Run, table: str) -> pl.DataFrame:
    return run.warehouse.frame(f"SELECT * FROM {table} ORDER BY ALL")


def test_a_case_about_a_line_unlike_others_comes_before_its_like(run: Run) -> None:
    heard = signals(run.warehouse)
    spoken = heard.values.filter(pl.col("part_name") == "D-01")["case_id"].to_list()
    assert {"far", "told"} == set(spoken)
    ranking.build(run, heard).require_balance()
    order = read(run, "flagged.ranked").sort("worth_per_minute", descending=True)["case_id"].to_list()
    assert order.index("far") < order.index("plain")
    parts = read(run, "flagged.score_parts").filter(pl.col("case_id") == "far")
    assert {"usual", "E-02", "D-01", "D-02"} <= set(parts["part_name"])
    assert round(parts["part"].sum(), 6) == read(run, "flagged.ranked").filter(pl.col("case_id") == "far")["score"].item()


def test_it_makes_no_case(run: Run) -> None:
    assert set(read(run, "flagged.cases")["case_id"]) == {"plain", "far", "told"}
    assert set(read(run, "detected.reasons")["case_id"]) <= {"plain", "far", "told"}


def test_a_reason_says_what_was_seen_what_is_usual_and_of_how_many(run: Run) -> None:
    reasons = read(run, "detected.reasons").filter(pl.col("case_id") == "far").sort("place")
    assert reasons["place"].to_list() == list(range(1, reasons.height + 1)) and reasons.height <= 3
    amount = reasons.filter(pl.col("detector_id") == "D-01").row(0, named=True)
    assert amount["sentence"].startswith("£390.00 was paid to Corner Shop")
    assert "£20." in amount["usual"] and "payments of the year before" in amount["usual"]
    assert not reasons["sentence"].is_null().any() and not reasons["usual"].is_null().any()


def test_what_a_flag_says_is_not_said_again(run: Run) -> None:
    names = dict(read(run, "detected.reasons").group_by("case_id").agg("feature_name").iter_rows())
    assert "for_person" in names["far"] or "among_others" in names["far"]
    assert "for_person" not in names["told"]  # N-01 says it


def test_run_again_it_leaves_the_same(run: Run) -> None:
    before = {name: read(run, name) for name in TABLES if name.startswith("detected.")}
    detected.build(run)
    assert all(read(run, name).equals(frame) for name, frame in before.items())
    assert before["detected.scores"].height


def test_decisions_move_a_detector_as_they_move_a_rule(tmp_path: Path) -> None:
    run = night(tmp_path, 150)
    lines = [line(f"old{number}", LAST, 390_00, holder_id=f"H{10 + number}", match_code="no_match") for number in range(8)]
    judged = [
        {"event_number": n, "case_id": f"old{n}", "holder_id": f"H{10 + n}", "rule_ids": "E-02", "is_right": True, "is_own_words": True}
        for n in range(8)
    ]
    cases = [{**CASE, "case_id": f"old{n}", "holder_id": f"H{10 + n}", "is_queued": False, "state_code": "closed"} for n in range(8)]
    findings = [flag(f"old{number}", f"old{number}", "E-02") for number in range(8)]
    told = [{**row, "decided_on": AS_OF - timedelta(days=1)} for row in judged]
    fill(run, {"matched.payments": lines, "decided.judgements": told, "flagged.cases": cases, "flagged.findings": findings})
    detected.build(run)
    ranking.build(run, signals(run.warehouse))
    weights = {row["part_name"]: row for row in read(run, "flagged.part_weights").iter_rows(named=True)}
    run.warehouse.close()
    assert weights["D-01"]["weight"] > weights["D-01"]["start"] and weights["D-01"]["decided"] > 0


def test_a_detector_lifts_no_case_out_of_the_demoted(run: Run, tmp_path: Path) -> None:
    judged = [
        {"event_number": n, "case_id": f"x{n}", "rule_ids": "E-02", "is_right": False, "is_own_words": True, "decided_on": AS_OF}
        for n in range(40)
    ]
    run = night(tmp_path)
    fill(run, {"decided.judgements": judged})
    detected.build(run)
    ranking.build(run, signals(run.warehouse))
    tiers = dict(read(run, "flagged.ranked").select("case_id", "tier_code").iter_rows())
    run.warehouse.close()
    assert tiers["far"] == tiers["plain"] == "demoted" and tiers["told"] != "demoted"
