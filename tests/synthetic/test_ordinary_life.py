from __future__ import annotations

from itertools import pairwise

from phb_audit.synthetic import days
from phb_audit.synthetic.days import iso
from phb_audit.synthetic.ledger_files import BILL_DAYS
from phb_audit.synthetic.story import Line, Story
from phb_audit.synthetic.words import sound_of
from tests.synthetic.conftest import WINDOW


def fine(story: Story, what: str = "purchase") -> list[Line]:
    return [line for line in story.lines if line.what == what and line.label == "fine"]


def untouched(told: list[Story]) -> list[Story]:
    return [story for story in told if not story.kinds]


def test_purchases_of_25_pounds_have_a_receipt_within_28_days(told: list[Story]) -> None:
    wanted = [
        (story, line)
        for story in told
        for line in fine(story)
        if story.is_direct and line.amount >= 25_00 and line.category not in ("C02",) and line.on <= WINDOW[1] - 28
    ]
    late = [line for _, line in wanted if line.receipt is None or line.receipt.received - line.on > 28]
    assert len(wanted) > 500
    assert not [line for line in late if line.receipt is None]
    assert len(late) < len(wanted) * 0.02, "a few papers come late, and that is no breach"


def test_receipts_add_up(told: list[Story]) -> None:
    papers = [line.receipt for story in told for line in story.lines if line.receipt and line.receipt.lines]
    assert all(sum(total for *_, total in paper.lines) == paper.total for paper in papers)
    assert all(quantity * unit == total for paper in papers for _, quantity, unit, total in paper.lines)


def test_ordinary_purchases_fit_their_plan_line(told: list[Story]) -> None:
    for story in told:
        for line in fine(story):
            assert line.plan is not None
            assert line.amount <= line.plan.amount, (story.number, line.category)
            assert story.plan_ref(line), (story.number, line.category, iso(line.on))


def test_a_year_of_a_yearly_line_stays_within_it(told: list[Story]) -> None:
    for story in untouched(told):
        spent: dict[int, int] = {}
        for line in fine(story):
            if line.plan is not None and line.plan.frequency == "annual":
                spent[id(line.plan)] = spent.get(id(line.plan), 0) + line.amount
                assert spent[id(line.plan)] <= line.plan.amount


def test_wages_have_a_pay_slip_of_the_same_sum(told: list[Story]) -> None:
    for story in told:
        slips = {(slip.paid, slip.net) for slip in story.slips if slip.is_sent}
        assert all((line.on, line.amount) in slips for line in fine(story, "wages"))


def test_rates_are_above_the_legal_least(told: list[Story]) -> None:
    for story in told:
        for slip in story.slips:
            if not slip.label:
                assert slip.rate >= (12_71 if slip.first >= days.april_6(2026) else 12_21)


def test_hmrc_is_paid_by_the_22nd(told: list[Story]) -> None:
    paid = [line for story in told for line in story.lines if line.what == "oncost" and line.text.startswith("HMRC")]
    assert paid
    assert all(int(iso(line.on)[8:]) <= 22 for line in paid)


def test_balances_stay_between_nothing_and_eight_weeks(told: list[Story]) -> None:
    for story in untouched(told):
        if story.account_kind == "notional" or not story.lines:
            continue
        assert min(line.balance for line in story.lines) >= 0
        assert story.lines[-1].balance <= max(story.annual * 8 // 52, 100_00)


def test_the_budget_covers_the_plan(told: list[Story]) -> None:
    for story in told:
        if "payment_below_plan_cost" not in story.kinds and story.versions:
            cost = sum(line.annual for line in story.versions[-1].lines)
            assert story.annual >= cost, story.number


def test_reviews_come_in_three_months_and_then_each_year(told: list[Story]) -> None:
    for story in told:
        if {"commissioner_review_late", "commissioner_review_over_a_year"} & set(story.kinds):
            continue
        reviews = sorted(event.first for event in story.events if event.name == "review")
        end = story.died or WINDOW[1]
        assert story.started + 92 > end or reviews[0] <= story.started + 91
        assert all(later - earlier <= 366 for earlier, later in pairwise(reviews))
        assert not reviews or end - reviews[-1] <= 366


def is_last_bill(story: Story, line: Line) -> bool:
    """The honest last bill of care for days before a death, where further ones are planted behind it."""
    return "care_billed_after_death" in story.kinds and line.on - BILL_DAYS - story.died <= 10


def test_nothing_is_bought_before_the_start_or_after_a_death(told: list[Story]) -> None:
    for story in told:
        for line in story.lines:
            assert line.on >= story.started
            assert line.label != "fine" or not story.died or line.on < story.died or is_last_bill(story, line)


def test_the_plan_is_without_gaps(told: list[Story]) -> None:
    for story in untouched(told):
        assert all(story.version_on(line.on) for line in story.lines)


def test_assistants_are_not_mistaken_for_the_family(told: list[Story]) -> None:
    for story in told:
        family = {sound_of(person.given[0], person.surname) for person in story.people if person.role != "pa"}
        assistants = {
            sound_of(employee.person.given[0], employee.person.surname) for employee in story.employees if employee.person.role == "pa"
        }
        assert not family & assistants


def test_a_surname_is_spelt_two_ways_with_one_sound(told: list[Story]) -> None:
    pairs = [
        (each.bank_text, each.other_text, each.person) for story in told for each in story.employees if each.bank_text != each.other_text
    ]
    assert pairs
    for _, other, person in pairs:
        surname = other.split()[-1]
        assert sound_of(person.given[0], surname) == sound_of(person.given[0], person.surname)


def test_hospital_weeks_have_a_retainer_and_no_outings(told: list[Story]) -> None:
    stays = [(story, first, last) for story in told for first, last in story.away if not story.kinds and last - first > 8]
    assert stays
    kinds = {slip.hours_kind for story, first, last in stays for slip in story.slips if first <= slip.first and slip.last <= last}
    assert kinds <= {"retainer"}
    outings = [
        line for story, first, last in stays for line in fine(story) if first <= line.on <= last and line.category in ("A09", "R03", "H02")
    ]
    assert not outings


def test_music_and_riding_keep_to_the_terms(told: list[Story]) -> None:
    lessons = [line for story in told for line in fine(story) if line.plan and line.plan.rhythm == "term"]
    in_term = sum(days.is_term(line.on) for line in lessons)
    assert lessons and in_term >= len(lessons) * 0.97, "a bank holiday may push one over the end"


def test_prices_rise_in_april(told: list[Story]) -> None:
    for story in told:
        rates = {}
        for slip in story.slips:
            if not slip.label:
                rates.setdefault(slip.employee.ref, []).append((slip.paid, slip.rate))
        for known in rates.values():
            before = {rate for paid, rate in known if paid < days.april_6(2026)}
            after = {rate for paid, rate in known if paid >= days.april_6(2026) + 7}
            assert not before or not after or max(before) < min(after)


def test_care_takes_most_of_the_money_and_small_things_most_of_the_lines(told: list[Story]) -> None:
    spent = [line for story in told for line in story.lines if line.what in ("purchase", "wages", "oncost")]
    care = [line for line in spent if line.category.startswith("C")]
    assert sum(line.amount for line in care) > 0.75 * sum(line.amount for line in spent)
    assert len(care) < 0.7 * len(spent)


def test_budgets_spread_and_some_are_below_a_thousand_pounds(told: list[Story]) -> None:
    budgets = sorted(story.annual for story in told)
    assert budgets[0] < 1_000_00
    assert budgets[-1] > 40_000_00
