"""What happens to one made-up holder: people, plan, payments, receipts, pay slips. Plain records that the writers turn into files.

Days are ordinals, money is pence, positive pence are money out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from phb_audit.synthetic.words import Business

FREQUENCIES = {"weekly": 52, "4-weekly": 13, "monthly": 12, "annual": 1, "one-off": 1}


class Receipt:
    """A receipt or invoice. `lines` are (description, quantity, unit pence, total pence)."""

    __slots__ = (
        "category", "dated", "image", "invoice", "kind", "label", "lines", "marked", "method", "party", "readable", "received", "ref",
        "rules", "supplier", "total",
    )  # fmt: skip

    def __init__(self, ref: str, supplier: str, invoice: str, dated: int, received: int, total: int, image: str) -> None:
        self.ref, self.supplier, self.invoice = ref, supplier, invoice
        self.dated, self.received, self.total, self.image = dated, received, total, image
        self.method = "card"
        self.readable = True
        self.lines: list[tuple[str, int, int, int]] = []
        self.label, self.kind, self.rules, self.party = "", "", "", "holder"
        self.marked, self.category = 0, ""  # which of the lines the truth speaks of, and its category


class Line:
    """A payment line. `plan` is the plan line it truly serves; `label` is the truth about it."""

    __slots__ = (
        "amount", "balance", "business", "category", "city", "country", "dirt", "foreign", "invoice", "is_unusual", "kind",
        "label", "mcc", "more_receipts", "on", "party", "place", "plan", "posted", "receipt", "rules", "slip", "text", "type", "what",
    )  # fmt: skip

    def __init__(self, on: int, amount: int, what: str, text: str, bank_type: str, category: str) -> None:
        self.on, self.posted, self.amount = on, on, amount
        self.what = what  # purchase, wages, instalment, credit, cash, transfer, refund, fee, interest, repayment
        self.text, self.type, self.category = text, bank_type, category
        self.mcc, self.city, self.country, self.invoice, self.dirt = "", "", "GB", "", ""
        self.business: Business | None = None
        self.plan: PlanLine | None = None
        self.receipt: Receipt | None = None
        self.more_receipts: list[Receipt] = []  # where one payment has several
        self.slip: PaySlip | None = None
        self.foreign: tuple[str, int] | None = None  # currency and amount in it
        self.label, self.is_unusual, self.kind, self.rules, self.party = "fine", False, what, "", "holder"
        self.balance, self.place = 0, 0  # balance after the line, and its place among the holder's lines


class PaySlip:
    """One pay slip."""

    __slots__ = (
        "employee", "first", "gross", "hmrc_paid", "hours_hundredths", "hours_kind", "is_sent", "kind", "label", "last", "net", "ni",
        "paid", "pension", "rate", "rules", "tax",
    )  # fmt: skip

    def __init__(self, employee: Employee, first: int, last: int, paid: int) -> None:
        self.employee, self.first, self.last, self.paid = employee, first, last, paid
        self.hours_hundredths, self.rate, self.gross, self.tax, self.ni, self.pension, self.net = 0, 0, 0, 0, 0, 0, 0
        self.hours_kind, self.hmrc_paid, self.is_sent = "worked", 0, True
        self.label, self.kind, self.rules = "", "", ""


@dataclass(slots=True, eq=False)
class Person:
    """Somebody of the people register; `sort_code` and `account` are their own bank's."""

    given: str
    surname: str
    role: str
    relationship: str = ""
    is_same_household: bool = False
    sort_code: str = ""
    account: str = ""
    care_approved: int = 0
    title: str = ""

    @property
    def written(self) -> str:
        """Full name, as a register writes it."""
        return f"{self.given} {self.surname}"


@dataclass(slots=True, eq=False)
class Employee:
    """A personal assistant on a payroll; `hours` a week at `rate` pence an hour, paid every `every` days into a line of the plan."""

    person: Person
    ref: str
    ni_number: str
    tax_code: str
    started: int
    left: int
    every: int
    first_pay: int
    hours: int
    rate: int
    bank_text: str
    other_text: str
    plan: PlanLine


