"""Planted: purchases that miss the plan, exceed it, come before it or after it."""

from __future__ import annotations

from phb_audit.synthetic.catalogue import OPEN_TO_VIEW
from phb_audit.synthetic.kinds import Kind, add_line, general_outcome, mark, ordinary, shop, some_day, split_version
from phb_audit.synthetic.receipts import give_receipt, make_receipt
from phb_audit.synthetic.story import Line, PlanLine, Story
from phb_audit.synthetic.words import Business, between, one_of, vocabulary

NOT_PLANNED = ("H04", "E13", "A11", "T04", "E12", "A14", "E06")
RISKS = (
    ("E11", 899_00, "Epilepsy: baths and hot tubs to be avoided unless two people are present; skin integrity at risk"),
    ("T07", 248_00, "Unstable spine: riding and jolting to be avoided"),
    ("A13", 180_00, "Severe allergy to bird dust and seed"),
    ("A02", 640_00, "Falls risk: cycles and trampolines not without physio advice"),
)

LOOSE_WORDS = (
    "Group and things to make there, up to the sum agreed",
    "Social group, with what is needed for it",
    "Club, and materials for it",
)


def _absent(story: Story, codes: tuple[str, ...]) -> str:
    planned = {line.category for version in story.versions for line in version.lines}
    free = [code for code in codes if code not in planned]
    return one_of(story.rng, free or list(codes))


def not_in_plan(story: Story, kind: Kind) -> None:
    """An everyday purchase of a category that the plan does not have."""
    mark(shop(story, _absent(story, NOT_PLANNED), some_day(story)), kind)


def unusual_not_agreed(story: Story, kind: Kind) -> None:
    """The same things others agreed, without a line in this plan: for a clinician."""
    general_outcome(story)
    for _ in range(2):
        code = _absent(story, OPEN_TO_VIEW)
        low, _ = vocabulary()[code]["price"]
        line = shop(story, code, some_day(story), max(low, 45) * 100 + one_of(story.rng, (0, 49, 99)) * 100)
        mark(line, kind).is_unusual = True


def above_line(story: Story, kind: Kind) -> None:
    """A payment well above what its line allows."""
    found = [line for line in ordinary(story, least=10_00) if line.plan and line.plan.frequency != "annual"] or ordinary(story)
    if not found:
        line = shop(story, "E01", some_day(story), 60_00)
        line.plan = add_line(story, "E01", 60_00, "one-off")
        found = [line]
    line = one_of(story.rng, found)
    plan = line.plan
    if plan is None:
        return
    plan.most = plan.amount
    line.amount = max(plan.amount * 135 // 100, plan.amount + 85_00)
    if line.receipt:
        line.receipt = make_receipt(story, line, line.receipt.received)
    mark(line, kind)


def approved_afterwards(story: Story, kind: Kind) -> None:
    """Bought first; a version from a month later has it."""
    on = some_day(story, after=20, before=75)
    code = _absent(story, OPEN_TO_VIEW)
    line = shop(story, code, on)
    new = split_version(story, min(on + between(story.rng, 25, 50), story.last - 5))
    plan = add_line(story, code, line.amount, "one-off", first=new.first)
    plan.business = line.business
    mark(line, kind)


def gap_between_versions(story: Story, kind: Kind) -> None:
    """The new version begins nine days after the old one ended; what is bought between has no plan."""
    on = some_day(story, after=45, before=55)
    new = split_version(story, on)
    new.first += 9
    shop(story, "E03", on + 3)
    for line in story.lines:
        if on <= line.on < new.first and line.amount > 0:
            mark(line, kind)


def plan_expired(story: Story, kind: Kind) -> None:
    """The plan ran out three weeks or so before the end and payments go on."""
    on = story.last - between(story.rng, 16, 24)
    version = story.version_on(on) or story.versions[-1]
    version.last, version.status = on, "approved"
    story.versions = [each for each in story.versions if each.first <= on]
    for line in story.lines:
        if line.on > on and line.amount > 0:
            mark(line, kind)


def more_often(story: Story, kind: Kind) -> None:
    """Three sessions more than agreed within a week."""
    on = some_day(story, after=20)
    plan = add_line(story, "T02", 40_00, "weekly")
    business, day = Business(story.rng, "T02"), story.first + 9
    while day <= story.last:
        if not story.is_away(day):
            _session(story, plan, business, day)
        day += 7
    for extra in (1, 2, 4):
        mark(_session(story, plan, business, day - 7 * max(1, (day - on) // 7) + extra), kind)


def _session(story: Story, plan: PlanLine, business: Business, on: int) -> Line:
    line = shop(story, "T02", min(on, story.last), plan.amount - 1_00, has_receipt=False)
    line.business, line.plan = business, plan
    line.text = business.card if line.type in ("", "DEB") else business.bank
    give_receipt(story, line)
    return line


def bought_again(story: Story, kind: Kind) -> None:
    """A one-off item, agreed by name, bought a second time."""
    first = some_day(story, after=15, before=110)
    plan = add_line(story, "A03", 320_00, "one-off")
    plan.is_preapproved, plan.is_unusual = True, True
    business = Business(story.rng, "A03")
    for on, is_second in ((first, False), (first + between(story.rng, 35, 60), True)):
        line = shop(story, "A03", on, 319_00, has_receipt=False)
        line.business, line.is_unusual = business, True
        give_receipt(story, line, surely=True)
        if is_second:
            mark(line, kind)
        else:
            line.plan, line.kind, line.rules = plan, "agreed_unusual", "P-04"


def against_risk_note(story: Story, kind: Kind) -> None:
    """Agreed in one line, while a risk note of the same line speaks against it."""
    code, amount, note = one_of(story.rng, RISKS)
    plan = add_line(story, code, amount, "one-off")
    plan.risk_note, plan.is_preapproved, plan.is_unusual = note, True, True
    line = shop(story, code, some_day(story), amount)
    line.plan, line.is_unusual = plan, True
    mark(line, kind)


def unusual_amount(story: Story, kind: Kind) -> None:
    """Ten ordinary purchases and one several times as dear, all within the yearly sum of a line that speaks of them only loosely."""
    plan = add_line(story, "A10", 600_00, "annual")
    plan.description = one_of(story.rng, LOOSE_WORDS)
    business, price = Business(story.rng, "A05"), between(story.rng, 11_00, 15_00)
    days = sorted(some_day(story, after=5, before=30) for _ in range(11))
    for place, on in enumerate(days):
        is_last = place == 10
        line = shop(story, "A05", on, price * 8 if is_last else price + between(story.rng, -1_50, 1_50), has_receipt=False)
        line.business, line.plan = business, plan
        give_receipt(story, line, surely=is_last)
        if is_last:
            mark(line, kind).is_unusual = True


def after_line_ended(story: Story, kind: Kind) -> None:
    """A monthly subscription that runs on after its line ended."""
    plan = add_line(story, "A01", 29_00, "monthly")
    business = Business(story.rng, "A01")
    ends = story.last - between(story.rng, 62, 75)
    plan.starts, plan.ends = story.versions[0].first, ends
    for version in story.versions:
        if version.first > ends:
            version.lines.remove(plan)
    on = story.first + 11
    while on <= story.last:
        line = shop(story, "A01", on, 28_50, has_receipt=False)
        line.business, line.text = business, business.card if line.type in ("", "DEB") else business.bank
        if line.on > ends:
            mark(line, kind)
        else:
            line.plan = plan
        give_receipt(story, line)
        on += 30
