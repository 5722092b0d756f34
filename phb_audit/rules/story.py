"""What a story declares about itself: signs that mean more together than alone, for whom, and what it looks like innocently.

A story asks nothing of its own: its flags do that already. It tells a reader that they belong together.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from phb_audit.errors import UsageError

FOLDER = Path(__file__).parent / "stories"
RISKS = {
    "not_given": "Care was paid for and may not have been given",
    "outside_plan": "Money was used outside the plan",
    "gone_elsewhere": "Money may have gone to somebody it was not meant for",
    "person_at_risk": "Somebody may be taking advantage of the person",
    "other_need": "The need may be other than the budget assumes",
}
LANES = {
    "ordinary": "every reviewer",
    "restricted": "the Local Counter Fraud Specialist alone",
    "safeguarding": "the safeguarding lead alone",
}


@dataclass(frozen=True)
class Sign:
    """One independent sign: flags of any of `rules` count once. A core sign can carry a story, a supporting one only adds to it."""

    words: str  # completes "There was ..."
    rules: tuple[str, ...]
    is_core: bool = False


@dataclass(frozen=True)
class StoryExample:
    """A worked example: flags of one holder as (rule id, days before the last one), and whether the story is told.

    A rule id with '*' is a flag the organisation's own delay explains.
    """

    says: str
    flags: tuple[tuple[str, int], ...]
    is_told: bool
    is_at_threshold: bool = False


@dataclass(frozen=True)
class Story:
    """A story's own page."""

    id: str
    title: str  # neutral words for readers
    risk: str  # key of RISKS
    signs: tuple[Sign, ...]
    least_signs: int
    window_days: int
    innocent: str
    ask: str
    ask_whom: str
    lane: str  # key of LANES
    owner: str
    reviewer: str
    next_review: date
    examples: tuple[StoryExample, ...]
    least_core: int = 1


@dataclass(frozen=True)
class RegisteredStory:
    """A story with its file. `version`: first 8 hex digits of the hash of the file's text."""

    story: Story
    path: Path

    @property
    def version(self) -> str:
        """Changes with the file's text."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()[:8]


@cache
def shipped_stories() -> tuple[RegisteredStory, ...]:
    """All stories by their id: the folder is the register."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        if path.stem != "__init__":
            module: Any = importlib.import_module(f"phb_audit.rules.stories.{path.stem}")
            found.append(RegisteredStory(module.STORY, path))
    return tuple(sorted(found, key=lambda one: one.story.id))


def one_story(story_id: str) -> RegisteredStory:
    """The story of that id. Raises UsageError where there is none."""
    found = [one for one in shipped_stories() if one.story.id == story_id.upper()]
    if not found:
        raise UsageError(f"There is no story {story_id}.", do="`phb-audit rules stories` names them all.")
    return found[0]


def story_problems(story: Story, severities: Mapping[str, int]) -> list[str]:
    """What is wrong with a story, in words; nothing where it may be told. `severities`: of every rule, by its id."""
    told = []
    named = [rule for sign in story.signs for rule in sign.rules]
    if unknown := sorted(set(named) - set(severities)):
        told.append(f"it names rules that are not there: {', '.join(unknown)}")
    if twice := sorted({rule for rule in named if named.count(rule) > 1}):
        told.append(f"a rule stands in two of its signs, so they are not independent: {', '.join(twice)}")
    if weak := sorted(rule for sign in story.signs if sign.is_core for rule in sign.rules if severities.get(rule, 4) < 2):
        told.append(f"a rule of a core sign is too weak to carry a story: {', '.join(weak)}")
    if story.least_signs < 2:
        told.append("one sign alone is no story: it must ask for two at least")
    if not 1 <= story.least_core <= sum(sign.is_core for sign in story.signs):
        told.append("it must ask for one core sign at least, and have as many as it asks for")
    if story.risk not in RISKS or story.lane not in LANES:
        told.append("its risk or its lane is not known")
    if story.risk == "person_at_risk" and story.lane != "safeguarding":
        told.append("a story of a person at risk goes to the safeguarding lead alone")
    kinds = {"threshold" if example.is_at_threshold else example.is_told for example in story.examples}
    if kinds != {True, False, "threshold"}:
        told.append("it needs an example that is told, one that is not, and one at the threshold")
    return told
