"""What a change of a rule's limits would have done: the rule is run over past purchases with both, and what differs is told.

Nothing is written. The rule sees what is on file now, as of the last day of the span; findings are counted by the day they are about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from math import exp, log, sqrt
from typing import Any

import polars as pl

from phb_audit.assurance.intervals import Estimate, Z, poisson, wilson
from phb_audit.errors import UsageError
from phb_audit.flagged.findings import SCHEMA, flags_of
from phb_audit.flagged.reading import all_holders, batches, read_spending, with_everyone
from phb_audit.money import pounds
from phb_audit.rules.limits import checked
from phb_audit.rules.register import Registered
from phb_audit.rules.spending import ENGINE
from phb_audit.warehouse import Warehouse, sql

DAYS_BEFORE = 400  # a rule sees so much before the span: a year of a person's own history
MINUTES = {"refuse": 15, "query": 10, "clinician": 12, "information": 2}
"""Minutes of a reviewer's time a flag is taken to cost, by its proposal: an assumption, for comparing before with after."""
FEWEST_IN_GROUP = 10
MONTH_DAYS = 365.25 / 12


@dataclass(frozen=True)
class Side:
    """What the rule finds over the span, with one set of limits."""

    flags: int
    people: int
    at_stake_pence: int
    minutes: int
    rate: Estimate  # for 100 holders and a month
    ratio: float | None  # the most flagged care group over the least, in holders flagged
    ratio_low: float | None
    ratio_high: float | None
    ratio_groups: tuple[str, str] | None
    wrong: Estimate  # of its flags in closed cases, the share in cases people agreed to: questions that need not have been asked


@dataclass(frozen=True)
class Backtest:
    """Before and after, and the flags only one of them has."""

    rule_id: str
    title: str
    run_id: str
    first_on: date
    last_on: date
    holders: int
    limits: dict[str, object]
    changed: dict[str, object]
    before: Side
    after: Side
    new_flags: int
    gone_flags: int

    @property
    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def backtest(warehouse: Warehouse, one: Registered, changes: Mapping[str, Any], first_on: date, last_on: date) -> Backtest:
    """Run the rule with its limits and with `changes` over the findings of `first_on` to `last_on`.

    Raises UsageError for a limit the rule does not have, or a value of another kind, or a span that ends before it begins.
    """
    if last_on < first_on:
        raise UsageError("The span ends before it begins.", do="Give --from a day before --to.")
    given = checked("--set", one.rule.id, changes, one.limits)
    other = replace(one, limits={**one.limits, **given}, later=tuple(replace(each, limits={**each.limits, **given}) for each in one.later))
    run_id = warehouse.frame(sql(__file__, "newest_night")).item()
    holders = with_everyone(all_holders(warehouse))
    parts: tuple[list[pl.DataFrame], list[pl.DataFrame]] = ([], [])
    horizon = date.fromordinal(first_on.toordinal() - DAYS_BEFORE)
    for batch in batches(warehouse, holders):
        spending = read_spending(warehouse, run_id, last_on, batch, horizon)
        within = pl.col("is_found") & pl.col("subject_on").is_between(first_on, last_on)
        found = pl.collect_all([each.considered(spending).filter(within) for each in (one, other)], engine=ENGINE)
        for rule, rows, into in zip((one, other), found, parts, strict=True):
            into += [flags_of(each, part, rule.version) for each, part in rule.by_limits(rows) if part.height]
    before, after = (pl.concat([pl.DataFrame(schema=SCHEMA), *each]).unique("flag_id") for each in parts)
    groups = warehouse.frame(sql(__file__, "care_groups"))
    decided = warehouse.frame(sql(__file__, "decided_flags"))
    months = ((last_on - first_on).days + 1) / MONTH_DAYS
    return Backtest(
        rule_id=one.rule.id,
        title=one.rule.title,
        run_id=run_id,
        first_on=first_on,
        last_on=last_on,
        holders=groups.height,
        limits={name: one.limits[name] for name in given} or dict(one.limits),
        changed=given,
        before=side(before, groups, months, decided),
        after=side(after, groups, months, decided),
        new_flags=after.join(before, on="flag_id", how="anti").height,
        gone_flags=before.join(after, on="flag_id", how="anti").height,
    )


