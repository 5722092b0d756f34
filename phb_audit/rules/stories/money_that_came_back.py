"""Money left the account, came back to somebody, and not to the budget."""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-04",
    title="Money that left the account and did not come back to it",
    risk="gone_elsewhere",
    signs=(
        Sign("a transfer to an own account or family", ("A-03",), is_core=True),
        Sign("a refund that was passed on", ("A-21",), is_core=True),
        Sign("a refund that is not on the statement", ("E-10",), is_core=True),
        Sign("a gap between statements", ("E-12",)),
        Sign("sellers that are not shown", ("A-18",)),
        Sign("a return that does not reconcile", ("E-13",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=120,
    innocent="People pay with their own card first and pay themselves back, refunds go to the card they were paid with, and a "
    "statement is lost in the post.",
    ask="Ask for the statement of the weeks in question, and whether somebody paid for the budget with own money before.",
    ask_whom="The support service or whoever keeps the account, as an ordinary request for papers.",
    lane="restricted",
    owner="Local Counter Fraud Specialist",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("A transfer to an own account, and a refund that was passed on", (("A-03", 0), ("A-21", 14)), is_told=True),
        StoryExample("Transfers alone, three of them", (("A-03", 0), ("A-03", 30), ("A-03", 60)), is_told=False),
        StoryExample("The last day of the 120", (("A-03", 0), ("E-12", 119)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("A-03", 0), ("E-12", 120)), is_told=False, is_at_threshold=True),
    ),
)
