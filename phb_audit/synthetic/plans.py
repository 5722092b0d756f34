"""What a holder's care plan asks for: lines with their outcomes, and the versions in force over time."""

from __future__ import annotations

from datetime import date

from phb_audit.periods import year_after
from phb_audit.synthetic.catalogue import BESIDE_CARE, CARE_BY_INVOICE, ON_INVOICE, RHYTHMS, UNUSUAL
from phb_audit.synthetic.holders import CHILD, GROUPS, ONE_OFF, WHEELCHAIR
from phb_audit.synthetic.story import Event, Outcome, PlanLine, Story, Version
from phb_audit.synthetic.words import Business, between, filled, names, one_of, vocabulary

UNUSUAL_SHARE = 0.42
APPROVERS = ("CHC nurse lead", "PHB panel", "clinical case manager", "children's continuing care lead")
GOAL_LISTS = {
    "wellbeing": "outcomes_wellbeing", "social": "outcomes_social", "mobility": "outcomes_mobility", "daily living": "outcomes_daily",
    "safety": "outcomes_safety", "communication": "outcomes_communication", "carer break": "outcomes_break",
}  # fmt: skip
ALTERNATIVES = (
    ("Weekly sessions at a centre, with transport", 1.9),
    ("Extra support hours each week", 2.6),
    ("Day service place", 3.4),
    ("Further outpatient appointments", 1.3),
)


def draw_lines(story: Story, wants: frozenset[str]) -> list[PlanLine]:
    """The lines of the plan, with rhythm and fee; amounts that follow from spending are set once it is known."""
    lines: list[PlanLine] = []
    left = story.annual
    if story.group not in (ONE_OFF, WHEELCHAIR):
        left -= _draw_care(story, wants, lines)
    _draw_beside(story, lines, left, wants)
    if story.is_direct and (story.rng.random() < UNUSUAL_SHARE or "unusual" in wants):
        _draw_unusual(story, lines)
    if story.account_kind in ("bank", "card") and story.rng.random() < 0.12:
        cash = PlanLine(
            "", "", "Z01", "Cash for bus fares and hot drinks while out, up to the sum agreed", 50_00, "monthly", evidence="none"
        )
        cash.rhythm, cash.fee = "cash", 10_00
        lines.append(cash)
    return lines


