"""The table of planted kinds, and how they are dealt to holders. `docs/how-to/make-a-world.md` shows this table.

Add a kind: one row here and one small function in a `plant_` module. Rows of the deck `pair` must stay two by two.
"""

from __future__ import annotations

from functools import partial
from random import Random

from phb_audit.synthetic import plant_account as account
from phb_audit.synthetic import plant_commissioner as commissioner
from phb_audit.synthetic import plant_evidence as evidence
from phb_audit.synthetic import plant_never as never
from phb_audit.synthetic import plant_people as people
from phb_audit.synthetic import plant_plan as plan
from phb_audit.synthetic.holders import MANAGED_PLACES, NOTIONAL_PLACES, holding_of
from phb_audit.synthetic.kinds import CLINICIAN, Kind
from phb_audit.synthetic.story import Story


def _pair(story: Story, kind: Kind) -> None:
    raise NotImplementedError(f"{kind.code} is planted with its pair by `plant`")


BODY, PAYROLL, SUPPLIER = "commissioner", "payroll", "supplier"
SIMPLE = (
    Kind("alcohol_in_basket", "Alcohol among groceries on a receipt", "L-01", never.in_basket, wants=("baskets",), cards=2, lines=1.4),
    Kind("off_licence", "Off-licence or bar", "L-01", never.off_licence, lines=1.5),
    Kind("tobacco_in_basket", "Tobacco among groceries on a receipt", "L-02", never.in_basket, wants=("baskets",), lines=1.4),
    Kind("gambling", "Bets, bingo or lottery", "L-03", never.gambling, lines=2.5),
    Kind("debt_repayment", "A loan or card repaid", "L-04", never.debt, lines=2),
    Kind("private_gp", "Private GP instead of primary care", "L-06", never.one_never),
    Kind("dental_or_eye_test", "Dental treatment or sight test", "L-09", never.one_never),
    Kind("private_hospital", "Private hospital or urgent care", "L-07|L-08", never.one_never),
    Kind("nhs_charge", "Prescription charge or vaccine", "L-10|L-11", never.one_never),
    Kind("ordinary_living_cost", "Rent or council tax outside the plan", "L-13|P-02", never.living_cost),
    Kind("gift_cards", "Gift cards, money transfer, crypto", "L-15", never.one_never),
    Kind("penalty_charge", "Fine or penalty", "L-16", never.one_never),
    Kind("buy_now_pay_later", "Bought on credit", "A-17", never.later_payments),
    Kind("not_in_plan", "Category the plan does not have", "P-02", plan.not_in_plan, cards=2),
    Kind("unusual_not_agreed", "Unusual thing without a line in the plan", "P-03", plan.unusual_not_agreed, CLINICIAN, cards=2),
    Kind("above_line", "Payment well above its plan line", "P-05", plan.above_line),
    Kind("bought_again", "One-off item bought a second time", "P-07", plan.bought_again, CLINICIAN),
    Kind("against_risk_note", "A risk note of the plan speaks against it", "P-10", plan.against_risk_note, CLINICIAN),
    Kind("unusual_amount", "Amount unusual for this person and category", "N-01", plan.unusual_amount, CLINICIAN),
    Kind("no_receipt", "No receipt after 28 days", "E-01", evidence.no_receipt, wants=("old",), cards=2, lines=2),
    Kind("receipt_total_differs", "Receipt says less than was paid", "E-02", evidence.total_differs),
    Kind("receipt_reused_same_person", "One receipt for two purchases", "E-05", evidence.reused, lines=2),
    Kind("split_payments", "Just-under-threshold payments to one payee", "A-15", evidence.split_payments, lines=3),
    Kind("cash_above_allowance", "Cash above what was agreed", "A-04", account.cash_above, lines=2),
)
STRUCTURAL = (
    Kind("receipt_used_by_two_people", "One receipt from two holders", "E-06", _pair),
    Kind("receipt_used_by_two_people", "One receipt from two holders", "E-06", _pair),
    Kind("invoices_in_sequence", "Supplier's invoices count one by one", "E-09", evidence.in_sequence, party=SUPPLIER, lines=3),
    Kind(
        "purchase_no_plan_live",
        "Bought in a gap between plan versions",
        "P-01",
        plan.gap_between_versions,
        party=BODY,
        wants=("agency",),
        lines=4,
    ),
    Kind("approved_afterwards", "Only a later version of the plan has it", "P-17", plan.approved_afterwards),
    Kind("more_often_than_agreed", "More sessions than agreed", "P-08", plan.more_often, lines=3),
    Kind("subscription_after_line_ended", "Subscription after its line ended", "A-09|P-06", plan.after_line_ended, lines=2),
    Kind("transfer_to_self", "Transfer to the holder's own account", "A-03", account.to_self, wants=("bank",), lines=2),
    Kind("transfer_to_family", "Transfer to a relative", "A-03", account.to_family, wants=("bank", "family")),
    Kind("cash_abroad", "Cash abroad", "A-05|A-04", account.cash_abroad, wants=("card",)),
    Kind("spend_after_death", "Spending after death", "A-13", account.after_death, wants=("dies",), lines=2),
    Kind(
        "instalment_after_death",
        "Instalment after death",
        "A-13",
        account.instalment_after_death,
        party=BODY,
        wants=("dies",),
        before_money=False,
    ),
    Kind("surplus", "More than eight weeks' money unused", "A-07", account.surplus, wants=("old",), lines=0, before_money=False),
    Kind(
        "own_money_top_up",
        "Holder pays in own money for assessed care",
        "A-20",
        account.own_money,
        party=BODY,
        wants=("bank", "large"),
        lines=2,
        before_money=False,
    ),
    Kind("duplicate_instalment", "The same instalment paid twice", "A-12", account.duplicate_instalment, party=BODY, before_money=False),
    Kind(
        "household_family_paid", "Relative of the household paid without approval", "W-01", people.household_family, wants=("pa",), lines=2
    ),
    Kind(
        "paid_in_full_in_hospital",
        "Full pay in hospital beyond the retainer",
        "W-03",
        people.full_pay_in_hospital,
        party=PAYROLL,
        wants=("pa", "weekly pay", "admitted"),
        lines=4,
    ),
    Kind("pay_after_pa_left", "Pay after the assistant left", "W-07", people.pay_after_left, party=PAYROLL, wants=("pa",), lines=2),
    Kind(
        "pay_after_death",
        "Pay for days after death",
        "W-07|A-13",
        people.pay_after_death,
        party=PAYROLL,
        wants=("pa", "dies", "weekly pay"),
        lines=2,
    ),
    Kind("wages_without_pay_slip", "Wages without a pay slip", "W-10", people.without_slip, wants=("pa",), lines=2),
    Kind("hours_above_plan", "Hours above the plan's", "W-05", people.too_many_hours, party=PAYROLL, wants=("pa",), lines=2),
    Kind("rate_below_minimum_wage", "Rate below the minimum wage", "W-12", people.below_minimum, party=PAYROLL, wants=("pa",), lines=2),
    Kind("net_pay_differs", "Bank shows more than the slip", "W-09", people.net_differs, party=PAYROLL, wants=("pa",), lines=2),
    Kind("staff_bonus", "Bonus or present to staff", "W-22", people.bonus, wants=("pa",)),
    Kind(
        "one_account_two_assistants",
        "One bank account for two assistants",
        "A-11",
        people.one_account_for_two,
        party=PAYROLL,
        wants=("pa", "two assistants"),
        lines=0,
    ),
)
MANAGED = (
    Kind("fee_above_agreed", "Management fee above the plan's line", "P-05", commissioner.fee_above_agreed, party=SUPPLIER, deck="managed"),
    Kind("invoice_paid_twice", "One invoice paid twice", "E-05", commissioner.invoice_twice, party=SUPPLIER, deck="managed"),
)
NOTIONAL = (
    Kind("invoice_paid_twice", "One invoice paid twice", "E-05", commissioner.invoice_twice, party=SUPPLIER, deck="notional"),
    Kind(
        "care_billed_after_death",
        "Care billed after death",
        "A-13",
        account.billed_after_death,
        party=SUPPLIER,
        deck="notional",
        wants=("dies",),
        lines=2,
    ),
)
FAILINGS = (
    Kind(
        "commissioner_review_late",
        "No review within three months",
        "G-01",
        commissioner.no_review_in_three_months,
        party=BODY,
        wants=("new",),
        lines=0,
    ),
    Kind(
        "commissioner_review_over_a_year",
        "More than twelve months since a review",
        "G-02",
        commissioner.no_review_in_a_year,
        party=BODY,
        wants=("long",),
        lines=0,
    ),
    Kind("outcome_not_stated", "Outcome recorded as 'n/a'", "P-09|G-08", commissioner.outcome_not_stated, party=BODY, lines=0),
    Kind(
        "payment_below_plan_cost",
        "Paid less than the plan costs",
        "G-09",
        commissioner.below_cost,
        party=BODY,
        wants=("large",),
        lines=0,
        before_money=False,
    ),
    Kind("plan_expired", "Plan ran out while payments go on", "P-01", plan.plan_expired, party=BODY, wants=("agency", "alive"), lines=6),
    Kind("audit_a_year_late", "Financial audit a year late", "G-03", commissioner.audit_late, party=BODY, wants=("long",), lines=0),
    Kind(
        "paid_before_agreement",
        "Paid before the agreement was signed",
        "G-04",
        commissioner.before_agreement,
        party=BODY,
        wants=("new",),
        lines=0,
        before_money=False,
    ),
    Kind("no_care_coordinator", "No care co-ordinator named", "G-05", commissioner.no_coordinator, party=BODY, lines=0),
)
KINDS: dict[str, Kind] = {kind.code: kind for kind in SIMPLE + STRUCTURAL + MANAGED + NOTIONAL + FAILINGS}
# Places of twenty holders (see holders.holding_of): direct payments that get a failing of the commissioner instead of a structural kind.
FAILING_PLACES = (3, 9, 16)
DIRECT_PLACES = tuple(place for place in range(20) if holding_of(place) == "direct")
STRUCTURAL_PLACES = tuple(place for place in DIRECT_PLACES if place not in FAILING_PLACES)
# Cards a holder and year, set so that 1% to 2% of payment lines are breaches. A holder has one structural kind at most; in longer
# worlds simple ones even that out (a structural kind marks about 1.3 times the lines, and fewer holders get one).
ONE_A_HOLDER, BESIDE, BILLS, LINES_EVEN_OUT = 0.8, 0.72, 0.34, 1.0


