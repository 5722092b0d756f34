"""People of one care group or team are asked more often than the others: is it the spending, or the way we look at it?

Told only where the groups are large enough, and the difference is beyond what chance would give (95% interval of the ratio).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.tables.flagged import EVERYONE

OTHERS: dict[str, object] = {"group_name": "adults", "holders_count": 200, "asked_count": 40}

RULE = Rule(
    id="G-17",
    title="Questions differ by group",
    family="A6",
    basis="equality",
    severity=2,
    outcome="information",
    looks_at="care groups and teams with {least_holders} holders of direct payments or more, beside all others",
    sentence="Questions from before tonight stand about {asked_count} of {holders_count} holders of the {kind} '{group_name}' "
    "({asked_share:percent}), and about {other_share:percent} of all others. The difference is more than chance would give.",
    not_found="Questions from before tonight stand about {asked_count} of {holders_count} holders of the {kind} '{group_name}' "
    "({asked_share:percent}), and about {other_share:percent} of all others.",
    usual="Groups are asked about equally often: at most {most_ratio} times as often as the others.",
    innocent="The group may buy things whose words are hard to read, or its plans may be written more loosely.",
    ask="Ask the team to read ten of the group's questions and see what they have in common: the plans, the words, or a limit. "
    "Nothing to ask any holder.",
    clears="A reason that is not the group itself, or a limit or plan put right.",
    overtaken="The shares have come nearer to one another.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Head of internal audit",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    duty_of="the head of internal audit",
    is_commissioners=True,
    examples=(
        flagged(
            "Half of the young people are asked, a fifth of the adults",
            groups=({"group_name": "young people", "holders_count": 60, "asked_count": 30}, OTHERS),
        ),
        left_alone("A fifth of both", groups=({"group_name": "young people", "holders_count": 60, "asked_count": 12}, OTHERS)),
        left_alone(
            "A group of eight is too small to tell", groups=({"group_name": "young people", "holders_count": 8, "asked_count": 6}, OTHERS)
        ),
        left_alone(
            "A little more, as chance would give", groups=({"group_name": "young people", "holders_count": 30, "asked_count": 8}, OTHERS)
        ),
        at_the_threshold(
            "Exactly the smallest group",
            flags=1,
            groups=({"group_name": "young people", "holders_count": 20, "asked_count": 14}, OTHERS),
        ),
    ),
)


def find(spending: Spending, *, most_ratio: float = 1.25, least_holders: int = 20) -> pl.LazyFrame:
    """One row per care group or team that is large enough and has large enough others beside it."""
    others = spending.groups.with_columns(
        other_holders=pl.col("holders_count").sum().over("kind") - pl.col("holders_count"),
        other_asked=pl.col("asked_count").sum().over("kind") - pl.col("asked_count"),
    ).filter((pl.col("holders_count") >= least_holders) & (pl.col("other_holders") >= least_holders))
    rows = others.with_columns(
        NO_PAYMENT,
        holder_id=pl.lit(EVERYONE),
        subject=pl.concat_str("kind", pl.lit(" "), "group_name"),
        day=pl.lit(spending.as_of),
        at_stake_pence=pl.lit(0, dtype=pl.Int64),
        asked_share=pl.col("asked_count") / pl.col("holders_count"),
        other_share=pl.col("other_asked") / pl.col("other_holders"),
    )
    # Katz: the logarithm of a ratio of shares, with its standard error; no interval where nobody is asked.
    spread = 1 / pl.col("asked_count") - 1 / pl.col("holders_count") + 1 / pl.col("other_asked") - 1 / pl.col("other_holders")
    ratio = pl.col("asked_share") / pl.col("other_share")
    is_beyond_chance = ratio.log() - 1.96 * spread.clip(0).sqrt() > 0
    is_found = (pl.col("asked_count") > 0) & (pl.col("other_asked") > 0) & (ratio > most_ratio) & is_beyond_chance
    measured = ("kind", "group_name", "holders_count", "asked_count", "asked_share", "other_share")
    return about(rows, "feed", "subject", "day", is_found, *measured)
