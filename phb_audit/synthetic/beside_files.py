"""What stands beside budgets: services by contract, receipts the council counts, outcomes rated and care used.

Drawn from numbers of its own for each holder, so that the rest of a world stays as it was. Which services are paid for twice stands in
`truth_contracts.csv`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from phb_audit.synthetic.holders import CHILD, DISABILITY, LAST_WEEKS, ONE_OFF, WHEELCHAIR
from phb_audit.synthetic.sheets import Dialect, Sheet, Shelf
from phb_audit.synthetic.story import Event, Story
from phb_audit.synthetic.truth import Truth
from phb_audit.synthetic.words import between, one_of

COLUMNS = {
    "contracts": (
        "Contract Ref", "Person Ref", "Provider", "Kind", "Category Code", "Service", "Cost", "Frequency", "Start Date", "End Date",
        "Paid To",
    ),
    "claims": (
        "Claim Ref", "Person Ref", "Supplier", "Invoice Number", "Receipt Date", "Receipt Total", "Claimed From Council", "Claimed On",
    ),
    "outcomes": ("Person Ref", "Measure", "Instrument", "Outcome Id", "Value", "Measured From", "Measured To"),
}  # fmt: skip
FILES = {
    "contracts": ("commissioner/contracts_register.csv", Dialect("%d/%m/%Y", has_commas=True)),
    "claims": ("commissioner/council_claims.csv", Dialect("%d %b %Y")),
    "outcomes": ("plans/outcome_records.csv", Dialect("%d/%m/%Y")),
}
HOME_CARE = ("Riverside Homecare", "Anchor Lane Care", "Beacon Home Support", "Fernhill Care")
SHORT_BREAKS = ("Meadow House Short Breaks", "The Old School Respite Unit")
AGE_BANDS = (("18-24", 8), ("25-44", 22), ("45-64", 30), ("65-74", 18), ("75-84", 14), ("85 and over", 8))
OLDER_BANDS = (("45-64", 2), ("65-74", 3), ("75-84", 4), ("85 and over", 3))
SCALE = "wellbeing scale 0-10"
RATED = (("Met", 62), ("Partly met", 27), ("Not met", 11))
USE = (("Admissions", 1.1, 0.95), ("Bed days", 7.0, 6.2), ("AE visits", 1.6, 1.4), ("GP contacts", 9.0, 8.8))  # a year, before and after
YEAR = 365


def age_band(story: Story) -> str:
    """The holder's age band."""
    if story.group == CHILD:
        return "0-17"
    bands = OLDER_BANDS if story.group == LAST_WEEKS else AGE_BANDS
    return weighted(Random(f"age {story.nhs}"), bands)


def weighted(rng: Random, choices: tuple[tuple[str, int], ...]) -> str:
    """One of the words, as often as its weight says."""
    draw = rng.random() * sum(weight for _, weight in choices)
    for words, weight in choices:
        draw -= weight
        if draw < 0:
            return words
    return choices[-1][0]


class BesideFiles:
    """Writes contracts, claims of the council and outcome records."""

    def __init__(self, shelf: Shelf, truth: Truth) -> None:
        self.shelf, self.truth, self.claims = shelf, truth, 0

    def write(self, story: Story) -> None:
        """Everything that stands beside one holder's budget."""
        rng = Random(f"beside {story.nhs}")
        if story.group not in (ONE_OFF, WHEELCHAIR):
            self._write_contracts(story, rng)
        if story.group == DISABILITY:
            self._write_claims(story, rng)
        self._write_outcomes(story, rng)

    def _sheet(self, register: str) -> Sheet:
        name, dialect = FILES[register]
        if name not in self.shelf.sheets:
            self.shelf.sheets[name] = Sheet(self.shelf.folder, name, COLUMNS[register], dialect)
        return self.shelf.sheets[name]

    def _write_contracts(self, story: Story, rng: Random) -> None:
        sheet = self._sheet("contracts")
        say = sheet.dialect
        for place, one in enumerate(contracts_of(story, rng), 1):
            ref, paid = f"K{story.number:06d}-{place}", one.paid_to(story)
            number = sheet.add([
                ref, story.nhs, one.provider, one.kind, one.category, one.words, say.money(one.pence), one.often, say.day(one.first),
                say.day(one.end), say.day(paid),
            ])  # fmt: skip
            first = max(story.first, one.first)
            if one.kind == "commissioned":
                is_twice = one.is_same_need and story.holding != "notional" and paid >= first
                self.truth.contract(story, ref, number, one.pence, (first, paid) if is_twice else (0, 0))

    def _write_claims(self, story: Story, rng: Random) -> None:
        papers = [
            line.receipt for line in story.lines if line.receipt and line.receipt.readable and line.receipt.received <= story.window[1]
        ]
        sheet = self._sheet("claims") if papers else None
        whole = rng.randrange(len(papers)) if papers and story.number % 5 == 2 else -1
        for place, paper in enumerate(papers):
            if sheet is None or (rng.random() > 0.4 and place != whole):
                continue
            self.claims += 1
            say, claimed = sheet.dialect, paper.total if place == whole else paper.total * 40 // 100
            on = min(paper.received + between(rng, 1, 30), story.window[1])
            number = sheet.add([
                f"LA{self.claims:07d}", story.nhs, paper.supplier, paper.invoice, say.day(paper.dated), say.money(paper.total),
                say.money(claimed), say.day(on),
            ])  # fmt: skip
            if place == whole:
                self.truth.claim(story, paper, sheet.name, number)

    def _write_outcomes(self, story: Story, rng: Random) -> None:
        sheet = self._sheet("outcomes")
        say = sheet.dialect
        reviews = sorted((event for event in story.events if event.name == "review"), key=lambda each: each.first)
        for place, review in enumerate(reviews):
            for outcome in rated_outcomes(story, review):
                sheet.add([story.nhs, "Outcome met", "", outcome, weighted(rng, RATED), "", say.day(review.first)])
            for measure in ("Quality of life", "Wellbeing"):
                score = min(10, max(0, round(rng.gauss(5.2 + min(place, 2) * 0.4, 1.4))))
                sheet.add([story.nhs, measure, SCALE, "", str(score), "", say.day(review.first)])
        after = min(story.last, story.started + YEAR - 1)
        if after - story.started >= 90 and story.group != ONE_OFF:
            for measure, before_rate, after_rate in USE:
                for first, last, rate in ((story.started - YEAR, story.started - 1, before_rate), (story.started, after, after_rate)):
                    times = drawn_count(rng, rate * (last - first + 1) / YEAR)
                    sheet.add([story.nhs, measure, "", "", str(times), say.day(first), say.day(last)])


