"""The commissioner's money coming in, and a balance that stays between nothing and eight weeks' worth."""

from __future__ import annotations

from phb_audit.synthetic import days
from phb_audit.synthetic.story import Instalment, Line, Story
from phb_audit.synthetic.words import between, one_of

CREDIT_TEXTS = ("NHS {c} ICB PHB", "NHS ICB {c} DP", "ICB {c} PHB PAYMT", "NHS {c} HEALTH BUD", "{c} ICB DIRECT PAY")
MOST_WEEKS, KEPT_WEEKS, LEAST_WEEKS = 3.0, 1.4, 0.6


def pay_instalments(story: Story, commissioner_code: str) -> None:
    """Regular instalments that cover the plan's yearly cost, and one-off payments for one-off items."""
    rng = story.rng
    text = one_of(rng, CREDIT_TEXTS).format(c=commissioner_code)
    regular = sum(line.annual for line in story.versions[-1].lines if line.frequency != "one-off")
    once = sum(line.annual for line in story.versions[-1].lines if line.frequency == "one-off")
    story.annual = -(-(regular + once) // 100_00) * 100_00 if regular + once > 2_000_00 else regular + once
    regular = story.annual - once
    is_monthly = rng.random() < 0.7 and story.started < story.window[0]
    parts = 12 if is_monthly else 13
    amount = -(-regular // parts)
    for on, first, last in _periods(story, is_monthly) if amount else ():
        add_instalment(story, Instalment(on, amount, first, last, "regular"), text)
    for line in story.lines:
        if line.plan is not None and line.plan.frequency == "one-off" and line.what == "purchase":
            on = max(story.first, days.working_day(line.on - between(rng, 2, 9)))
            kind = "start-up" if line.on - story.started < 90 else "one-off"
            add_instalment(story, Instalment(min(on, line.on), line.plan.amount, on, on, kind), text)
    weeks_until = (min((item.on for item in story.instalments), default=story.first) - story.first) / 7
    story.opening = int(regular / 52 * (1.2 + rng.random() * 0.5 + weeks_until)) if story.started < story.window[0] else 0


def _periods(story: Story, is_monthly: bool) -> list[tuple[int, int, int]]:
    rng, first, last = story.rng, story.first, story.last
    found = []
    if is_monthly:
        day = between(rng, 0, 4)
        for month in range(days.month_of(first), days.month_of(last) + 1):
            start = days.month_start(month)
            found.append((days.working_day(start + day), start, days.month_start(month + 1) - 1))
    else:
        start = first if story.started >= story.window[0] else first + between(rng, 0, 27)
        while start <= last:
            found.append((days.working_day(start), start, start + 27))
            start += 28
    return [period for period in found if first <= period[0] <= last]


def add_instalment(story: Story, item: Instalment, text: str) -> Instalment:
    """The ledger row, and where there is an account its credit line."""
    story.instalments.append(item)
    if story.account_kind != "notional":
        credit = Line(item.on, -item.amount, "instalment", text, "BGC", "")
        item.credit = credit
        story.lines.append(credit)
    return item


def settle(story: Story) -> None:
    """Put the lines in order and carry the balance; give back what piles up, and pay in where money runs short."""
    end = story.window[1]
    story.instalments = [item for item in story.instalments if item.on <= end]
    story.lines = sorted((line for line in story.lines if line.on <= end), key=lambda line: (line.on, line.amount > 0))
    if story.account_kind == "notional":
        return
    weekly = max(1, sum(item.amount for item in story.instalments if item.kind == "regular") // max(4, (story.last - story.first + 1) // 7))
    text = next((item.credit.text for item in story.instalments if item.credit), "NHS ICB PHB")
    balance = story.opening
    ordered: list[Line] = []
    for line in story.lines:
        if story.is_balanced and line.what == "instalment" and line.label == "fine" and balance > weekly * MOST_WEEKS:
            balance = _give_back(story, ordered, line.on, balance, int(balance - weekly * KEPT_WEEKS))
        if line.amount > balance and story.is_balanced and line.amount > 0:
            balance = _pay_in(story, ordered, line, text, balance, int(weekly * LEAST_WEEKS))
        balance -= line.amount
        line.balance = balance
        ordered.append(line)
    for place, line in enumerate(ordered, 1):
        line.place = place
    story.lines = ordered


def _give_back(story: Story, ordered: list[Line], on: int, balance: int, amount: int) -> int:
    amount = amount // 100 * 100
    if amount < 20_00:
        return balance
    back = Line(
        on,
        amount,
        "repayment",
        one_of(story.rng, ("NHS ICB SURPLUS", "REFUND TO ICB", "ICB SURPLUS RETURN", "RETURN OF DP ICB")),
        "FPO",
        "M03",
    )
    back.balance = balance - amount
    ordered.append(back)
    return back.balance


def _pay_in(story: Story, ordered: list[Line], line: Line, text: str, balance: int, spare: int) -> int:
    short = -(-(line.amount - balance + spare) // 10_00) * 10_00
    on = max(line.on, story.first)
    kind = "contingency" if story.rng.random() < 0.5 else "uplift"
    credit = Line(on, -short, "instalment", text, "BGC", "")
    story.instalments.append(Instalment(on, short, on, on, kind, credit))
    credit.balance = balance + short
    ordered.append(credit)
    return credit.balance
