"""Cases: one per thing to decide, ranked, with the organisation's own delays first."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from phb_audit import flagged
from phb_audit.flagged.cases import CHANGES, LETTERS, case_ids, rows, with_refs
from phb_audit.run import Run
from tests.flagged.world import FIRST, HOT_TUB, SOFA, one, payment, rules_of, world

FLAG: dict[str, Any] = {
    "decides": "payroll",
    "holder_id": FIRST,
    "subject_code": "pay_slip",
    "subject_id": "W1",
    "payment_id": "P1",
    "case_payment_id": None,
    "subject_on": date(2026, 10, 30),
    "first_flagged_on": date(2026, 10, 31),
    "family_code": "A5",
    "rule_id": "W-05",
    "outcome_code": "query",
    "severity": 2,
    "title": "More hours than agreed",
    "is_commissioners": False,
    "is_explained": False,
    "is_restricted": False,
    "lane_code": "ordinary",
}
OVERDUE: list[dict[str, Any]] = [{"event_id": "V1", "holder_id": FIRST, "event_code": "review", "from_on": date(2025, 6, 1)}]


def cases(run: Run) -> list[dict[str, Any]]:
    return run.warehouse.frame("SELECT * FROM flagged.cases ORDER BY rank").rows(named=True)


def test_missing_receipts_of_one_holder_are_one_case(run: Run) -> None:
    flagged.build(world(run, *(payment(f"P{place}", amount_pence=60_00) for place in range(3))))
    (case,) = cases(run)
    assert (case["headline"], case["flags_count"], case["payment_id"]) == ("3 papers to ask for", 3, None)
    assert case["at_stake_pence"] == 180_00


def test_two_reasons_about_one_payment_are_one_case_and_its_money_counts_once(run: Run) -> None:
    lines = [{"receipt_line_id": "L1", "receipt_id": "R2", "holder_id": FIRST, "description": "LAGER 12PK", "line_total_pence": 12_00}]
    flagged.build(
        world(
            run,
            payment("P2", HOT_TUB),
            validated__receipts=[{"receipt_id": "R2", "holder_id": FIRST, "is_readable": True, "dated_on": date(2026, 8, 3)}],
            validated__receipt_lines=lines,
            classified__receipt_lines=[{"receipt_line_id": "L1", "receipt_id": "R2", "category_code": "X01", "probability_share": 0.9}],
            matched__receipts=[{"receipt_id": "R2", "holder_id": FIRST, "payment_id": "P2"}],
        )
    )
    (case,) = cases(run)
    assert case["rule_ids"] == "L-01|P-03"
    assert (case["outcome_code"], case["severity"], case["at_stake_pence"]) == ("refuse", 3, 899_00)
    assert case["headline"] == "POOL WORLD, £899.00"
    assert case["holder_shown"] == "PHB-AAAAAA"


def test_of_a_payment_no_more_is_in_question_than_was_paid() -> None:
    flags = pl.DataFrame([{**FLAG, "flag_id": "f1", "at_stake_pence": 203_70}, {**FLAG, "flag_id": "f2", "at_stake_pence": 40_00}])
    of_month = pl.DataFrame([{**FLAG, "flag_id": "f3", "payment_id": None, "at_stake_pence": 720_72}], schema=flags.schema)
    payees = pl.DataFrame({"payment_id": ["P1"], "payee_shown": ["a named person"], "amount_pence": [101_85]})
    told = [rows(case_ids(frame), payees, "QZZ-2026-10-31")["at_stake_pence"].to_list() for frame in (flags, of_month)]
    assert told == [[101_85], [720_72]]


def test_the_organisations_delay_is_said_first_and_lowers_the_severity(run: Run) -> None:
    flagged.build(world(run, payment("P1", SOFA, receipt_id="R1"), validated__holder_events=OVERDUE))
    row = one(run, "findings", "P-02")
    assert row["severity"] == 1
    assert row["sentence"].startswith("First, the organisation\u2019s own part: The last review was on 1 June 2025.")
    assert [case["is_commissioners"] for case in cases(run)] == [True, True]


def test_a_delay_explains_no_missing_receipt(run: Run) -> None:
    flagged.build(world(run, payment("P1", amount_pence=60_00), validated__holder_events=OVERDUE))
    assert one(run, "findings", "E-01")["severity"] == 2


def test_the_organisations_own_delays_are_one_case(run: Run) -> None:
    budgets = [
        {
            "budget_id": "G1",
            "holder_id": FIRST,
            "holding_code": "direct_payment",
            "starts_on": date(2024, 4, 1),
            "last_audit_on": date(2025, 1, 1),
        }
    ]
    flagged.build(world(run, payment("P1", receipt_id="R1"), validated__holder_events=OVERDUE, validated__budgets=budgets))
    (case,) = cases(run)
    assert (case["rule_ids"], case["headline"]) == ("G-02|G-03", "The organisation\u2019s own duties")
    assert (case["priority_code"], case["outcome_code"]) == ("medium", "information")


def test_more_severe_comes_first_then_more_money(run: Run) -> None:
    bets = [payment(f"B{place}", SOFA, category_code="X03", mcc_code="7995", amount_pence=5_00, receipt_id="R") for place in range(1)]
    flagged.build(
        world(run, payment("P1", SOFA, receipt_id="R1"), payment("P2", SOFA, receipt_id="R2", payee_id="M9", amount_pence=4_000_00), *bets)
    )
    assert [case["payment_id"] for case in cases(run)] == ["B0", "P2", "P1"]
    assert [case["rank"] for case in cases(run)] == [1, 2, 3]


def test_payments_outside_the_plan_at_one_payee_are_one_case(run: Run) -> None:
    weekly = [payment(f"P{day}", SOFA, receipt_id="R1", paid_on=date(2026, 8, day)) for day in (3, 10, 17)]
    flagged.build(world(run, *weekly, payment("Q1", SOFA, receipt_id="R2", payee_id="M9")))
    assert [(case["headline"], case["flags_count"]) for case in cases(run)] == [
        ("SOFA SHOP, 3 payments, £1,200.00", 3),
        ("SOFA SHOP, £400.00", 1),
    ]


def test_the_score_is_the_one_written_down(run: Run) -> None:
    flagged.build(world(run, payment("P1", SOFA, receipt_id="R1")))
    (case,) = cases(run)
    expected = 100 * 2 + 15 * pl.select((1 + pl.lit(400_00 * CHANGES["query"] / 100)).log10()).item()
    assert case["rank_score"] == pytest.approx(expected, abs=1e-5)


def test_a_second_independent_sign_restricts_the_route(run: Run) -> None:
    son = [{"connection_id": "C1", "holder_id": FIRST, "payee_ref": "Y1", "role_code": "family", "relationship": "son"}]
    transfer = payment("P1", SOFA, kind_code="transfer", category_code="Z02", payee_ref="Y1", payee_shown="a named person (Y1)")
    twice = [
        {"receipt_id": f"R{place}", "holder_id": FIRST, "is_readable": True, "total_pence": 20_00, "received_on": date(2026, 8, place + 1)}
        for place in (1, 2)
    ]
    beside = [
        {
            "receipt_id": f"R{place}",
            "holder_id": FIRST,
            "payment_id": f"P{place + 1}",
            "sameness_id": "S1",
            "times_used_count": 2,
            "holders_count": 1,
        }
        for place in (1, 2)
    ]
    payments = (transfer, payment("P2", receipt_id="R1"), payment("P3", receipt_id="R2"))
    flagged.build(world(run, *payments, validated__people=son, validated__receipts=twice, matched__receipts=beside))
    assert rules_of(run) == []
    apart = run.warehouse.frame(
        "SELECT rule_id, lane_code, rank FROM apart.findings JOIN apart.cases USING (case_id, lane_code) ORDER BY ALL"
    )
    assert apart.rows() == [("A-03", "restricted", 1), ("E-05", "restricted", 2)]
    assert cases(run) == []


def test_one_sign_alone_is_an_ordinary_question(run: Run) -> None:
    son = [{"connection_id": "C1", "holder_id": FIRST, "payee_ref": "Y1", "role_code": "family", "relationship": "son"}]
    transfer = payment("P1", SOFA, kind_code="transfer", category_code="Z02", payee_ref="Y1", payee_shown="a named person (Y1)")
    flagged.build(world(run, transfer, validated__people=son))
    assert one(run, "findings", "A-03")["is_restricted"] is False


def test_references_are_short_unique_and_kept() -> None:
    frame = pl.DataFrame({"case_id": [f"{place:016x}" for place in range(2_000)]})
    refs = with_refs(frame, {})
    assert refs["case_ref"].n_unique() == 2_000
    assert refs["case_ref"].str.contains(f"^F[{LETTERS}]{{8}}$").all()
    assert with_refs(frame.head(1), {"0" * 16: "FKEPT0000"})["case_ref"].item() == "FKEPT0000"


def test_a_reference_that_is_taken_gives_way_to_another() -> None:
    frame = pl.DataFrame({"case_id": ["0" * 16]})
    first = with_refs(frame, {})["case_ref"].item()
    assert with_refs(frame, {"other": first})["case_ref"].item() != first