@dataclass(frozen=True)
class Contract:
    """A service or cost beside the budget. `end` 0: still open; `stopped`: nothing was paid after it, whatever the register says."""

    kind: str
    provider: str
    category: str
    words: str
    pence: int
    often: str
    first: int
    end: int = 0
    stopped: int = 0
    is_same_need: bool = False

    def paid_to(self, story: Story) -> int:
        """The last day it was paid for; 0 where nothing is paid from day to day."""
        return min(self.stopped or self.end or story.last, story.last) if self.kind in ("commissioned", "support") else 0


def contracts_of(story: Story, rng: Random) -> Iterator[Contract]:
    """Each service or cost beside the budget. One in nine services ends weeks late or is never ended: the same need is paid for twice.

    Some only look so: a register nobody closed while payment stopped, a service for another need, a few days of change.
    """
    needs = {line.category for version in story.versions for line in version.lines}
    category = next((line for line in ("C08", "C09", "C10", "C11") if line in needs), "C08")
    is_met = bool(needs & {category, *(("C01",) if category == "C08" else ())})
    provider, started = one_of(rng, HOME_CARE), story.started
    weekly = round(story.annual * rng.lognormvariate(0.1, 0.18) / 52 / 100) * 100
    yield Contract("alternative", provider, category, "Costed when the budget began", weekly, "weekly", started)
    if story.is_direct and rng.random() < 0.6:
        yield Contract("support", "Budget Support Service", "C04", "Advice and payroll", between(rng, 6, 15) * 1_00, "weekly", started)
    if rng.random() < 0.7:
        words = "Assessment, planning and set-up"
        yield Contract("set up", "", "C04", words, between(rng, 150, 900) * 1_00, "one-off", started, started)
    if rng.random() < 0.5:
        late = between(rng, 40, 150) if story.number % 9 == 4 else between(rng, -3, 10)
        begun, place = started - between(rng, 200, 900), story.number % 18
        service = Contract("commissioned", provider, category, "Care at home", weekly, "weekly", begun, is_same_need=is_met)
        if place == 13:  # nobody ended it
            yield replace(service, pence=weekly // 2)
        elif place == 7:  # nobody closed it in the register; nothing is paid
            yield replace(service, stopped=started - 1)
        else:
            yield replace(service, end=started + late)
    if story.group == DISABILITY and "C10" not in needs and rng.random() < 0.7:
        ends = between(rng, story.window[0] + 30, story.window[1]) if rng.random() < 0.5 else 0
        weekly = between(rng, 40, 120) * 1_00
        yield Contract("commissioned", one_of(rng, SHORT_BREAKS), "C10", "Short breaks", weekly, "weekly", started - 500, ends)


def rated_outcomes(story: Story, review: Event) -> list[str]:
    """References of the outcomes of the plan in force at a review."""
    version = story.version_on(review.first)
    return [outcome.ref for outcome in version.outcomes] if version else []


def drawn_count(rng: Random, mean: float) -> int:
    """A Poisson count, by waiting times."""
    times, waited = 0, rng.expovariate(1)
    while waited < mean:
        times, waited = times + 1, waited + rng.expovariate(1)
    return times
