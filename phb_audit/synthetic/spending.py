"""A holder's ordinary spending along the lines of the plan, in their rhythms, with the harmless noise of life."""

from __future__ import annotations

from collections.abc import Iterator

from phb_audit.synthetic import days
from phb_audit.synthetic.receipts import give_receipt
from phb_audit.synthetic.story import Line, PlanLine, Story
from phb_audit.synthetic.words import Business, bank_text, between, one_of, vocabulary

REFUND_SHARE, FOREIGN_SHARE = 0.036, 0.2
CHARGED_SHARE, INTEREST_SHARE = 0.1, 0.1  # of bank accounts
RETURNABLE = frozenset({"E03", "E07", "E08", "E12", "E13", "A05", "A03", "E06", "H02", "A13"})
HEADROOM = 103  # per cent of the dearest payment that a plan allows for
PLENTY_BUSINESSES = frozenset({"H02", "R03", "A05", "A09", "E03"})


def spend(story: Story, lines: list[PlanLine]) -> None:
    """Every ordinary payment of the lines that are not wages or their taxes; then what each line allows, from what was spent."""
    for line in lines:
        if line.rhythm in ("wages", "oncost"):
            continue
        for on in _days_of(story, line):
            if on <= story.last and not (story.is_away(on) and line.rhythm not in ("monthly", "annual")):
                _pay(story, line, on)
    if story.account_kind == "bank" and not any(line.category == "M02" for line in lines):
        _bank_charges(story)
    spent: dict[int, list[Line]] = {}
    for payment in story.lines:
        if payment.plan is not None and payment.what != "refund":
            spent.setdefault(id(payment.plan), []).append(payment)
    for line in lines:
        if not line.amount:
            allow(story, line, spent.get(id(line), []))


def _days_of(story: Story, line: PlanLine) -> Iterator[int]:
    rng, first, last = story.rng, story.first, story.last
    step = {"weekly": 7, "fortnightly": 14, "4-weekly": 28, "term": 7}.get(line.rhythm)
    settled = first + (between(rng, 2, 6) if story.started >= first else 0)
    if line.rhythm == "cash":
        for month in range(days.month_of(settled) + 1, days.month_of(last) + 1):
            yield days.month_start(month) + between(rng, 1, 12)
            if rng.random() < 0.6:
                yield days.month_start(month) + between(rng, 14, 27)
    elif line.frequency == "weekly" and line.is_unusual:
        start = between(rng, settled, max(settled, last - 20))
        yield from (start, start + 7)
    elif step:
        on = settled + between(rng, 0, step - 1)
        while on <= last:
            if line.rhythm != "term" or days.is_term(on):
                yield on
            on += step
    elif line.rhythm == "monthly":
        day = between(rng, 1, 27)
        for month in range(days.month_of(settled), days.month_of(last) + 1):
            on = days.month_start(month) + day
            if settled <= on:
                yield on
    elif line.rhythm == "irregular":
        yield from _irregular(story, line, settled, last)
    elif line.rhythm == "few":
        times = int(line.times * (last - settled) / 365 + rng.random())
        yield from sorted(between(rng, settled, last) for _ in range(times))
    elif line.rhythm == "agreed" and line.frequency == "annual":
        pieces = between(rng, 3, 6)
        yield from sorted(between(rng, settled, last) for _ in range(pieces))
    elif last - settled > 12:  # annual, once, and agreed one-off things: start-up weeks for the newly started
        latest = min(last - 2, settled + 80) if story.started >= first else last - 2
        yield between(rng, settled + 8, max(settled + 8, latest))


def _irregular(story: Story, line: PlanLine, settled: int, last: int) -> Iterator[int]:
    """So many a month; outings and travel half as many again in the school holidays."""
    rng = story.rng
    has_spikes = line.category in ("A09", "R03", "A05", "H02")
    for month in range(days.month_of(settled), days.month_of(last) + 1):
        start = days.month_start(month)
        busy = 1.5 if has_spikes and not days.is_term(start + 14) else 0.9
        for _ in range(int(line.times * busy + rng.random())):
            on = start + int(rng.random() * 28)
            if settled <= on <= last:
                yield on


def _pay(story: Story, plan: PlanLine, on: int) -> Line:
    rng = story.rng
    if plan.rhythm == "cash":
        return draw_cash(story, on, plan.fee * between(rng, 1, 2), plan)
    amount = _amount(story, plan, on)
    business = plan.business
    if business is None or (plan.category in PLENTY_BUSINESSES and not plan.is_unusual and rng.random() < 0.45):
        business = Business(rng, plan.category)
    line = buy(story, business, plan.category, on, amount)
    line.plan = plan
    line.is_unusual = plan.is_unusual
    if plan.price is not None and plan.price.at(on) != 1:
        line.kind = plan.price.kind
    if plan.is_preapproved:
        line.rules, line.kind = "P-04", "agreed_unusual"
    if story.is_direct:
        give_receipt(story, line)
    if plan.category in RETURNABLE and rng.random() < REFUND_SHARE and not plan.is_preapproved:
        refund(story, line)
    return line