class Dealer:
    """Deals kinds to holders: the same kinds for a holder whatever order holders are made in.

    Every turn of a deck takes a share of a card, in proportion to the months; whole cards are dealt in an order shuffled by the seed.
    """

    def __init__(self, seed: int, months: int) -> None:
        self.seed, self.months = seed, months
        self.simple, self.structural, self.managed, self.notional, self.failings = (
            shuffled(deck, seed) for deck in (SIMPLE, STRUCTURAL, MANAGED, NOTIONAL, FAILINGS)
        )

    def deal(self, number: int) -> tuple[tuple[Kind, ...], str]:
        """The kinds of one holder, and the pair it belongs to where one of them is half of a pair."""
        held, place, years = holding_of(number), number % 20, self.months / 12
        if held == "managed":
            return self._from(self.managed, number, MANAGED_PLACES, BILLS * years), ""
        if held == "notional":
            return self._from(self.notional, number, NOTIONAL_PLACES, BILLS * years), ""
        beside = BESIDE * years + max(0.0, ONE_A_HOLDER * years - 1) * LINES_EVEN_OUT
        second = self._from(self.simple, number, DIRECT_PLACES, beside)
        if place in FAILING_PLACES:
            return self._from(self.failings, number, FAILING_PLACES, 1.0) + second, ""
        cards = self._cards(number, STRUCTURAL_PLACES, min(1.0, ONE_A_HOLDER * years))
        first = tuple(self.structural[card % len(STRUCTURAL)] for card in cards)
        is_half = bool(first) and first[0].plant is _pair
        return first + second, f"{self.seed}/{cards[0] // len(STRUCTURAL)}" if is_half else ""

    def _from(self, cards: tuple[Kind, ...], number: int, places: tuple[int, ...], density: float) -> tuple[Kind, ...]:
        return tuple(dict.fromkeys(cards[card % len(cards)] for card in self._cards(number, places, density)))

    def _cards(self, number: int, places: tuple[int, ...], density: float) -> range:
        turn = number // 20 * len(places) + places.index(number % 20)
        return range(int(turn * density), int((turn + 1) * density))


def shuffled(deck: tuple[Kind, ...], seed: int) -> tuple[Kind, ...]:
    """The cards of a deck in the order of a seed; the two halves of the pair stay neighbours."""
    cards = [kind for kind in deck for _ in range(kind.cards)]
    halves = [kind for kind in cards if kind.plant is _pair]
    rest = [kind for kind in cards if kind.plant is not _pair]
    Random(f"deck {seed} {deck[0].code}").shuffle(rest)
    place = len(rest) // 2
    return tuple(rest[:place] + halves + rest[place:])


def plant(story: Story, kinds: tuple[Kind, ...], pair: str, *, before_money: bool) -> None:
    """Plant the kinds whose time it is."""
    for kind in kinds:
        if kind.before_money != before_money:
            continue
        if kind.plant is _pair:
            partial(evidence.used_by_two, pair=pair)(story, kind)
        else:
            kind.plant(story, kind)
