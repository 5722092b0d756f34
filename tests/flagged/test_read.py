"""What the stage reads of papers and plans for rules: the day of a receipt, whether it can be read, whose it is, how many, a risk note."""

from __future__ import annotations

from datetime import date
from typing import Any

from phb_audit import flagged
from phb_audit.run import Run
from tests.flagged.world import FIRST, HOT_TUB, payment, rules_of, world

PAPER: dict[str, Any] = {"holder_id": FIRST, "received_on": date(2026, 8, 20), "is_readable": True}


def test_a_receipt_dated_three_weeks_before_a_card_purchase(run: Run) -> None:
    apart = {"feed_code": "card", "receipt_id": "R1", "receipt_match_code": "date_differs"}
    world(run, payment("P1", receipt_days=-21, **apart), payment("P2", receipt_days=-5, **apart))
    flagged.build(run)
    assert rules_of(run) == ["E-03"]


def test_a_receipt_that_cannot_be_read(run: Run) -> None:
    world(run, payment("P1", receipt_id="R2"), validated__receipts=[{**PAPER, "receipt_id": "R1", "is_readable": False}])
    flagged.build(run)
    assert rules_of(run) == ["E-04"]


def test_invoices_of_one_supplier_numbered_one_after_another(run: Run) -> None:
    days = [date(2026, 7, 6), date(2026, 7, 20), date(2026, 8, 3)]
    papers = [
        {**PAPER, "receipt_id": f"R{place}", "supplier_name": "Firth Therapy", "invoice_number": f"{place:03d}", "dated_on": day}
        for place, day in enumerate(days)
    ]
    beside = [{"receipt_id": f"R{place}", "payment_id": f"P{place}", "holder_id": FIRST} for place in range(3)]
    bought = [payment(f"P{place}", receipt_id=f"R{place}", paid_on=day) for place, day in enumerate(days)]
    flagged.build(world(run, *bought, validated__receipts=papers, matched__receipts=beside))
    assert rules_of(run) == ["E-09", "E-09", "E-09"]
    assert run.warehouse.frame("SELECT count(*) FROM flagged.cases").item() == 1


def test_tickets_by_the_quantity_on_a_receipt_line(run: Run) -> None:
    line = {"receipt_line_id": "L1", "receipt_id": "R1", "holder_id": FIRST, "description": "Zoo day", "line_total_pence": 50_00}
    answer = {"receipt_line_id": "L1", "receipt_id": "R1", "category_code": "A08", "probability_share": 0.95}
    tables = {
        "validated__receipts": [{**PAPER, "receipt_id": "R1", "dated_on": date(2026, 8, 3)}],
        "validated__receipt_lines": [{**line, "quantity_count": 5.0}],
        "classified__receipt_lines": [answer],
    }
    world(run, payment("P1", receipt_id="R1"), **tables)
    flagged.build(run)
    assert rules_of(run) == ["L-14"]


def test_a_risk_note_stands_although_the_plan_agrees_the_item_by_name(run: Run) -> None:
    line = {"plan_line_id": "PL1/v1/2", "plan_version_id": "PL1/v1", "holder_id": FIRST, "outcome_id": "PL1/v1/1"}
    noted = {
        **line,
        "line_ref": "2",
        "category_code": "E11",
        "frequency_code": "one-off",
        "amount_pence": 900_00,
        "risk_note": "Epilepsy: hot tubs to be avoided",
    }
    agreed = {"is_preapproved": True, "match_code": "fits", "plan_line_id": "PL1/v1/2", "line_amount_pence": 900_00}
    world(run, payment("P1", HOT_TUB, **agreed, line_frequency_code="one-off"), validated__plan_lines=[noted])
    flagged.build(run)
    assert rules_of(run) == []
    told = run.warehouse.frame("SELECT rule_id, lane_code, outcome_code FROM apart.findings").rows()
    assert told == [("P-10", "safeguarding", "clinician")]


def test_a_payment_like_one_two_days_before_and_a_class_every_week(run: Run) -> None:
    shop = {"payee_shown": "Dene Beds", "payee_id": "M1", "receipt_id": "R1"}
    others = [payment(f"O{place}", holder_id="H9", amount_pence=40_00 + place, **shop) for place in range(200)]
    twice = [payment(f"P{day}", paid_on=date(2026, 8, day), amount_pence=186_40, **shop) for day in (3, 5)]
    weekly = {"payee_shown": "Hill Dance", "payee_id": "M2", "amount_pence": 32_00, "receipt_id": "R1"}
    flagged.build(
        world(run, *others, *twice, *(payment(f"Q{place}", paid_on=date(2026, 6, 1 + 7 * place), **weekly) for place in range(4)))
    )
    found = run.warehouse.frame("SELECT payment_id, sentence FROM flagged.findings WHERE rule_id = 'N-09'")
    assert found["payment_id"].to_list() == ["P5"]
    assert (
        found["sentence"]
        .item()
        .startswith("\u00a3186.40 was paid to Dene Beds on 5 August 2026, as on 3 August 2026 (2 days before). Of 0 ")
    )