def _amount(story: Story, plan: PlanLine, on: int) -> int:
    rng = story.rng
    if plan.rhythm == "agreed":
        pieces = 6 if plan.frequency == "annual" else 1
        return plan.fee // pieces
    if plan.rhythm == "irregular" or plan.rhythm == "few":
        return max(2_50, round(plan.fee * (0.55 + 0.9 * rng.random())))
    has_hours = plan.category in ("C08", "C09", "C11")  # that differ a little from week to week
    fee = plan.fee * between(rng, 93, 104) // 100 if has_hours else plan.fee
    if plan.price is not None:
        fee = round(fee * plan.price.at(on))
    rises = days.prices_since(story.window[1], on)
    return fee if plan.rhythm in ("annual", "once") else fee * (97**rises) // (100**rises)


def allow(story: Story, plan: PlanLine, payments: list[Line]) -> None:
    """Set what the line allows: the dearest payment and some room, or a year's worth where it is yearly."""
    dearest = max((payment.amount for payment in payments), default=plan.fee)
    if plan.rhythm in ("wages", "oncost"):
        by_day: dict[int, int] = {}
        for payment in payments:
            key = days.month_of(payment.on) if plan.rhythm == "oncost" else payment.on
            by_day[key] = by_day.get(key, 0) + payment.amount
        dearest = max(by_day.values(), default=plan.fee)
    if plan.frequency != "annual":
        plan.amount = -(-dearest * HEADROOM // 10_000) * 100 if plan.frequency != "one-off" else -(-dearest // 100) * 100
        return
    seen_days = max(30, story.last - story.first + 1)
    total = sum(payment.amount for payment in payments)
    a_year = max(total, total * 365 // seen_days) if plan.rhythm not in ("annual", "few") else max(total, plan.fee)
    plan.amount = -(-max(a_year, plan.fee) * HEADROOM // 100_000) * 1000
    plan.most = -(-dearest * 115 // 10_000) * 100 if story.rng.random() < 0.4 else 0


def buy(story: Story, business: Business, category: str, on: int, amount: int) -> Line:
    """A purchase as the holder's kind of account shows it; no plan line and no receipt yet."""
    rng = story.rng
    paid = vocabulary()[business.code]["paid"]
    how = paid[int(rng.random() * len(paid))] if len(paid) > 1 else paid[0]
    if story.account_kind == "card":
        line = Line(on, amount, "purchase", business.card, "", category)
    elif how == "CARD":
        line = Line(on, amount, "purchase", business.card, "DEB", category)
    else:
        line = Line(days.working_day(on), amount, "purchase", business.bank, how, category)
    line.business, line.mcc, line.city = business, business.mcc, business.city
    if rng.random() < 0.04 and how != "CARD":
        line.text = bank_text(rng, business.name)
    if how == "CARD" and rng.random() < 0.25:
        line.posted = days.working_day(line.on + between(rng, 0, 2))
    elif line.on != on:
        line.posted = line.on  # a bank holiday: two dates
    if story.account_kind == "card" and category in ("A12", "A03", "E05", "E06") and rng.random() < FOREIGN_SHARE:
        line.foreign, line.country = (
            (one_of(rng, ("EUR", "USD")), amount * between(rng, 112, 131) // 100),
            one_of(rng, ("IE", "US", "NL", "LU")),
        )
    story.lines.append(line)
    return line


def _bank_charges(story: Story) -> None:
    """Some accounts cost a fee each month; some bear a little interest each quarter."""
    draw, fee = story.rng.random(), between(story.rng, 5, 8) * 100
    if draw > CHARGED_SHARE + INTEREST_SHARE:
        return
    for month in range(days.month_of(story.first) + 1, days.month_of(story.last) + 1):
        on = days.month_start(month) + 1
        if draw < CHARGED_SHARE:
            story.lines.append(Line(on, fee, "fee", "ACCOUNT FEE", "FEE", "M02"))
        elif month % 3 == 0:
            story.lines.append(Line(on, -between(story.rng, 4, 95), "interest", "INTEREST PAID", "INT", ""))


def refund(story: Story, line: Line) -> None:
    """Money back from a supplier, days after: the whole or part of it."""
    on = line.on + between(story.rng, 3, 16)
    if on > story.last:
        return
    amount = line.amount if story.rng.random() < 0.5 else max(1_00, line.amount * between(story.rng, 20, 60) // 100)
    back = Line(on, -amount, "refund", line.text, line.type and "DEB", line.category)
    back.business, back.mcc, back.city, back.plan = line.business, line.mcc, line.city, line.plan
    story.lines.append(back)


def draw_cash(story: Story, on: int, amount: int, plan: PlanLine | None) -> Line:
    """A cash withdrawal at a machine."""
    rng = story.rng
    text = one_of(rng, ("NOTEMACHINE", "CASH", "ATM", "LNK", "CARDTRONICS", "POST OFFICE ATM")) + f" {between(rng, 100, 999)} "
    line = Line(on, amount, "cash", (text + one_of(rng, ("HIGH ST", "STATION RD", "PARADE", "MARKET", "TESCO EXT")))[:22], "CPT", "Z01")
    line.mcc, line.plan, line.city = "6011", plan, "Harrowby"
    story.lines.append(line)
    return line
