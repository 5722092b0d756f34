"""Ranking: worth for a minute, certain rules first, demoted ones last, minutes as the cut, and parts that add up to the score."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from phb_audit import flagged
from phb_audit.flagged import ranking
from phb_audit.flagged.ranking import Ranked, Signals, ranked
from phb_audit.flagged.stack import starting
from phb_audit.rules.review_time import ReviewTime, review_time
from phb_audit.run import Run
from phb_audit.settings import read_toml, shipped
from phb_audit.tables.decided import JUDGEMENTS
from tests.builders import fill
from tests.flagged.world import SOFA, payment, world

AS_OF = date(2026, 10, 31)
STARTS = read_toml(shipped("reference") / "ranking.toml")
TIME = ReviewTime(600, 0.10, 0.5, {"refuse": 10, "query": 8, "clinician": 12, "information": 4})
CASES = {"case_id": pl.String, "severity": pl.Int64, "outcome_code": pl.String, "at_stake_pence": pl.Int64, "holder_id": pl.String}


def case(case_id: str, pence: int, severity: int = 2, outcome: str = "query") -> tuple[str, int, str, int, str]:
    return case_id, severity, outcome, pence, "H1"


def order(
    *cases: tuple[str, int, str, int, str],
    flags: list[tuple[str, str, int]],
    judged: list[dict[str, Any]] | None = None,
    time: ReviewTime = TIME,
    signals: Signals | None = None,
) -> Ranked:
    lessons = [
        {"event_number": n, "case_id": f"old{n}", "holder_id": "H9", "decided_by": "Ada", "decided_on": AS_OF, "is_own_words": True} | row
        for n, row in enumerate(judged or [])
    ]
    return ranked(
        pl.DataFrame(cases, schema=CASES, orient="row"),
        pl.DataFrame(flags, schema={"case_id": pl.String, "rule_id": pl.String, "severity": pl.Int64}, orient="row"),
        pl.DataFrame(lessons, schema=JUDGEMENTS.polars_schema),
        AS_OF,
        time,
        signals or Signals(),
        STARTS,
    )


def ids(found: Ranked) -> list[str]:
    return ranking.in_order(found.cases)["case_id"].to_list()


def row(found: Ranked, case_id: str) -> dict[str, Any]:
    return found.cases.filter(pl.col("case_id") == case_id).row(0, named=True)


def test_the_parts_of_every_case_add_up_to_its_score() -> None:
    judged = [{"rule_ids": "P-05|N-01", "is_right": n % 3 == 0} for n in range(30)]
    flags = [("a", "P-05", 2), ("a", "N-01", 1), ("b", "L-01", 3)]
    found = order(case("a", 90_00), case("b", 20_00, 3, "refuse"), flags=flags, judged=judged)
    for case_id, score in found.cases.select("case_id", "score").iter_rows():
        parts = found.parts.filter(pl.col("case_id") == case_id)
        assert parts["part_name"].to_list()[0] == "usual"
        assert round(parts["part"].sum(), 6) == score


def test_more_money_and_less_time_come_first() -> None:
    flags = [(name, "E-02", 2) for name in ("little", "much")] + [("quick", "E-02", 2)]
    assert ids(order(case("little", 10_00), case("much", 900_00), case("quick", 10_00, outcome="information"), flags=flags)) == [
        "much",
        "quick",
        "little",
    ]


def test_two_signs_are_likelier_than_one() -> None:
    found = order(case("one", 50_00), case("two", 50_00), flags=[("one", "E-02", 2), ("two", "E-02", 2), ("two", "P-05", 2)])
    assert ids(found) == ["two", "one"]
    assert row(found, "one")["chance_share"] == pytest.approx(0.25, abs=1e-5)


def test_certain_rules_come_first_and_take_no_minutes() -> None:
    short = replace(TIME, minutes_a_week=9)
    found = order(case("dear", 90_000_00), case("after", 5_00, 4), flags=[("dear", "E-02", 2), ("after", "A-13", 4)], time=short)
    assert ids(found) == ["after", "dear"]
    assert (row(found, "after")["tier_code"], row(found, "after")["is_within_minutes"]) == ("certain", True)
    assert row(found, "dear")["is_within_minutes"]  # 8 of the 8.1 minutes left after the random arm's tenth


def test_the_week_is_cut_by_minutes() -> None:
    names = [f"c{n:02d}" for n in range(20)]
    found = order(
        *(case(name, 10_00 * (n + 1)) for n, name in enumerate(names)),
        flags=[(name, "E-02", 2) for name in names],
        time=replace(TIME, minutes_a_week=100),
    )
    assert found.cases["is_within_minutes"].sum() == 11  # 90 minutes of 8 each


@pytest.mark.parametrize(("wrong", "right", "is_demoted"), [(30, 0, True), (19, 0, False), (96, 4, True), (95, 5, False), (90, 10, False)])
def test_a_rule_of_under_one_in_twenty_is_demoted_and_listed(wrong: int, right: int, is_demoted: bool) -> None:
    judged = [{"rule_ids": "E-02", "is_right": n < right} for n in range(wrong + right)]
    found = order(case("a", 9_000_00), case("b", 5_00), flags=[("a", "E-02", 2), ("b", "P-05", 2)], judged=judged)
    told = found.weights.filter(pl.col("part_name") == "E-02").row(0, named=True)
    assert told["is_demoted"] is is_demoted
    assert (row(found, "a")["tier_code"] == "demoted") is is_demoted
    assert (ids(found)[-1] == "a") is is_demoted


def test_a_demoted_rule_takes_nothing_from_another_reason() -> None:
    judged = [{"rule_ids": "E-02", "is_right": False}] * 40
    found = order(case("both", 50_00), flags=[("both", "E-02", 2), ("both", "P-05", 2)], judged=judged)
    assert row(found, "both")["tier_code"] != "demoted"
    assert row(found, "both")["chance_share"] == pytest.approx(0.25, abs=0.01)


def test_a_certain_rule_is_never_demoted() -> None:
    judged = [{"rule_ids": "A-13", "is_right": False}] * 40
    found = order(case("a", 5_00, 4), flags=[("a", "A-13", 4)], judged=judged)
    assert not found.weights.filter("is_demoted").height
    assert row(found, "a")["tier_code"] == "certain"


def test_decisions_in_nobodys_own_words_move_nothing() -> None:
    judged = [{"rule_ids": "E-02", "is_right": True, "is_own_words": False}] * 50
    weights = order(case("a", 5_00), flags=[("a", "E-02", 2)], judged=judged).weights
    assert (weights["weight"] == weights["start"]).all()


def test_a_decision_counts_half_after_a_year() -> None:
    old = {"rule_ids": "E-02", "is_right": True, "decided_on": date(2025, 10, 31)}
    weights = order(case("a", 5_00), flags=[("a", "E-02", 2)], judged=[old] * 10).weights
    assert weights.filter(pl.col("part_name") == "E-02")["decided"].item() == pytest.approx(5, abs=0.01)


def test_a_lower_severity_than_the_rule_can_give_speaks_less() -> None:
    found = order(case("full", 5_00), case("explained", 5_00), flags=[("full", "P-02", 2), ("explained", "P-02", 1)])
    assert row(found, "explained")["chance_share"] == pytest.approx(0.08, abs=1e-4)
    assert row(found, "full")["chance_share"] == pytest.approx(0.25, abs=1e-4)


def test_a_detector_is_one_more_named_part() -> None:
    values = pl.DataFrame([("a", "tail of amount", 0.5)], schema=ranking.VALUES, orient="row")
    signals = Signals(values, {"tail of amount": 0.30})
    found = order(case("a", 5_00), case("b", 5_00), flags=[("a", "E-02", 2), ("b", "E-02", 2)], signals=signals)
    part = found.parts.filter(pl.col("part_name") == "tail of amount").row(0, named=True)
    assert part["part"] == pytest.approx(0.5 * starting(0.02, {"x": 0.30}, 1).start["x"], abs=1e-5)
    assert ids(found) == ["a", "b"]


def test_a_stop_rule_puts_a_learned_weight_back_from_the_next_night_on(run: Run) -> None:
    flagged.build(world(run, payment("P1", SOFA)))
    lessons = [
        {"event_number": n, "case_id": f"old{n}", "rule_ids": "P-02", "is_right": True, "decided_on": AS_OF, "is_own_words": True}
        for n in range(30)
    ]
    fill(run, {"decided.judgements": lessons})
    time = review_time(run.settings)
    earlier = "QZZ-2026-09-30"

    def weight() -> tuple[float, float, bool]:
        found = ranking.rank(run.warehouse, run.run_id, run.as_of, time, Signals())
        told = found.weights.filter(pl.col("part_name") == "P-02").row(0, named=True)
        assert found.stack.weights["P-02"] == told["weight"]
        return told["weight"], told["start"], told["is_stopped"]

    raised, start, is_stopped = weight()
    assert raised > start and not is_stopped
    fill(
        run,
        {
            "watched.group_rates": [{"run_id": earlier, "group_code": "g"}],
            "watched.stopped_parts": [{"run_id": earlier, "part_name": "P-02"}],
        },
    )
    assert weight() == (start, start, True)
    fill(run, {"watched.group_rates": [{"run_id": "QZZ-2026-10-30", "group_code": "g"}]})  # a later night without an alarm
    assert weight() == (raised, start, False)


def test_no_part_is_about_a_person_or_a_group(run: Run) -> None:
    """What is learned from has no column of a person's group, and the cases' order does not read any."""
    flagged.build(world(run, payment("P1", SOFA)))
    found = ranking.rank(run.warehouse, run.run_id, run.as_of, review_time(run.settings), Signals())
    personal = {"holder_id", "care_group_code", "area_name", "holding_code", "diagnosis", "age", "sex", "ethnicity"}
    assert not personal & set(found.weights["part_name"])
    assert set(JUDGEMENTS.column_names) & personal == {"holder_id"}  # to keep persons apart when judging, and never a part
    moved = run.warehouse.frame("SELECT * FROM flagged.cases WHERE is_queued").with_columns(holder_id=pl.lit("Hother"))
    again = ranked(
        moved,
        run.warehouse.frame("SELECT case_id, rule_id, severity FROM flagged.findings"),
        pl.DataFrame(schema=JUDGEMENTS.polars_schema),
        run.as_of,
        review_time(run.settings),
        Signals(),
        STARTS,
    )
    assert again.cases.equals(found.cases)


def test_the_stage_ranks_the_cases_and_does_it_again_the_same(run: Run) -> None:
    flagged.build(world(run, payment("P1", SOFA), payment("P2", SOFA, amount_pence=4_000_00)))
    ranking.build(run).require_balance()
    tables = ("flagged.cases", "flagged.ranked", "flagged.score_parts", "flagged.part_weights")
    before = [run.warehouse.frame(f"SELECT * FROM {table} ORDER BY ALL") for table in tables]
    assert sorted(before[0]["rank"]) == list(range(1, before[0].height + 1))
    ranking.build(run)
    assert all(run.warehouse.frame(f"SELECT * FROM {table} ORDER BY ALL").equals(once) for table, once in zip(tables, before, strict=True))
