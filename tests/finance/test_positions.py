"""Budget positions: by person, category and outcome, each to the penny of the ledger."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phb_audit.run import Run
from tests.builders import fill
from tests.finance import worlds as a


def ledger(run: Run, period: a.Period = a.TO_DATE) -> int:
    query = (
        "SELECT coalesce(sum(amount_pence), 0)::BIGINT FROM validated.payments WHERE is_spend AND paid_on BETWEEN $first_on AND $last_on"
    )
    return int(run.warehouse.frame(query, period.days).item())


PAYMENT = st.fixed_dictionaries(
    {
        "amount_pence": st.integers(-50_00, 900_00),
        "is_spend": st.booleans(),
        "paid_on": st.dates(date(2026, 3, 1), date(2026, 11, 30)),
        "holder_id": st.sampled_from([a.HOLDER, a.OTHER]),
        "category_code": st.sampled_from(["C01", "T02", "M04"]),
        "outcome_id": st.sampled_from([None, "PL1/v1/O1"]),
        "matched": st.booleans(),
    }
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PAYMENT, min_size=1, max_size=8))
def test_persons_categories_and_outcomes_each_come_to_the_ledger(run: Run, payments: list[dict[str, object]]) -> None:
    for table in ("validated.payments", "matched.payments"):
        run.warehouse.run(f"DELETE FROM {table}")
    a.with_spend(run, *payments)
    whole = ledger(run)
    for name in ("person_position", "category_position", "outcome_position"):
        rows = a.asked(run, name)
        assert sum(int(str(row["spent_pence"])) for row in rows) == whole, name
    thousand = sum(int(str(row["per_thousand_pence"])) for row in a.asked(run, "category_position"))
    assert thousand == (100_000 if whole > 0 else 0)


def test_all_seventy_categories_are_listed_spent_on_or_not(run: Run) -> None:
    rows = a.asked(a.with_spend(run, {"amount_pence": 5_00, "category_code": "T02", "is_abstained": True}), "category_position")
    assert len(rows) == 70
    (hydro,) = [row for row in rows if row["category_code"] == "T02"]
    assert (hydro["category_name"], hydro["spent_pence"], hydro["unsure_pence"], hydro["people_count"]) == ("Hydrotherapy", 500, 500, 1)


def test_a_person_has_a_budget_less_spend_money_in_and_money_given_back(run: Run) -> None:
    fill(run, {"validated.budgets": [a.budget(365_00)], "validated.instalments": [
        {"holder_id": a.HOLDER, "instalment_id": "T1", "amount_pence": 100_00, "paid_on": date(2026, 4, 2), "kind_code": "regular"},
        {"holder_id": a.HOLDER, "instalment_id": "T2", "amount_pence": -7_00, "paid_on": date(2026, 6, 2), "kind_code": "recovery offset"},
    ]})  # fmt: skip
    a.with_spend(run, {"amount_pence": 30_00}, {"amount_pence": 20_00, "kind_code": "repayment", "is_spend": False})
    (row,) = a.asked(run, "person_position", a.YEAR)
    assert (row["budget_pence"], row["received_pence"], row["spent_pence"], row["returned_pence"], row["left_pence"]) == (
        365_00, 100_00, 30_00, 27_00, 335_00,
    )  # fmt: skip


def test_one_budget_on_the_rows_of_two_accounts_is_counted_once_and_ends_with_death(run: Run) -> None:
    fill(run, {
        "validated.budgets": [a.budget(365_00), a.budget(365_00, account_id="B2")],
        "validated.holder_events": [{"holder_id": a.HOLDER, "event_id": "V1", "event_code": "death", "from_on": date(2026, 4, 10)}],
    })  # fmt: skip
    (row,) = a.asked(run, "person_position", a.YEAR)
    assert row["budget_pence"] == 10_00


def test_planned_stands_beside_spent_by_category_and_outcome(run: Run) -> None:
    fill(run, {
        "validated.plans": [a.plan(), a.plan("PL1/v2", starts=date(2026, 10, 1))],
        "validated.plan_outcomes": [a.outcome(1, "social"), a.outcome(1, "social", version_id="PL1/v2")],
        "validated.plan_lines": [
            a.line(1, "T02", 365_00, outcome_id="PL1/v1/O1"),
            a.line(1, "T02", 365_00, outcome_id="PL1/v2/O1", version_id="PL1/v2"),
            a.line(2, "E10", 500_00, frequency_code="one-off", outcome_id="PL1/v1/O1"),
            a.line(2, "E10", 500_00, frequency_code="one-off", outcome_id="PL1/v2/O1", version_id="PL1/v2"),
        ],
    })  # fmt: skip
    a.with_spend(run, {"amount_pence": 10_00, "category_code": "T02", "outcome_id": "PL1/v1/O1"}, {"amount_pence": 3_00})
    found = {row["category_code"]: row for row in a.asked(run, "category_position", a.YEAR)}
    assert (found["T02"]["planned_pence"], found["T02"]["left_pence"]) == (365_00, 355_00)
    assert found["E10"]["planned_pence"] == 500_00, "an item agreed once is planned once, in however many versions it stands"
    goals = {row["goal_type"]: row for row in a.asked(run, "outcome_position", a.YEAR)}
    assert (goals["social"]["planned_pence"], goals["social"]["spent_pence"], goals["no_outcome"]["spent_pence"]) == (865_00, 10_00, 3_00)
