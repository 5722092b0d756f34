"""Planted: what happens on the account itself: transfers, cash, surplus, own money, instalments that should not be."""

from __future__ import annotations

from phb_audit.synthetic.kinds import Kind, mark, price_of, shop, some_day
from phb_audit.synthetic.ledger_files import BILL_DAYS
from phb_audit.synthetic.spending import buy, draw_cash
from phb_audit.synthetic.story import Failing, Instalment, Line, Person, Story
from phb_audit.synthetic.words import Business, between, one_of

CARE = ("C08", "C09", "C10", "C11")


def _transfer(story: Story, person: Person, on: int, kind: Kind) -> None:
    name = f"{person.given[0]} {person.surname}".upper()
    text = one_of(story.rng, (f"TFR {name}", f"{person.title} {name}", f"TRANSFER {name}", f"TO {name}"))
    amount = between(story.rng, 3, 16) * 25_00
    line = Line(on, amount, "transfer", text[:18], one_of(story.rng, ("TFR", "FPO")), "Z02")
    story.lines.append(mark(line, kind))


def to_self(story: Story, kind: Kind) -> None:
    """Two transfers to the holder's own account."""
    on = some_day(story, before=60)
    for turn in range(2):
        _transfer(story, story.person, min(on + turn * between(story.rng, 5, 25), story.last), kind)


def to_family(story: Story, kind: Kind) -> None:
    """A transfer to a relative who is not paid for care."""
    family = [person for person in story.people if person.role in ("family", "nominee", "representative")]
    _transfer(story, one_of(story.rng, family), some_day(story), kind)


def cash_above(story: Story, kind: Kind) -> None:
    """Cash in one month far above what was agreed."""
    on = some_day(story)
    on -= (on - story.first) % 28 // 3
    for turn in range(2):
        mark(draw_cash(story, min(on + turn * 3, story.last), between(story.rng, 6, 15) * 10_00, None), kind)


def cash_abroad(story: Story, kind: Kind) -> None:
    """Cash from a machine abroad."""
    line = mark(draw_cash(story, some_day(story), between(story.rng, 9, 22) * 10_00, None), kind)
    line.text, line.city, line.country = one_of(story.rng, ("CAIXABANK ATM 2231", "BBVA CAJERO 118", "EURONET 44121")), "Alicante", "ES"
    line.foreign = ("EUR", line.amount * 117 // 100)


def after_death(story: Story, kind: Kind) -> None:
    """Purchases on the account after the holder died."""
    if not story.died:
        return
    for turn in range(2):
        on = min(story.died + 4 + turn * between(story.rng, 4, 9), story.window[1])
        code = ("H02", "R03")[turn] if story.account_kind in ("bank", "card") else "C08"
        mark(shop(story, code, on, has_receipt=False), kind)


def billed_after_death(story: Story, kind: Kind) -> None:
    """An agency's order is left open: its last honest bill comes after the death, then two for weeks that nobody was cared for.

    A notional ledger dates bills `BILL_DAYS` before they are paid.
    """
    if not story.died:
        return
    known = [line for line in story.lines if line.what == "purchase" and line.business and line.category in CARE]
    latest = max(known, key=lambda line: line.on, default=None)
    business = latest.business if latest and latest.business else Business(story.rng, "C08")
    amount = latest.amount if latest else min(price_of(story, "C08"), max(9_50, story.annual // 5))
    on = story.died + BILL_DAYS + between(story.rng, 0, 6)
    buy(story, business, latest.category if latest else "C08", on, amount).plan = latest.plan if latest else None
    for turn in (1, 2):
        mark(buy(story, business, latest.category if latest else "C08", on + turn * between(story.rng, 24, 27), amount), kind)


def instalment_after_death(story: Story, kind: Kind) -> None:
    """Instalments that go on after the death was known."""
    usual = max((item for item in story.instalments if item.kind == "regular"), key=lambda item: item.on, default=None)
    if not story.died or usual is None:
        return
    on = usual.on
    while on <= story.died:
        on += usual.last - usual.first + 1
    if on <= story.window[1]:
        _extra_instalment(story, usual, on, kind)


def _extra_instalment(story: Story, usual: Instalment, on: int, kind: Kind) -> None:
    days_covered = usual.last - usual.first if usual.on != on else 0
    first = usual.first if on - usual.on < 10 else on
    item = Instalment(on, usual.amount, first, first + days_covered if first == on else usual.last, usual.kind)
    item.label, item.what, item.rules = kind.label, kind.code, kind.rule_ids
    story.instalments.append(item)
    if usual.credit is not None:
        item.credit = mark(Line(on, -usual.amount, "instalment", usual.credit.text, "BGC", ""), kind)
        story.lines.append(item.credit)


def duplicate_instalment(story: Story, kind: Kind) -> None:
    """The same instalment paid twice within days."""
    regular = [item for item in story.instalments if item.kind == "regular" and item.on < story.last - 5]
    if regular:
        usual = one_of(story.rng, regular)
        _extra_instalment(story, usual, usual.on + between(story.rng, 1, 4), kind)


def surplus(story: Story, kind: Kind) -> None:
    """Far more than eight weeks' money lies in the account and nothing is done about it."""
    story.is_balanced = False
    story.layout = "bank_signed" if story.layout == "bank_memo" else story.layout  # a statement without balances could not show it
    story.opening = max(story.opening, story.annual * 17 // 52)
    story.failings.append(Failing("holder", story.last, story.opening, kind.code, kind.rule_ids, party=kind.party))


def own_money(story: Story, kind: Kind) -> None:
    """The holder pays in so that the assessed care can be bought."""
    name = f"{story.person.title} {story.person.given[0]} {story.person.surname}".upper()
    on = some_day(story, before=70)
    for turn in range(2):
        amount = between(story.rng, 6, 18) * 20_00
        line = Line(min(on + 28 * turn, story.last), -amount, "credit", name[:18], "FPI", "")
        story.lines.append(mark(line, kind))
