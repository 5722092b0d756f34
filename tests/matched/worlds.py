"""Small worlds for matching: a holder with a plan, payments with their categories, receipts. Only what matters is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from phb_audit.matched import build
from phb_audit.run import Run
from tests.builders import Row, fill

HOLDER = "H0000000000000001"
ACCOUNT = "B0000000000000001"
VERSION = "PL1/v1"


def plan(version_id: str = VERSION, *, holder_id: str = HOLDER, starts: date = date(2026, 4, 1), **more: object) -> Row:
    """An approved version of a plan, open-ended unless told otherwise."""
    named = {"plan_version_id": version_id, "plan_ref": version_id.split("/")[0], "version": int(version_id.split("/v")[1])}
    return {**named, "holder_id": holder_id, "status_code": "approved", "effective_from_on": starts, **more}


def line(number: int, category_code: str, description: str, *, version_id: str = VERSION, holder_id: str = HOLDER, **more: object) -> Row:
    """A line of a plan: weekly, of 40 pounds, unless told otherwise."""
    named = {"plan_line_id": f"{version_id}/{number}", "plan_version_id": version_id, "line_ref": str(number), "holder_id": holder_id}
    money = {"amount_pence": 40_00, "frequency_code": "weekly", "annual_pence": 2080_00}
    return {**named, "category_code": category_code, "description": description, **money, **more}


def one_off(number: int, category_code: str, description: str, pence: int, **more: object) -> Row:
    """A one-off item agreed by name."""
    money = {"amount_pence": pence, "annual_pence": pence, "frequency_code": "one-off", "most_at_once_pence": pence}
    return line(number, category_code, description, **{**money, "is_preapproved": True, **more})  # type: ignore[arg-type]


def outcome(number: int, text: str, *, version_id: str = VERSION, holder_id: str = HOLDER, **more: object) -> Row:
    """An outcome of a plan version."""
    named = {"outcome_id": f"{version_id}/O{number}", "plan_version_id": version_id, "outcome_ref": f"O{number}", "holder_id": holder_id}
    return {**named, "outcome_text": text, **more}


def paid(payment_id: str, on: date, pence: int, payee: str, category_code: str = "M04", **more: object) -> Row:
    """A purchase with its category (sure by 9 in 10 unless told otherwise)."""
    return {"payment_id": payment_id, "paid_on": on, "amount_pence": pence, "payee_text": payee, "category_code": category_code, **more}


def receipt(receipt_id: str, on: date | None, pence: int, supplier: str | None, *, holder_id: str = HOLDER, **more: object) -> Row:
    """A readable receipt."""
    named = {"receipt_id": receipt_id, "holder_id": holder_id, "supplier_name": supplier, "is_readable": True}
    return {**named, "dated_on": on, "total_pence": pence, **more}


ANSWER = ("category_code", "probability_share", "second_code", "second_share", "set_codes", "is_abstained")


def with_payments(run: Run, *payments: Row) -> Run:
    """Write payments and their categories as the stages before would have."""
    for given in payments:
        full = {"holder_id": HOLDER, "account_id": ACCOUNT, "feed_code": "bank", "kind_code": "purchase", "is_spend": True, **given}
        answer = {"probability_share": 0.9, **{name: full[name] for name in ANSWER if name in full}}
        string = f"{full.get('payee_text')}|{full.get('description')}"
        classified = {"payment_id": full["payment_id"], "string_id": string, "amount_pence": full["amount_pence"], "how_code": "words"}
        night = {"run_id": full["run_id"]} if "run_id" in full else {}
        fill(run, {"validated.payments": [{name: value for name, value in full.items() if name not in ANSWER}]})
        fill(run, {"classified.payments": [{**classified, **answer, **night}]})
    return run


def matched(run: Run, *payments: Row, **tables: Sequence[Row]) -> Mapping[str, dict[str, object]]:
    """Build the stage over a world and return matched.payments by payment id; `plans=[...]` fills validated.plans."""
    with_payments(run, *payments)
    fill(run, {f"validated.{name}": given for name, given in tables.items()})
    build(run)
    return rows_of(run)


def rows_of(run: Run, table: str = "matched.payments", key: str = "payment_id") -> Mapping[str, dict[str, object]]:
    """The rows of a matched table by their key."""
    frame: pl.DataFrame = run.warehouse.connection.table(table).pl()
    return {str(row[key]): row for row in frame.to_dicts()}
