"""What the pack counts: payments asked about, receipts where one is asked for, controls that had something to be tried on, months."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from phb_audit.cli.packs import pack
from phb_audit.errors import UsageError
from phb_audit.reports import controls
from phb_audit.reports.flagged_items import build_report
from phb_audit.reports.measures import measures, sources
from phb_audit.reports.measures_settings import chosen
from phb_audit.reports.pack import FEWEST_POINTS, spc_of
from phb_audit.run import Run
from tests.builders import Row, fill, make_run
from tests.reports.flagged_world import ANN, BEN, case, flag, payment
from tests.reports.pack_world import pack_world

FIRST, LAST, AS_OF = date(2026, 10, 1), date(2026, 10, 31), date(2026, 10, 31)


def measured(run: Run, *payments: Row, **tables: list[Row]) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each measure of the month as a whole."""
    fill(run, {"matched.payments": list(payments), **{name.replace("__", "."): rows for name, rows in tables.items()}})
    rooms = sources(chosen(run.settings), run_id=run.run_id, as_of=AS_OF)
    told = measures(run.warehouse, FIRST, LAST, rooms).filter(group_key="")
    return {row["measure_id"]: (row["numerator"], row["denominator"]) for row in told.iter_rows(named=True)}


def test_the_pack_counts_every_payment_asked_about_by_its_reasons_and_not_only_the_first_of_each_item(run: Run) -> None:
    payments = [payment(f"P{place}", ANN, "Shop", 30_00) for place in range(6)]
    told = measured(
        run,
        *payments,
        flagged__cases=[
            case("c1", "F1", 1, "3 papers to ask for"),
            case("c2", "F2", 2, "Shop, £30.00", payment_id="P3"),
            case("c3", "F3", 3, "Our own", is_commissioners=True, payment_id="P4"),
        ],
        flagged__findings=[
            *(flag(f"f{place}", "c1", "E-01", "No receipt", payment_id=f"P{place}") for place in range(3)),
            flag("f3", "c2", "P-02", "Not in the plan", payment_id="P3"),
            flag("f4", "c2", "L-01", "Never", payment_id="P3"),
            flag("f5", "c3", "G-02", "Review", payment_id="P4", is_commissioners=True),
            flag("f6", "c2", "S-09", "For information", payment_id="P5", outcome_code="information"),
        ],
    )
    assert told["items.rate"] == (4, 6)


def test_the_value_not_agreed_counts_a_payment_in_two_items_once_and_no_more_than_was_paid(run: Run) -> None:
    closed = {"state_code": "not_agreed", "is_queued": False}
    sure = {"decided_by": "Sam", "checked_by": "Bo", "decided_at": "2026-10-20T09:00:00Z", "checked_at": "2026-10-21T09:00:00Z"}
    told = measured(
        run,
        payment("P1", ANN, "Shop", 30_00),
        payment("P2", ANN, "Shop", 50_00),
        flagged__cases=[
            case("c1", "F1", 1, "Two papers", at_stake_pence=80_00, **closed),
            case("c2", "F2", 2, "Shop, £30.00", payment_id="P1", at_stake_pence=30_00, **closed),
            case("c3", "F3", 3, "Its flags have gone", at_stake_pence=7_00, **closed),
        ],
        flagged__findings=[
            flag("f1", "c1", "E-01", "No receipt", payment_id="P1", at_stake_pence=30_00),
            flag("f2", "c1", "E-01", "No receipt", payment_id="P2", at_stake_pence=50_00),
            flag("f3", "c2", "W-05", "Hours", payment_id="P1", at_stake_pence=60_00),
        ],
        decided__cases=[{"case_id": name, "state_code": "not_agreed", **sure} for name in ("c1", "c2", "c3")],
    )
    assert told["decisions.not_agreed_pounds"][0] == 87_00


def test_receipts_are_counted_where_one_is_asked_for(run: Run) -> None:
    """Wages, charges, presents, small purchases, employees, other ways of holding, what came back and what the plan asks none for are left
    out; of payments and receipts that are alike each has one."""
    shop = {"category_code": "A05"}
    told = measured(
        run,
        payment("P1", ANN, "Shop", 30_00, receipt_id="R1", **shop),
        payment("P2", ANN, "Shop", 30_00, **shop),
        payment("P3", ANN, "a named person (Y1)", 600_00, category_code="C01"),
        payment("P4", ANN, "Bank charge", 30_00, category_code="M02"),
        payment("P5", ANN, "Shop", 24_99, receipt_id="R5", **shop),
        payment("P6", ANN, "a named person (Y2)", 90_00, payee_ref="Y2", **shop),
        payment("P7", BEN, "Shop", 30_00, **{**shop, "holding_code": "third_party"}),
        payment("P8", ANN, "Shop", 30_00, plan_line_id="PL1/v1/3", **shop),
        payment("P9", ANN, "Cash machine", 90_00, **{**shop, "kind_code": "cash"}),
        payment("P10", ANN, "Shop", 60_00, receipt_match_code="open", **shop),
        payment("P11", ANN, "Xmas Bonus G Lists", 60_00, category_code="Z04"),
        payment("P12", ANN, "Other shop", 70_00, payee_id="B9", **shop),
        payment("P13", ANN, "Other shop", -70_00, payee_id="B9", **{**shop, "kind_code": "refund"}),
        matched__refund_links=[
            {"refund_id": "P13", "purchase_id": "P12", "holder_id": ANN, "link_code": "one", "back_pence": 70_00, "bought_pence": 70_00}
        ],
        validated__pay_slips=[{"pay_slip_id": "W1", "holder_id": ANN, "payee_ref": "Y2"}],
        validated__plan_lines=[{"plan_line_id": "PL1/v1/3", "plan_version_id": "PL1/v1", "holder_id": ANN, "evidence_code": "none"}],
    )
    assert told["evidence.receipts"] == (2, 3)


