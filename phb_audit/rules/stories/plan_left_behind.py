"""Spending has moved away from the plan in several ways at once: most often it is the plan that stood still."""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-06",
    title="Spending and plan have grown apart",
    risk="outside_plan",
    signs=(
        Sign("a kind of purchase the plan does not name", ("P-02", "P-03"), is_core=True),
        Sign("more than the plan's amount", ("P-05",), is_core=True),
        Sign("more often than agreed", ("P-08",), is_core=True),
        Sign("purchases outside the dates of their line", ("P-06",)),
        Sign("ordinary living costs", ("L-13",)),
        Sign("cash above the allowance", ("A-04",)),
        Sign("a one-off item bought again", ("P-07",)),
    ),
    least_signs=3,
    least_core=2,
    window_days=120,
    innocent="Needs change faster than plans: what is bought now may serve the outcomes better than what was written down.",
    ask="Ask whether the plan is due for a review, and hold one, before a single purchase is asked about.",
    ask_whom="The care co-ordinator.",
    lane="ordinary",
    owner="Continuing healthcare lead",
    reviewer="Personal health budgets lead",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("Not named, above the amount, and more often, in a season", (("P-02", 0), ("P-05", 20), ("P-08", 60)), is_told=True),
        StoryExample("Two signs only", (("P-02", 0), ("P-05", 20)), is_told=False),
        StoryExample(
            "The same three where the review is overdue: our own delay explains them",
            (("P-02*", 0), ("P-05*", 20), ("P-08*", 60)),
            is_told=False,
        ),
        StoryExample("The last day of the 120", (("P-02", 0), ("P-05", 20), ("L-13", 119)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("P-02", 0), ("P-05", 20), ("L-13", 120)), is_told=False, is_at_threshold=True),
    ),
)
