"""Refused rows that get through: mended and sent again, or the same row once what it waited for has come. Never another row."""

from __future__ import annotations

import pytest

from expectations import all_suites
from phb_audit.run import Run
from phb_audit.validated import STEPS, build
from tests.validated import small_world as a
from tests.validated.test_build import everything, next_night, small

LATER = {"file_id": a.SECOND_FILE}


def states(run: Run) -> dict[str, tuple[str, str | None]]:
    rows = run.warehouse.frame("SELECT row_id, state_code, closed_run_id FROM validated.quarantine").rows()
    return {row_id: (state, closed) for row_id, state, closed in rows}


def later_night(run: Run, **tables: list[dict[str, object]]) -> Run:
    later = next_night(run, 1)
    files = [a.landed_file(a.SECOND_FILE, "november.csv")]
    a.validate(later, {"landed.files": files, **{f"landed.{name}": rows for name, rows in tables.items()}})
    return later


def test_a_row_that_waited_for_its_budget_is_admitted_when_the_budget_comes(run: Run) -> None:
    a.validate(run, small(budgets=[]))
    assert states(run) == {"line1": ("open", None)}
    later = later_night(run, budgets=[a.budget(**LATER)])
    assert states(run) == {"line1": ("readmitted", later.run_id)}
    admitted = run.warehouse.frame("SELECT row_id, run_id, file_id, line_number FROM validated.payments").rows()
    assert admitted == [("line1", later.run_id, a.FILE, 2)]


def test_that_night_run_again_leaves_the_same(run: Run) -> None:
    a.validate(run, small(budgets=[]))
    later = later_night(run, budgets=[a.budget(**LATER)])
    before = everything(run)
    build(later, all_suites())
    assert everything(run) == before


def test_a_row_tried_in_vain_is_counted_on_both_sides_and_told_its_newest_reason(run: Run) -> None:
    a.validate(run, small(budgets=[], payments=[a.bank_line(paid_out_text="x")]))
    later = later_night(run, budgets=[a.budget(**LATER)])
    books = run.warehouse.frame(
        "SELECT side_code, item, rows_count FROM nights.control_totals WHERE run_id = $run_id AND item LIKE 'payments%' AND rows_count > 0",
        {"run_id": later.run_id},
    )
    assert set(books.rows()) == {("in", "payments tried again", 1), ("out", "payments refused", 1)}
    kept = run.warehouse.frame("SELECT state_code, run_id, reason_codes FROM validated.quarantine").rows()
    assert kept == [("open", run.run_id, "amount_read")]


def test_a_mended_amount_with_the_senders_reference_replaces_the_refused_row(run: Run) -> None:
    a.validate(run, small(payments=[a.bank_line("bad", reference_text="TX1", paid_out_text="1O.00")]))
    later = later_night(run, payments=[a.bank_line("mended", reference_text="TX1", paid_out_text="10.00", **LATER)])
    assert states(run) == {"bad": ("replaced", later.run_id)}
    assert run.warehouse.frame("SELECT row_id FROM validated.payments").item() == "mended"


@pytest.mark.parametrize(
    ("bad", "mended"),
    [
        ({"paid_out_text": "x"}, {}),  # same account, day, payee
        ({"paid_on_text": "32/10/2026"}, {}),  # same payee, balance and amount
        ({"account_ref": "B_typo"}, {}),  # same payee, balance and amount
        ({"reference_text": "TX1", "paid_on_text": "x"}, {"reference_text": "TX1"}),
        ({"reference_text": "TX1", "account_ref": "B_typo"}, {"reference_text": "TX1"}),
        ({"holder_ref": "!bad"}, {"holder_ref": a.HOLDER}),
    ],
)
def test_whichever_cell_is_mended_the_repair_is_recognised(run: Run, bad: dict[str, object], mended: dict[str, object]) -> None:
    a.validate(run, small(payments=[a.bank_line("bad", **{"balance_text": "90.00", **bad})]))
    later_night(run, payments=[a.bank_line("mended", **{"balance_text": "90.00", **mended}, **LATER)])
    assert states(run)["bad"][0] == "replaced"


@pytest.mark.parametrize(
    ("bad", "other"),
    [
        ({"paid_on_text": "x", "reference_text": "INV1"}, {"reference_text": "INV2"}),  # the next invoice of the same supplier
        ({"paid_on_text": "x"}, {"paid_on_text": "10/10/2026"}),  # the same amount a week later, no balance to tell them apart
        ({"holder_ref": "!bad", "reference_text": "3"}, {"reference_text": "3", "paid_on_text": "10/10/2026", "paid_out_text": "8.00"}),
        ({"paid_out_text": "x"}, {"paid_on_text": "04/10/2026"}),
        ({"paid_out_text": "x"}, {"payee_text": "TESCO"}),
    ],
)
def test_another_payment_is_never_taken_for_a_repair(run: Run, bad: dict[str, object], other: dict[str, object]) -> None:
    a.validate(run, small(payments=[a.bank_line("bad", **bad)]))
    later_night(run, payments=[a.bank_line("other", **other, **LATER)])
    assert states(run)["bad"] == ("open", None)


def test_a_line_of_the_same_file_is_no_repair(run: Run) -> None:
    a.validate(run, small(payments=[a.bank_line("bad", paid_out_text="x"), a.bank_line("twin", line_number=3)]))
    assert states(run)["bad"][0] == "open"


def test_one_repair_closes_one_row(run: Run) -> None:
    a.validate(run, small(payments=[a.bank_line("bad1", paid_out_text="x"), a.bank_line("bad2", paid_out_text="y", line_number=3)]))
    later_night(run, payments=[a.bank_line("mended", **LATER)])
    assert sorted(state for state, _ in states(run).values()) == ["open", "replaced"]


def test_a_repair_in_a_second_file_of_the_same_night_counts(run: Run) -> None:
    files = [a.landed_file(), a.landed_file(a.SECOND_FILE, "mended.csv")]
    a.validate(run, small(files=files, payments=[a.bank_line("bad", paid_out_text="x"), a.bank_line("mended", **LATER)]))
    assert states(run)["bad"] == ("replaced", run.run_id)


def test_a_plan_mended_later_lets_its_outcomes_and_lines_through(run: Run) -> None:
    a.validate(run, a.world(plans=[a.plan(effective_from_text="soon")], plan_lines=[a.plan_line()]))
    assert {row_id for row_id, (state, _) in states(run).items() if state == "open"} == {"plan1", "outcome1", "planline1"}
    later_night(run, plans=[a.plan("plan1b", **LATER)])
    assert {row_id: state for row_id, (state, _) in states(run).items()} == {
        "plan1": "replaced",
        "outcome1": "readmitted",
        "planline1": "readmitted",
    }
    assert run.warehouse.frame("SELECT count(*) FROM validated.held_back WHERE run_id > $run_id", {"run_id": run.run_id}).item() == 0


def test_every_key_of_a_repair_names_columns_of_its_table() -> None:
    for step in STEPS:
        named = {name.rstrip("?!") for key in step.same_row for name in key} - {"file_name"}
        assert named <= set(step.landed.column_names), step.landed_name
        assert step.same_row, f"{step.landed_name}: a refused row could never be replaced"
