from __future__ import annotations

from pathlib import Path

import pytest

from phb_audit.synthetic.kinds import Kind
from phb_audit.synthetic.ledger_files import BILL_DAYS
from phb_audit.synthetic.pages import kinds_table
from phb_audit.synthetic.problems import KINDS, Dealer
from phb_audit.synthetic.story import Line, Story

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "make-a-world.md"


def with_kind(told: list[Story], code: str) -> list[Story]:
    found = [story for story in told if code in story.kinds]
    assert found, code
    return found


def planted(story: Story, code: str) -> list[Line]:
    return [line for line in story.lines if line.kind == code]


def test_the_page_shows_the_table() -> None:
    assert kinds_table() in HOW_TO.read_text(encoding="utf-8"), "Print phb_audit.synthetic.pages.kinds_table() into the page."


def test_deals_are_the_same_in_any_order() -> None:
    dealer = Dealer(4, 12)
    forwards = [dealer.deal(number) for number in range(80)]
    assert forwards == [dealer.deal(number) for number in reversed(range(80))][::-1]


def test_the_halves_of_a_pair_fall_to_two_holders() -> None:
    pairs: dict[str, list[int]] = {}
    for number in range(2_000):
        _, pair = Dealer(2, 12).deal(number)
        if pair:
            pairs.setdefault(pair, []).append(number)
    assert len(pairs) > 10
    assert [len(halves) for halves in pairs.values()][:-1] == [2] * (len(pairs) - 1)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.code)
def test_a_kind_leaves_its_mark(told: list[Story], kind: Kind) -> None:
    marks = {line.kind for story in told for line in story.lines} | {failing.kind for story in told for failing in story.failings}
    marks |= {item.what for story in told for item in story.instalments} | {slip.kind for story in told for slip in story.slips}
    assert kind.code in marks


def test_alcohol_hides_among_groceries(told: list[Story]) -> None:
    for story in with_kind(told, "alcohol_in_basket"):
        for line in planted(story, "alcohol_in_basket"):
            assert line.category == "H02" and line.receipt is not None
            assert line.receipt.category == "X01" and len(line.receipt.lines) > 1


def test_one_receipt_of_two_people_is_the_same_paper(told: list[Story]) -> None:
    papers: dict[str, list[tuple[str, int, str, str]]] = {}
    for story in told:
        for line in planted(story, "receipt_used_by_two_people"):
            assert line.receipt is not None
            papers.setdefault(line.receipt.image, []).append((line.receipt.invoice, line.receipt.total, line.receipt.supplier, story.nhs))
    whole = [halves for halves in papers.values() if len(halves) == 2]
    assert whole
    assert all(one[:3] == other[:3] and one[3] != other[3] for one, other in whole)


def test_a_reused_receipt_has_one_image_and_two_payments(told: list[Story]) -> None:
    for story in with_kind(told, "receipt_reused_same_person"):
        lines = planted(story, "receipt_reused_same_person")
        assert len(lines) == 2
        assert len({line.receipt.image for line in lines if line.receipt}) == 1
        assert lines[0].amount == lines[1].amount and lines[0].on < lines[1].on


def test_approved_afterwards_is_in_the_later_version_only(told: list[Story]) -> None:
    for story in with_kind(told, "approved_afterwards"):
        (line,) = planted(story, "approved_afterwards")
        now, later = story.version_on(line.on), story.versions[-1]
        assert now is not None and later.first > line.on
        assert line.category not in {each.category for each in now.lines}
        assert line.category in {each.category for each in later.lines}


def test_what_is_not_in_the_plan_is_not_in_the_plan(told: list[Story]) -> None:
    for code in ("not_in_plan", "unusual_not_agreed"):
        for story in with_kind(told, code):
            for line in planted(story, code):
                version = story.version_on(line.on)
                assert version is not None and line.category not in {each.category for each in version.lines}


def test_a_payment_above_its_line_is_so_by_a_tenth_and_fifty_pounds(told: list[Story]) -> None:
    for story in with_kind(told, "above_line"):
        for line in planted(story, "above_line"):
            assert line.plan is not None
            assert line.amount > line.plan.amount * 1.1 and line.amount > line.plan.amount + 50_00


@pytest.mark.parametrize("code", ["purchase_no_plan_live", "plan_expired"])
def test_without_a_plan_means_no_version_in_force(told: list[Story], code: str) -> None:
    for story in with_kind(told, code):
        assert all(story.version_on(line.on) is None for line in planted(story, code))


