"""Many worlds at once: copies of some holders' rows, each with ids of its own, so that one run of the rules answers for all of them.

Rules join by the ids of holders, payments, papers, plans and accounts. Each copy has these ids with a mark and its number behind them;
what the rules find is told apart by the number, and the ids are given back as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from phb_audit.flagged.cases import case_ids
from phb_audit.flagged.findings import SCHEMA, flag_keys, flags_of, kept_apart
from phb_audit.flagged.supplied.fact import EXCEPTED, Fact, Frames, empty_excepted
from phb_audit.flagged.suppressed import sorted_out, with_exceptions
from phb_audit.rules.register import Registered
from phb_audit.rules.spending import ENGINE, FRAMES, Spending, as_text
from phb_audit.tables.flagged import EVERYONE

MARK = "\x1f"
OWN_IDS = frozenset(
    {
        *(
            "holder_id",
            "payment_id",
            "before_id",
            "receipt_id",
            "sameness_id",
            "receipt_group_id",
            "plan_version_id",
            "later_plan_version_id",
        ),
        *("plan_line_id", "later_plan_line_id", "outcome_id", "account_id", "account_ref", "budget_id", "instalment_id", "connection_id"),
        *("event_id", "record_id", "visit_id", "pay_slip_id", "flag_id", "exception_id"),
    }
)
NUMBER = "world"
# What was found, row by row: what a fact may be supplied for.
ROWS = {
    NUMBER: pl.Int64,
    **dict.fromkeys(("flag_id", "rule_id", "holder_id", "payment_id", "subject_id", "payee_id", "payee_ref"), pl.String),
    "subject_on": pl.Date,
}
FLAGS = {
    NUMBER: pl.Int64,
    **dict.fromkeys(("flag_id", "case_id", "rule_id", "family_code", "outcome_code"), pl.String),
    "is_asking": pl.Boolean,
}


@dataclass(frozen=True)
class Told:
    """What the rules find in some worlds. `flags`: one row per world and flag that stands (FLAGS); `rows`: what is behind them (ROWS)."""

    flags: pl.DataFrame
    rows: pl.DataFrame


@dataclass(frozen=True)
class Engine:
    """The rules, and the rows of some holders as they are: all that is needed to run the rules again with something supplied."""

    rules: Sequence[Registered]
    frames: Mapping[str, pl.DataFrame]
    as_of: date

    @classmethod
    def over(cls, rules: Sequence[Registered], spending: Spending, excepted: pl.DataFrame | None = None) -> Engine:
        """Over the rows of a Spending. `excepted`: as flagged.excepted gives it, of purchases exceptions cover already."""
        names = spending.frames()
        frames = dict(zip(names, pl.collect_all([as_text(frame) for frame in names.values()], engine=ENGINE), strict=True))
        return cls(rules, frames | {EXCEPTED: empty_excepted() if excepted is None else excepted}, spending.as_of)

    def tell(
        self, worlds: pl.DataFrame, supplied: Sequence[tuple[Fact, pl.DataFrame]] = (), rules: Sequence[Registered] | None = None
    ) -> Told:
        """What stands in each of the worlds (holder_id, world), with what is supplied in them: a fact, and the rows of ROWS for which
        it is there, by world. `rules`: these alone."""
        frames = self._copies(worlds)
        for fact, given in supplied:
            frames = fact.change(frames, marked(given), self.as_of)
        return told(self.rules if rules is None else rules, frames, self.as_of)

    def _copies(self, worlds: pl.DataFrame) -> Frames:
        holders = worlds.select("holder_id", NUMBER)
        payments = self.frames["payments"].select("payment_id", "holder_id")
        copies: Frames = {}
        for name, frame in self.frames.items():
            if name == EXCEPTED:
                frame = frame.join(payments, on="payment_id", how="left", maintain_order="left")
            elif "holder_id" not in frame.columns or frame.is_empty():
                copies[name] = frame
                continue
            copy = marked(frame.join(holders, on="holder_id", maintain_order="left"))
            copies[name] = copy.select(self.frames[name].columns)
        return copies


def marked(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a world with its number behind their ids. What is everyone's (a flag about a feed) keeps its own."""
    behind = (
        pl.when(pl.col("holder_id") == EVERYONE).then(pl.lit("")).otherwise(pl.concat_str(pl.lit(MARK), pl.col(NUMBER).cast(pl.String)))
    )
    return rows.with_columns(pl.concat_str(name, behind).alias(name) for name in rows.columns if name in OWN_IDS or name == "subject_id")


def unmarked(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their ids as they were."""
    return rows.with_columns(pl.col(pl.String).str.replace_all(MARK + r"\d+", ""))


def number() -> pl.Expr:
    """The world of a row, from its holder's id."""
    return pl.col("holder_id").str.extract(MARK + r"(\d+)").cast(pl.Int64).alias(NUMBER)


def told(rules: Sequence[Registered], frames: Frames, as_of: date) -> Told:
    """Run the rules over marked frames: what is found, and not settled by an agreed plan item or an exception."""
    spending = Spending.of(as_of, {name: frame for name, frame in frames.items() if name in FRAMES})
    found = [kept_apart(rows) for rows in pl.collect_all([one.considered(spending).filter("is_found") for one in rules], engine=ENGINE)]
    flags, rows = [pl.DataFrame(schema=SCHEMA)], [pl.DataFrame(schema=ROWS)]
    names = []
    for one, frame in zip(rules, found, strict=True):
        for limited, part in one.by_limits(frame) if frame.height else []:
            flags.append(flags_of(limited, part, one.version))
            keys, own = flag_keys(one.rule, part), flag_keys(one.rule, unmarked(part))
            names.append(pl.DataFrame({"marked_id": keys, "own_id": own}))
            told_of = part.with_columns(number(), own, pl.lit(one.rule.id).alias("rule_id"))
            rows.append(unmarked(told_of.select(_column(told_of, name) for name in ROWS)))
    every = pl.concat(flags).with_columns(plan_line_id=pl.lit(None, dtype=pl.String))
    split = with_exceptions(sorted_out(every, rules), frames[EXCEPTED], rules)
    return Told(_flags(split.standing, names, rules), pl.concat(rows))


def _column(rows: pl.DataFrame, name: str) -> pl.Expr:
    """A column of ROWS; a rule need not measure whom it is about."""
    return pl.col(name) if name in rows.columns else pl.lit(None, dtype=pl.String).alias(name)


def _flags(standing: pl.DataFrame, names: Sequence[pl.DataFrame], rules: Sequence[Registered]) -> pl.DataFrame:
    known = pl.concat([pl.DataFrame(schema={"marked_id": pl.String, "own_id": pl.String}), *names]).unique("marked_id")
    apart = [one.rule.id for one in rules if one.rule.may_be_apart]
    # What may be for another lane's readers is never told of by what an ordinary case may be cleared with.
    is_asking = (pl.col("outcome_code") != "information") & ~pl.col("is_commissioners") & ~pl.col("rule_id").is_in(apart)
    own = standing.join(known, left_on="flag_id", right_on="marked_id", how="left", maintain_order="left")
    plain = case_ids(unmarked(own.with_columns(number(), flag_id=pl.col("own_id"), is_asking=is_asking)))
    return plain.select(list(FLAGS))