def test_a_control_with_nothing_to_try_it_on_is_said_to_be_not_tested(run: Run) -> None:
    def second_person() -> str:
        return controls.of_pack(run.warehouse, run.settings, run.commissioner_code, run.run_id)[2].result

    assert second_person() == "not tested: nothing was refused or referred"
    fill(run, {"decided.cases": [{"case_id": "c1", "state_code": "agreed", "decided_by": "Sam"}]})
    assert second_person() == "not tested: nothing was refused or referred"
    fill(run, {"decided.cases": [{"case_id": "c2", "state_code": "not_agreed", "decided_by": "Sam", "checked_by": "Bo"}]})
    assert second_person() == "worked"
    fill(run, {"decided.cases": [{"case_id": "c3", "state_code": "referred", "decided_by": "Sam", "checked_by": " SAM"}]})
    assert second_person() == "did not work in 1 case"


def test_the_report_says_which_controls_worked(run: Run) -> None:
    def told() -> list[str]:
        return [one.result for one in controls.of_report(run.warehouse, run.settings, run.commissioner_code)]

    assert told() == ["nothing has been decided yet", "not tested: nothing was refused or referred", "not tested: nothing was checked"]
    fill(run, {"decided.cases": [{"case_id": "c2", "state_code": "not_agreed", "decided_by": "Sam", "checked_by": "Bo"}]})
    assert told()[1:] == ["worked", "worked"]
    fill(run, {"decided.cases": [{"case_id": "c3", "state_code": "open", "decided_by": "Sam", "checked_by": " SAM"}]})
    assert told()[1:] == ["worked", "did not work in 1 case"]
    page = re.sub(r"<[^>]+>|\s+", " ", build_report(run).read_text(encoding="utf-8"))
    assert "Nobody checked their own decision did not work in 1 case" in re.sub(r" +", " ", page)


def test_a_chart_needs_months_enough(run: Run) -> None:
    pack_world(run)
    picked = chosen(run.settings)
    rows = measures(run.warehouse, FIRST, LAST, sources(picked, run_id=run.run_id, as_of=AS_OF))
    months = rows.filter(measure_id="items.rate", group_code="month").sort("group_key")
    assert spc_of(months.tail(FEWEST_POINTS), "items.rate", picked.charts) is not None
    assert spc_of(months.tail(FEWEST_POINTS - 1), "items.rate", picked.charts) is None


def test_a_pack_of_months_without_a_payment_is_refused_and_says_which_months_there_are(tmp_path: Path) -> None:
    run = pack_world(make_run(tmp_path))
    run.warehouse.close()
    with pytest.raises(UsageError, match="No payment of 1999-01 is on file") as refused:
        pack(month="1999-01", home=run.settings.home)
    assert "from 2024-11 to 2026-10" in str(refused.value.do)
    with pytest.raises(UsageError, match="No payment of 1998-11 to 1999-01 is on file"):
        pack(month="1999-01", months=3, home=run.settings.home)
    assert not list((run.settings.home / "packs").rglob("*.pdf"))


def test_an_installation_without_any_payment_is_told_so(tmp_path: Path) -> None:
    run = make_run(tmp_path)
    state = {"commissioner_code": "QZZ", "as_of_on": AS_OF, "state_code": "published", "stage_name": "published", "version": "0.1.0"}
    fill(run, {"nights.runs": [state]}).warehouse.close()
    with pytest.raises(UsageError, match="No payment of 2026-10 is on file") as refused:
        pack(month="2026-10", home=run.settings.home)
    assert "no payments at all" in str(refused.value.do)


def test_each_reason_counts_the_payments_it_asks_about_out_of_all_and_ages_are_told(run: Run) -> None:
    payments = [payment(f"P{number}", f"H{number:02d}", "Corner Shop", 20_00, paid_on=LAST) for number in range(40)]
    asked = [(f"P{number}", "E-01") for number in range(8)] + [(f"P{number}", "P-02") for number in range(6, 12)]
    flags = [flag(f"f{paid}{rule}", f"c{paid}", rule, f"Reason {rule}", payment_id=paid, subject_on=LAST) for paid, rule in asked]
    cases = [case(f"c{paid}", f"F{paid}", 1, "Corner Shop") | {"payment_id": paid} for paid in dict.fromkeys(paid for paid, _ in asked)]
    bands = {"18-24": range(10), "65-74": range(10, 30)}
    budgets = [
        {"budget_id": f"B{number}", "holder_id": f"H{number:02d}", "age_band": band, "starts_on": date(2026, 4, 1)}
        for band, numbers in bands.items()
        for number in numbers
    ]
    fill(run, {"matched.payments": payments, "flagged.cases": cases, "flagged.findings": flags, "validated.budgets": budgets})
    rooms = sources(chosen(run.settings), run_id=run.run_id, as_of=AS_OF)
    rows = measures(run.warehouse, FIRST, LAST, rooms).filter(measure_id="items.rate")
    found = {(row["group_code"], row["group_key"]): (row["numerator"], row["denominator"]) for row in rows.iter_rows(named=True)}
    assert found["all", ""] == (12, 40)
    assert (found["rule", "E-01"], found["rule", "P-02"]) == ((8, 40), (6, 40))
    assert found["age_band", "18-24"] == (10, 10)
    assert (found["age_band", "65-74"], found["age_band", "Not told"]) == ((2, 20), (0, 10))
