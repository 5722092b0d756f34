"""The stage as a whole: a golden small world, its books, and doing it again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from phb_audit import flagged
from phb_audit.run import Run, Total
from tests.builders import fill, make_run
from tests.flagged.world import AGREED, FIRST, HOT_TUB, POTTERY, SECOND, SOFA, one, payment, published, rules_of, world

TABLES = ("findings", "suppressed", "cleared", "cases")


def everything(run: Run) -> list[pl.DataFrame]:
    return [run.warehouse.frame(f"SELECT * FROM flagged.{name} ORDER BY ALL") for name in TABLES]


def golden(run: Run) -> Run:
    return world(
        run,
        payment("P1", receipt_id="R1"),
        payment("P2", HOT_TUB),
        payment("P3", SOFA),
        payment("P4", AGREED, receipt_id=None),
        payment("P5", POTTERY, kind_code="cash", amount_pence=80_00, category_code="Z01", plan_line_id=None, match_code="no_match"),
    )


def test_a_golden_night(run: Run) -> None:
    flagged.build(golden(run))
    found = run.warehouse.frame(
        "SELECT rule_id, payment_id, outcome_code, severity FROM flagged.findings ORDER BY rule_id, payment_id"
    ).rows()
    assert found == [
        ("A-04", "P5", "query", 2),
        ("E-01", "P3", "query", 2),
        ("E-01", "P4", "query", 2),
        ("P-02", "P3", "query", 2),
        ("P-03", "P2", "clinician", 2),
    ]


def test_a_finding_carries_all_a_reader_needs(run: Run) -> None:
    flagged.build(golden(run))
    row = one(run, "findings", "P-03")
    assert row["sentence"].startswith("£899.00 was paid to POOL WORLD on 3 August 2026. We read it as hot tub and home pool (95% sure).")
    assert "Meet people and make things" in row["sentence"]
    assert row["plan_words"] == "The plan in force has no line for this."
    assert row["basis"].startswith("National guidance")
    assert json.loads(row["measured"]) == {
        "amount_pence": 899_00,
        "at_stake_pence": 899_00,
        "paid_on": "2026-08-03",
        "probability_share": 0.95,
        "limits": {"big_pence": 150_00, "least_pence": 25_00, "least_share": 0.8},
    }
    for name in ("usual", "innocent", "ask", "clears"):
        assert len(row[name]) > 20


def test_the_plans_own_words_are_quoted(run: Run) -> None:
    world(run, payment("P1", amount_pence=2_000_00, line_amount_pence=1_000_00, line_frequency_code="one-off", receipt_id="R1"))
    flagged.build(run)
    assert (
        one(run, "findings", "P-05")["plan_words"] == "Line: \u2018Pottery class\u2019. Outcome: \u2018Meet people and make things\u2019."
    )


def test_the_books_balance_and_tell_every_payment_once(run: Run) -> None:
    totals = flagged.build(golden(run))
    assert totals.balance == (0, 0)
    assert totals.totals == (
        Total("in", "payments looked at", 5, 20_00 + 899_00 + 400_00 + 899_00 + 80_00),
        Total("out", "nothing to ask", 1, 20_00),
        Total("out", "with a flag", 4, 899_00 + 400_00 + 899_00 + 80_00),
    )


def test_a_payment_that_an_agreed_item_settles_has_a_line_in_the_books(run: Run) -> None:
    history = [payment(f"P{place}", receipt_id="R1", paid_on=date(2026, 7, place)) for place in range(1, 10)]
    agreed = payment("P99", amount_pence=300_00, receipt_id="R1", match_code="unclear", is_preapproved=True, line_amount_pence=300_00)
    totals = flagged.build(world(run, *history, agreed))
    assert Total("out", "settled by what was agreed", 1, 300_00) in totals.totals
    assert rules_of(run, "suppressed") == ["N-01"]
    row = one(run, "suppressed", "N-01")
    assert row["settled_by"] == "P-04 PL1/v1/1"
    assert row["sentence"].startswith("The plan agrees this item by name (")
    assert rules_of(run) == []


def test_a_night_run_twice_changes_nothing(run: Run) -> None:
    flagged.build(golden(run))
    before = everything(run)
    flagged.build(run)
    assert all(was.equals(now) for was, now in zip(before, everything(run), strict=True))


def test_an_empty_night_is_quiet_and_balances(run: Run) -> None:
    totals = flagged.build(run)
    assert totals.totals == (Total("in", "payments looked at", 0, 0),)
    assert everything(run)[0].height == 0


def test_only_tonights_holders_are_touched(run: Run) -> None:
    world(run, payment("P1", SOFA))
    fill(run, {"matched.payments": [{**payment("P9", SOFA, holder_id=SECOND), "run_id": "QZZ-2026-10-01"}]})
    flagged.build(run)
    assert run.warehouse.frame("SELECT DISTINCT holder_id FROM flagged.findings")["holder_id"].to_list() == [FIRST]


def test_a_holder_held_back_gets_no_plan_questions_and_the_books_say_so(run: Run) -> None:
    world(
        run,
        payment("P1", SOFA, amount_pence=20_00),
        validated__held_back=[{"holder_id": FIRST, "feed_code": "plan_lines", "rows_refused": 1}],
    )
    totals = flagged.build(run)
    assert rules_of(run) == []
    assert Total("out", "no flag, holder held back", 1, 20_00) in totals.totals


@pytest.mark.parametrize(("feed", "expected"), [("instalments", []), ("receipts", ["A-20"])])
def test_money_in_is_nobodys_own_while_an_instalment_is_refused(run: Run, feed: str, expected: list[str]) -> None:
    credit = payment("P1", kind_code="credit", amount_pence=-100_00, is_spend=False, category_code="M04", receipt_id="R1")
    world(run, credit, validated__held_back=[{"holder_id": FIRST, "feed_code": feed, "rows_refused": 1}])
    flagged.build(run)
    assert rules_of(run) == expected


@pytest.mark.parametrize("feed", ["bank", "card", "instalments", "visits"])
def test_another_line_that_was_refused_does_not_hold_back_what_a_whole_line_was_for(run: Run, feed: str) -> None:
    world(
        run,
        payment("P1", SOFA, receipt_id="R1"),
        validated__held_back=[{"holder_id": FIRST, "feed_code": feed, "rows_refused": 1}],
    )
    flagged.build(run)
    assert rules_of(run) == ["P-02"]


def test_receipts_held_back_stop_the_question_for_receipts_only(run: Run) -> None:
    cash = payment("P2", kind_code="cash", amount_pence=80_00, category_code="Z01")
    world(
        run,
        payment("P1", amount_pence=60_00),
        cash,
        validated__held_back=[{"holder_id": FIRST, "feed_code": "receipts", "rows_refused": 1}],
    )
    flagged.build(run)
    assert rules_of(run) == ["A-04"]


def test_a_late_file_is_a_case_of_nobody(run: Run) -> None:
    feeds = [{"feed_code": "receipts", "owner": "the support service", "usual_days": 35, "last_data_on": date(2026, 8, 1), "is_late": True}]
    world(run, payment("P1", amount_pence=60_00), landed__feeds=feeds)
    flagged.build(run)
    assert rules_of(run) == ["Q-08"]  # and no E-01: the feed has not reached the day
    assert run.warehouse.frame("SELECT holder_shown, is_commissioners FROM flagged.cases").rows() == [("All holders", True)]


def test_a_commissioners_own_limits_in_the_home_are_used(run: Run) -> None:
    run.settings.home.mkdir(parents=True, exist_ok=True)
    (run.settings.home / "limits.toml").write_text("[commissioner.QZZ.A-04]\nallowance_pence = 10000\n")
    flagged.build(golden(run))
    assert "A-04" not in rules_of(run)


def test_many_lots_give_what_one_lot_gives(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = [payment(f"S{place}", SOFA, holder_id=SECOND, plan_version_id="PL2/v1") for place in range(3)]
    flagged.build(world(run, payment("P1", SOFA), payment("P2", HOT_TUB), *second))
    monkeypatch.setattr("phb_audit.flagged.reading.PAYMENTS_A_BATCH", 1)
    other = world(make_run(tmp_path / "other"), payment("P1", SOFA), payment("P2", HOT_TUB), *second)
    flagged.build(other)
    assert all(was.equals(now) for was, now in zip(everything(run), everything(other), strict=True))
    other.warehouse.close()


def test_old_payments_are_not_read_again(run: Run) -> None:
    old = payment("P1", SOFA, paid_on=date(2024, 1, 1))
    world(run, payment("P2", receipt_id="R1"))
    fill(run, {"matched.payments": [old], "validated.payments": [{"payment_id": "P1", "holder_id": FIRST, "run_id": "QZZ-2024-01-31"}]})
    assert flagged.build(run).totals[0] == Total("in", "payments looked at", 1, 20_00)


def next_night(run: Run, **more: object) -> Run:
    published(run)
    return replace(run, as_of=date(2026, 11, 30), **more)


def test_the_passing_of_days_alone_finds_a_missing_receipt(run: Run) -> None:
    world(run, payment("P1", SOFA, paid_on=date(2026, 10, 20), category_code="A05", match_code="fits"))
    flagged.build(run)
    assert rules_of(run) == []
    later = next_night(run)
    fill(later, {"landed.feeds": [{"feed_code": "receipts", "usual_days": 35, "last_data_on": date(2026, 11, 29)}]})
    flagged.build(later)
    assert rules_of(run) == ["E-01"]


def test_the_passing_of_days_alone_finds_an_overdue_review(run: Run) -> None:
    events = [{"event_id": "V1", "holder_id": FIRST, "event_code": "review", "from_on": date(2025, 11, 10)}]
    world(run, payment("P1", receipt_id="R1"), validated__holder_events=events)
    flagged.build(run)
    assert rules_of(run) == []
    flagged.build(next_night(run))
    assert rules_of(run) == ["G-02"]


def test_changed_rules_look_at_everyone_again(run: Run) -> None:
    world(run, payment("P1", kind_code="cash", amount_pence=80_00, category_code="Z01"))
    flagged.build(run)
    fill(
        run,
        {
            "nights.runs": [
                {
                    "commissioner_code": "QZZ",
                    "as_of_on": run.as_of,
                    "state_code": "published",
                    "stage_name": "published",
                    "version": "0",
                    "rules_version": "older",
                }
            ]
        },
    )
    assert flagged.build(replace(run, as_of=date(2026, 11, 1))).totals[0].rows == 1


def test_a_change_of_limits_nobody_was_told_of_is_our_own_fault(run: Run) -> None:
    run.settings.home.mkdir(parents=True, exist_ok=True)
    changes = (
        "[commissioner.QZZ.A-04.2026-07-01]\nallowance_pence = 4000\n",
        "[default.E-01.2026-07-01]\ndays = 42\ntold_on = 2026-06-01\n",
    )
    (run.settings.home / "limits.toml").write_text("".join(changes))
    flagged.build(world(run, payment("P1")))
    (said,) = run.warehouse.frame("SELECT sentence FROM flagged.findings WHERE rule_id = 'G-14'")["sentence"]
    assert said.startswith("The limit 'allowance_pence' of rule A-04 went from £50 to £40 on 1 July 2026")
