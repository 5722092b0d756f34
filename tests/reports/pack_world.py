"""Two years of a commissioner with decisions, for tests of the committee pack: enough in most months, too little in some groups."""

from __future__ import annotations

from datetime import date, timedelta

from phb_audit.run import Run
from tests.builders import Row, fill
from tests.reports.flagged_world import case, flag, payment

AS_OF = date(2026, 10, 31)
MONTHS = [date(2024 + (10 + place) // 12, (10 + place) % 12 + 1, 1) for place in range(24)]
HOLDERS = [f"H{number:02d}a0b1c2d3e4f5a" for number in range(40)]
GROUPS = ["CHC adult", "S117 mental health", "Learning <i>disability</i>"]
FEW = "Fast track end of life"
HOLDINGS = ["direct_payment", "third_party"]
AREAS = ["North team", "Coast team", "=City()", "Valley team"]


def pack_world(run: Run, *, few: int = 0) -> Run:
    """The world, written into the run's warehouse; `few` people's budgets are of a care group of their own."""
    payments, cases, flags, decided = [], [], [], []
    for number, month in enumerate(MONTHS):
        for place in range(180 + 3 * (number % 5)):
            who = place % len(HOLDERS)
            paid, paid_on = f"P{number:02d}x{place:03d}", month + timedelta(days=place % 28)
            payments.append(_payment(paid, who, paid_on, number, place))
            if place % 9 == number % 3:
                made = _case(f"c{paid}", paid, who, paid_on, place)
                cases.append(made)
                flags.append(
                    flag(f"f{paid}", f"c{paid}", _rule(place), f"Reason {_rule(place)}", payment_id=paid, subject_on=paid_on)
                    | {"at_stake_pence": 20_00 + place * 10}
                )
                if made["state_code"] != "open":
                    decided.append(_decision(made, place, number))
    fill(run, {"matched.payments": payments, "flagged.cases": cases, "flagged.findings": flags, "decided.cases": decided})
    known = ("payment_id", "holder_id", "account_id", "paid_on", "amount_pence", "is_spend")
    fill(run, contracts_world())
    fill(run, outcomes_world())
    ledger = [{name: paid[name] for name in known} for paid in payments]
    return fill(run, {"validated.payments": ledger, "validated.budgets": _budgets(few), **BOOKS})


def _payment(paid: str, who: int, paid_on: date, number: int, place: int) -> Row:
    more: dict[str, object] = {"care_group_code": GROUPS[who % 3 if who < 36 else 0], "holding_code": HOLDINGS[who % 2]}
    more |= {"category_code": "A05", "receipt_id": f"R{paid}" if place % 10 < 8 - (number == 23) * 3 else None}
    more |= {"match_code": "no_match" if place % 19 == 0 else "no_plan" if place % 97 == 0 else "fits"}
    return payment(paid, HOLDERS[who], "Corner Shop", 20_00 + place * 10, paid_on=paid_on, **more)


def _rule(place: int) -> str:
    return "Q-09" if place % 90 == 0 else ("P-02", "E-01", "A-13")[place % 3]


def _case(case_id: str, paid: str, who: int, paid_on: date, place: int) -> Row:
    state = "open" if paid_on >= date(2026, 10, 10) else "not_agreed" if place % 4 == 0 else "agreed"
    more: dict[str, object] = {"payment_id": paid, "holder_id": HOLDERS[who], "subject_on": paid_on, "first_flagged_on": paid_on}
    return case(case_id, f"F{paid.upper()}", 1, "Corner Shop", at_stake_pence=20_00 + place * 10) | {
        **more,
        "state_code": state,
        "is_queued": state == "open",
        "rule_ids": _rule(place),
    }


def _decision(made: Row, place: int, number: int) -> Row:
    raised = made["first_flagged_on"]
    assert isinstance(raised, date)
    decided_on = raised + timedelta(days=5 + place % 30 + (25 if number == 20 else 0))
    refused = made["state_code"] == "not_agreed"
    return {
        "case_id": made["case_id"],
        "case_ref": made["case_ref"],
        "holder_id": made["holder_id"],
        "state_code": made["state_code"],
        "version": 2 if refused else 1,
        "decision_code": "propose_not_agreed" if refused else "agree_update_plan" if place % 8 == 1 else "agree",
        "decided_by": "Ada Reviewer",
        "decided_at": f"{decided_on}T09:00:00Z",
        "checked_by": "Bo Checker" if refused else None,
        "checked_at": f"{decided_on + timedelta(days=2)}T09:00:00Z" if refused else None,
        "flags_seen": "",
        "is_closed": True,
    }


def _budgets(few: int) -> list[Row]:
    return [
        {
            "budget_id": f"B{place}",
            "holder_id": holder,
            "account_id": f"A{place}",
            "holding_code": HOLDINGS[place % 2],
            "care_group_code": FEW if 0 < place <= few else GROUPS[place % 3],
            "area_name": AREAS[place % 4 if place < 38 else 0],
            "starts_on": date(2024, 4, 1),
            "ends_on": None,
            "annual_pence": 12_000_00 + (place * 7_00 if few else 0),
        }
        for place, holder in enumerate([*HOLDERS, "Hsilent"])
    ]


def outcomes_world() -> dict[str, list[Row]]:
    """Two reviews of everyone with outcomes rated and a score, and A&E visits in the years before and after."""
    records: list[Row] = []

    def add(holder: str, measure: str, value: float, to: date, **more: object) -> None:
        named = {"outcome_record_id": f"Z{len(records)}", "holder_id": holder, "measure_code": measure}
        records.append({**named, "value_count": value, "to_on": to, **more})

    for place, holder in enumerate(HOLDERS):
        for number, on in enumerate((date(2025, 9, 1), date(2026, 9, 1))):
            for ref in range(3):
                met = 1.0 if (place + ref + number) % 3 else 0.5 if place % 2 else 0.0
                add(holder, "outcome_met", met, on, outcome_ref=f"O{ref}")
            add(holder, "wellbeing", 4.0 + place % 4 + number, on, instrument="scale")
        add(holder, "ae_visits", float(1 + place % 3), date(2024, 3, 31), from_on=date(2023, 4, 1))
        add(holder, "ae_visits", float(place % 3), date(2025, 3, 31), from_on=date(2024, 4, 1))
    return {"validated.outcome_records": records}


def contracts_world() -> dict[str, list[Row]]:
    """Plans of home care for everyone; for a third of the people a service for it that was ended late, for most an alternative on file."""
    plans: list[Row] = []
    lines: list[Row] = []
    contracts: list[Row] = []
    for place, holder in enumerate(HOLDERS):
        version = {"plan_version_id": f"PL{place}/v1", "holder_id": holder}
        plans.append({**version, "plan_ref": f"PL{place}", "version": 1, "status_code": "approved", "effective_from_on": date(2024, 4, 1)})
        care = {"line_ref": "L1", "category_code": "C01", "annual_pence": 9_000_00, "frequency_code": "weekly"}
        lines.append({**version, **care, "plan_line_id": f"PL{place}/v1/L1"})
        service = {"holder_id": holder, "frequency_code": "weekly", "category_code": "C08", "amount_pence": 200_00}
        if place % 3 == 0:
            ends = date(2026, 10, 1) + timedelta(days=place)
            cost: Row = {"kind_code": "commissioned", "annual_pence": (8_000 + 100 * place) * 100, "starts_on": date(2024, 1, 1)}
            contracts.append({**service, **cost, "contract_id": f"K{place}", "contract_ref": f"C{place}", "ends_on": ends})
        if place % 10:
            quote: Row = {"kind_code": "alternative", "annual_pence": (11_000 + 70 * place) * 100, "starts_on": date(2024, 4, 1)}
            contracts.append({**service, **quote, "contract_id": f"Q{place}", "contract_ref": f"A{place}"})
    return {"validated.plans": plans, "validated.plan_lines": lines, "validated.contracts": contracts}


BOOKS: dict[str, list[Row]] = {
    "nights.runs": [
        {
            "commissioner_code": "QZZ",
            "as_of_on": AS_OF,
            "state_code": "published",
            "stage_name": "published",
            "version": "0.1.0",
        }
    ],
    "nights.control_totals": [
        {"stage_name": "landed", "side_code": side, "item": "rows", "rows_count": 10, "sum_pence": 5} for side in ("in", "out")
    ],
    "landed.files": [{"file_id": "f1", "file_name": "bank.csv", "state_code": "landed", "rows_read": 4400, "rows_landed": 4400}],
    "landed.feeds": [{"feed_code": "bank", "owner": "the bank", "last_data_on": AS_OF, "usual_days": 31, "is_late": False}],
}
