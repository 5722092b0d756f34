"""What a plan as a whole could still have: outcomes, costs, a review, a co-ordinator, an alternative; one plan and not two."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.flagged.supplied.fact import Fact, Frames, added, changed, new_id


def outcomes_stated(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A plan in which every line names an outcome."""
    del as_of
    plans = given.select(plan_version_id="subject_id").unique()
    ours = frames["plans"].join(plans, on="plan_version_id", how="semi")
    frames = added(
        frames,
        "plan_outcomes",
        ours,
        outcome_id=new_id("plan_version_id", "outcome"),
        plan_version_id=pl.col("plan_version_id"),
        holder_id=pl.col("holder_id"),
        outcome_ref="new",
        outcome_text="I can live as I choose at home",
    )
    return changed(frames, "plan_lines", ours, {"plan_version_id": "plan_version_id"}, outcome_id=new_id("plan_version_id", "outcome"))


def missing_parts(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Outcomes, a cost on every line, and the day of the next review."""
    frames = outcomes_stated(frames, given, as_of)
    ours = given.select(plan_version_id="subject_id").unique()
    bare = frames["plans"].join(ours, on="plan_version_id", how="semi").join(frames["plan_lines"], on="plan_version_id", how="anti")
    frames = added(
        frames,
        "plan_lines",
        bare,
        plan_line_id=new_id("plan_version_id", "line"),
        plan_version_id=pl.col("plan_version_id"),
        holder_id=pl.col("holder_id"),
        line_ref="new",
        category_code="C01",
        is_preapproved=False,
    )
    on = {"plan_version_id": "subject_id"}
    frames = changed(
        frames, "plan_lines", given, on, annual_pence=pl.col("annual_pence").fill_null(0), amount_pence=pl.col("amount_pence").fill_null(0)
    )
    return changed(frames, "plans", given, on, review_due_on=pl.col("review_due_on").fill_null(as_of))


def coordinator_named(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A care co-ordinator in the plan."""
    del as_of
    return changed(frames, "plans", given, {"plan_version_id": "subject_id"}, has_care_coordinator=True)


def alternative_costed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Another way of meeting the need, with its cost, beside the dear item."""
    del as_of
    return changed(frames, "plan_lines", given, {"plan_line_id": "subject_id"}, alternative="another way, with its cost")


def one_plan(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """One plan in force: the others ended."""
    holders = given.select("holder_id").unique()
    ours = frames["plans"].join(holders, on="holder_id", how="semi").sort("effective_from_on", "plan_version_id")
    older = ours.join(
        ours.unique("holder_id", keep="last", maintain_order=True).select("plan_version_id"), on="plan_version_id", how="anti"
    )
    ended = pl.min_horizontal(pl.col("effective_to_on"), pl.lit(as_of).dt.offset_by("-1d"))
    return changed(frames, "plans", older, {"plan_version_id": "plan_version_id"}, effective_to_on=ended)


def line_ended(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A plan brought up to date: the lines of care that are no longer bought have ended."""
    day = pl.lit(as_of).dt.offset_by("-1y")
    return changed(frames, "plan_lines", given, {"holder_id": "holder_id"}, ends_on=day)


FACTS = (
    Fact(
        "outcomes_stated",
        "a plan in which each line names its outcome",
        "plans in which each line names its outcome",
        "the care co-ordinator",
        ("P-09",),
        outcomes_stated,
    ),
    Fact(
        "missing_parts",
        "the missing parts of the plan",
        "the missing parts of the {count} plans",
        "the care co-ordinator",
        ("G-08",),
        missing_parts,
    ),
    Fact(
        "coordinator_named",
        "the name of a care co-ordinator in the plan",
        "the name of a care co-ordinator in the plans",
        "the care team",
        ("G-05",),
        coordinator_named,
    ),
    Fact(
        "alternative_costed",
        "another way to meet the need, with its cost, in the plan",
        "other ways to meet the {count} needs, with their costs, in the plan",
        "the care co-ordinator",
        ("P-16",),
        alternative_costed,
    ),
    Fact(
        "one_plan",
        "one plan in force, and the other ended",
        "one plan in force, and the others ended",
        "the care co-ordinator",
        ("G-13",),
        one_plan,
    ),
    Fact(
        "line_ended",
        "a plan without the care that is no longer bought",
        "a plan without the care that is no longer bought",
        "the care co-ordinator",
        ("P-11",),
        line_ended,
    ),
)
