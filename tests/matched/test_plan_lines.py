"""Worked examples: which line of the plan a purchase fits, how strongly, and why in words."""

from __future__ import annotations

from datetime import date

import pytest

from phb_audit.run import Run
from tests.builders import fill
from tests.matched.worlds import VERSION, line, matched, one_off, outcome, paid, plan, receipt, with_payments

DAY = date(2026, 6, 10)
RIDING = line(1, "T07", "riding lessons, 40 pounds a week", outcome_id=f"{VERSION}/O1")
WAGES = line(2, "C01", "Two personal assistants, 30 hours a week", amount_pence=480_00)
SUMMER_HOUSE = one_off(3, "E10", "A summer house, as a quiet place of my own", 4753_80, outcome_id=f"{VERSION}/O2")
OUTCOMES = [outcome(1, "To be calmer around people"), outcome(2, "Somewhere quiet of my own")]


def test_riding_fits_the_line_that_names_riding(run: Run) -> None:
    found = matched(
        run, paid("P1", DAY, 40_00, "MEADOW RIDING SCHOOL", "T07"), plans=[plan()], plan_lines=[RIDING, WAGES], plan_outcomes=OUTCOMES
    )
    assert found["P1"]["match_code"] == "fits"
    assert found["P1"]["plan_line_words"] == "riding lessons, 40 pounds a week"
    assert found["P1"]["outcome_words"] == "To be calmer around people"
    because = str(found["P1"]["match_because"])
    assert because.startswith("The plan line 'riding lessons, 40 pounds a week' names riding, as the payee's words do")
    assert "agrees this amount" in because
    assert found["P1"]["line_amount_pence"] == 40_00 and found["P1"]["line_frequency_code"] == "weekly"


def test_words_that_cards_cut_short_still_meet(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 45_00, "SUMUP *AROMATH BY KIM", "T05", probability_share=0.55),
        plans=[plan()],
        plan_lines=[line(1, "T05", "aromatherapy every fortnight"), line(2, "T04", "massage")],
    )
    assert (found["P1"]["match_code"], found["P1"]["plan_line_id"]) == ("fits", f"{VERSION}/1")
    assert found["P1"]["runner_up_line_id"] == f"{VERSION}/2"
    assert 0 < float(str(found["P1"]["runner_up_share"])) < float(str(found["P1"]["match_share"]))


def test_a_summer_house_that_was_agreed_is_settled_by_its_line(run: Run) -> None:
    found = matched(
        run, paid("P1", DAY, 4753_80, "GARDEN BUILDINGS D", "E10"), plans=[plan()], plan_lines=[SUMMER_HOUSE], plan_outcomes=OUTCOMES
    )
    assert found["P1"]["match_code"] == "fits"
    assert found["P1"]["is_preapproved"] is True
    assert found["P1"]["outcome_words"] == "Somewhere quiet of my own"


def test_a_summer_house_not_agreed_fits_no_line_but_an_outcome_it_could_serve(run: Run) -> None:
    lines = [WAGES, line(4, "E12", "Raised beds and plants", amount_pence=200_00, frequency_code="annual", annual_pence=200_00)]
    found = matched(run, paid("P1", DAY, 4753_80, "GARDEN BUILDINGS D", "E10"), plans=[plan()], plan_lines=lines, plan_outcomes=OUTCOMES)
    assert found["P1"]["match_code"] == "no_match"
    assert found["P1"]["plan_line_id"] is None
    assert found["P1"]["outcome_words"] == "Somewhere quiet of my own"
    assert found["P1"]["match_because"] == (
        "No line of the plan in force speaks of a garden building; nearest: 'Raised beds and plants'."
        " The plan's outcome 'Somewhere quiet of my own' could be what it serves."
    )


def test_a_summer_house_agreed_only_later_points_to_the_later_line(run: Run) -> None:
    ended = plan(effective_to_on=date(2026, 6, 30), status_code="superseded")
    later = [
        one_off(1, "E10", "A summer house", 5000_00, version_id="PL1/v2"),
        line(2, "T07", "riding lessons", version_id="PL1/v2"),
    ]
    found = matched(
        run,
        paid("P1", DAY, 4753_80, "SUMMERHOUSES OF KENT", "E10"),
        paid("P2", DAY, 40_00, "MEADOW STABLES", "T07"),
        plans=[ended, plan("PL1/v2", starts=date(2026, 7, 1))],
        plan_lines=[WAGES, *later],
    )
    assert (found["P1"]["later_plan_line_id"], found["P1"]["later_plan_version_id"]) == ("PL1/v2/1", "PL1/v2")
    assert found["P2"]["later_plan_line_id"] is None, "a general line of a later version is no approval of one purchase"


def test_before_any_plan_a_later_version_is_told_too(run: Run) -> None:
    found = matched(
        run,
        paid("P1", date(2026, 3, 1), 899_00, "HOT TUBS DIRECT", "E11"),
        plans=[plan()],
        plan_lines=[one_off(1, "E11", "Hot tub in place of hydrotherapy", 899_00)],
    )
    assert found["P1"]["match_code"] == "no_plan" and found["P1"]["has_any_plan"] is True
    assert found["P1"]["later_plan_line_id"] == f"{VERSION}/1"
    assert found["P1"]["match_because"] == "A plan is on file, but none was in force on 1 March 2026."


