"""A kind of purchase is agreed in one team and not in the others: the same plan should not depend on who reads it."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import NO_PAYMENT, Spending, about
from phb_audit.tables.flagged import EVERYONE

NORTH: dict[str, object] = {"area_name": "North", "agreed_count": 4, "refused_count": 0}
SOUTH: dict[str, object] = {"area_name": "South", "agreed_count": 1, "refused_count": 3}

RULE = Rule(
    id="P-15",
    title="Decided otherwise elsewhere",
    family="A2",
    basis="no_blanket",
    severity=1,
    outcome="information",
    looks_at="kinds of purchase on which one team and the others have each closed {least_cases} cases or more",
    sentence="The team {area_name} did not agree {refused_count} of its {here_count} cases about {category_code:category}; the other teams "
    "did not agree {other_refused_count} of their {other_count}.",
    not_found="About {category_code:category} the team {area_name} did not agree {refused_count} of {here_count} cases, the others "
    "{other_refused_count} of {other_count}.",
    usual="Two teams that read the same kind of purchase mostly say the same.",
    innocent="The plans of the two teams say different things, or a few unlike cases stand side by side by chance.",
    ask="Ask the leads of the teams to read these cases together and to say what sets them apart. Nothing to ask any holder.",
    clears="A difference in the plans, or a common view that is written down.",
    overtaken="Later decisions have come nearer to one another.",
    same_flag=("subject_id",),
    decides="organisation",
    owner="Clinical lead for personalised care",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the clinical lead for personalised care",
    is_commissioners=True,
    never_settled=True,
    examples=(
        flagged("All agreed in the north, one of four in the south", judged=(NORTH, SOUTH)),
        left_alone("Both agree most", judged=(NORTH, {**SOUTH, "agreed_count": 3, "refused_count": 1})),
        left_alone("Other kinds of purchase", judged=(NORTH, {**SOUTH, "category_code": "E11"})),
        left_alone("Two cases are too few to tell", judged=(NORTH, {**SOUTH, "agreed_count": 0, "refused_count": 2})),
        at_the_threshold("Exactly the fewest cases", flags=1, judged=(NORTH, {**SOUTH, "agreed_count": 0, "refused_count": 3})),
        at_the_threshold("Half of the cases apart", flags=1, judged=(NORTH, {**SOUTH, "agreed_count": 2, "refused_count": 2})),
        at_the_threshold("A little less than half", judged=(NORTH, {**SOUTH, "agreed_count": 52, "refused_count": 51})),
        at_the_threshold("The others have closed three", flags=1, judged=({**NORTH, "agreed_count": 3}, SOUTH)),
        at_the_threshold("The others have closed two", judged=({**NORTH, "agreed_count": 2}, SOUTH)),
    ),
)


def find(spending: Spending, *, least_cases: int = 3, least_share: float = 0.5) -> pl.LazyFrame:
    """One row per kind of purchase and team with enough closed cases here and elsewhere; found where far fewer are agreed here."""
    here, both = pl.col("agreed_count") + pl.col("refused_count"), ("refused_count", "here_count")
    rows = (
        spending.judged.with_columns(here_count=here)
        .with_columns(
            (pl.col(name).sum().over("category_code") - pl.col(name)).alias(f"other_{name.removeprefix('here_')}") for name in both
        )
        .filter((pl.col("here_count") >= least_cases) & (pl.col("other_count") >= least_cases))
        .with_columns(
            NO_PAYMENT,
            holder_id=pl.lit(EVERYONE),
            subject=pl.concat_str("category_code", pl.lit(" "), "area_name"),
            day=pl.lit(spending.as_of),
            at_stake_pence=pl.lit(0, dtype=pl.Int64),
        )
    )
    apart = pl.col("refused_count") / pl.col("here_count") - pl.col("other_refused_count") / pl.col("other_count")
    measured = ("category_code", "area_name", "refused_count", "here_count", "other_refused_count", "other_count")
    return about(rows, "feed", "subject", "day", apart >= least_share, *measured)