def test_care_billed_after_a_death_is_dated_weeks_after_it_behind_an_honest_last_bill(told: list[Story]) -> None:
    for story in with_kind(told, "care_billed_after_death"):
        first, *others = planted(story, "care_billed_after_death")
        assert all(line.on - BILL_DAYS - story.died >= 20 for line in (first, *others)) and len(others) == 1
        last = [line for line in story.lines if line.label == "fine" and line.on > story.died]
        assert [line.business for line in last] == [first.business] and last[0].on < first.on


@pytest.mark.parametrize("code", ["spend_after_death", "instalment_after_death", "pay_after_death", "care_billed_after_death"])
def test_after_death_is_after_death(told: list[Story], code: str) -> None:
    for story in with_kind(told, code):
        assert story.died and all(line.on > story.died for line in planted(story, code))


def test_full_pay_in_hospital_comes_after_the_retainer(told: list[Story]) -> None:
    for story in with_kind(told, "paid_in_full_in_hospital"):
        first, last = story.away[0]
        slips = [slip for slip in story.slips if slip.kind == "paid_in_full_in_hospital"]
        assert slips and all(slip.first > first + 28 and slip.last <= last and slip.hours_kind == "worked" for slip in slips)
        assert next(event.detail for event in story.events if event.name == "admission") == "4"


def test_pay_after_leaving_is_for_days_after_leaving(told: list[Story]) -> None:
    for story in with_kind(told, "pay_after_pa_left"):
        slips = [slip for slip in story.slips if slip.kind == "pay_after_pa_left"]
        assert slips and all(slip.first > slip.employee.left > 0 for slip in slips)


def test_paid_family_of_the_household_has_no_approval(told: list[Story]) -> None:
    for story in with_kind(told, "household_family_paid"):
        person = story.employees[-1].person
        assert person.is_same_household and not person.care_approved and person.role == "family"
        assert len(planted(story, "household_family_paid")) == 2


def test_a_surplus_is_more_than_eight_weeks(told: list[Story]) -> None:
    for story in with_kind(told, "surplus"):
        assert story.lines[-1].balance > story.annual * 8 // 52
        assert story.layout != "bank_memo", "this layout has no balances"


def test_a_line_that_ended_stands_in_no_later_version(told: list[Story]) -> None:
    for story in with_kind(told, "subscription_after_line_ended"):
        for version in story.versions:
            assert all(not line.ends or line.ends >= version.first for line in version.lines)
        assert all(line.plan is None for line in planted(story, "subscription_after_line_ended"))


def test_wages_without_a_slip_have_none(told: list[Story]) -> None:
    for story in with_kind(told, "wages_without_pay_slip"):
        sent = {(slip.paid, slip.net) for slip in story.slips if slip.is_sent and slip.employee is story.employees[0]}
        lines = planted(story, "wages_without_pay_slip")
        assert lines and all(line.slip and not line.slip.is_sent for line in lines)
        assert sent


def test_an_unusual_amount_has_a_history_of_eight_and_stays_within_the_line(told: list[Story]) -> None:
    for story in with_kind(told, "unusual_amount"):
        (line,) = planted(story, "unusual_amount")
        before = [each.amount for each in story.lines if each.category == line.category and each.on < line.on and each is not line]
        assert line.plan is not None and line.amount <= line.plan.amount
        assert len(before) >= 8 and line.amount > 4 * sorted(before)[len(before) // 2]


def test_the_first_review_is_late_or_not_yet(told: list[Story]) -> None:
    for story in with_kind(told, "commissioner_review_late"):
        reviews = [event.first for event in story.events if event.name == "review"]
        assert not reviews or min(reviews) > story.started + 92


def test_money_went_out_before_the_agreement(told: list[Story]) -> None:
    for story in with_kind(told, "paid_before_agreement"):
        assert min(item.on for item in story.instalments) < story.agreed


def test_two_assistants_share_a_bank_account(told: list[Story]) -> None:
    for story in with_kind(told, "one_account_two_assistants"):
        accounts = [employee.person.account for employee in story.employees]
        assert len(set(accounts)) < len(accounts)


def test_a_receipt_is_missing_only_after_its_28_days(told: list[Story]) -> None:
    for story in with_kind(told, "no_receipt"):
        lines = planted(story, "no_receipt")
        assert lines and all(line.receipt is None and line.amount >= 25_00 and story.window[1] - line.on > 28 for line in lines)