def test_the_second_hot_tub_is_not_settled_by_the_line_of_the_first(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 899_00, "HOT TUBS DIRECT", "E11"),
        paid("P2", date(2026, 9, 1), 899_00, "HOT TUBS DIRECT", "E11"),
        plans=[plan()],
        plan_lines=[one_off(1, "E11", "Hot tub in place of hydrotherapy", 899_00)],
    )
    assert [found[name]["is_preapproved"] for name in ("P1", "P2")] == [True, False]
    assert found["P2"]["match_code"] == "fits"


def test_a_deposit_and_its_balance_are_one_purchase(run: Run) -> None:
    lines = [one_off(1, "E11", "Hot tub", 899_00)]
    found = matched(
        run,
        paid("P1", DAY, 200_00, "HOT TUBS DIRECT", "E11"),
        paid("P2", date(2026, 7, 1), 699_00, "HOT TUBS DIRECT", "E11"),
        plans=[plan()],
        plan_lines=lines,
    )
    assert [found[name]["is_preapproved"] for name in ("P1", "P2")] == [True, True]


@pytest.mark.parametrize(("pence", "settled"), [(899_00, True), (899_01, False)])
def test_an_agreed_item_settles_up_to_the_amount_agreed(run: Run, pence: int, settled: bool) -> None:
    found = matched(
        run, paid("P1", DAY, pence, "HOT TUBS DIRECT", "E11"), plans=[plan()], plan_lines=[one_off(1, "E11", "Hot tub", 899_00)]
    )
    assert found["P1"]["is_preapproved"] is settled


def test_wages_tax_and_insurance_fit_the_line_for_personal_assistants(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 412_00, "WAGES PERSON", "C01", payee_ref="Y12ab34567890abcd"),
        paid("P2", DAY, 120_00, "HMRC CUMBERNAULD", "C02"),
        paid("P3", DAY, 95_00, "SURE WISE INSURANC", "C03"),
        plans=[plan()],
        plan_lines=[RIDING, WAGES],
    )
    assert {row["plan_line_id"] for row in found.values()} == {f"{VERSION}/2"}
    assert {row["match_code"] for row in found.values()} == {"fits"}
    assert "go with employing a personal assistant" in str(found["P2"]["match_because"])


def test_a_supermarket_fits_no_line_about_care(run: Run) -> None:
    found = matched(run, paid("P1", DAY, 38_20, "TESCO STORES 2041", "H02"), plans=[plan()], plan_lines=[RIDING, WAGES])
    assert found["P1"]["match_code"] == "no_match" and found["P1"]["match_share"] == 0
    assert found["P1"]["match_because"] == "No line of the plan in force speaks of groceries or eating out."


def test_a_word_in_common_does_not_outweigh_a_sure_other_kind(run: Run) -> None:
    found = matched(run, paid("P1", DAY, 30_00, "THE RIDING INN", "X01", probability_share=0.95), plans=[plan()], plan_lines=[RIDING])
    assert found["P1"]["match_code"] == "no_match"


def test_what_the_words_do_not_tell_is_unclear_and_not_absent(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 79_00, "AMZNMKTPLACE*2R3", "M04", is_abstained=True, probability_share=0.4),
        paid("P2", DAY, 60_00, "NOTEMACHINE", "Z01", kind_code="cash"),
        plans=[plan()],
        plan_lines=[RIDING],
    )
    assert {row["match_code"] for row in found.values()} == {"unclear"}
    assert "An invoice would tell" in str(found["P1"]["match_because"])
    assert str(found["P2"]["match_because"]).startswith("Cash: what it bought is not known")


def test_the_lines_of_the_receipt_tell_what_the_payee_does_not(run: Run) -> None:
    found = matched(
        with_receipt_lines(run, "R1", "Watercolour paints and paper", "A05"),
        paid("P1", DAY, 31_00, "AMZNMKTPLACE*2R3", "M04", is_abstained=True, probability_share=0.4),
        plans=[plan()],
        plan_lines=[line(5, "A05", "Paints and paper for the art group"), RIDING],
        receipts=[receipt("R1", DAY, 31_00, "Amazon Marketplace")],
    )
    assert (found["P1"]["match_code"], found["P1"]["plan_line_id"]) == ("fits", f"{VERSION}/5")
    assert "receipt" in str(found["P1"]["match_because"])


def with_receipt_lines(run: Run, receipt_id: str, description: str, category_code: str) -> Run:
    named = {"receipt_line_id": "L1", "receipt_id": receipt_id, "line_total_pence": 31_00}
    return fill(
        run,
        {
            "validated.receipt_lines": [{**named, "holder_id": "H0000000000000001", "description": description}],
            "classified.receipt_lines": [{**named, "category_code": category_code, "probability_share": 0.9, "how_code": "words"}],
        },
    )


