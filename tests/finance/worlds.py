"""Small worlds for finance: a holder with a budget, a plan and payments; only what matters to a test is written down."""

from __future__ import annotations

from datetime import date

from phb_audit.finance.period import Period
from phb_audit.finance.register import Question, answer
from phb_audit.run import Run
from tests.builders import Row, fill

HOLDER, OTHER = "H0000000000000001", "H0000000000000002"
ACCOUNT = "B0000000000000001"
YEAR = Period(date(2026, 4, 1), date(2027, 3, 31))
TO_DATE = Period(date(2026, 4, 1), date(2026, 10, 31))


def budget(annual_pence: int | None, *, holder_id: str = HOLDER, starts: date = date(2026, 4, 1), **more: object) -> Row:
    """A direct payment from 1 April 2026 unless told otherwise."""
    named = {"budget_id": f"G{holder_id}{starts}{more.get('account_id', '')}", "holder_id": holder_id, "account_id": ACCOUNT}
    return {**named, "holding_code": "direct_payment", "annual_pence": annual_pence, "starts_on": starts, **more}


def plan(version_id: str = "PL1/v1", *, holder_id: str = HOLDER, starts: date = date(2026, 4, 1), **more: object) -> Row:
    """An approved version of a plan, open-ended unless told otherwise."""
    named = {"plan_version_id": version_id, "plan_ref": version_id.split("/")[0], "version": int(version_id.split("/v")[1])}
    return {**named, "holder_id": holder_id, "status_code": "approved", "effective_from_on": starts, **more}


def line(number: int, category_code: str, annual_pence: int, *, version_id: str = "PL1/v1", holder_id: str = HOLDER, **more: object) -> Row:
    """A weekly line of a plan."""
    named = {"plan_line_id": f"{version_id}/L{number}", "plan_version_id": version_id, "line_ref": f"L{number}", "holder_id": holder_id}
    return {**named, "category_code": category_code, "annual_pence": annual_pence, "frequency_code": "weekly", **more}


def outcome(number: int, goal_type: str, *, version_id: str = "PL1/v1", holder_id: str = HOLDER, **more: object) -> Row:
    """An outcome of a plan version."""
    named = {"outcome_id": f"{version_id}/O{number}", "plan_version_id": version_id, "outcome_ref": f"O{number}", "holder_id": holder_id}
    return {**named, "goal_type": goal_type, "outcome_text": "In my own words", **more}


def contract(number: int, annual_pence: int, *, holder_id: str = HOLDER, starts: date = date(2025, 4, 1), **more: object) -> Row:
    """Home care by contract, weekly, open-ended unless told otherwise."""
    named = {"contract_id": f"K{number}", "contract_ref": f"C{number}", "holder_id": holder_id, "kind_code": "commissioned"}
    cost = {"annual_pence": annual_pence, "amount_pence": annual_pence // 52, "frequency_code": "weekly", "category_code": "C08"}
    return {**named, **cost, "starts_on": starts, **more}


def record(number: int, measure: str, value: float, to: date, *, holder_id: str = HOLDER, **more: object) -> Row:
    """Something measured on a day."""
    return {"outcome_record_id": f"Z{number}", "holder_id": holder_id, "measure_code": measure, "value_count": value, "to_on": to, **more}


def with_spend(run: Run, *payments: Row) -> Run:
    """Payments as admitted and as matched; `matched=False` leaves the second out."""
    for number, given in enumerate(payments, 1):
        full: dict[str, object] = {
            "payment_id": f"P{number}", "holder_id": HOLDER, "account_id": ACCOUNT, "feed_code": "bank", "kind_code": "purchase",
            "is_spend": True, "paid_on": date(2026, 5, 5), **given,
        }  # fmt: skip
        is_matched = full.pop("matched", True)
        of_match = {
            name: full.pop(name, None)
            for name in ("category_code", "outcome_id", "plan_line_id", "is_abstained", "payee_id", "payee_shown", "holding_code")
        }
        fill(run, {"validated.payments": [full]})
        if is_matched:
            shared = {name: full[name] for name in ("payment_id", "holder_id", "account_id", "paid_on", "amount_pence", "is_spend")}
            told = {name: value for name, value in of_match.items() if value is not None}
            fill(run, {"matched.payments": [{"category_code": "M04", "match_code": "fits", **shared, **told}]})
    return run


def asked(run: Run, name: str, period: Period = TO_DATE, **more: object) -> list[dict[str, object]]:
    """The rows of a finance table."""
    return answer(name, Question(run.warehouse, period, **more)).to_dicts()  # type: ignore[arg-type]