@dataclass(frozen=True)
class Price:
    """What becomes of a price from the day `start`: it jumps by `rate`, or grows by it each month. `kind` is what the truth calls it."""

    kind: str = ""
    start: int = 0
    rate: float = 0.0
    is_monthly: bool = False

    def at(self, on: int) -> float:
        """How many times the first price it is on that day."""
        if not self.kind or on < self.start:
            return 1.0
        return float((1 + self.rate) ** ((on - self.start) // 30 + 1)) if self.is_monthly else 1 + self.rate


@dataclass(slots=True, eq=False)
class PlanLine:
    """A line of a plan. Dates of 0 mean those of the version it stands in."""

    ref: str
    outcome: str
    category: str
    description: str
    amount: int
    frequency: str
    starts: int = 0
    ends: int = 0
    is_preapproved: bool = False
    most: int = 0
    supplier: str = ""
    evidence: str = "receipt"
    risk_note: str = ""
    alternative: str = ""
    alternative_cost: int = 0
    business: Business | None = None
    is_unusual: bool = False
    rhythm: str = ""
    fee: int = 0
    times: float = 0.0
    price: Price | None = None

    @property
    def annual(self) -> int:
        """What it comes to in a year."""
        return self.amount * FREQUENCIES[self.frequency]


@dataclass(slots=True, eq=False)
class Outcome:
    """An outcome in the plan's own words."""

    ref: str
    words: str
    goal: str
    kind: str = ""
    rules: str = ""


@dataclass(slots=True, eq=False)
class Version:
    """A version of a plan; `last` 0 = open."""

    number: int
    first: int
    last: int
    approved: int
    status: str
    lines: list[PlanLine]
    outcomes: list[Outcome]
    role: str = "CHC nurse lead"
    has_coordinator: bool = True
    review_due: int = 0


@dataclass(slots=True, eq=False)
class Instalment:
    """A payment by the commissioner, and its credit line in the account."""

    on: int
    amount: int
    first: int
    last: int
    kind: str
    credit: Line | None = None
    label: str = ""
    what: str = ""
    rules: str = ""
    party: str = "commissioner"


@dataclass(slots=True, eq=False)
class Event:
    """An event of the holder's care."""

    name: str
    first: int
    last: int = 0
    noted: int = 0
    detail: str = ""


@dataclass(slots=True, eq=False)
class Failing:
    """A planted problem that is no payment: about the plan, an instalment or the holder."""

    subject: str
    on: int
    amount: int
    kind: str
    rules: str
    label: str = "breach"
    party: str = "commissioner"
    version: int = 0


@dataclass(slots=True, eq=False)
class Story:
    """Everything about one holder."""

    number: int
    rng: Random
    window: tuple[int, int]
    nhs: str = ""
    holding: str = "direct payment"
    account_kind: str = "bank"
    group: str = ""
    area: str = ""
    sort_code: str = ""
    account: str = ""
    token: str = ""
    managed: str = ""
    layout: str = ""
    started: int = 0
    ended: int = 0
    died: int = 0
    agreed: int = 0
    audited: int = 0
    annual: int = 0
    plan_id: str = ""
    person: Person = field(default_factory=lambda: Person("", "", "holder"))
    people: list[Person] = field(default_factory=list)
    employees: list[Employee] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    slips: list[PaySlip] = field(default_factory=list)
    instalments: list[Instalment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    failings: list[Failing] = field(default_factory=list)
    away: list[tuple[int, int]] = field(default_factory=list)
    kinds: tuple[str, ...] = ()
    receipts_sent: int = 0
    papers_for_nothing: list[Receipt] = field(default_factory=list)
    is_balanced: bool = True
    opening: int = 0
    keeps: str = "portal"

    @property
    def first(self) -> int:
        """First day of the holder's life that the world sees."""
        return max(self.window[0], self.started)

    @property
    def last(self) -> int:
        """Last day of ordinary spending: the window's, or the day before death or the end."""
        return min(self.window[1], self.died - 1 if self.died else self.window[1], self.ended or self.window[1])

    @property
    def is_direct(self) -> bool:
        """Held as a direct payment."""
        return self.holding == "direct payment"

    def is_away(self, on: int) -> bool:
        """In hospital on that day."""
        return any(first <= on <= last for first, last in self.away)

    def version_on(self, on: int) -> Version | None:
        """The version in force."""
        for version in self.versions:
            if version.first <= on and (not version.last or on <= version.last):
                return version
        return None

    def plan_ref(self, line: Line) -> str:
        """Plan number, version and line that a payment serves on its day, or empty."""
        plan, on = line.plan, line.on
        if plan is None:
            return ""
        for version in self.versions:
            if version.first <= on and (not version.last or on <= version.last):
                return f"{self.plan_id}/v{version.number}/{plan.ref}" if plan in version.lines else ""
        return ""
