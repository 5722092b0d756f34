"""Who a holder is: the way the budget is held, care group, size, dates, accounts and the people around. Nothing is spent here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from phb_audit.errors import UsageError
from phb_audit.identity import nhs_check_digit
from phb_audit.synthetic.story import Event, Person, Story
from phb_audit.synthetic.words import between, names, one_of, sound_of

# Places of twenty holders in the pattern that repeats: 14 direct payments, 3 third party or managed, 3 notional.
MANAGED_PLACES, NOTIONAL_PLACES = (4, 11, 17), (1, 8, 14)
CARD_SHARE = 0.3
BANK_LAYOUTS = ("bank_signed", "bank_debit_credit", "bank_memo", "bank_statement_lines", "bank_app")
MOST_HOLDERS = 900_000
CHILD, ADULT, MIND, DISABILITY, LAST_WEEKS, WHEELCHAIR, ONE_OFF = (
    "children's continuing care",
    "CHC adult",
    "s117 mental health",
    "learning disability joint",
    "fast track end of life",
    "wheelchair budget",
    "one-off mental health",
)
TITLES = ("MR", "MRS", "MS", "MISS")


@dataclass(frozen=True)
class CareGroup:
    """Share of holders, median budget in pounds a year, spread of its logarithm, and how often personal assistants are employed."""

    share: float
    median: int
    spread: float
    pa_share: float


GROUPS = {
    ADULT: CareGroup(0.31, 33_000, 0.42, 0.65),
    CHILD: CareGroup(0.12, 27_000, 0.45, 0.6),
    MIND: CareGroup(0.18, 4_200, 0.7, 0.1),
    DISABILITY: CareGroup(0.16, 20_000, 0.35, 0.6),
    LAST_WEEKS: CareGroup(0.05, 42_000, 0.35, 0.3),
    WHEELCHAIR: CareGroup(0.04, 1_500, 0.45, 0.0),
    ONE_OFF: CareGroup(0.14, 780, 0.55, 0.0),
}


def nhs_numbers(seed: int) -> Iterator[str]:
    """Test NHS numbers in a scattered order, each once: '999' + six digits + the check digit. Raises UsageError when used up."""
    start = Random(f"nhs {seed}").randrange(1_000_000)
    for turn in range(1_000_000):
        six = f"{(start + turn * 617_413) % 1_000_000:06d}"
        check = nhs_check_digit([int(letter) for letter in "999" + six])
        if check < 10:
            yield f"999{six}{check}"
    raise UsageError(f"There are test NHS numbers for about {MOST_HOLDERS:,} holders.", do="Ask for fewer holders.")


def holding_of(number: int) -> str:
    """'direct', 'managed' or 'notional' for a holder's number."""
    place = number % 20
    return "managed" if place in MANAGED_PLACES else "notional" if place in NOTIONAL_PLACES else "direct"


def new_holder(number: int, seed: int, nhs: str, window: tuple[int, int], wants: frozenset[str]) -> Story:
    """A holder with dates, accounts and people; `wants` are traits that the problems to be planted need."""
    story = Story(number, Random(f"{seed}/{number}"), window, nhs=nhs)
    rng = story.rng
    _choose_holding(story, wants)
    story.group = _choose_group(story, wants)
    story.area = "Children's team" if story.group == CHILD else one_of(rng, names()["area"])
    group = GROUPS[story.group]
    story.annual = round(min(rng.lognormvariate(0, group.spread), 3.2) * group.median) * 100
    if "small" in wants:
        story.annual = min(story.annual, 900_00)
    _choose_dates(story, wants)
    _choose_accounts(story)
    _choose_people(story, wants)
    return story


def _choose_holding(story: Story, wants: frozenset[str]) -> None:
    held = holding_of(story.number)
    draw = story.rng.random()
    if held == "notional":
        story.holding, story.account_kind = "notional", "notional"
    elif held == "managed":
        story.holding, story.account_kind = ("third party" if draw < 0.7 else "direct payment"), "managed"
    else:
        is_card = "card" in wants or (draw < CARD_SHARE and "bank" not in wants and "pa" not in wants)
        story.account_kind = "card" if is_card else "bank"


