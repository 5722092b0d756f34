"""What an account holds tonight, what is owed from it, and for how long the rest lasts."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.matched import build
from phb_audit.run import Run
from tests.builders import AS_OF, Row, fill
from tests.matched.worlds import ACCOUNT, HOLDER, line, matched, one_off, paid, plan, receipt, rows_of

DAY = date(2026, 10, 10)
BUDGET = {"budget_id": "G1", "holder_id": HOLDER, "account_id": ACCOUNT, "holding_code": "direct_payment", "starts_on": date(2026, 4, 1)}
WEEKLY = {**BUDGET, "annual_pence": 365_00 * 100}


def account(run: Run, *payments: Row, **tables: list[Row]) -> dict[str, object]:
    matched(run, *payments, **tables)
    return rows_of(run, "matched.accounts", "account_id")[ACCOUNT]


def test_the_last_balance_the_sender_gave_counts(run: Run) -> None:
    lines = [
        paid("P1", DAY, 10_00, "A", balance_pence=900_00, file_id="F", line_number=2),
        paid("P2", DAY, 20_00, "A", balance_pence=880_00, file_id="F", line_number=3),
        paid("P0", date(2026, 9, 1), 5_00, "A", balance_pence=910_00, file_id="F", line_number=1),
    ]
    found = account(run, *lines)
    assert (found["balance_pence"], found["is_balance_given"], found["last_line_on"]) == (880_00, True, DAY)


def test_a_statement_that_begins_with_its_newest_line_is_read_from_its_end(run: Run) -> None:
    lines = [
        paid("P2", DAY, 20_00, "A", balance_pence=880_00, file_id="F", line_number=1),
        paid("P1", DAY, 10_00, "A", balance_pence=900_00, file_id="F", line_number=2),
        paid("P0", date(2026, 9, 1), 5_00, "A", balance_pence=910_00, file_id="F", line_number=3),
    ]
    assert account(run, *lines)["balance_pence"] == 880_00


def test_where_none_is_given_money_in_less_money_out_counts_without_what_never_moved(run: Run) -> None:
    found = account(
        run,
        paid("P1", DAY, -100_00, "NHS", kind_code="instalment", is_spend=False),
        paid("P2", DAY, 30_00, "A"),
        paid("P3", DAY, 50_00, "A", kind_code="authorisation", is_spend=False),
    )
    assert (found["balance_pence"], found["is_balance_given"]) == (70_00, False)


def test_a_notional_budget_holds_no_money(run: Run) -> None:
    found = account(run, paid("P1", DAY, 30_00, "A"), budgets=[{**WEEKLY, "holding_code": "notional"}])
    assert found["balance_pence"] is None and found["weeks_held"] is None


def test_wages_tax_invoices_and_contingency_are_due(run: Run) -> None:
    slip = {
        "pay_slip_id": "W1",
        "holder_id": HOLDER,
        "period_to_on": DAY,
        "net_pence": 300_00,
        "tax_pence": 20_00,
        "employer_ni_pence": 10_00,
    }
    settled = {**slip, "pay_slip_id": "W2", "paid_on": DAY, "hmrc_paid_on": DAY}
    old = {**slip, "pay_slip_id": "W3", "period_to_on": date(2026, 1, 31)}
    money = {"instalment_id": "T1", "holder_id": HOLDER, "amount_pence": 500_00, "paid_on": date(2026, 5, 1), "kind_code": "contingency"}
    found = account(
        run,
        paid("P1", DAY, 40_00, "BRIGHT LAUNDRY", balance_pence=7830_00),
        budgets=[WEEKLY],
        pay_slips=[slip, settled, old],
        instalments=[money, {**money, "instalment_id": "T2", "kind_code": "regular"}],
        receipts=[
            receipt("R1", DAY, 70_00, "Care Agency", invoice_number="17"),
            receipt("R2", DAY, 40_00, "Bright Laundry", invoice_number="18"),
            receipt("R3", DAY, 60_00, "Corner Shop"),
        ],
    )
    assert found["due_pence"] == 300_00 + 30_00 + 500_00 + 70_00
    assert found["weekly_pence"] == 700_00
    assert found["weeks_held"] == round((7830_00 - 900_00) / 700_00, 6)


def test_what_is_due_stands_on_the_account_used_last(run: Run) -> None:
    slip = {"pay_slip_id": "W1", "holder_id": HOLDER, "period_to_on": DAY, "net_pence": 300_00}
    matched(run, paid("P1", DAY, 1_00, "A"), paid("P2", date(2026, 9, 1), 1_00, "A", account_id="B2"), pay_slips=[slip])
    found = rows_of(run, "matched.accounts", "account_id")
    assert (found[ACCOUNT]["due_pence"], found["B2"]["due_pence"]) == (300_00, 0)


def test_an_account_without_a_line_and_a_budget_that_ended(run: Run) -> None:
    fill(run, {"validated.budgets": [{**WEEKLY, "ends_on": date(2026, 9, 30)}]})
    build(run)
    found = rows_of(run, "matched.accounts", "account_id")[ACCOUNT]
    assert (found["last_line_on"], found["balance_pence"], found["weekly_pence"], found["weeks_held"]) == (None, None, None, None)
    assert date(2026, 9, 30) < AS_OF


def test_what_the_plan_has_the_holder_save_for_comes_off_until_it_is_bought(run: Run) -> None:
    lines = [
        one_off(1, "E11", "Hot tub agreed in place of hydrotherapy", 900_00, starts_on=date(2026, 5, 1)),
        one_off(2, "E01", "Hoist agreed for the bedroom", 500_00, starts_on=date(2025, 9, 1)),
        line(3, "R03", "A week of respite in the year", frequency_code="annual", annual_pence=365_00, starts_on=date(2026, 4, 1)),
        line(4, "A05", "Pottery class"),
    ]
    plans = {"plans": [plan(starts=date(2025, 9, 1))], "plan_lines": lines}
    found = account(run, paid("P1", DAY, 40_00, "POTTERY BARN", "A05", balance_pence=3_000_00), budgets=[WEEKLY], **plans)
    assert found["planned_pence"] == 900_00 + 214_00  # the hoist was agreed longer ago than a year; 214 days of the year have gone
    assert found["weeks_held"] == round((3_000_00 - found["planned_pence"]) / 700_00, 6)


def test_what_was_bought_is_no_longer_saved_for_whichever_version_agreed_it(run: Run) -> None:
    second = "PL1/v2"
    item = "Hot tub agreed in place of hydrotherapy"
    versions = [plan(starts=date(2026, 4, 1)), plan(second, starts=date(2026, 9, 1))]
    lines = [one_off(1, "E11", item, 900_00), one_off(1, "E11", item, 900_00, version_id=second)]
    bought = paid("P1", date(2026, 5, 2), 850_00, "HOT TUB WORLD", "E11", balance_pence=3_000_00)
    assert account(run, bought, budgets=[WEEKLY], plans=versions, plan_lines=lines)["planned_pence"] == 50_00


@pytest.mark.parametrize(("started_on", "version_on"), [(date(2026, 6, 1), date(2026, 4, 1)), (None, date(2026, 6, 1))])
def test_a_one_off_item_bought_before_its_line_began_is_no_longer_saved_for(run: Run, started_on: date | None, version_on: date) -> None:
    agreed = one_off(1, "E11", "Hot tub agreed in place of hydrotherapy", 900_00, version_id="PL1/v2", starts_on=started_on)
    versions = [plan(starts=date(2026, 3, 1)), plan("PL1/v2", starts=version_on)]
    bought = paid("P1", date(2026, 5, 2), 850_00, "HOT TUB WORLD", "E11", balance_pence=3_000_00)
    told = account(run, bought, budgets=[WEEKLY], plans=versions, plan_lines=[line(3, "A05", "Pottery class"), agreed])
    assert told["planned_pence"] == 50_00
