"""The plan's own words that a match rests on, taken back out of its sentence, so that a page can mark them where it quotes the plan.

The sentences are because.py's and goal_states.py's; a test makes them there and reads them here.
"""

from __future__ import annotations

import re

from phb_audit.matched.goal_states import NEAR_BY

OF_LINE = re.compile(r"names ((?:(?!names ).)+?), as the (?:receipt's lines|payee's words) do")
SERVED = re.compile(r"which (?:may serve|serves) ([^:]+?)(?:" + re.escape(NEAR_BY) + r")?:")


def words_of_line(match_because: str | None) -> tuple[str, ...]:
    """The words of a plan line that the purchase has in common with it; none where it was matched by its kind or supplier alone."""
    found = OF_LINE.search(match_because or "")
    return tuple(found[1].split(" and ")) if found else ()


def words_of_goal(goal_because: str | None) -> tuple[str, ...]:
    """The words of a goal that tell what the purchase serves; none where it serves nothing they tell."""
    text = goal_because or ""
    served = SERVED.search(text)
    quoted = re.search(re.escape(served[1]) + r" \('(.+?)'\)", text[: served.start()]) if served else None
    return tuple(quoted[1].split("', '")) if quoted else ()
