"""What a planted kind of problem is, and the small acts planting is made of. The table of kinds is in `problems`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from phb_audit.synthetic.receipts import give_receipt
from phb_audit.synthetic.spending import buy
from phb_audit.synthetic.story import Line, PlanLine, Receipt, Story, Version
from phb_audit.synthetic.words import Business, between, filled, one_of, vocabulary

BREACH, CLINICIAN = "breach", "needs_clinician"


@dataclass(frozen=True)
class Kind:
    """A kind of planted problem: its words, its truth, what it needs of a holder, and how it is planted.

    `deck` says to whom it is dealt: structural kinds (one a holder), simple kinds (added to any direct payment), managed and
    notional budgets, and failings of the commissioner. `cards` is how often it stands in its deck; `lines` about how many
    payment lines it marks. `before_money` kinds are planted before instalments are worked out, the others after.
    """

    code: str
    title: str
    rule_ids: str
    plant: Callable[[Story, Kind], None]
    label: str = BREACH
    party: str = "holder"
    deck: str = "simple"
    wants: tuple[str, ...] = ()
    cards: int = 1
    lines: float = 1
    before_money: bool = True


def mark(line: Line, kind: Kind, category: str = "") -> Line:
    """Write the truth on a payment line, and on its receipt where the kind is about receipts."""
    line.label, line.kind, line.rules, line.party = kind.label, kind.code, kind.rule_ids, kind.party
    if category:
        line.category = category
    return line


def mark_receipt(receipt: Receipt, kind: Kind, category: str = "", place: int = 0) -> None:
    """Write the truth on one line of a receipt."""
    receipt.label, receipt.kind, receipt.rules, receipt.party = kind.label, kind.code, kind.rule_ids, kind.party
    receipt.marked, receipt.category = place, category


def some_day(story: Story, *, after: int = 12, before: int = 40) -> int:
    """A day of ordinary life, not in hospital if it can be helped; `before` keeps it clear of the end so that 28 days have passed."""
    low, high = story.first + after, story.last - before
    if high <= low:
        low, high = story.first + 2, max(story.first + 2, story.last - 1)
    for _ in range(12):
        on = between(story.rng, low, high)
        if not story.is_away(on) and story.version_on(on) is not None:
            return on
    return on


def price_of(story: Story, code: str) -> int:
    """A price within the category's usual span, in pence."""
    low, high = vocabulary()[code]["price"]
    return int(round(low + (high - low) * story.rng.random()) * 100) - one_of(story.rng, (0, 0, 1, 5, 50))


def shop(story: Story, code: str, on: int, amount: int = 0, *, category: str = "", has_receipt: bool = True) -> Line:
    """A purchase outside the rhythm of the plan. Small: never more than a fifth of a small budget."""
    amount = amount or min(price_of(story, code), max(9_50, story.annual // 5))
    line = buy(story, Business(story.rng, code), category or code, on, amount)
    if has_receipt and story.is_direct:
        give_receipt(story, line, surely=line.amount >= 25_00)
    return line


def ordinary(story: Story, *, least: int = 0, old_enough: bool = True) -> list[Line]:
    """Fine purchases with a plan line and a receipt; `old_enough`: more than 45 days before the window's end."""
    latest = story.window[1] - 45 if old_enough else story.window[1]
    found = [
        line
        for line in story.lines
        if line.what == "purchase" and line.label == "fine" and line.plan and line.receipt and line.amount >= least and line.on <= latest
    ]
    return [line for line in found if not line.is_unusual] or found


def add_line(story: Story, code: str, amount: int, frequency: str, *, first: int = 0) -> PlanLine:
    """A line added to every version of the plan, or to those from the day `first`."""
    words = vocabulary()[code]
    line = PlanLine("", story.versions[-1].outcomes[0].ref, code, filled(story.rng, one_of(story.rng, words["plan"])), amount, frequency)
    line.ref = f"L{max((len(version.lines) for version in story.versions), default=0) + 1}"
    line.fee, line.rhythm = amount, "planted"
    for version in story.versions:
        if version.first >= first:
            version.lines.append(line)
    return line


def line_for(story: Story, code: str, amount: int) -> PlanLine:
    """The plan's line of the category, or one added to it, with room for an amount more a year."""
    for line in story.versions[-1].lines:
        if line.category == code and not line.is_preapproved:
            line.amount = line.amount + amount if line.frequency == "annual" else max(line.amount, amount)
            return line
    return add_line(story, code, max(amount * 3, 60_00), "annual")


def split_version(story: Story, on: int) -> Version:
    """End the version in force the day before `on` and start a new one like it; later versions count on."""
    old = story.version_on(on) or story.versions[-1]
    place = story.versions.index(old)
    new = Version(old.number + 1, on, old.last, on - between(story.rng, 1, 6), old.status, list(old.lines), list(old.outcomes), old.role)
    new.review_due, new.has_coordinator = old.review_due, old.has_coordinator
    old.last, old.status = on - 1, "superseded"
    story.versions.insert(place + 1, new)
    for later in story.versions[place + 2 :]:
        later.number += 1
    return new


def general_outcome(story: Story) -> None:
    """See to it that every version has an outcome of wellbeing, which unusual things could serve."""
    for version in story.versions:
        if not any(outcome.goal == "wellbeing" for outcome in version.outcomes):
            version.outcomes[0].goal = "wellbeing"
            version.outcomes[0].words = "I want to feel calmer and have something to look forward to each week."
