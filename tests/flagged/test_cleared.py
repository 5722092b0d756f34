"""Flags that are no longer found, and how long a flag has stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from phb_audit import flagged
from phb_audit.run import Run
from tests.builders import fill
from tests.flagged.world import FIRST, SOFA, one, payment, rules_of, world

NIGHT_TWO = date(2026, 11, 1)


def second_night(run: Run, statement: str = "") -> Run:
    """Tonight again a day later, with the holder touched and something changed."""
    later = replace(run, as_of=NIGHT_TWO)
    if statement:
        run.warehouse.run(statement)
    touched = {"event_id": "V9", "holder_id": FIRST, "event_code": "absence", "from_on": date(2026, 2, 1), "to_on": date(2026, 2, 2)}
    fill(
        later,
        {
            "validated.holder_events": [touched],
            "landed.feeds": [{"feed_code": "receipts", "usual_days": 35, "last_data_on": date(2026, 10, 31)}],
        },
    )
    return later


def test_a_receipt_that_came_clears_the_flag_and_says_so(run: Run) -> None:
    world(run, payment("P1", amount_pence=60_00))
    flagged.build(run)
    flag_id = one(run, "findings", "E-01")["flag_id"]
    later = second_night(run, "UPDATE matched.payments SET receipt_id = 'R1'")
    flagged.build(later)
    gone = one(run, "cleared", "E-01")
    assert (gone["flag_id"], gone["because"], gone["cleared_on"]) == (flag_id, "A receipt was added.", NIGHT_TWO)
    assert gone["first_flagged_on"] == date(2026, 10, 31)
    assert gone["is_restricted"] is False
    assert rules_of(run) == []
    assert run.warehouse.frame("SELECT count(*) AS n FROM flagged.cases").item() == 0


def test_a_flag_keeps_its_first_day_and_its_case_reference(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1"))
    flagged.build(run)
    before = run.warehouse.frame("SELECT case_id, case_ref, first_flagged_on FROM flagged.cases").rows()
    flagged.build(second_night(run))
    assert run.warehouse.frame("SELECT case_id, case_ref, first_flagged_on FROM flagged.cases").rows() == before
    row = one(run, "findings", "P-02")
    assert (row["run_id"], row["first_run_id"]) == ("QZZ-2026-11-01", "QZZ-2026-10-31")


def test_an_item_agreed_since_clears_with_the_plans_words(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1"))
    flagged.build(run)
    later = second_night(run, "UPDATE matched.payments SET match_code = 'fits', plan_line_id = 'PL1/v1/1', plan_line_words = 'A sofa'")
    flagged.build(later)
    assert one(run, "cleared", "P-02")["because"] == "The plan on file or our reading of the purchase has changed."


def test_the_second_night_run_again_says_the_same(run: Run) -> None:
    world(run, payment("P1", amount_pence=60_00), payment("P2", SOFA, receipt_id="R2"))
    flagged.build(run)
    later = second_night(run, "UPDATE matched.payments SET receipt_id = 'R1' WHERE payment_id = 'P1'")
    tables = ("findings", "suppressed", "cleared", "cases")
    flagged.build(later)
    before = [run.warehouse.frame(f"SELECT * FROM flagged.{name} ORDER BY ALL") for name in tables]
    flagged.build(later)
    after = [run.warehouse.frame(f"SELECT * FROM flagged.{name} ORDER BY ALL") for name in tables]
    assert before[2].height == 1
    assert all(was.equals(now) for was, now in zip(before, after, strict=True))


def test_a_flag_found_again_on_a_second_try_keeps_its_first_day(run: Run) -> None:
    world(run, payment("P1", amount_pence=60_00))
    flagged.build(run)
    later = second_night(run, "UPDATE matched.payments SET receipt_id = 'R1'")
    flagged.build(later)
    run.warehouse.run("UPDATE matched.payments SET receipt_id = NULL")
    flagged.build(later)
    assert one(run, "findings", "E-01")["first_flagged_on"] == date(2026, 10, 31)
    assert rules_of(run, "cleared") == []


def test_a_holder_held_back_keeps_earlier_plan_flags(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1"))
    flagged.build(run)
    later = second_night(run)
    fill(later, {"validated.held_back": [{"holder_id": FIRST, "feed_code": "plans", "rows_refused": 1}]})
    flagged.build(later)
    assert one(run, "findings", "P-02")["run_id"] == "QZZ-2026-10-31"
    assert rules_of(run, "cleared") == []
    assert run.warehouse.frame("SELECT rule_ids FROM flagged.cases").item() == "P-02"


def test_a_flag_on_a_payment_before_the_horizon_stays(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1", paid_on=date(2025, 9, 1)))
    flagged.build(run)
    later = replace(second_night(run), as_of=date(2026, 12, 31))
    fill(
        later,
        {
            "validated.holder_events": [
                {"event_id": "V8", "holder_id": FIRST, "event_code": "absence", "from_on": NIGHT_TWO, "to_on": NIGHT_TWO}
            ]
        },
    )
    flagged.build(later)
    assert rules_of(run) == ["G-10", "P-02"]  # and by then it has stood undecided for two months


def test_a_changed_limit_is_named_as_the_reason(run: Run) -> None:
    world(run, payment("P1", kind_code="cash", amount_pence=80_00, category_code="Z01"))
    flagged.build(run)
    (run.settings.home / "limits.toml").write_text("[default.A-04]\nallowance_pence = 10000\n")
    flagged.build(second_night(run))
    assert one(run, "cleared", "A-04")["because"] == "The rule or its limits have changed since."
    assert "without a first day" in str(one(run, "findings", "G-14")["sentence"])
