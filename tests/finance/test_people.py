"""Who has a budget: the two counts stand apart, the year begins again in April, and rule G-18's special kinds are counted as it says."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.finance.people import Register, counts, people_on, take_up
from phb_audit.run import Run
from tests.builders import Row, fill
from tests.finance import worlds as a

END_OF_YEAR, APRIL, OCTOBER = date(2026, 3, 31), date(2026, 4, 1), date(2026, 10, 31)


def who(number: int) -> str:
    return f"H{number:016d}"


def told(run: Run, day: date = OCTOBER) -> dict[str, object]:
    return counts(people_on(Register.read(run.warehouse, OCTOBER), day), day)


def event(holder_id: str, code: str, on: date) -> Row:
    return {"holder_id": holder_id, "event_id": f"V{holder_id}{code}{on}", "event_code": code, "from_on": on}


def test_the_year_to_date_begins_again_in_april_and_is_not_the_active(run: Run) -> None:
    fill(run, {"validated.budgets": [
        a.budget(1, holder_id=who(1), starts=date(2024, 1, 1)),
        a.budget(1, holder_id=who(2), starts=date(2024, 1, 1), ends_on=END_OF_YEAR),
        a.budget(1, holder_id=who(3), starts=date(2024, 1, 1), ends_on=date(2026, 6, 30)),
        a.budget(1, holder_id=who(4), starts=date(2026, 5, 1)),
        a.budget(1, holder_id=who(5), starts=date(2026, 11, 1)),
    ]})  # fmt: skip
    before, after, now = told(run, END_OF_YEAR), told(run, APRIL), told(run)
    assert (before["year_to_date_count"], before["active_count"]) == (3, 3)
    assert (after["year_to_date_count"], after["active_count"]) == (2, 2)
    assert (now["year_to_date_count"], now["active_count"], now["new_count"]) == (3, 2, 1)
    assert (before["quarter"], after["quarter"], now["quarter"]) == ("2025/26 Q4", "2026/27 Q1", "2026/27 Q3")


def test_a_budget_on_two_accounts_renewed_without_a_gap_is_one_person_who_is_not_new(run: Run) -> None:
    fill(run, {"validated.budgets": [
        a.budget(1, starts=date(2025, 4, 1), ends_on=END_OF_YEAR),
        a.budget(1, starts=APRIL),
        a.budget(1, starts=APRIL, account_id="B2"),
    ]})  # fmt: skip
    (row,) = people_on(Register.read(run.warehouse, OCTOBER), OCTOBER).to_dicts()
    assert (row["starts_on"], row["is_new"], row["is_active"]) == (date(2025, 4, 1), False, True)


def test_death_and_the_end_of_eligibility_end_it_and_no_budget_on_file_is_none(run: Run) -> None:
    fill(run, {
        "validated.budgets": [
            a.budget(1, holder_id=who(1)),
            a.budget(1, holder_id=who(2)),
            a.budget(1, holder_id=who(3), holding_code="none_on_file"),
        ],
        "validated.holder_events": [event(who(1), "death", date(2026, 9, 1)), event(who(2), "end_of_eligibility", APRIL)],
    })  # fmt: skip
    now = told(run)
    assert (now["year_to_date_count"], now["active_count"]) == (1, 0)


def test_a_wheelchair_budget_is_active_in_its_first_year_and_while_it_is_reviewed(run: Run) -> None:
    old = {"starts": date(2023, 1, 1), "care_group_code": "Wheelchair budget"}
    fill(run, {
        "validated.budgets": [
            a.budget(1, holder_id=who(1), **old),
            a.budget(1, holder_id=who(2), **old),
            a.budget(1, holder_id=who(3), starts=date(2025, 12, 1), care_group_code="wheelchair"),
        ],
        "validated.holder_events": [event(who(1), "review", date(2025, 11, 1)), event(who(2), "review", date(2025, 10, 31))],
    })  # fmt: skip
    now = told(run)
    assert (now["year_to_date_count"], now["active_count"], now["left_out_count"]) == (2, 2, 1)


def test_a_one_off_budget_counts_in_the_year_it_began_and_never_as_active(run: Run) -> None:
    once = {"frequency_code": "one-off"}
    fill(run, {
        "validated.budgets": [
            a.budget(1, holder_id=who(1), starts=date(2026, 5, 1), care_group_code="one-off mental health"),
            a.budget(1, holder_id=who(2), starts=date(2025, 5, 1), care_group_code="one-off mental health"),
            a.budget(1, holder_id=who(3), starts=date(2026, 5, 1)),
        ],
        "validated.plans": [a.plan(holder_id=who(3))],
        "validated.plan_lines": [a.line(1, "E01", 10, holder_id=who(3), **once), a.line(2, "E01", 10, holder_id=who(3), **once)],
    })  # fmt: skip
    now = told(run)
    assert (now["year_to_date_count"], now["active_count"], now["left_out_count"]) == (2, 0, 1)
    kinds = people_on(Register.read(run.warehouse, OCTOBER), OCTOBER)["kind_code"].to_list()
    assert kinds == ["one_off", "one_off", "one_off"]


def test_every_way_of_grouping_comes_to_the_whole(run: Run) -> None:
    fill(run, {"validated.budgets": [
        a.budget(1, holder_id=who(number), starts=date(2025, 1 + number % 12, 1), area_name=("North", None)[number % 2],
                 holding_code=("notional", "direct_payment", "third_party")[number % 3], care_group_code="CHC adult",
                 age_band="18-64" if number % 4 else None,
                 ends_on=date(2026, 8, 31) if number % 5 == 0 else None)
        for number in range(30)
    ]})  # fmt: skip
    table = take_up(Register.read(run.warehouse, OCTOBER), OCTOBER)
    names = ["year_to_date_count", "active_count", "new_count", "left_out_count"]
    for code in ("holding", "care_group", "area", "age_band"):
        summed = table.filter(group_code=code).group_by("last_on").agg(pl.col(names).sum()).sort("last_on")
        assert summed.equals(table.filter(group_code="all").select("last_on", *names).sort("last_on")), code
    assert set(table.filter(group_code="area")["group_key"]) == {"North", "not_told"}
    assert a.asked(run, "take_up", a.TO_DATE) == table.to_dicts()
