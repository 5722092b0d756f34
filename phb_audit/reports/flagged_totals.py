"""Every number the flagged-item report states about flags, in one frame, so that its words and its tables agree.

Grain of the frame: one row per group and key. Groups: 'all' (the ordinary cases), 'new' (of them, first raised tonight),
'review' (with a question about spending), 'told' (for information alone), 'own' (with a delay of the organisation's own), 'own_only'
(with nothing but our own side), 'data' (with data to be mended), 'reason', 'own_reason' and 'data_reason' (a rule), 'priority',
'holding', 'proposal', 'area', 'age' (days since it was first flagged). Of what is withheld there is not even a number.

Money in question counts each payment once in every row, however many reasons or items it has, at its largest and at most what was paid;
so rows may add up to more than the row of all. `payments_count`: the payments asked about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.reports.page import counted
from phb_audit.tables.flagged import EVERYONE

SCHEMA = pl.Schema(
    {
        "group_code": pl.String,
        "key": pl.String,
        "label": pl.String,
        "flags_count": pl.Int64,
        "cases_count": pl.Int64,
        "payments_count": pl.Int64,
        "holders_count": pl.Int64,
        "at_stake_pence": pl.Int64,
        "cases_share": pl.Float64,
    }
)
COUNTS = ("flags_count", "cases_count", "payments_count", "holders_count", "at_stake_pence")

IS_DATA = pl.col("family_code") == "A8"  # data to be mended: nobody's delay, and nobody's spending

PRIORITIES = {"high": "High", "medium": "Medium", "low": "Low"}
HOLDINGS = {
    "direct_payment": "Direct payment",
    "third_party": "Held by a third party",
    "notional": "Notional budget",
    "none_on_file": "No budget on file",
}
AGE_DAYS = (7, 28, 56)
"""The last day of each of AGES but the last: the pack's aim is a decision within 28 days."""
AGES = {
    "week": "Up to 7 days",
    "four_weeks": "8 to 28 days",
    "eight_weeks": "29 to 56 days",
    "longer": "Over 56 days",
}
PROPOSALS = {
    "refuse": "A named person to confirm",
    "query": "Ask for evidence",
    "clinician": "For a clinician",
    "information": "For information",
}


@dataclass(frozen=True)
class Sorted:
    """Flags and cases, sorted by who may read of them. `withheld` has case_id and route_code ('restricted' or 'safeguarding')."""

    flags: pl.DataFrame
    cases: pl.DataFrame
    withheld: pl.DataFrame

    @property
    def own_only(self) -> pl.DataFrame:
        """Cases in which every flag is a delay of the organisation's own or data to be mended."""
        return self.cases.filter("is_own_only")

    @property
    def for_review(self) -> pl.DataFrame:
        """Cases with a question about spending, whatever else they hold."""
        return self.cases.filter(~pl.col("is_own_only") & (pl.col("outcome_code") != "information"))

    @property
    def for_information(self) -> pl.DataFrame:
        """Cases about the holder's side that ask nobody anything."""
        return self.cases.filter(~pl.col("is_own_only") & (pl.col("outcome_code") == "information"))


