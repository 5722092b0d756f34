"""Personal assistants: pay slips, wages in the bank, tax and pension by the 22nd, retainers while the holder is in hospital."""

from __future__ import annotations

from phb_audit.synthetic import days
from phb_audit.synthetic.holders import new_given_name, own_account
from phb_audit.synthetic.story import Employee, Line, PaySlip, Person, PlanLine, Story
from phb_audit.synthetic.words import between, filled, names, one_of, spelt_another_way, wage_text

LOWEST_RATE, HIGHEST_RATE = 12_85, 15_60  # pence an hour from April 2026; a year earlier 4.2% less, still above the legal least
RISE_THOUSANDTHS = 42
RETAINER_WEEKS = 4
TAX_FREE_WEEK, PENSION_FREE_WEEK, PENSION_FROM_WEEK = 241_73, 120_00, 192_00
NI_LETTERS = "ABCEGHJKLMNPRSTWXYZ"


def employ(story: Story, plan: PlanLine) -> None:
    """Draw the personal assistants: one for each 16 to 30 hours a week, never with the writing of somebody near the holder."""
    rng = story.rng
    rate = between(rng, LOWEST_RATE // 5, HIGHEST_RATE // 5) * 5
    hours = max(8, plan.fee * 100 // (rate * 104))
    people = 1 if hours <= 24 else 2 if hours <= 60 else 3
    every = 7 if plan.frequency == "weekly" else 28
    first_pay = story.first + between(rng, 6, 13) if story.started >= story.window[0] else story.first + between(rng, 0, every - 1)
    first_pay += (4 - (first_pay - 1)) % 7  # Fridays
    for _ in range(people):
        surname = one_of(rng, names()["surname"])
        person = Person(new_given_name(story, surname), surname, "pa", "employee", title=one_of(rng, ("MR", "MRS", "MS")))
        person.sort_code, person.account = own_account(rng)
        story.people.append(person)
        story.employees.append(_employee(story, person, plan, every, first_pay, max(6, hours // people), rate))
    shown = sum(employee.hours for employee in story.employees)
    plan.description = one_of(
        rng,
        (f"Personal assistants, {shown} hours a week", f"PA wages for {shown} hours' support a week", f"Own team of PAs, {shown} hrs pw"),
    )


def _employee(story: Story, person: Person, plan: PlanLine, every: int, first_pay: int, hours: int, rate: int) -> Employee:
    rng = story.rng
    ni = f"{one_of(rng, NI_LETTERS)}{one_of(rng, NI_LETTERS)}{between(rng, 100_000, 999_999)}{one_of(rng, 'ABCD')}"
    text = wage_text(rng, person.given, person.surname)
    other = spelt_another_way(rng, person.given[0], person.surname).upper() if rng.random() < 0.15 else person.surname.upper()
    started = max(story.started, story.first - between(rng, 0, 900)) if story.started < story.first else story.started
    ref = f"E{story.number % 100_000:05d}{len(story.employees) + 1}"
    return Employee(
        person, ref, ni, one_of(rng, ("1257L", "1257L", "BR", "1257L M1")), started, 0, every, first_pay, hours, rate, text,
        text.replace(person.surname.upper(), other)[:18], plan,
    )  # fmt: skip


def rate_on(employee: Employee, on: int, last: int) -> int:
    """The hourly rate of a day: `employee.rate` is that of the window's end; before each April it was lower."""
    rises = days.prices_since(last, on)
    return int(employee.rate * (1000 - RISE_THOUSANDTHS) ** rises // 1000**rises)


def pay_wages(story: Story) -> None:
    """Every pay day of every personal assistant: a pay slip and a line in the account."""
    for employee in story.employees:
        on = employee.first_pay
        while on <= story.last:
            pay_once(story, employee, on)
            on += employee.every


def pay_once(story: Story, employee: Employee, on: int, hours_kind: str = "") -> Line | None:
    """One pay day; None where the retainer has ended, so that nothing is paid."""
    rng = story.rng
    weeks = employee.every // 7
    last_worked = on - 5
    slip = PaySlip(employee, last_worked - employee.every + 1, last_worked, days.working_day(on))
    in_hospital = sum(story.is_away(day) for day in range(slip.first, slip.last + 1, 7))
    slip.hours_kind = hours_kind or ("retainer" if in_hospital * 2 > weeks else "worked")
    if not hours_kind and slip.hours_kind == "retainer" and _retainer_is_over(story, slip):
        return None
    sick = between(rng, 1, 4) if rng.random() < 0.04 else 0
    slip.hours_hundredths = max(4, employee.hours - sick) * weeks * 100
    slip.rate = rate_on(employee, on, story.window[1])
    fill_slip(slip, weeks)
    story.slips.append(slip)
    text = employee.bank_text if rng.random() < 0.93 else employee.other_text
    line = Line(slip.paid, slip.net, "wages", text, "FPO" if rng.random() < 0.8 else "SO", "C01")
    line.plan, line.slip = employee.plan, slip
    story.lines.append(line)
    return line


def _retainer_is_over(story: Story, slip: PaySlip) -> bool:
    return any(first + RETAINER_WEEKS * 7 < slip.first and slip.last <= last for first, last in story.away)


def fill_slip(slip: PaySlip, weeks: int) -> None:
    """Gross, tax, National Insurance, pension and net from hours and rate; the employment allowance covers the employer's share."""
    slip.gross = slip.hours_hundredths * slip.rate // 100
    above = max(0, slip.gross - TAX_FREE_WEEK * weeks)
    slip.tax = slip.gross // 5 if slip.employee.tax_code == "BR" else above // 5
    slip.ni = above * 8 // 100
    own_pension = max(0, slip.gross - PENSION_FREE_WEEK * weeks) * 5 // 100 if slip.gross > PENSION_FROM_WEEK * weeks else 0
    slip.pension = own_pension * 8 // 5
    slip.net = slip.gross - slip.tax - slip.ni - own_pension


def pay_taxes(story: Story, oncost: PlanLine) -> None:
    """HMRC by the 22nd of the month after and the pension by direct debit, for the slips of each month."""
    rng = story.rng
    months: dict[int, list[PaySlip]] = {}
    for slip in story.slips:
        months.setdefault(days.month_of(slip.paid), []).append(slip)
    hmrc_text = filled(rng, "HMRC PAYE {ref}")[:18]
    hmrc_text = one_of(rng, (hmrc_text, "HMRC CUMBERNAULD", "HMRC GOV.UK PAYE", "HMRC NDDS"))
    pension_text = one_of(rng, ("NEST", "NEST PENSIONS", "NEST IT000389", "PEOPLES PENSION"))
    for month, slips in months.items():
        due = days.working_day(days.month_start(month + 1) + between(rng, 13, 18))
        tax = sum(slip.tax + slip.ni for slip in slips)
        pension = sum(slip.pension for slip in slips)
        for slip in slips:
            slip.hmrc_paid = due if tax else 0
        for amount, text, kind, on in ((tax, hmrc_text, "FPO", due), (pension, pension_text, "DD", due + 1)):
            on = days.working_day(on)
            if amount and on <= story.last:
                line = Line(on, amount, "oncost", text, kind, "C02")
                line.plan = oncost
                story.lines.append(line)
