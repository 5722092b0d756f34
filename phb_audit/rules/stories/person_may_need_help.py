"""Several signs that somebody other than the person may have the use of the person's money.

The person is looked after first. Nothing here is about what the person did.
"""

from __future__ import annotations

from datetime import date

from phb_audit.rules.story import Sign, Story, StoryExample

STORY = Story(
    id="S-08",
    title="The person may need somebody to see that they are safe",
    risk="person_at_risk",
    signs=(
        Sign("more cash than was agreed", ("A-04",), is_core=True),
        Sign("gambling lines", ("L-03",), is_core=True),
        Sign("gift cards or money transfers", ("L-15",), is_core=True),
        Sign("agreed care that is hardly bought", ("P-11",), is_core=True),
        Sign("bank details that changed", ("A-10",), is_core=True),
        Sign("a transfer to another account", ("A-03",)),
        Sign("a fee to a representative", ("W-02",)),
        Sign("money spent abroad", ("A-05",)),
    ),
    least_signs=2,
    least_core=2,
    window_days=60,
    innocent="The person may have chosen all of it: people may spend their own way and change their minds. An assistant may have "
    "left, or a bank card was replaced.",
    ask="See the person, alone if they wish, and ask how they are. Ask about money only after that, and as a help.",
    ask_whom="The safeguarding lead, with the care co-ordinator who knows the person. Nobody who handles the person's money is told "
    "or asked.",
    lane="safeguarding",
    owner="Safeguarding lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    examples=(
        StoryExample("Much cash, and agreed care hardly bought, in one month", (("A-04", 0), ("P-11", 21)), is_told=True),
        StoryExample("Gift cards, and bank details that changed", (("L-15", 0), ("A-10", 10)), is_told=True),
        StoryExample("Much cash alone, twice", (("A-04", 0), ("A-04", 30)), is_told=False),
        StoryExample("One core sign and one supporting one", (("A-04", 0), ("A-05", 3)), is_told=False),
        StoryExample("The last day of the 60", (("A-04", 0), ("P-11", 59)), is_told=True, is_at_threshold=True),
        StoryExample("A day too long ago", (("A-04", 0), ("P-11", 60)), is_told=False, is_at_threshold=True),
    ),
)