def side(flags: pl.DataFrame, groups: pl.DataFrame, months: float, decided: pl.DataFrame) -> Side:
    """The sums of one side. `groups`: one row per holder, `holder_id` and `care_group_code`; `decided`: flag_id, is_agreed."""
    known = decided.join(flags, on="flag_id", how="semi")
    minutes = flags["outcome_code"].replace_strict(MINUTES, default=MINUTES["query"], return_dtype=pl.Int64).sum()
    ratio, low, high, names = ratio_between(flags, groups)
    return Side(
        flags=flags.height,
        people=flags["holder_id"].n_unique(),
        at_stake_pence=int(flags["at_stake_pence"].sum()),
        minutes=int(minutes),
        rate=poisson(flags.height, max(groups.height, 1) * months / 100),
        ratio=ratio,
        ratio_low=low,
        ratio_high=high,
        ratio_groups=names,
        wrong=wilson(int(known["is_agreed"].sum()), known.height),
    )


Ratio = tuple[float | None, float | None, float | None, tuple[str, str] | None]


def ratio_between(flags: pl.DataFrame, groups: pl.DataFrame) -> Ratio:
    """The share of holders flagged in the most flagged care group over that in the least, with its 95% interval (Katz, on the logarithm).

    Only groups of at least ten holders; half a holder is added to each count, so that none is nought. None where there are not two.
    """
    is_flagged = pl.col("holder_id").is_in(flags["holder_id"].unique().implode())
    counted = groups.drop_nulls("care_group_code").group_by("care_group_code").agg(pl.len().alias("holders"), flagged=is_flagged.sum())
    counted = counted.filter(pl.col("holders") >= FEWEST_IN_GROUP).with_columns(share=(pl.col("flagged") + 0.5) / (pl.col("holders") + 1))
    counted = counted.sort("share", "care_group_code")
    if counted.height < 2 or flags.is_empty():
        return None, None, None, None
    least, most = counted.row(0, named=True), counted.row(-1, named=True)
    ratio = most["share"] / least["share"]
    spread = sqrt(sum(1 / (row["flagged"] + 0.5) - 1 / (row["holders"] + 1) for row in (least, most)))
    low, high = (exp(log(ratio) + sign * Z * spread) for sign in (-1, 1))
    return ratio, low, high, (most["care_group_code"], least["care_group_code"])


def in_words(told: Backtest) -> str:
    """The comparison as a few lines and a table."""
    changed = ", ".join(f"{name} {told.limits[name]} to {value}" for name, value in told.changed.items()) or "nothing changed"
    rows = [
        ("flags", *(f"{each.flags:,}" for each in (told.before, told.after))),
        ("people", *(f"{each.people:,}" for each in (told.before, told.after))),
        ("in question", *(pounds(each.at_stake_pence) for each in (told.before, told.after))),
        ("for 100 holders a month", *(f"{r.value:.2f} ({r.low:.2f}-{r.high:.2f})" for r in (told.before.rate, told.after.rate))),
        ("minutes of review", *(f"{each.minutes:,}" for each in (told.before, told.after))),
        ("most over least flagged care group", *(_ratio(each) for each in (told.before, told.after))),
        ("wrong questions, of those decided", *(_wrong(each.wrong) for each in (told.before, told.after))),
    ]
    lines = [
        f"{told.rule_id} {told.title}: {changed}.",
        f"Findings from {told.first_on} to {told.last_on}, {told.holders:,} holders, as the files stand now.",
        "",
        f"{'':<36}{'before':>26}{'after':>26}",
        *(f"{name:<36}{before:>26}{after:>26}" for name, before, after in rows),
        "",
        f"New flags: {told.new_flags:,}. Flags that fall away: {told.gone_flags:,}.",
        "Wrong questions are flags in cases that people agreed to; the share is of its flags in closed cases, with its 95% interval.",
    ]
    return "\n".join(lines)


def _ratio(each: Side) -> str:
    return "-" if each.ratio is None else f"{each.ratio:.2f} ({each.ratio_low:.2f}-{each.ratio_high:.2f})"


def _wrong(share: Estimate) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "none decided yet"
    return f"{share.count} of {share.of:g} ({100 * share.low:.0f}-{100 * share.high:.0f}%)"
