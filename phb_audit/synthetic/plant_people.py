"""Planted: paying people: family of the household, hospital weeks, leavers, pay slips that do not fit."""

from __future__ import annotations

from phb_audit.synthetic.holders import own_account, relative
from phb_audit.synthetic.kinds import Kind, mark, some_day
from phb_audit.synthetic.story import Employee, Failing, Line, PaySlip, Story
from phb_audit.synthetic.wages import fill_slip, pay_once
from phb_audit.synthetic.words import between, one_of, wage_text

NOTICE_DAYS = 28


def _mark_pay(line: Line | None, kind: Kind) -> None:
    if line is None:
        return
    mark(line, kind)
    if line.slip is not None:
        line.slip.label, line.slip.kind, line.slip.rules = kind.label, kind.code, kind.rule_ids


def _pays(story: Story, *, latest: int = 0) -> list[Line]:
    """Ordinary wage lines that have a pay slip, oldest first."""
    end = latest or story.last
    return [line for line in story.lines if line.what == "wages" and line.label == "fine" and line.slip and line.on <= end]


def household_family(story: Story, kind: Kind) -> None:
    """A relative of the household is put on the payroll without written agreement."""
    model = story.employees[0]
    person = relative(story, "family", one_of(story.rng, ("daughter", "son", "sister", "brother")), True)
    story.people.append(person)
    text = wage_text(story.rng, person.given, person.surname)
    first_pay = story.last - (story.last - model.first_pay) % model.every - model.every
    employee = Employee(
        person, f"{model.ref[:-1]}9", model.ni_number[:2] + f"{between(story.rng, 100_000, 999_999)}C", "1257L", first_pay - model.every, 0,
        model.every, first_pay, max(6, model.hours // 3), model.rate, text, text, model.plan,
    )  # fmt: skip
    story.employees.append(employee)
    for turn in range(2):
        _mark_pay(pay_once(story, employee, first_pay + turn * model.every, "worked"), kind)


def full_pay_in_hospital(story: Story, kind: Kind) -> None:
    """Worked hours on the slip, paid in full, in hospital weeks after the retainer has run out."""
    if not story.away:
        return
    first, last = story.away[0]
    for employee in story.employees[:1]:
        on = employee.first_pay
        while on <= min(last + 6, story.window[1]):
            if on - 5 - employee.every + 1 > first + 28 and on - 5 <= last:
                _drop_pay(story, employee, on)
                _mark_pay(pay_once(story, employee, on, "worked"), kind)
            on += employee.every


def _drop_pay(story: Story, employee: Employee, on: int) -> None:
    story.lines = [line for line in story.lines if not (line.slip and line.slip.employee is employee and on <= line.on < on + 6)]
    story.slips = [slip for slip in story.slips if not (slip.employee is employee and on <= slip.paid < on + 6)]


def pay_after_left(story: Story, kind: Kind) -> None:
    """A personal assistant left, the leave date is on the slips, and two more payments follow."""
    employee = story.employees[-1]
    pays = [line for line in _pays(story) if line.slip and line.slip.employee is employee]
    if len(pays) < 4:
        return
    last_right = pays[-3] if employee.every == 28 else pays[-between(story.rng, 3, min(8, len(pays) - 1))]
    if last_right.slip is None:
        return
    employee.left = last_right.slip.last
    kept, later = set(map(id, pays[: pays.index(last_right) + 3])), pays[pays.index(last_right) + 1 :]
    for line in later[:2]:
        _mark_pay(line, kind)
    dropped = {id(line) for line in pays} - kept
    gone = {id(line.slip) for line in pays if id(line) in dropped}
    story.lines = [line for line in story.lines if id(line) not in dropped]
    story.slips = [slip for slip in story.slips if id(slip) not in gone]


def pay_after_death(story: Story, kind: Kind) -> None:
    """Two pay days for worked time after the death, when four weeks' notice was over too."""
    if not story.died:
        return
    employee = story.employees[0]
    on = employee.first_pay
    while on - 5 - employee.every < story.died + NOTICE_DAYS:
        on += employee.every
    for turn in range(2):
        if on + turn * employee.every <= story.window[1]:
            _mark_pay(pay_once(story, employee, on + turn * employee.every, "worked"), kind)


def without_slip(story: Story, kind: Kind) -> None:
    """Wages in the bank, no pay slip in the payroll return."""
    for line in _pays(story, latest=story.last - 35)[-2:]:
        if line.slip:
            line.slip.is_sent = False
        mark(line, kind)


def _refill(line: Line, slip: PaySlip) -> None:
    fill_slip(slip, slip.employee.every // 7)
    line.amount = slip.net


def too_many_hours(story: Story, kind: Kind) -> None:
    """Half as many hours again as the plan has, for a month or two."""
    for line in _pays(story, latest=story.last - 20)[-2:]:
        if line.slip:
            line.slip.hours_hundredths = line.slip.employee.hours * line.slip.employee.every // 7 * 100 * 16 // 10
            _refill(line, line.slip)
            _mark_pay(line, kind)


def below_minimum(story: Story, kind: Kind) -> None:
    """An hourly rate below the legal least."""
    for line in _pays(story)[-2:]:
        if line.slip:
            line.slip.rate = between(story.rng, 10_20, 11_60)
            _refill(line, line.slip)
            _mark_pay(line, kind)


def net_differs(story: Story, kind: Kind) -> None:
    """More leaves the bank than the slip says."""
    for line in _pays(story)[-4:-2]:
        line.amount += between(story.rng, 18, 70) * 1_00
        _mark_pay(line, kind)


def bonus(story: Story, kind: Kind) -> None:
    """A present to staff from the budget."""
    person = one_of(story.rng, story.employees).person
    text = one_of(story.rng, ("XMAS BONUS", "BONUS", "THANK YOU", "GIFT")) + f" {person.given[0]} {person.surname}".upper()
    story.lines.append(mark(Line(some_day(story), between(story.rng, 3, 10) * 10_00, "transfer", text[:18], "FPO", "Z04"), kind))


def one_account_for_two(story: Story, kind: Kind) -> None:
    """Two personal assistants whose pay goes to one bank account."""
    if len(story.employees) < 2:
        return
    first, second = story.employees[0].person, story.employees[1].person
    if not first.account:
        first.sort_code, first.account = own_account(story.rng)
    second.sort_code, second.account = first.sort_code, first.account
    story.failings.append(Failing("holder", story.last, 0, kind.code, kind.rule_ids, party=kind.party))
