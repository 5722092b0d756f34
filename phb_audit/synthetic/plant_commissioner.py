"""Planted: failings of the commissioner, and of suppliers and agents whose bills it pays itself."""

from __future__ import annotations

from phb_audit.synthetic.kinds import Kind, line_for, mark, some_day
from phb_audit.synthetic.story import Failing, Line, Story
from phb_audit.synthetic.words import Business, between, one_of


def _fail(story: Story, kind: Kind, subject: str, on: int, amount: int = 0) -> None:
    story.failings.append(Failing(subject, on, amount, kind.code, kind.rule_ids, kind.label, kind.party, story.versions[-1].number))


def no_review_in_three_months(story: Story, kind: Kind) -> None:
    """The first review comes after five months, or not yet."""
    late = story.started + between(story.rng, 140, 170)
    reviews = [event for event in story.events if event.name == "review"]
    first = min(reviews, key=lambda event: event.first, default=None)
    if first is not None:
        if late <= story.window[1]:
            first.first = first.last = late
            first.noted = late + 3
        else:
            story.events.remove(first)
    _fail(story, kind, "holder", min(story.started + 92, story.window[1]))


def no_review_in_a_year(story: Story, kind: Kind) -> None:
    """Nobody has reviewed the plan for more than fourteen months."""
    latest = story.window[1] - 430
    story.events = [event for event in story.events if event.name != "review" or event.first <= latest]
    _fail(story, kind, "holder", story.window[1])


def outcome_not_stated(story: Story, kind: Kind) -> None:
    """The plan's outcome is 'n/a'."""
    outcome = story.versions[-1].outcomes[-1]
    outcome.words = one_of(story.rng, ("n/a", "N/A", "n/a - as before", "not applicable"))
    outcome.kind, outcome.rules = kind.code, kind.rule_ids
    _fail(story, kind, "outcome", story.versions[-1].first)


def below_cost(story: Story, kind: Kind) -> None:
    """The plan was costed higher than what is paid."""
    dearest = max(story.versions[-1].lines, key=lambda line: line.annual)
    dearest.amount = dearest.amount * 150 // 100
    _fail(story, kind, "holder", story.versions[-1].first, story.annual)


def audit_late(story: Story, kind: Kind) -> None:
    """The last financial audit is two years ago."""
    story.audited = story.window[1] - between(story.rng, 745, 860)
    story.events = [event for event in story.events if event.name != "financial audit"]
    _fail(story, kind, "holder", story.window[1])


def before_agreement(story: Story, kind: Kind) -> None:
    """Money went out before the agreement was signed."""
    first = min(story.instalments, key=lambda item: item.on, default=None)
    if first is None:
        return
    story.agreed = first.on + between(story.rng, 20, 60)
    first.label, first.what, first.rules = kind.label, kind.code, kind.rule_ids


def no_coordinator(story: Story, kind: Kind) -> None:
    """No care co-ordinator is named."""
    story.versions[-1].has_coordinator = False
    _fail(story, kind, "plan", story.versions[-1].first)


def invoice_twice(story: Story, kind: Kind) -> None:
    """A supplier's invoice paid a second time, by the agent or the NHS itself."""
    bills = [
        line for line in story.lines if line.what == "purchase" and line.label == "fine" and line.business and line.on < story.last - 25
    ]
    if not bills:
        business = Business(story.rng, "C08")
        bill = Line(some_day(story), 240_00, "purchase", business.bank, "FPO", "C08")
        bill.business = business
        story.lines.append(bill)
        bills = [bill]
    bill = one_of(story.rng, bills)
    if bill.business is None:
        return
    bill.invoice = bill.invoice or bill.business.invoice_number(story.rng)
    again = Line(bill.on + between(story.rng, 6, 20), bill.amount, "purchase", bill.text, bill.type, bill.category)
    again.business, again.plan, again.invoice, again.mcc = bill.business, bill.plan, bill.invoice, bill.mcc
    story.lines.append(mark(again, kind))


def fee_above_agreed(story: Story, kind: Kind) -> None:
    """The agent takes a management fee far above the plan's line."""
    line = Line(some_day(story), between(story.rng, 22, 40) * 10_00, "purchase", "MANAGEMENT FEE", "FPO", "C04")
    line.plan = line_for(story, "C04", 30_00)
    line.plan.most = 60_00
    story.lines.append(mark(line, kind))
