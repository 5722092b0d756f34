"""flagged.stories: flags of one holder that mean more together than alone (docs/explanation/stories-and-lanes.md).

A sign counts once, however many flags bear it out. A flag counts for a core sign only where it asks something and no delay of the
organisation's own explains it; the organisation's own flags count for nothing. Told is the stretch of days with the most signs.
A story is told to the readers of its lane from what they may see; an ordinary story that only stands with restricted flags is
told in the restricted lane alone.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import polars as pl

from phb_audit.flagged.findings import ORGANISATION_FIRST
from phb_audit.flagged.lanes import SEES
from phb_audit.periods import plain_day
from phb_audit.rules.story import RegisteredStory, Story, shipped_stories
from phb_audit.tables import TABLES
from phb_audit.tables.apart import LANE, RESTRICTED
from phb_audit.tables.flagged import EVERYONE, ORDINARY

SCHEMA = TABLES["apart.stories"].polars_schema


def told(findings: pl.DataFrame, cases: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Rows of flagged.stories and apart.stories. `findings`: with lane_code; `cases`: case_id and case_ref of any lane."""
    flags = findings.join(cases.select("case_id", "case_ref"), on="case_id", how="left", maintain_order="left")
    rows = [row for one in shipped_stories() for row in _of_story(one, flags, run_id)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("story_id")


def _of_story(one: RegisteredStory, flags: pl.DataFrame, run_id: str) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for lane in (ORDINARY, RESTRICTED) if one.story.lane == ORDINARY else (one.story.lane,):
        seen = borne_out(one.story, flags.filter(pl.col("lane_code").is_in(SEES[lane])))
        for part in seen.partition_by("holder_id", maintain_order=True):
            rows.setdefault(part["holder_id"][0], _row(one, part, run_id) | {LANE.name: lane})
    return list(rows.values())


def borne_out(story: Story, flags: pl.DataFrame) -> pl.DataFrame:
    """The flags that bear a story out, each with its sign (a number) and has_weight (it counts for a core sign): of each holder those
    of one stretch of `window_days` days."""
    signs = pl.DataFrame(
        [(rule, place, sign.is_core) for place, sign in enumerate(story.signs) for rule in sign.rules],
        schema={"rule_id": pl.String, "sign": pl.Int64, "is_core": pl.Boolean},
        orient="row",
    )
    asks = (pl.col("outcome_code") != "information") & ~pl.col("sentence").str.starts_with(ORGANISATION_FIRST)
    own = (
        flags.filter(~pl.col("is_commissioners") & (pl.col("holder_id") != EVERYONE))
        .join(signs, on="rule_id", maintain_order="left")
        .with_columns(has_weight=pl.col("is_core") & asks)
    )
    enough = _enough(story)
    own = own.join(own.group_by("holder_id").agg(*_counts()).filter(enough), on="holder_id", how="semi", maintain_order="left")
    ends = own.select("holder_id", to_on="subject_on").unique()
    within = ends.join(own, on="holder_id").filter(
        pl.col("subject_on").is_between(pl.col("to_on") - pl.duration(days=story.window_days - 1), pl.col("to_on"))
    )
    best = (
        within.group_by("holder_id", "to_on")
        .agg(*_counts())
        .filter(enough)
        .sort("holder_id", "signs_count", "core_count", "to_on", descending=[False, True, True, True])
        .unique("holder_id", keep="first", maintain_order=True)
    )
    return within.join(best, on=["holder_id", "to_on"]).sort("holder_id", "subject_on", "rule_id", "flag_id")


def _counts() -> tuple[pl.Expr, pl.Expr]:
    signs, core = pl.col("sign").n_unique(), pl.col("sign").filter("has_weight").n_unique()
    return signs.alias("signs_count"), core.alias("core_count")


def _enough(story: Story) -> pl.Expr:
    return (pl.col("signs_count") >= story.least_signs) & (pl.col("core_count") >= story.least_core)


def _row(one: RegisteredStory, flags: pl.DataFrame, run_id: str) -> dict[str, Any]:
    story, holder_id = one.story, flags["holder_id"][0]
    of_money = flags.group_by(pl.coalesce("payment_id", "subject_id")).agg(pl.col("at_stake_pence").max())
    first, last = flags["subject_on"].min(), flags["subject_on"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        raise TypeError("a flag without a day cannot bear a story out")
    return {
        "story_id": "T" + hashlib.sha256(f"{story.id}|{holder_id}".encode()).hexdigest()[:16],
        "run_id": run_id,
        "story_code": story.id,
        "story_version": one.version,
        "risk_code": story.risk,
        "title": story.title,
        "holder_id": holder_id,
        "holder_shown": f"PHB-{holder_id[1:7].upper()}",
        "from_on": first,
        "to_on": last,
        "signs_count": flags["signs_count"][0],
        "core_count": flags["core_count"][0],
        "at_stake_pence": int(of_money["at_stake_pence"].sum()),
        "rule_ids": "|".join(flags["rule_id"].unique().sort()),
        "flag_ids": "|".join(flags["flag_id"]),
        "case_refs": "|".join(flags["case_ref"].drop_nulls().unique().sort()),
        "sentence": _sentence(story, flags, first, last),
        "innocent": story.innocent,
        "ask": story.ask,
        "ask_whom": story.ask_whom,
    }


def _sentence(story: Story, flags: pl.DataFrame, first: date, last: date) -> str:
    rules = flags.group_by("sign").agg(pl.col("rule_id").unique().sort()).sort("sign")
    signs = [f"{story.signs[place].words} ({', '.join(names)})" for place, names in rules.iter_rows()]
    days = f"On {plain_day(first)}" if first == last else f"From {plain_day(first)} to {plain_day(last)}"
    return f"{days}, {len(signs)} signs that do not depend on one another stand together: {'; '.join(signs)}."