def test_a_day_outside_the_lines_own_dates_is_weaker_and_said(run: Run) -> None:
    dated = {**RIDING, "starts_on": date(2026, 7, 1)}
    found = matched(
        run,
        paid("P1", DAY, 40_00, "MEADOW RIDING SCHOOL", "T07"),
        paid("P2", date(2026, 7, 8), 40_00, "MEADOW RIDING SCHOOL", "T07"),
        plans=[plan()],
        plan_lines=[dated],
    )
    assert float(str(found["P1"]["match_share"])) < float(str(found["P2"]["match_share"]))
    assert str(found["P1"]["match_because"]).endswith("The day lies outside the line's own dates.")


def test_more_than_the_line_allows_is_said_and_keeps_the_line(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 300_00, "MEADOW RIDING SCHOOL", "T07"),
        plans=[plan()],
        plan_lines=[{**RIDING, "most_at_once_pence": 50_00}],
    )
    assert found["P1"]["match_code"] == "fits"
    assert "more than the line allows at once (£50.00)" in str(found["P1"]["match_because"])


def test_the_supplier_the_plan_names_speaks_for_its_line(run: Run) -> None:
    lines = [line(1, "A05", "Craft hour", supplier_name="Bluebell Workshop"), line(2, "A05", "Craft hour")]
    found = matched(run, paid("P1", DAY, 12_00, "BLUEBELL WORKSHOP", "C11", probability_share=0.5), plans=[plan()], plan_lines=lines)
    assert (found["P1"]["match_code"], found["P1"]["plan_line_id"]) == ("fits", f"{VERSION}/1")
    assert "names this supplier" in str(found["P1"]["match_because"])


def test_what_is_not_spend_is_not_asked_of_the_plan(run: Run) -> None:
    coming_in = paid("P1", DAY, -2500_00, "NHS QZZ", "M03", kind_code="instalment", is_spend=False)
    found = matched(run, coming_in, plans=[plan()], plan_lines=[RIDING])
    assert (found["P1"]["match_code"], found["P1"]["match_share"]) == ("unclear", 0)
    assert found["P1"]["plan_version_id"] == VERSION
    assert str(found["P1"]["match_because"]).startswith("Not a purchase")


def test_the_same_words_fit_one_holders_plan_and_not_anothers(run: Run) -> None:
    other = "H0000000000000002"
    with_payments(run, paid("P2", DAY, 40_00, "MEADOW RIDING SCHOOL", "T07", holder_id=other))
    found = matched(
        run,
        paid("P1", DAY, 40_00, "MEADOW RIDING SCHOOL", "T07"),
        plans=[plan(), plan("PL2/v1", holder_id=other)],
        plan_lines=[RIDING, line(1, "C08", "Care at home", version_id="PL2/v1", holder_id=other)],
    )
    assert found["P1"]["match_code"] == "fits"
    assert found["P2"]["match_code"] == "no_match"


def test_a_kind_not_surely_told_cannot_be_called_absent(run: Run) -> None:
    found = matched(
        run,
        paid("P1", DAY, 20_00, "BRACKEN COACHES", "R03", probability_share=0.59),
        paid("P2", DAY, 20_00, "LUXURY COACHES", "R03", probability_share=0.60),
        plans=[plan()],
        plan_lines=[line(1, "C08", "Help at home from an agency")],
    )
    assert found["P1"]["match_code"] == "unclear"
    assert str(found["P1"]["match_because"]).startswith("The words read most like local travel, but not surely")
    assert found["P2"]["match_code"] == "no_match"


def test_another_likely_reading_the_plan_has_a_line_for_keeps_the_question_open(run: Run) -> None:
    read = {"probability_share": 0.8, "second_code": "C08"}
    found = matched(
        run,
        paid("P1", DAY, 20_00, "EVERGREEN", "R03", second_share=0.10, **read),
        paid("P2", DAY, 20_00, "EVERGREEN", "A08", second_share=0.09, **read),
        plans=[plan()],
        plan_lines=[line(1, "C08", "Help from an agency")],
    )
    assert (found["P1"]["match_code"], found["P2"]["match_code"]) == ("unclear", "no_match")


def test_money_given_back_needs_no_plan_line(run: Run) -> None:
    found = matched(run, paid("P1", DAY, 500_00, "REFUND TO ICB", "M03"), plans=[plan()], plan_lines=[RIDING])
    assert found["P1"]["match_code"] == "unclear"
    assert found["P1"]["match_because"] == "Money given back to the commissioner: no plan line is needed."


def test_a_payroll_fee_goes_to_the_line_for_payroll_though_wages_are_named(run: Run) -> None:
    lines = [line(1, "C01", "PA wages for 22 hours", amount_pence=300_00), line(2, "C04", "Payroll bureau and checks", amount_pence=9_00)]
    found = matched(run, paid("P1", DAY, 9_00, "ABLE WAGES LTD", "C04"), plans=[plan()], plan_lines=lines)
    assert (found["P1"]["plan_line_id"], found["P1"]["runner_up_line_id"]) == (f"{VERSION}/2", f"{VERSION}/1")
