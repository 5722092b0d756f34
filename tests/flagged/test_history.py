"""What rules see of the days before: balances that do not follow, registers that changed, and questions that stand."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from phb_audit import flagged
from phb_audit.run import Run
from tests.builders import fill, make_run
from tests.flagged.world import FIRST, SOFA, one, payment, published, rules_of, world

FAR = date(2026, 12, 31)
PERSON: dict[str, Any] = {
    "connection_id": "C1",
    "holder_id": FIRST,
    "person_ref": "N1",
    "payee_ref": "Y1",
    "role_code": "pa",
    "account_ref": "B9",
}


@pytest.fixture
def run(tmp_path: Any) -> Run:
    return make_run(tmp_path)


def line(payment_id: str, day: int, pence: int, balance_pence: int | None) -> dict[str, Any]:
    return {
        "payment_id": payment_id,
        "holder_id": FIRST,
        "account_id": "B1",
        "feed_code": "bank",
        "paid_on": date(2026, 8, day),
        "amount_pence": pence,
        "kind_code": "purchase",
        "balance_pence": balance_pence,
    }


def night_of(run: Run, *lines: dict[str, Any]) -> list[str]:
    flagged.build(world(run, validated__payments=list(lines)))
    return rules_of(run)


WHOLE = (line("P1", 3, 20_00, 480_00), line("P2", 3, 30_00, 450_00), line("P3", 9, 50_00, 400_00), line("P4", 12, 10_00, 390_00))


def test_a_line_that_is_not_there_leaves_a_gap(run: Run) -> None:
    assert night_of(run, *WHOLE[:2], WHOLE[3]) == ["E-12"]
    assert one(run, "findings", "E-12")["at_stake_pence"] == 50_00


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 0, 3, 2)])
def test_whole_lines_leave_no_gap_in_whatever_order_they_stand(run: Run, order: tuple[int, ...]) -> None:
    assert night_of(run, *(WHOLE[place] for place in order)) == []


def test_an_account_with_a_line_without_a_balance_is_left_out(run: Run) -> None:
    assert night_of(run, *WHOLE[:2], WHOLE[3], line("P5", 13, 5_00, None)) == []


def carded(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**one, "feed_code": "card"} for one in lines]


def test_a_purchase_that_is_not_among_the_lines_of_a_card_leaves_a_gap(run: Run) -> None:
    assert night_of(run, *carded(*WHOLE[:2], WHOLE[3])) == ["E-12"]
    assert one(run, "findings", "E-12")["ask"].startswith("Ask the card provider")


@pytest.mark.parametrize("kind", ["authorisation", "declined", "reversed"])
def test_a_hold_that_came_to_nothing_leaves_no_gap_on_a_card(run: Run, kind: str) -> None:
    hold = {**line("P5", 9, 70_00, 450_00), "kind_code": kind}
    assert night_of(run, *carded(*WHOLE, hold)) == []


@pytest.mark.parametrize(
    ("fee", "on_top", "found"), [("1.50", 1_50, []), ("1.50", 0, []), ("0.00", 1_50, ["E-12"]), (None, 1_50, ["E-12"])]
)
def test_a_fee_that_a_card_takes_with_a_line_is_part_of_its_amount_or_comes_on_top(
    run: Run, fee: str | None, on_top: int, found: list[str]
) -> None:
    fill(run, {"landed.payments": [{"row_id": "3", "feed_code": "card", "account_ref": "B1", "fee_text": fee}]})
    after = [{**one, "balance_pence": one["balance_pence"] - on_top} for one in WHOLE[2:]]
    assert night_of(run, *carded(*WHOLE[:2], *after)) == found


def test_an_amount_that_is_pence_off_is_told_and_nobody_is_asked(run: Run) -> None:
    assert night_of(run, *WHOLE[:2], {**WHOLE[2], "amount_pence": 50_50}, WHOLE[3]) == ["E-12"]
    told = one(run, "findings", "E-12")
    assert (told["at_stake_pence"], told["outcome_code"], told["severity"]) == (50, "information", 1)


def test_pay_after_the_register_changed_the_account_is_asked_about(run: Run) -> None:
    earlier = "QZZ-2026-08-01"
    paid = payment("P1", payee_ref="Y1", payee_id="Y1", payee_shown="a named person (Y1)", category_code="C01", paid_on=date(2026, 8, 7))
    rows = {
        "validated.people": [PERSON],
        "validated.replaced": [
            {"run_id": earlier, "table_name": "validated.people", "row_id": "1", "row": json.dumps({**PERSON, "account_ref": "B8"})}
        ],
        "nights.runs": [{"run_id": earlier, "commissioner_code": "QZZ", "as_of_on": date(2026, 8, 1), "state_code": "published"}],
    }
    flagged.build(fill(world(run, {**paid, "amount_pence": 480_00, "receipt_id": "R1"}), rows))
    assert "A-10" in rules_of(run)
    assert "1 August 2026 gives another bank account" in one(run, "findings", "A-10")["sentence"]


def test_a_register_row_replaced_with_the_same_account_is_no_change(run: Run) -> None:
    earlier = "QZZ-2026-08-01"
    paid = payment("P1", payee_ref="Y1", payee_id="Y1", payee_shown="a named person (Y1)", category_code="C01", paid_on=date(2026, 8, 7))
    rows = {
        "validated.people": [PERSON],
        "validated.replaced": [{"run_id": earlier, "table_name": "validated.people", "row_id": "1", "row": json.dumps(PERSON)}],
        "nights.runs": [{"run_id": earlier, "commissioner_code": "QZZ", "as_of_on": date(2026, 8, 1), "state_code": "published"}],
    }
    flagged.build(fill(world(run, {**paid, "amount_pence": 480_00, "receipt_id": "R1"}), rows))
    assert "A-10" not in rules_of(run)


def test_a_question_that_stands_is_told_by_the_passing_of_days_alone(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1"))
    flagged.build(run)
    published(run)
    later = replace(run, as_of=FAR)
    flagged.build(later)
    assert "G-10" in rules_of(run)
    assert one(run, "findings", "G-10")["is_commissioners"]


def test_a_question_of_tonight_has_not_stood(run: Run) -> None:
    flagged.build(world(run, payment("P1", SOFA, receipt_id="R1")))
    assert "G-10" not in rules_of(run)


def test_the_night_done_again_tells_the_same_of_what_stood(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1"))
    flagged.build(run)
    published(run)
    later = replace(run, as_of=FAR)
    flagged.build(later)
    first = run.warehouse.frame("SELECT flag_id, sentence FROM flagged.findings ORDER BY flag_id")
    flagged.build(later)
    assert run.warehouse.frame("SELECT flag_id, sentence FROM flagged.findings ORDER BY flag_id").equals(first)


def test_a_group_asked_far_more_often_than_the_others_is_told_of(run: Run) -> None:
    groups = {"young people": 15, "adults": 2}
    holders = [(f"H{group[0]}{place:02d}", group, place < asked) for group, asked in groups.items() for place in range(25)]
    world(run, payment("P1", receipt_id="R1"))
    budgets = [
        {"budget_id": f"G{holder}", "holder_id": holder, "holding_code": "direct_payment", "care_group_code": group}
        for holder, group, _ in holders
    ]
    standing = [
        {"flag_id": f"F{holder}", "rule_id": "P-02", "holder_id": holder, "run_id": "QZZ-2026-10-30", "first_run_id": "QZZ-2026-10-30"}
        for holder, _, is_asked in holders
        if is_asked
    ]
    flagged.build(fill(run, {"validated.budgets": budgets, "flagged.findings": standing}))
    told = one(run, "findings", "G-17")
    assert told["holder_id"] == "ALL"
    assert told["sentence"].startswith("Questions from before tonight stand about 15 of 25 holders of the care group 'young people' (60%)")


def test_papers_asked_for_more_than_twice_are_told_by_the_passing_of_days_alone(run: Run) -> None:
    world(run, payment("P1", SOFA, receipt_id="R1"))
    paper = {"flag_id": "F9", "rule_id": "E-03", "family_code": "A3", "holder_id": FIRST, "case_id": "c9", "run_id": "QZZ-2026-10-30"}
    asked = {"case_id": "c9", "case_ref": "FQ7K2M9PB", "holder_id": FIRST, "state_code": "open", "asked_count": 3}
    fill(run, {"flagged.findings": [paper], "decided.cases": [{**asked, "last_due_on": date(2026, 10, 20)}]})
    flagged.build(run)
    assert "asked for 3 times, last by 20 October 2026" in one(run, "findings", "E-16")["sentence"]


def test_a_kind_of_purchase_agreed_in_one_team_alone_is_told_of_once(run: Run) -> None:
    world(run, payment("P1", receipt_id="R1"))
    teams = {"North": "agreed", "South": "not_agreed"}
    given = [(f"H{team}{place}", team, state) for team, state in teams.items() for place in range(3)]
    rows = {
        "validated.budgets": [{"budget_id": f"G{holder}", "holder_id": holder, "area_name": team} for holder, team, _ in given],
        "matched.payments": [payment(f"P{holder}", holder_id=holder) for holder, _, _ in given],
        "flagged.cases": [{"case_id": f"c{holder}", "holder_id": holder, "payment_id": f"P{holder}"} for holder, _, _ in given],
        "decided.cases": [
            {"case_id": f"c{holder}", "holder_id": holder, "state_code": state, "is_closed": True} for holder, _, state in given
        ],
    }
    flagged.build(fill(run, rows))
    told = one(run, "findings", "P-15")
    assert (told["holder_id"], told["subject_id"], told["is_commissioners"]) == ("ALL", "A05 South", True)
    assert "The team South did not agree 3 of its 3 cases" in told["sentence"]