def _draw_care(story: Story, wants: frozenset[str], lines: list[PlanLine]) -> int:
    rng = story.rng
    weekly = story.annual * 83 // 100 // 52
    may_employ = story.account_kind in ("bank", "managed") and weekly > 110_00
    if "pa" in wants or (may_employ and rng.random() < GROUPS[story.group].pa_share):
        weekly = max(weekly, 620_00 if "two assistants" in wants else 330_00)
        shared = rng.random() < 0.2 and "two assistants" not in wants
        every = "weekly" if rng.random() < 0.45 or "weekly pay" in wants else "4-weekly"
        wages = PlanLine("", "", "C01", "", 0, every, evidence="payslip")
        wages.rhythm, wages.fee = "wages", weekly * (60 if shared else 100) // 100
        oncost = _supply(story, "C02")
        oncost.rhythm, oncost.evidence, oncost.frequency = "oncost", "none", "monthly"
        lines += [wages, oncost, _supply(story, "C03"), _supply(story, "C04")]
        if shared:
            lines.append(_supply(story, "C08", weekly * 40 // 100))
    elif weekly > 60_00 or "agency" in wants:
        code = CARE_BY_INVOICE[story.group]
        low, _ = vocabulary()[code]["price"]
        lines.append(_supply(story, code, max(weekly, low * 60)))
    else:
        return 0
    return story.annual * 85 // 100


def _draw_beside(story: Story, lines: list[PlanLine], left: int, wants: frozenset[str]) -> None:
    """Other lines in a random order, as long as money is left; at least one."""
    rng, here = story.rng, {line.category for line in lines}
    likely = [code for code, chance in BESIDE_CARE[story.group] if rng.random() < chance and code not in here]
    if story.account_kind == "notional":
        likely = [code for code in likely if code in ON_INVOICE] or ["E01" if story.group == WHEELCHAIR else "T01"]
    if "baskets" in wants:
        likely.insert(0, "H02")
    elif not likely and not lines:
        likely = ["A05" if story.group == ONE_OFF else "E01"]
    for code in dict.fromkeys(likely):
        line = _supply(story, code)
        cost = yearly_cost(line)
        if cost > left and lines and not (code == "H02" and "baskets" in wants):
            continue
        if cost > left:  # the first line of a small budget: bought less often
            line.times = max(0.3, line.times * left / cost)
        left -= cost
        lines.append(line)


def _supply(story: Story, code: str, fee: int = 0) -> PlanLine:
    """A line for a category, from its words, with a business that supplies it."""
    rng, words = story.rng, vocabulary()[code]
    low, high = words["price"]
    price = fee or round(low + (high - low) * rng.random() ** 1.6) * 100 + one_of(rng, (0, 0, 0, 50, 95, 99))
    rhythm, times = RHYTHMS.get(code, ("weekly", 1))
    frequency = {"weekly": "weekly", "4-weekly": "4-weekly", "monthly": "monthly", "once": "one-off"}.get(rhythm, "annual")
    line = PlanLine("", "", code, filled(rng, one_of(rng, words["plan"])), 0, frequency)
    line.rhythm, line.fee, line.times = rhythm, price, times * (0.7 + 0.6 * rng.random())
    line.business = Business(rng, code)
    line.evidence = "invoice" if code in ("C08", "C09", "C10", "C04") or "FPO" in words["paid"] else "receipt"
    if line.evidence == "invoice" and rng.random() < 0.25:
        line.supplier = line.business.name
    return line


def yearly_cost(line: PlanLine) -> int:
    """About what a line costs in a year, before it is simulated."""
    a_year = {"weekly": 52.0, "fortnightly": 26, "4-weekly": 13, "monthly": 12, "term": 38, "annual": 1, "once": 1}
    if line.rhythm == "irregular":
        return int(line.fee * line.times * 12)
    return int(line.fee * (line.times if line.rhythm == "few" else a_year.get(line.rhythm, 12)))


def _draw_unusual(story: Story, lines: list[PlanLine]) -> None:
    """An unusual item agreed by name, within what a budget of this size could carry."""
    rng = story.rng
    here = {line.category for line in lines}
    affordable = [item for item in UNUSUAL if min(item[1]) * 100 < story.annual * 0.7 and item[0] not in here and item[0] != "E09"]
    if story.annual > 25_000_00 and rng.random() < 0.04:
        affordable = [item for item in UNUSUAL if item[0] == "E09"]
    if not affordable:
        return
    code, prices, frequency, words = one_of(rng, affordable)
    pounds = one_of(rng, [price for price in prices if price * 100 < story.annual * 0.7 or code == "E09"])
    line = _supply(story, code, round(pounds * 100))
    line.description = words or line.description
    line.frequency, line.rhythm, line.is_preapproved, line.is_unusual = frequency, "agreed", True, True
    line.most = line.amount = line.fee
    line.evidence = "receipt"
    if rng.random() < 0.4 and line.business is not None:
        line.supplier = line.business.name
    words_other, factor = one_of(rng, ALTERNATIVES)
    line.alternative, line.alternative_cost = words_other, round(line.fee * factor / 100) * 100
    lines.append(line)


def number_lines(story: Story, lines: list[PlanLine]) -> list[Outcome]:
    """Give lines and outcomes their references; one outcome for each goal, and often a general one."""
    goals: dict[str, Outcome] = {}
    for place, line in enumerate(lines, 1):
        line.ref = f"L{place}"
        goal = vocabulary().get(line.category, {}).get("goal", "daily living")
        if goal not in goals:
            goals[goal] = _outcome(story, goal, len(goals) + 1)
        line.outcome = goals[goal].ref
    if "wellbeing" not in goals and story.rng.random() < 0.6:
        goals["wellbeing"] = _outcome(story, "wellbeing", len(goals) + 1)
    return list(goals.values())


def _outcome(story: Story, goal: str, place: int) -> Outcome:
    return Outcome(f"O{place}", one_of(story.rng, names()[GOAL_LISTS[goal]]), goal)


def make_versions(story: Story, lines: list[PlanLine], outcomes: list[Outcome]) -> None:
    """A version a year from the start of the budget, those that touch the window; with reviews after three months and each year."""
    rng, first, last = story.rng, story.first, story.last
    gap = between(rng, 3, 40)
    begins, number, reviews = story.started, 1, [story.started + between(rng, 62, 88)]
    role = one_of(rng, APPROVERS[:3]) if story.group != CHILD else APPROVERS[3]
    while begins <= last:
        ends = year_after(date.fromordinal(begins)).toordinal() - 1
        if ends >= first:
            status = "approved" if ends > last else "superseded"
            approved = begins - between(rng, 2, 20)
            version = Version(number, begins, ends, approved, status, list(lines), list(outcomes), role)
            version.review_due = begins + 90 if number == 1 else ends
            story.versions.append(version)
        reviews.append(ends - gap)
        begins, number = ends + 1, number + 1
    story.plan_id = f"PL{(story.number * 7_919 + 30_011) % 1_000_000:06d}"
    for on in reviews:
        if on <= min(story.window[1], story.died or story.window[1]):
            story.events.append(
                Event("review", on, on, on + between(rng, 0, 9), one_of(rng, ("no change", "hours changed", "plan renewed", "meets need")))
            )
