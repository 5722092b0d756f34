"""Receipts and invoices for purchases: when they arrive, what stands on them, and how some fade."""

from __future__ import annotations

from phb_audit.synthetic.story import Line, Receipt, Story
from phb_audit.synthetic.words import between, filled, one_of, reference, vocabulary

WANTED_FROM = 25_00
DAYS_ALLOWED = 28
SMALL_SHARE, LATE_SHARE, FADED_SHARE = 0.3, 0.006, 0.02
NO_RECEIPT = frozenset({"C01", "C02", "Z01"})
BASKET = "H02"


def give_receipt(story: Story, line: Line, *, surely: bool = False) -> Receipt | None:
    """A receipt for a purchase, received within 28 days as far as that lies in the window; None where none is kept."""
    rng = story.rng
    if not surely and (line.category in NO_RECEIPT or (line.amount < WANTED_FROM and rng.random() > SMALL_SHARE)):
        return None
    received = line.on + int(rng.random() ** 2 * 26) + 1
    if rng.random() < LATE_SHARE and not surely:
        received = line.on + between(rng, DAYS_ALLOWED + 1, DAYS_ALLOWED + 12)
    if received > story.window[1]:
        if story.window[1] - line.on < DAYS_ALLOWED - 6 and not surely:
            return None
        received = story.window[1]
    line.receipt = make_receipt(story, line, received)
    return line.receipt


def make_receipt(story: Story, line: Line, received: int) -> Receipt:
    """The receipt of a line, with its items adding up to the total."""
    rng, business = story.rng, line.business
    story.receipts_sent += 1
    supplier = business.name if business else line.text.title()
    invoice = business.invoice_number(rng) if business else reference(rng)
    ref = f"R{story.number % 1_000_000:06d}-{story.receipts_sent:04d}"
    receipt = Receipt(ref, supplier, invoice, line.on, received, line.amount, f"{rng.getrandbits(64):016x}")
    receipt.method = "card" if line.type in ("DEB", "") else "bank transfer"
    if rng.random() < FADED_SHARE:
        receipt.readable, receipt.invoice = False, ""
        receipt.supplier = "" if rng.random() < 0.5 else supplier
        return receipt
    code = business.code if business else line.category
    receipt.lines = basket(story, line.amount) if code == BASKET else few_items(story, code, line.amount)
    return receipt


def few_items(story: Story, code: str, total: int) -> list[tuple[str, int, int, int]]:
    """One or two lines of the category's own words."""
    rng = story.rng
    words = vocabulary().get(code, {}).get("items", ("Goods",))
    first = filled(rng, one_of(rng, words))
    if total < 20_00 or rng.random() < 0.6:
        return [(first, 1, total, total)]
    second = filled(rng, one_of(rng, words))
    if rng.random() < 0.3 and total % 2 == 0:
        return [(first, 2, total // 2, total)]
    part = total * between(rng, 15, 60) // 100
    return [(first, 1, total - part, total - part), (second, 1, part, part)]


def basket(story: Story, total: int) -> list[tuple[str, int, int, int]]:
    """A mixed supermarket basket: three to seven lines that add up to the total."""
    rng, words = story.rng, vocabulary()[BASKET]["items"]
    count = min(between(rng, 3, 7), max(1, total // 90))
    shares = [0.3 + rng.random() for _ in range(count)]
    scale = total / sum(shares)
    prices = [max(1, int(share * scale)) for share in shares]
    prices[-1] += total - sum(prices)
    return [(filled(rng, one_of(rng, words)), 1, price, price) for price in prices]
