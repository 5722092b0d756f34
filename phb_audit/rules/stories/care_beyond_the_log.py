"""Care was billed, and little else shows that it was given.

Bills, visit logs and the person's own days are three sources that know nothing of one another.
"""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-01",
    title="More care paid for than the logs show",
    risk="not_given",
    signs=(
        Sign("more hours billed than visits logged", ("W-21",), is_core=True),
        Sign("pay for days the person was away or in hospital", ("W-03", "W-04"), is_core=True),
        Sign("timesheets nobody signed", ("W-19",)),
        Sign("more hours than agreed", ("W-05",)),
        Sign("invoices numbered one after another", ("E-09",)),
        Sign("an agency we find no registration for", ("W-20",)),
    ),
    least_signs=2,
    least_core=1,
    window_days=92,
    innocent="Visit logs are often incomplete, retainers and notice are owed while a person is in hospital, and small agencies write "
    "invoices for one client only.",
    ask="Ask for the visit records of the days in question before anything else. A gap in our own copy of the log is the likeliest cause.",
    ask_whom="The care agency or the payroll service; then the care co-ordinator. The person last, and only about what nobody else "
    "can know.",
    lane="ordinary",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("More billed than logged, and pay while in hospital, a month apart", (("W-21", 0), ("W-03", 30)), is_told=True),
        StoryExample("More billed than logged alone", (("W-21", 0), ("W-21", 20)), is_told=False),
        StoryExample("Two supporting signs without a core one", (("W-19", 0), ("W-05", 5)), is_told=False),
        StoryExample("The last day of the 92", (("W-21", 0), ("W-03", 91)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("W-21", 0), ("W-03", 92)), is_told=False, is_at_threshold=True),
    ),
)