def sort_by_reader(flags: pl.DataFrame, cases: pl.DataFrame) -> Sorted:
    """Take out every case that is restricted or safeguarding, or holds a flag that is.

    A second wall: the night keeps such flags in tables of their own (flagged/lanes.py), which this page does not read.
    """
    marks = flags.group_by("case_id").agg(
        pl.col("is_restricted").any().alias("has_restricted"),
        pl.col("is_safeguarding").any().alias("has_safeguarding"),
        (pl.col("is_commissioners") & ~IS_DATA).any().alias("has_own"),
        IS_DATA.any().alias("has_data"),
        (pl.col("is_commissioners") | IS_DATA).all().alias("is_own_only"),
        pl.len().alias("held_count"),
    )
    marked = cases.join(marks, on="case_id", how="left", maintain_order="left").with_columns(
        pl.col("has_restricted").fill_null(False) | pl.col("is_restricted"),
        pl.col("has_safeguarding").fill_null(False),
        pl.col("has_own", "is_own_only").fill_null(pl.col("is_commissioners")),
        pl.col("has_data").fill_null(False),
        flags_count=pl.col("held_count").fill_null(0),
    )
    is_withheld = pl.col("has_restricted") | pl.col("has_safeguarding")
    route = pl.when("has_restricted").then(pl.lit("restricted")).otherwise(pl.lit("safeguarding"))
    withheld = marked.filter(is_withheld).select("case_id", route_code=route)
    stray = flags.join(cases, on="case_id", how="anti").filter(pl.col("is_restricted") | pl.col("is_safeguarding"))
    kept = flags.join(withheld, on="case_id", how="anti").join(stray, on="flag_id", how="anti")
    return Sorted(kept, marked.filter(~is_withheld).drop("has_restricted", "has_safeguarding", "held_count"), withheld)


def totals(found: Sorted, run_id: str, as_of: date) -> pl.DataFrame:
    """The one frame of numbers (see the module's words)."""
    cases, flags = found.cases, found.flags.join(found.cases.select("case_id"), on="case_id", how="semi")
    own, data = flags.filter(pl.col("is_commissioners") & ~IS_DATA), flags.filter(IS_DATA)
    new_ids = flags.group_by("case_id").agg(is_new=(pl.col("first_run_id") == run_id).all()).filter("is_new")
    parts = [
        _of_cases("all", cases, flags),
        _of_cases("new", cases.join(new_ids, on="case_id", how="semi"), flags),
        _of_cases("review", found.for_review, flags),
        _of_cases("told", found.for_information, flags),
        _of_cases("own", cases.filter("has_own"), flags),
        _of_cases("data", cases.filter("has_data"), flags),
        _of_cases("own_only", found.own_only, flags),
        _of_rules("reason", flags),
        _of_rules("own_reason", own),
        _of_rules("data_reason", data),
        _of_keys("priority", cases, flags, "priority_code", PRIORITIES),
        _of_keys("holding", cases, flags, "holding_code", HOLDINGS),
        _of_keys("proposal", cases, flags, "outcome_code", PROPOSALS),
        _of_keys("area", cases.with_columns(pl.col("area_name").replace("", None).fill_null("Area not on file")), flags, "area_name", {}),
        _of_keys("age", cases.with_columns(age_code=_age(as_of)), flags, "age_code", AGES),
    ]
    every = max(cases.height, 1)
    return pl.concat(parts).with_columns(cases_share=(pl.col("cases_count") / every).round(6)).select(SCHEMA.names())


def _age(as_of: date) -> pl.Expr:
    """How long ago a case was first flagged, as a key of AGES."""
    days = (pl.lit(as_of) - pl.col("first_flagged_on")).dt.total_days()
    *shorter, longest = AGES
    key: pl.Expr = pl.lit(longest)
    for name, last in reversed(list(zip(shorter, AGE_DAYS, strict=True))):
        key = pl.when(days <= last).then(pl.lit(name)).otherwise(key)
    return key


def _shaped(frame: pl.DataFrame, group: str) -> pl.DataFrame:
    shaped = frame.with_columns(group_code=pl.lit(group)).select(SCHEMA.names()[:-1])
    return shaped.cast({name: SCHEMA[name] for name in shaped.columns})


def _case_sums() -> list[pl.Expr]:
    return [pl.col("flags_count").sum(), pl.len().alias("cases_count"), _people()]


def in_question(flags: pl.DataFrame, *by: str) -> pl.DataFrame:
    """`by`, payments_count and at_stake_pence of some flags: each payment's money once, and that of any other subject once a case."""
    subject = pl.when(pl.col("payment_id").is_null()).then(pl.concat_str("case_id", "subject_id", separator="|", ignore_nulls=True))
    once = flags.group_by(*by, pl.coalesce("payment_id", subject).alias("about")).agg(
        pl.col("at_stake_pence").max(), (pl.col("asks_about_payment").any() & pl.col("payment_id").is_not_null().any()).alias("is_asked")
    )
    sums = (pl.col("is_asked").sum().cast(pl.Int64).alias("payments_count"), pl.col("at_stake_pence").sum())
    return once.group_by(*by).agg(*sums) if by else once.select(*sums)


