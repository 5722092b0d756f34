"""A small world for flagging: two holders, matched and validated as the stages before would leave them."""

from __future__ import annotations

from datetime import date
from typing import Any

from phb_audit.run import Run
from tests.builders import fill

Rows = dict[str, list[dict[str, Any]]]

PLAN = "PL1/v1"
POTTERY: dict[str, Any] = {
    "holder_id": "Haaaaaa0000000001",
    "account_id": "B1",
    "feed_code": "bank",
    "holding_code": "direct_payment",
    "paid_on": date(2026, 8, 3),
    "amount_pence": 20_00,
    "kind_code": "purchase",
    "is_spend": True,
    "payee_shown": "POTTERY BARN STUDIO",
    "payee_id": "M1",
    "category_code": "A05",
    "probability_share": 0.95,
    "category_because": "The words 'pottery'.",
    "plan_version_id": PLAN,
    "has_any_plan": True,
    "match_code": "fits",
    "match_share": 0.9,
    "match_because": "The line names pottery.",
    "plan_line_id": f"{PLAN}/1",
    "plan_line_words": "Pottery class",
    "outcome_words": "Meet people and make things",
    "remaining_pence": 500_00,
    "spent_to_date_pence": 100_00,
    "budget_to_date_pence": 120_00,
}
FIRST = POTTERY["holder_id"]
SECOND = "Hbbbbbb0000000002"
HOT_TUB: dict[str, Any] = {
    **POTTERY,
    "payee_shown": "POOL WORLD",
    "payee_id": "M2",
    "amount_pence": 899_00,
    "category_code": "E11",
    "match_code": "no_match",
    "plan_line_id": None,
    "plan_line_words": None,
    "outcome_words": None,
    "receipt_id": "R2",
}
SOFA: dict[str, Any] = {
    **HOT_TUB,
    "payee_shown": "SOFA SHOP",
    "payee_id": "M3",
    "amount_pence": 400_00,
    "category_code": "H04",
    "receipt_id": None,
}
AGREED: dict[str, Any] = {
    **HOT_TUB,
    "is_preapproved": True,
    "plan_line_id": f"{PLAN}/2",
    "plan_line_words": "Hot tub in place of hydrotherapy",
    "line_amount_pence": 900_00,
    "line_frequency_code": "one-off",
}


def base() -> Rows:
    """An ordinary holder: open budget, recent review, plan with a line for pottery, receipts that reach to yesterday."""
    return {
        "validated.budgets": [
            {
                "budget_id": "G1",
                "holder_id": FIRST,
                "account_id": "B1",
                "holding_code": "direct_payment",
                "starts_on": date(2024, 4, 1),
                "last_audit_on": date(2026, 5, 1),
            }
        ],
        "validated.holder_events": [{"event_id": "V1", "holder_id": FIRST, "event_code": "review", "from_on": date(2026, 6, 1)}],
        "validated.plans": [
            {
                "plan_version_id": PLAN,
                "holder_id": FIRST,
                "plan_ref": "PL1",
                "version": 1,
                "status_code": "approved",
                "effective_from_on": date(2026, 1, 1),
                "review_due_on": date(2027, 6, 1),
            }
        ],
        "validated.plan_outcomes": [
            {
                "outcome_id": f"{PLAN}/1",
                "plan_version_id": PLAN,
                "holder_id": FIRST,
                "outcome_ref": "1",
                "outcome_text": "Meet people and make things",
            }
        ],
        "validated.plan_lines": [
            {
                "plan_line_id": f"{PLAN}/1",
                "plan_version_id": PLAN,
                "holder_id": FIRST,
                "line_ref": "1",
                "outcome_id": f"{PLAN}/1",
                "category_code": "A05",
                "description": "Pottery class",
                "annual_pence": 1_040_00,
            }
        ],
        "landed.feeds": [
            {"feed_code": "receipts", "owner": "the holder or their support service", "usual_days": 35, "last_data_on": date(2026, 10, 30)}
        ],
        "nights.runs": [],
    }


def payment(payment_id: str, kind: dict[str, Any] = POTTERY, **more: Any) -> dict[str, Any]:
    """A row of matched.payments."""
    return {"payment_id": payment_id, **kind, **more}


def world(run: Run, *payments: dict[str, Any], **tables: list[dict[str, Any]]) -> Run:
    """Fill the run: the ordinary holder, the payments given, and further rows by table ('validated__receipts': [...])."""
    rows = base()
    rows["matched.payments"] = list(payments)
    rows["validated.payments"] = [
        {name: one[name] for name in ("payment_id", "holder_id", "feed_code", "paid_on", "amount_pence", "kind_code")} for one in payments
    ]
    for name, given in tables.items():
        rows[name.replace("__", ".")] = given
    return fill(run, {name: given for name, given in rows.items() if given})


def published(run: Run) -> None:
    """Write the night down as published, as the night's flow does."""
    fill(
        run,
        {
            "nights.runs": [
                {
                    "commissioner_code": run.commissioner_code,
                    "as_of_on": run.as_of,
                    "state_code": "published",
                    "stage_name": "published",
                    "version": "0",
                }
            ]
        },
    )


def rules_of(run: Run, table: str = "findings") -> list[str]:
    """Rule ids in a table of flagged, in order."""
    return run.warehouse.frame(f"SELECT rule_id FROM flagged.{table} ORDER BY rule_id, flag_id")["rule_id"].to_list()


def one(run: Run, table: str, rule_id: str) -> dict[str, Any]:
    """The one row of a rule in a table of flagged."""
    rows = run.warehouse.frame(f"SELECT * FROM flagged.{table} WHERE rule_id = $rule_id", {"rule_id": rule_id})
    assert rows.height == 1, rows.height
    return rows.row(0, named=True)
