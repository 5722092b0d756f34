"""The stage as the night meets it: stops, unfinished nights, registers that change, one bad feed, files without people."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from expectations import all_suites
from phb_audit.errors import QualityGateStopped
from phb_audit.run import Run
from phb_audit.validated import build, check_afterwards
from tests.builders import fill, make_run
from tests.validated import small_world as a

TABLES = ("payments", "budgets", "plans", "plan_lines", "quarantine", "held_back", "notices", "checks", "replaced")


def everything(run: Run) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(run.warehouse.frame(f"SELECT * FROM validated.{name}").rows(), key=repr) for name in TABLES}


def next_night(run: Run, day: int) -> Run:
    return Run(run.commissioner_code, run.as_of.replace(month=11, day=day), run.inbox, run.settings, run.warehouse)


def small(**changed: list[dict[str, object]]) -> dict[str, list[dict[str, object]]]:
    """Budgets and payments only: two suites, so that a test is quick."""
    base = {"landed.files": [a.landed_file()], "landed.budgets": [a.budget()], "landed.payments": [a.bank_line()]}
    return {**base, **{f"landed.{name}": rows for name, rows in changed.items()}}


def test_a_clean_world_is_admitted_whole(run: Run) -> None:
    totals = a.validate(run, a.clean_world())
    assert totals.balance == (0, 0)
    assert not [total for total in totals.totals if "refused" in total.item]
    assert run.warehouse.frame("SELECT count(*) FROM validated.checks WHERE NOT is_met").item() == 0


def test_a_night_run_again_leaves_the_same_rows(run: Run) -> None:
    dirty = small(payments=[a.bank_line(), a.bank_line("bad", paid_out_text="x"), a.bank_line("odd", account_ref="B_unknown")])
    a.validate(run, dirty)
    before = everything(run)
    build(run, all_suites())
    assert everything(run) == before


def test_a_row_twice_stops_the_night_and_the_verdict_is_kept(run: Run) -> None:
    with pytest.raises(QualityGateStopped, match=r"landed\.payments: A row is there twice\. \(2 of 2 rows"):
        a.validate(run, small(payments=[a.bank_line("same"), a.bank_line("same")]))
    assert run.warehouse.frame("SELECT count(*) FROM validated.payments").item() == 0
    stopped = run.warehouse.frame("SELECT suite_name, rows_failed FROM validated.checks WHERE severity_code = 'stop' AND NOT is_met")
    assert stopped.rows() == [("landed_payments", 2)]


def test_a_file_with_rows_unaccounted_for_stops_the_night(run: Run) -> None:
    with pytest.raises(QualityGateStopped, match="neither landed nor recognised"):
        a.validate(run, small(files=[a.landed_file(rows_read=5, rows_landed=3, rows_repeated=1)]))


def test_rows_of_a_night_that_never_got_this_far_are_taken_up_by_the_next(run: Run) -> None:
    fill(run, small())
    later = next_night(run, 1)
    fill(later, {"landed.files": [a.landed_file(a.SECOND_FILE, "next.csv")]})
    build(later, all_suites())
    assert run.warehouse.frame("SELECT row_id, run_id FROM validated.payments").rows() == [("line1", later.run_id)]
    build(run, all_suites())
    assert run.warehouse.frame("SELECT row_id, run_id FROM validated.payments").rows() == [("line1", later.run_id)]


def test_one_bad_feed_does_not_block_the_others(run: Run) -> None:
    other = a.budget("budget9", holder_ref=a.OTHER, account_ref="B_other")
    bad = [a.bank_line(f"bad{n}", paid_out_text="x") for n in range(5)]
    a.validate(run, small(budgets=[a.budget(), other], payments=[*bad, a.bank_line("fine", account_ref="B_other")]))
    assert run.warehouse.frame("SELECT row_id FROM validated.payments")["row_id"].to_list() == ["fine"]
    held = run.warehouse.frame("SELECT holder_id, rows_refused, reason FROM validated.held_back").rows()
    assert [(holder, rows) for holder, rows, _ in held] == [(a.HOLDER, 5)]
    assert held[0][2].startswith("5 rows of the feed 'bank' could not be admitted: The amount is given as")


def test_a_later_row_of_a_register_takes_the_place_of_the_earlier_one(run: Run) -> None:
    a.validate(run, small())
    later = next_night(run, 1)
    mended = a.budget("budget1b", annual_amount_text="15,000.00", file_id=a.SECOND_FILE)
    files = [a.landed_file(a.SECOND_FILE, "next.csv")]
    a.validate(later, {"landed.files": files, "landed.budgets": [mended]})
    current = "SELECT row_id, annual_pence, run_id FROM validated.budgets"
    assert run.warehouse.frame(current).rows() == [("budget1b", 15_000_00, later.run_id)]
    before = everything(run)
    build(later, all_suites())
    assert everything(run) == before


def test_a_register_night_whose_file_is_taken_back_restores_the_earlier_row(run: Run) -> None:
    a.validate(run, small())
    before = run.warehouse.frame("SELECT * FROM validated.budgets")
    later = next_night(run, 1)
    a.validate(
        later, {"landed.files": [a.landed_file(a.SECOND_FILE, "next.csv")], "landed.budgets": [a.budget("budget1b", file_id=a.SECOND_FILE)]}
    )
    run.warehouse.run("DELETE FROM landed.budgets WHERE row_id = 'budget1b'")
    build(later, all_suites())
    assert run.warehouse.frame("SELECT * FROM validated.budgets").equals(before)


def test_of_two_rows_of_one_night_the_one_in_the_later_file_counts(run: Run) -> None:
    files = [a.landed_file(file_name="2026-09.csv"), a.landed_file(a.SECOND_FILE, "2026-10.csv")]
    newer = a.budget("newer", annual_amount_text="1.00", file_id=a.SECOND_FILE)
    totals = a.validate(run, small(files=files, budgets=[newer, a.budget("older")]))
    assert run.warehouse.frame("SELECT row_id FROM validated.budgets")["row_id"].to_list() == ["newer"]
    assert [(total.rows, total.side) for total in totals.totals if total.item == "budgets overtaken by a later row"] == [(1, "out")]


def test_money_in_becomes_an_instalment_when_the_ledger_arrives_later(run: Run) -> None:
    money_in = a.bank_line("in", paid_out_text=None, paid_in_text="1000.00", type_text="BGC", payee_text="SOMEBODY")
    a.validate(run, small(payments=[money_in]))
    kind = "SELECT kind_code FROM validated.payments"
    assert run.warehouse.frame(kind).item() == "credit"
    later = next_night(run, 1)
    a.validate(later, {"landed.files": [a.landed_file(a.SECOND_FILE, "next.csv")], "landed.instalments": [a.instalment()]})
    assert run.warehouse.frame(kind).item() == "instalment"


@pytest.mark.parametrize(("paid_on", "kind"), [("06/10/2026", "instalment"), ("07/10/2026", "credit")])
def test_an_instalment_agrees_within_five_days(run: Run, paid_on: str, kind: str) -> None:
    money_in = a.bank_line("in", paid_out_text=None, paid_in_text="1000.00", type_text="BGC", payee_text="SOMEBODY", paid_on_text=paid_on)
    a.validate(run, small(payments=[money_in], instalments=[a.instalment()]))
    assert run.warehouse.frame("SELECT kind_code FROM validated.payments").item() == kind


def test_money_back_from_a_payee_paid_before_is_a_refund_tonight_and_on_a_later_night(run: Run) -> None:
    def back(row_id: str, payee: str, **more: object) -> dict[str, object]:
        return a.bank_line(row_id, paid_out_text=None, paid_in_text="4.00", type_text="FPI", payee_text=payee, **more)

    paid = a.bank_line("paid", type_text="FPO", payee_text="SUNNY CARE LTD", paid_on_text="02/10/2026")
    a.validate(run, small(payments=[paid, back("same", "Sunny Care Ltd"), back("early", "SUNNY CARE LTD", paid_on_text="01/10/2026")]))
    later = next_night(run, 1)
    rows = [back("late", "SUNNY CARE LTD", file_id=a.SECOND_FILE), back("stranger", "RAINY CARE", file_id=a.SECOND_FILE)]
    a.validate(later, {"landed.files": [a.landed_file(a.SECOND_FILE, "next.csv")], "landed.payments": rows})
    kinds = dict(run.warehouse.frame("SELECT row_id, kind_code FROM validated.payments").rows())
    assert kinds == {"paid": "purchase", "same": "refund", "early": "credit", "late": "refund", "stranger": "credit"}


def test_one_person_paid_is_not_another(run: Run) -> None:
    paid = a.bank_line("paid", type_text="FPO", payee_text="TO PERSON", payee_ref="Y1")
    back = {"paid_out_text": None, "paid_in_text": "4.00", "type_text": "FPI", "payee_text": "TO PERSON"}
    a.validate(run, small(payments=[paid, a.bank_line("hers", payee_ref="Y1", **back), a.bank_line("his", payee_ref="Y2", **back)]))
    kinds = dict(run.warehouse.frame("SELECT row_id, kind_code FROM validated.payments").rows())
    assert (kinds["hers"], kinds["his"]) == ("refund", "credit")


def test_where_files_have_no_people_an_account_stands_in_for_its_holder(tmp_path: Path) -> None:
    run = make_run(tmp_path, stand_in_holders=True)
    a.validate(run, {"landed.files": [a.landed_file()], "landed.payments": [a.bank_line(), a.bank_line("again", line_number=3)]})
    budgets = run.warehouse.frame("SELECT holder_id, account_id, holding_code, annual_pence FROM validated.budgets").rows()
    assert [(account, holding, pence) for _, account, holding, pence in budgets] == [(a.BANK, "none_on_file", None)]
    assert run.warehouse.frame("SELECT DISTINCT holder_id FROM validated.payments").item() == budgets[0][0]
    build(run, all_suites())
    assert run.warehouse.frame("SELECT count(*) FROM validated.budgets").item() == 1
    run.warehouse.close()


def test_rows_typed_in_slices_are_the_same_rows(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [a.bank_line(f"line{n}", line_number=n + 2, paid_out_text=f"{n + 1}.00") for n in range(7)]
    a.validate(run, small(payments=lines))
    whole = run.warehouse.frame("SELECT * FROM validated.payments")
    monkeypatch.setattr("phb_audit.validated.admission.ROWS_AT_ONCE", 3)
    build(run, all_suites())
    assert run.warehouse.frame("SELECT * FROM validated.payments").equals(whole)


def test_when_the_two_ways_of_counting_disagree_the_night_stops(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "phb_audit.validated.admission.failing_rows", lambda suite, table: f"SELECT row_id, CAST(2 AS BIGINT) AS failed_bits FROM {table}"
    )
    with pytest.raises(QualityGateStopped, match="two ways of counting"):
        a.validate(run, small())


def test_post_conditions_of_a_later_stage_stop_the_night(run: Run) -> None:
    good = {
        "payment_id": "P1",
        "match_code": "fits",
        "match_share": 0.5,
        "plan_version_id": "PL1/v1",
        "plan_line_id": "PL1/v1/L1",
        "kind_code": "purchase",
    }
    fill(run, {"matched.payments": [good]})
    check_afterwards(run, all_suites(), "matched")
    fill(run, {"matched.payments": [{**good, "plan_line_id": "PL1/v2/L1"}]})
    with pytest.raises(QualityGateStopped, match="A payment was matched twice"):
        check_afterwards(run, all_suites(), "matched")
    verdicts = run.warehouse.frame("SELECT expectation_name FROM validated.checks WHERE NOT is_met ORDER BY 1")
    assert verdicts["expectation_name"].to_list() == ["line_within_version", "payment_once"]


def test_a_night_stopped_at_a_later_stage_is_not_taken_up_again(run: Run) -> None:
    a.validate(run, small())
    fill(run, {"matched.payments": [{"payment_id": "P1", "match_share": 2.0}]})
    with pytest.raises(QualityGateStopped):
        check_afterwards(run, all_suites(), "matched")
    later = next_night(run, 1)
    a.validate(later, {"landed.files": [a.landed_file(a.SECOND_FILE, "next.csv")]})
    assert run.warehouse.frame("SELECT row_id, run_id FROM validated.payments").rows() == [("line1", run.run_id)]


def test_a_night_that_was_stopped_here_is_taken_up_by_the_next(run: Run) -> None:
    broken = a.landed_file(rows_read=5)
    with pytest.raises(QualityGateStopped):
        a.validate(run, small(files=[broken]))
    run.warehouse.run("UPDATE landed.files SET rows_read = 0")
    later = next_night(run, 1)
    a.validate(later, {"landed.files": [a.landed_file(a.SECOND_FILE, "next.csv")]})
    assert run.warehouse.frame("SELECT row_id, run_id FROM validated.payments").rows() == [("line1", later.run_id)]


def test_the_usual_number_of_rows_is_known_after_three_nights(run: Run) -> None:
    def files(night: Run, rows: int) -> dict[str, list[dict[str, object]]]:
        one = a.landed_file(f"{night.as_of}".ljust(64, "0"), f"{night.as_of}.csv", rows_read=rows, rows_landed=rows)
        feed = {"feed_code": "bank", "owner": "the account provider", "usual_days": 35, "is_late": False}
        return {"landed.files": [one], "landed.feeds": [feed]}

    nights = [next_night(run, day) for day in (1, 2, 3, 4, 5)]
    for night, rows in zip(nights, (100, 100, 100, 60, 59), strict=True):
        a.validate(night, files(night, rows))
    found = run.warehouse.frame("SELECT run_id, reason FROM validated.notices").rows()
    assert found == [(nights[4].run_id, "The feed brought 59 rows; 100 are usual.")]


def test_the_quarantine_never_shows_personal_text_in_a_reason(run: Run) -> None:
    a.validate(run, small(payments=[a.bank_line("bad", paid_out_text="x", payee_text="SECRET NAME", description_text="SECRET WORDS")]))
    reasons = run.warehouse.frame("SELECT reason || coalesce(rule_ids, '') FROM validated.quarantine").to_series()
    assert not reasons.str.contains("SECRET").any()
    assert pl.Series(run.warehouse.frame("SELECT row FROM validated.quarantine")).str.contains("SECRET NAME").all()
