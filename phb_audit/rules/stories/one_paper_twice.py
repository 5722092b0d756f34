"""One paper stands behind more than one payment, and another sign about papers stands beside it."""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-03",
    title="Papers that serve more than one payment",
    risk="gone_elsewhere",
    signs=(
        Sign("a receipt used twice", ("E-05", "E-06"), is_core=True),
        Sign("invoices numbered one after another", ("E-09",), is_core=True),
        Sign("receipts whose total differs", ("E-02",)),
        Sign("payments just under the receipt limit", ("A-15",)),
        Sign("a transfer to an own account or family", ("A-03",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=120,
    innocent="A receipt is often sent twice by mistake, one delivery can be paid in two parts, and a sole trader with one client "
    "numbers invoices in a row.",
    ask="Put both papers side by side and ask the supplier whether it issued two.",
    ask_whom="The supplier. Nobody in the household before the Local Counter Fraud Specialist has looked.",
    lane="restricted",
    owner="Local Counter Fraud Specialist",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("A receipt used twice, and totals that differ", (("E-05", 0), ("E-02", 40)), is_told=True),
        StoryExample("The same receipt with two payments and with two people: one sign", (("E-05", 0), ("E-06", 0)), is_told=False),
        StoryExample("Only supporting signs", (("E-02", 0), ("A-15", 3)), is_told=False),
        StoryExample("The last day of the 120", (("E-05", 0), ("A-15", 119)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("E-05", 0), ("A-15", 120)), is_told=False, is_at_threshold=True),
    ),
)