def _choose_group(story: Story, wants: frozenset[str]) -> str:
    draw = story.rng.random()
    if "pa" in wants or "large" in wants:
        return ADULT if draw < 0.7 else DISABILITY
    if "dies" in wants:
        return LAST_WEEKS if draw < 0.4 else ADULT
    if story.account_kind == "notional" and draw < 0.25:
        return WHEELCHAIR
    for name, group in GROUPS.items():
        draw -= group.share
        if draw < 0:
            return name if not (wants and name in (ONE_OFF, WHEELCHAIR)) else MIND
    return ADULT


def _choose_dates(story: Story, wants: frozenset[str]) -> None:
    rng, (first, last) = story.rng, story.window
    days = last - first + 1
    is_new = "new" in wants or (rng.random() < 0.22 * days / 365 and "old" not in wants) or story.group == ONE_OFF
    if is_new:
        latest = last - 130 if "new" in wants and days > 180 else last - 25
        story.started = between(rng, first + 1, max(first + 1, latest))
    else:
        story.started = first - between(rng, 100, 1300)
    story.agreed = story.started - between(rng, 7, 45)
    dies = "dies" in wants or (story.group == LAST_WEEKS and rng.random() < 0.6)
    if dies and days > 50:
        story.died = between(rng, max(story.first + 30, first + days // 2), max(story.first + 31, last - (75 if "dies" in wants else 32)))
        story.events.append(Event("death", story.died, 0, story.died + between(rng, 1, 9)))
    story.audited = (story.died or last) - between(rng, 20, 200 if story.died else 300) if story.started < first - 200 else 0
    if story.audited:
        story.events.append(Event("financial audit", story.audited, story.audited, story.audited + 5, "no matters outstanding"))


def _choose_accounts(story: Story) -> None:
    rng, number = story.rng, story.number
    if story.account_kind == "bank":
        story.sort_code = one_of(rng, ("20-11-4", "30-92-1", "40-27-1", "60-83-7", "07-01-1", "04-00-0")) + str(between(rng, 1, 9))
        story.account = f"{(number * 7_919 + 10_203_045) % 90_000_000 + 10_000_000:08d}"
        story.layout = BANK_LAYOUTS[int(rng.random() * len(BANK_LAYOUTS))]
    elif story.account_kind == "card":
        story.token = f"{(number * 104_729 + 123_456_789) % 900_000_000 + 100_000_000:09d}"
    elif story.account_kind == "managed":
        story.managed = f"MA{(number * 617 + 40_001) % 9_000_000:07d}"
    draw = rng.random()
    story.keeps = "portal" if draw < 0.76 else "app" if draw < 0.88 else "service"


def _choose_people(story: Story, wants: frozenset[str]) -> None:
    rng, lists = story.rng, names()
    given, surname = one_of(rng, lists["given"]), one_of(rng, lists["surname"])
    story.person = Person(given, surname, "holder", "self", True, title=one_of(rng, TITLES))
    story.people = [story.person]
    role = "representative" if story.group == CHILD else "nominee"
    if story.group == CHILD or rng.random() < 0.28 or wants & {"nominee"}:
        relation = "parent" if story.group == CHILD else one_of(rng, ("daughter", "son", "sister", "spouse", "brother"))
        story.people.append(relative(story, role, relation, relation in ("parent", "spouse") or rng.random() < 0.3))
    if rng.random() < 0.3 or wants & {"family"}:
        story.people.append(relative(story, "family", one_of(rng, ("daughter", "son", "brother", "niece", "cousin")), rng.random() < 0.4))


def relative(story: Story, role: str, relation: str, is_same_household: bool) -> Person:
    """Somebody of the family: the holder's surname, another given name, a bank account of their own."""
    given = new_given_name(story, story.person.surname)
    person = Person(given, story.person.surname, role, relation, is_same_household, title=one_of(story.rng, TITLES))
    person.sort_code, person.account = own_account(story.rng)
    return person


def new_given_name(story: Story, surname: str) -> str:
    """A given name whose bank writing (initial and sound of surname) nobody near the holder has yet."""
    taken = {sound_of(person.given[0], person.surname) for person in story.people}
    while True:
        given = one_of(story.rng, names()["given"])
        if sound_of(given[0], surname) not in taken:
            return given


def own_account(rng: Random) -> tuple[str, str]:
    """Sort code and number of somebody's own bank account."""
    return f"{between(rng, 10, 89)}-{between(rng, 10, 99)}-{between(rng, 10, 99)}", f"{between(rng, 10_000_000, 99_999_999)}"
