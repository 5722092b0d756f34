"""`phb-audit rules stories`: the stories as a reader or their owner needs them, and their reference page.

`python -m phb_audit.assurance.story_register > docs/reference/stories.md` writes the page anew.
"""

from __future__ import annotations

import sys
from typing import Any

from phb_audit.rules.register import shipped_rules
from phb_audit.rules.story import LANES, RISKS, RegisteredStory, shipped_stories

MARK = "<!-- Made from the files below phb_audit/rules/stories. Change the story, not this page. -->"
INTRODUCTION = (
    "A story says that flags of one person belong together. It asks nothing of its own and is never told of one sign alone "
    "([stories and lanes](../explanation/stories-and-lanes.md))."
)


def listed_stories() -> list[dict[str, Any]]:
    """One dict a story, by its id."""
    return [
        {
            "id": one.story.id,
            "title": one.story.title,
            "risk": RISKS[one.story.risk],
            "lane": one.story.lane,
            "least_signs": one.story.least_signs,
            "window_days": one.story.window_days,
            "core": [rule for sign in one.story.signs if sign.is_core for rule in sign.rules],
            "supporting": [rule for sign in one.story.signs if not sign.is_core for rule in sign.rules],
            "owner": one.story.owner,
            "next_review": one.story.next_review.isoformat(),
            "version": one.version,
        }
        for one in shipped_stories()
    ]


def stories_in_words(rows: list[dict[str, Any]]) -> str:
    """A line or two each."""
    told = []
    for row in rows:
        told.append(f"{row['id']} {row['title']} ({row['lane']})")
        core, more = ", ".join(row["core"]), ", ".join(row["supporting"])
        told.append(f"     {row['risk']}. {row['least_signs']} signs within {row['window_days']} days; core {core}; supporting {more}")
    return "\n".join(told)


def story_page(one: RegisteredStory) -> str:
    """A story's whole page as Markdown, its heading of the second level."""
    story = one.story
    titles = {known.rule.id: known.rule.title for known in shipped_rules()}
    signs = "\n".join(
        f"| {sign.words} | {'core' if sign.is_core else 'supporting'} | {', '.join(f'{rule} {titles[rule]}' for rule in sign.rules)} |"
        for sign in story.signs
    )
    examples = "\n".join(
        f"* {example.says}: {'told' if example.is_told else 'not told'}{' (threshold)' if example.is_at_threshold else ''}."
        for example in story.examples
    )
    return "\n\n".join(
        [
            f"## {story.id} {story.title}",
            f"{RISKS[story.risk]}. For {LANES[story.lane]}.",
            f"Told when {story.least_signs} signs stand within {story.window_days} days, {story.least_core} of them core.",
            f"| Sign | Grade | Rules |\n|---|---|---|\n{signs}",
            f"**It may be ordinary:** {story.innocent}",
            f"**Ask first:** {story.ask} **Whom:** {story.ask_whom}",
            examples,
            f"Owner: {story.owner}. Reviewer: {story.reviewer}. Next review: {story.next_review.isoformat()}.",
        ]
    )


def page() -> str:
    """The reference page of all stories."""
    return "\n\n".join(["# Stories", MARK, INTRODUCTION, *(story_page(one) for one in shipped_stories())]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
