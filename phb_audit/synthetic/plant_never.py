"""Planted: things a direct payment may never buy, and ordinary purchases outside the plan."""

from __future__ import annotations

from phb_audit.synthetic.kinds import Kind, line_for, mark, mark_receipt, shop, some_day
from phb_audit.synthetic.receipts import give_receipt
from phb_audit.synthetic.story import Line, Story
from phb_audit.synthetic.words import between, filled, one_of, vocabulary


def in_basket(story: Story, kind: Kind) -> None:
    """Drink or tobacco among groceries: only a line of the receipt shows it."""
    code = "X01" if kind.code.startswith("alcohol") else "X02"
    for _ in range(2 if story.rng.random() < 0.4 else 1):
        line = _a_basket(story)
        receipt = line.receipt
        if receipt is None or not receipt.lines:
            return
        place = between(story.rng, 0, len(receipt.lines) - 1)
        _, quantity, unit, total = receipt.lines[place]
        receipt.lines[place] = (filled(story.rng, one_of(story.rng, vocabulary()[code]["items"])), quantity, unit, total)
        mark_receipt(receipt, kind, code, place)
        mark(line, kind)


def _a_basket(story: Story) -> Line:
    """A receipted supermarket purchase of some size within the plan's groceries line."""
    amount = between(story.rng, 26_00, 48_00)
    line = shop(story, "H02", some_day(story), amount, has_receipt=False)
    line.plan = line_for(story, "H02", amount)
    receipt = give_receipt(story, line, surely=True)
    if receipt is not None and not receipt.lines:
        receipt.readable, receipt.supplier = True, line.business.name if line.business else "Shop"
        receipt.lines = [("Bread and milk", 1, amount // 3, amount // 3), ("Ready meal", 1, amount - amount // 3, amount - amount // 3)]
    return line


def off_licence(story: Story, kind: Kind) -> None:
    """Off-licence or bar by merchant code or name."""
    for _ in range(between(story.rng, 1, 2)):
        mark(shop(story, "X01", some_day(story), has_receipt=False), kind)


def gambling(story: Story, kind: Kind) -> None:
    """Bets, bingo or lottery, two or three times."""
    on = some_day(story)
    for turn in range(between(story.rng, 2, 3)):
        mark(shop(story, "X03", min(on + turn * between(story.rng, 1, 6), story.last), has_receipt=False), kind)


def debt(story: Story, kind: Kind) -> None:
    """A loan or card repaid in two instalments."""
    on = some_day(story, before=70)
    for turn in range(2):
        mark(shop(story, "X04", min(on + 30 * turn, story.last), has_receipt=False), kind)


def later_payments(story: Story, kind: Kind) -> None:
    """Bought now, paid later."""
    mark(shop(story, "BNPL", some_day(story), category="M04", has_receipt=False), kind)


def living_cost(story: Story, kind: Kind) -> None:
    """Rent or council tax that no line of the plan speaks of."""
    mark(shop(story, "RENT", some_day(story), category="H03"), kind)


NEVER_CODES = {
    "private_gp": "X06",
    "dental_or_eye_test": "X06B",
    "private_hospital": "X07",
    "nhs_charge": "X08",
    "gift_cards": "Z03",
    "penalty_charge": "Z04",
}


def one_never(story: Story, kind: Kind) -> None:
    """One purchase of a category a direct payment may not buy, with its receipt."""
    code = NEVER_CODES[kind.code]
    mark(shop(story, code, some_day(story), category=code[:3]), kind)