def _people() -> pl.Expr:
    return pl.col("holder_id").filter(pl.col("holder_id") != EVERYONE).n_unique().alias("holders_count")


def _of_cases(group: str, cases: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    summed = cases.select(pl.lit("").alias("key"), pl.lit("").alias("label"), *_case_sums())
    money = in_question(flags.join(cases.select("case_id"), on="case_id", how="semi"))
    return _shaped(pl.concat([summed, money], how="horizontal"), group)


def _of_keys(group: str, cases: pl.DataFrame, flags: pl.DataFrame, column: str, labels: Mapping[str, str]) -> pl.DataFrame:
    order = {code: place for place, code in enumerate(labels)}
    keyed = cases.with_columns(pl.col(column).alias("key"))
    money = in_question(flags.join(keyed.select("case_id", "key"), on="case_id"), "key")
    summed = keyed.group_by("key").agg(_case_sums()).join(money, on="key", how="left", nulls_equal=True)
    labelled = summed.with_columns(
        pl.col("payments_count", "at_stake_pence").fill_null(0),
        label=pl.col("key").replace(dict(labels)),
        place=pl.col("key").replace_strict(order, default=len(order), return_dtype=pl.Int64),
    )
    return _shaped(labelled.sort("place", pl.col("cases_count"), "key", descending=[False, True, False]), group)


def _of_rules(group: str, flags: pl.DataFrame) -> pl.DataFrame:
    summed = flags.group_by(pl.col("rule_id").alias("key")).agg(
        pl.col("title").min().alias("label"),
        pl.len().alias("flags_count"),
        pl.col("case_id").n_unique().alias("cases_count"),
        _people(),
    )
    summed = summed.join(in_question(flags.with_columns(key="rule_id"), "key"), on="key")
    return _shaped(summed.sort("cases_count", "key", descending=[True, False]), group)


@dataclass(frozen=True)
class Figures:
    """Reads the totals frame by group: the only door through which the page's words and tables get a number of flags."""

    frame: pl.DataFrame

    def of(self, group: str) -> list[dict[str, object]]:
        """The rows of a group, in the order they are shown."""
        return self.frame.filter(pl.col("group_code") == group).to_dicts()

    def one(self, group: str, key: str = "") -> dict[str, int]:
        """The counts of one row; zeros where the group has no such key."""
        found = self.frame.filter((pl.col("group_code") == group) & (pl.col("key") == key))
        row = found.row(0, named=True) if found.height else dict.fromkeys(COUNTS, 0)
        return {name: int(row[name]) for name in COUNTS}


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def in_words(figures: Figures, to_read: int) -> str:
    """How the numbers of reasons, items and payments go together, and what "in question" counts."""
    every = figures.one("all")
    items, asked = every["cases_count"], every["payments_count"]
    review, told, own = (figures.one(group)["cases_count"] for group in ("review", "told", "own_only"))
    apart = (
        f" {counted(to_read, 'more purchase')} {_are(to_read)} to be read and in no figure here: with them the review "
        f"app lists {items + to_read:,}."
        if to_read
        else ""
    )
    return (
        f"{counted(every['flags_count'], 'reason')} make {counted(items, 'item')}, and ask about {counted(asked, 'payment')}: an item is "
        "one thing to decide, with one reason or several, and a payment may be asked about in two items. "
        f"{review:,} of the items ask about spending, {told:,} {_are(told)} for information alone, and {own:,} {_are(own)} only about our "
        f"own side.{apart} A committee pack counts the payments asked about, by the months they were paid in. "
        '"In question" is the money the reasons are about. It is not a loss. Each payment counts once in every figure, and with no more '
        "than was paid."
    )
