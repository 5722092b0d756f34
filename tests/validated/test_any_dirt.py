"""Whatever single cell of whatever table is blank or rubbish, the night goes through and every row is accounted for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from phb_audit.run import Run, StageTotals
from phb_audit.validated import STEPS
from tests.builders import make_run
from tests.validated import small_world as a

GOOD: dict[str, Callable[..., dict[str, object]]] = {
    "budgets": a.budget,
    "people": a.person,
    "plans": a.plan,
    "plan_outcomes": a.outcome,
    "plan_lines": a.plan_line,
    "holder_events": a.event,
    "instalments": a.instalment,
    "payments": a.card_line,
    "receipts": a.receipt,
    "payroll": a.pay_slip,
    "support_records": a.support_record,
    "visits": a.visit,
    "monitoring_returns": a.monitoring_return,
    "contracts": a.contract,
    "council_claims": a.council_claim,
    "outcome_records": a.outcome_record,
}
RUBBISH = (None, "", "???", "-1", "99/99/9999")
OURS = {"run_id", "file_id", "line_number", "row_id", "layout_code", "feed_code"}


def spoiled(table: str) -> list[dict[str, object]]:
    """The good row, and for every cell a sender fills the same row with that cell spoiled in each way."""
    step = next(step for step in STEPS if step.short_name == table)
    cells = [(name, rubbish) for name in step.landed.column_names if name not in OURS for rubbish in RUBBISH]
    made = [GOOD[table](f"{table}{place}", line_number=place + 2, **{name: rubbish}) for place, (name, rubbish) in enumerate(cells)]
    return [GOOD[table](f"{table}_good"), *made]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, StageTotals]]:
    run = make_run(Path(tmp_path_factory.mktemp("night")))
    tables = {name: spoiled(name) for name in GOOD}
    tables["budgets"].append(a.budget("budget_of_the_card", account_ref=a.CARD, account_kind_text="card"))
    yield run, a.validate(run, a.world(**tables))
    run.warehouse.close()


def test_the_books_balance(night: tuple[Run, StageTotals]) -> None:
    assert night[1].balance == (0, 0)


@pytest.mark.parametrize("table", GOOD)
def test_every_row_is_admitted_refused_or_overtaken(night: tuple[Run, StageTotals], table: str) -> None:
    rows = {total.item.removeprefix(f"{table} "): total.rows for total in night[1].totals if total.item.startswith(f"{table} ")}
    assert rows["landed"] == rows["admitted"] + rows.get("refused", 0) + rows.get("overtaken by a later row", 0)
    assert rows["admitted"], "the good row must get through"
    assert rows["refused"], "rubbish must not"


def test_every_refusal_has_a_reason_and_an_owner(night: tuple[Run, StageTotals]) -> None:
    bare = "SELECT count(*) FROM validated.quarantine WHERE reason = '' OR fix_owner = '' OR reason_codes = ''"
    assert night[0].warehouse.frame(bare).item() == 0
