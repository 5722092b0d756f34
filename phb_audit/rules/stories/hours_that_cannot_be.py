"""Hours on pay papers that one assistant can hardly have worked.

Two kinds of paper must say so: one wrong line on a pay slip is a slip of the pen.
"""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-02",
    title="Paid hours and the hours of a week do not fit",
    risk="not_given",
    signs=(
        Sign("more hours than a week holds", ("W-06",), is_core=True),
        Sign("one assistant at two places at once", ("W-08",), is_core=True),
        Sign("pay for days the person was away", ("W-04",), is_core=True),
        Sign("timesheets nobody signed", ("W-19",)),
        Sign("net pay that differs from the slip", ("W-09",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=92,
    innocent="Sleep-in nights count as hours worked, two assistants share one number by a mistake of the payroll service, or a rota "
    "was changed and not written down.",
    ask="Ask the payroll service how the hours came to it, and look whether the shifts overlap by a clerk's error.",
    ask_whom="The payroll service. Nobody in the household before the Local Counter Fraud Specialist has looked.",
    lane="restricted",
    owner="Local Counter Fraud Specialist",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("More hours than a week holds, and two places at once", (("W-06", 0), ("W-08", 10)), is_told=True),
        StoryExample("Two weeks with too many hours: one sign", (("W-06", 0), ("W-06", 7)), is_told=False),
        StoryExample("The last day of the 92", (("W-06", 0), ("W-19", 91)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("W-06", 0), ("W-19", 92)), is_told=False, is_at_threshold=True),
    ),
)
