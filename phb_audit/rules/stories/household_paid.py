"""Several payments to people close to the person, none of them in the plan."""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-07",
    title="People close to the person are paid beyond what is agreed",
    risk="outside_plan",
    signs=(
        Sign("pay to someone in the household without agreement", ("W-01",), is_core=True),
        Sign("a fee to a nominee or representative", ("W-02",), is_core=True),
        Sign("a purchase from a relative", ("A-19",), is_core=True),
        Sign("an hourly rate above the plan", ("W-13",)),
        Sign("a bonus or present to staff", ("W-22",)),
        Sign("round amounts to one person", ("A-16",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=120,
    innocent="Relatives step in when an assistant leaves, and exceptional circumstances are often agreed by word of mouth. A "
    "proposal to us may be waiting for an answer.",
    ask="Look first for a proposal to employ a relative that we have not answered. Then ask what was agreed, by whom and when.",
    ask_whom="The care co-ordinator.",
    lane="ordinary",
    owner="Continuing healthcare lead",
    reviewer="Personal health budgets lead",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("Household pay, and a rate above the plan", (("W-01", 0), ("W-13", 31)), is_told=True),
        StoryExample("Household pay alone, month after month", (("W-01", 0), ("W-01", 30), ("W-01", 60)), is_told=False),
        StoryExample("The last day of the 120", (("W-02", 0), ("W-22", 119)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("W-02", 0), ("W-22", 120)), is_told=False, is_at_threshold=True),
    ),
)
