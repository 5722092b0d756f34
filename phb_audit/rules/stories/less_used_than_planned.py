"""Much of the budget stays unused, and another sign says that the need may be other than was planned."""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-10",
    title="Less is used than was planned",
    risk="other_need",
    signs=(
        Sign("money not used", ("A-07",), is_core=True),
        Sign("much spent just before a deadline", ("A-14",)),
        Sign("start-up money not used", ("A-22",)),
        Sign("subscriptions whose line has ended", ("A-09",)),
        Sign("purchases the plan does not name", ("P-02", "P-03")),
    ),
    least_signs=2,
    least_core=1,
    window_days=180,
    innocent="Care workers are hard to find, the person was in hospital or kept something for a large purchase, or we never said "
    "what the money may be used for.",
    ask="Ask at the next review whether the person has the care they need and can find it. A smaller budget is the last thing to think of.",
    ask_whom="The care co-ordinator.",
    lane="ordinary",
    owner="Clinical lead for personalised care",
    reviewer="Continuing healthcare lead",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("Money not used, and much of it spent before the deadline", (("A-07", 0), ("A-14", 30)), is_told=True),
        StoryExample("Money not used alone", (("A-07", 0),), is_told=False),
        StoryExample("Money not used because our review is overdue", (("A-07*", 0), ("A-14", 30)), is_told=False),
        StoryExample("The last day of the 180", (("A-07", 0), ("A-22", 179)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("A-07", 0), ("A-22", 180)), is_told=False, is_at_threshold=True),
    ),
)
