"""Pay of several people, or of somebody we cannot tell apart, ends in one place."""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-09",
    title="Pay of several names ends in one place",
    risk="gone_elsewhere",
    signs=(
        Sign("one bank account for two people paid", ("A-11",), is_core=True),
        Sign("a National Insurance number missing or shared", ("W-18",), is_core=True),
        Sign("bank details that changed", ("A-10",), is_core=True),
        Sign("wages without a pay slip", ("W-10",)),
        Sign("net pay that differs from the slip", ("W-09",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=120,
    innocent="Couples share an account, young assistants wait for a number, and a payroll service may have typed one number twice.",
    ask="Ask the payroll service for the numbers and accounts it holds, as in any check of its records.",
    ask_whom="The payroll service. Nobody in the household before the Local Counter Fraud Specialist has looked.",
    lane="restricted",
    owner="Local Counter Fraud Specialist",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("One account for two, and a number that is shared", (("A-11", 0), ("W-18", 15)), is_told=True),
        StoryExample("One account for two, alone", (("A-11", 0), ("A-11", 30)), is_told=False),
        StoryExample("The last day of the 120", (("A-11", 0), ("W-10", 119)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("A-11", 0), ("W-10", 120)), is_told=False, is_at_threshold=True),
    ),
)
