"""Money moved after the budget had ended, in more than one way.

Most often a death in the family: every word to them is written with that in mind.
"""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-05",
    title="Money moved after the budget ended",
    risk="gone_elsewhere",
    signs=(
        Sign("money moved after the end", ("A-13",), is_core=True),
        Sign("pay for days after the end", ("W-07",), is_core=True),
        Sign("a return that is late", ("E-11",)),
        Sign("a gap between statements", ("E-12",)),
        Sign("subscriptions that went on", ("A-09",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=180,
    innocent="Last wages, notice and holiday pay are owed after a death, direct debits run on until somebody stops them, and nobody "
    "told the family whom to tell.",
    ask="Look first whether anyone of ours wrote to the family about closing the account, and when. Then ask for the last statement.",
    ask_whom="The team that closes budgets. The family only through the contact on file, and never in the first weeks.",
    lane="restricted",
    owner="Local Counter Fraud Specialist",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("Money moved and pay for days after the end", (("A-13", 0), ("W-07", 25)), is_told=True),
        StoryExample("Money moved after the end, twice", (("A-13", 0), ("A-13", 20)), is_told=False),
        StoryExample("A late return and a gap, and nothing after the end", (("E-11", 0), ("E-12", 4)), is_told=False),
        StoryExample("The last day of the 180", (("A-13", 0), ("E-12", 179)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("A-13", 0), ("E-12", 180)), is_told=False, is_at_threshold=True),
    ),
)
