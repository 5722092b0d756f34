"""Planted: receipts that are missing, used twice, or say something else than the payment."""

from __future__ import annotations

from random import Random

from phb_audit.synthetic.kinds import Kind, line_for, mark, mark_receipt, ordinary, shop, some_day
from phb_audit.synthetic.receipts import DAYS_ALLOWED, make_receipt
from phb_audit.synthetic.story import Line, Story
from phb_audit.synthetic.words import Business, between, one_of


def _receipted(story: Story, least: int = 25_00) -> Line:
    """An ordinary receipted purchase, or one made for the purpose."""
    found = ordinary(story, least=least)
    if found:
        return one_of(story.rng, found)
    amount = between(story.rng, least // 100 + 2, least // 100 + 20) * 100
    line = shop(story, "E03", some_day(story, before=50), amount, has_receipt=False)
    line.plan = line_for(story, "E03", amount)
    line.receipt = make_receipt(story, line, min(line.on + 6, story.window[1]))
    return line


def no_receipt(story: Story, kind: Kind) -> None:
    """Two purchases of GBP 25 or more whose receipt never came."""
    for _ in range(2):
        line = _receipted(story)
        if line.on <= story.window[1] - DAYS_ALLOWED - 2:
            line.receipt = None
            mark(line, kind)


def reused(story: Story, kind: Kind) -> None:
    """The same paper sent for a second purchase of the same sum."""
    first = _receipted(story)
    paper = first.receipt
    if paper is None or first.business is None:
        return
    paper.readable = True
    if not paper.lines:
        paper.lines, paper.supplier = [("Goods", 1, first.amount, first.amount)], first.business.name
    paper.invoice = paper.invoice or first.business.invoice_number(story.rng)
    on = min(first.on + between(story.rng, 9, 20), story.last)
    second = shop(story, first.business.code, on, first.amount, category=first.category, has_receipt=False)
    second.business, second.text, second.plan = first.business, first.text, first.plan
    if first.plan is not None and first.plan.frequency in ("annual", "one-off"):
        first.plan.amount += first.amount
    second.receipt = make_receipt(story, second, min(on + 5, story.window[1]))
    copy = second.receipt
    copy.supplier, copy.invoice, copy.dated, copy.total = paper.supplier, paper.invoice, paper.dated, paper.total
    copy.image, copy.lines, copy.readable, copy.method = paper.image, list(paper.lines), True, paper.method
    for line in (first, second):
        mark(line, kind)
        if line.receipt:
            mark_receipt(line.receipt, kind, line.category)


def used_by_two(story: Story, kind: Kind, pair: str) -> None:
    """The same paper from two holders; both halves of a pair draw it from the same seed."""
    shared = Random(f"pair {pair}")
    business = Business(shared, "E08")
    amount = between(shared, 41_00, 88_00)
    middle = (story.window[0] + story.window[1]) // 2
    on = max(story.first + 3, min(middle + between(shared, -40, 40), story.last - 2))
    line = shop(story, "E08", on, amount, has_receipt=False)
    line.business, line.text = business, business.card if line.type in ("", "DEB") else business.bank
    line.plan = line_for(story, "E08", amount)
    receipt = make_receipt(story, line, min(on + between(story.rng, 3, 15), story.window[1]))
    receipt.invoice, receipt.image = f"INV-{between(shared, 1000, 9999)}", f"{shared.getrandbits(64):016x}"
    receipt.supplier, receipt.readable, receipt.dated = business.name, True, middle + between(shared, -40, -30)
    receipt.lines = [("Weighted blanket 5kg", 1, amount, amount)]
    line.receipt = receipt
    line.on = line.posted = max(story.first + 3, min(receipt.dated, story.last - 2))
    mark(line, kind)
    mark_receipt(receipt, kind, "E08")


def total_differs(story: Story, kind: Kind) -> None:
    """The paper says less than was paid."""
    line = _receipted(story)
    if line.receipt is None:
        return
    less = between(story.rng, 4_00, max(5_00, line.amount // 3))
    total = line.amount - less
    line.receipt.total, line.receipt.lines, line.receipt.readable = total, [("Goods as agreed", 1, total, total)], True
    line.receipt.supplier = line.receipt.supplier or (line.business.name if line.business else "Shop")
    mark(line, kind)
    mark_receipt(line.receipt, kind, line.category)


def in_sequence(story: Story, kind: Kind) -> None:
    """Invoices of one supplier that count 1, 2, 3: it seems to have no other customer."""
    business, number = Business(story.rng, "T01"), between(story.rng, 11, 80)
    on = some_day(story, before=75)
    for turn in range(3):
        line = shop(story, "T01", min(on + 14 * turn, story.last), 48_00, has_receipt=False)
        line.business, line.text = business, business.card if line.type in ("", "DEB") else business.bank
        line.plan = line_for(story, "T01", 48_00)
        line.receipt = make_receipt(story, line, min(line.on + 4, story.window[1]))
        line.receipt.invoice = f"{number + turn:03d}"
        mark(line, kind)


def split_payments(story: Story, kind: Kind) -> None:
    """Three payments just under the sum for which a receipt is wanted, to one payee within three days."""
    business, on = Business(story.rng, "A05"), some_day(story)
    for turn in range(3):
        line = shop(story, "A05", min(on + turn, story.last), 24_99 - between(story.rng, 0, 80), has_receipt=False)
        line.business, line.text = business, business.card if line.type in ("", "DEB") else business.bank
        line.plan = line_for(story, "A05", 25_00)
        mark(line, kind)
