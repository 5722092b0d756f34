"""What a care plan could still say: a line, an amount, a day, a part that is missing; and what was agreed beside it."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.flagged.supplied.fact import EXCEPTED, EXCEPTED_COLUMNS, Fact, Frames, added, changed, new_id, payments_of

BEGUN = date(2000, 1, 1)
ENDLESS = date(2100, 1, 1)
PLAN_LINE = ("amount_pence", "annual_pence", "most_at_once_pence")
BESIDE = {"payment_id": "payment_id"}


def plan_line(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A line in the plan in force on the day that names this kind of purchase, for what was paid on it."""
    del as_of
    return _with_lines(frames, given.join(payments_of(frames, given).drop_nulls("plan_version_id"), on="payment_id", how="semi"), False)


def named_line(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The same, which agrees this very item by name."""
    del as_of
    return _with_lines(frames, given.join(payments_of(frames, given).drop_nulls("plan_version_id"), on="payment_id", how="semi"), True)


def _with_lines(frames: Frames, given: pl.DataFrame, is_named: bool) -> Frames:
    line_id = new_id("payment_id", "line")
    paid = payments_of(frames, given)
    frames = added(
        frames,
        "plan_lines",
        paid,
        plan_line_id=line_id,
        plan_version_id=pl.col("plan_version_id"),
        holder_id=pl.col("holder_id"),
        line_ref=pl.lit("new"),
        category_code=pl.col("category_code"),
        description=pl.col("payee_shown"),
        frequency_code=pl.lit("one-off"),
        starts_on=BEGUN,
        is_preapproved=is_named,
        alternative=pl.lit("none that would do"),
        **{name: pl.col("amount_pence") for name in PLAN_LINE},
    )
    return changed(
        frames,
        "payments",
        given,
        BESIDE,
        match_code="fits",
        plan_line_id=line_id,
        plan_line_words=pl.col("payee_shown"),
        is_preapproved=is_named,
        line_category_code=pl.col("category_code"),
        line_frequency_code="one-off",
        line_amount_pence=pl.col("amount_pence"),
        line_annual_pence=pl.col("amount_pence"),
        line_most_at_once_pence=pl.col("amount_pence"),
    )


def approved_plan(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """An approved plan that covers the days of the payments, and names what was bought."""
    version = new_id("holder_id", "plan")
    frames = added(
        frames,
        "plans",
        payments_of(frames, given).unique("holder_id").sort("holder_id"),
        plan_version_id=version,
        holder_id=pl.col("holder_id"),
        plan_ref="new",
        version=1,
        status_code="approved",
        effective_from_on=BEGUN,
        effective_to_on=pl.lit(as_of),
        approved_on=BEGUN,
        has_care_coordinator=True,
        review_due_on=ENDLESS,
    )
    frames = changed(frames, "payments", given, BESIDE, plan_version_id=version)
    return _with_lines(frames, given, False)


def exception(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """An agreed exception whose scope, days and cap cover the purchases."""
    del as_of
    rows = given.select("payment_id").drop_nulls().unique().sort("payment_id")
    new = rows.select("payment_id", exception_id=new_id("payment_id", "exception"), is_beyond=pl.lit(False), because=pl.lit("Agreed."))
    return frames | {EXCEPTED: pl.concat([frames[EXCEPTED], new.cast(EXCEPTED_COLUMNS)])}  # type: ignore[arg-type]


def line_amount(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The line of the plan changed, so that it agrees what was spent on it, as often as it was."""
    del as_of
    ids = payments_of(frames, given).select("plan_line_id").drop_nulls().unique()
    spent = (
        frames["payments"]
        .join(ids, on="plan_line_id", how="semi")
        .group_by("plan_line_id")
        .agg(pl.col("amount_pence").clip(0).sum().alias("spent"))
    )
    paid = frames["payments"].join(spent, on="plan_line_id", how="left", maintain_order="left")
    is_given = pl.col("spent").is_not_null()
    names = ("line_amount_pence", "line_annual_pence", "line_most_at_once_pence")
    is_item = pl.col("line_frequency_code") == "one-off"
    put = paid.with_columns(
        *(pl.when(is_given).then("spent").otherwise(name).alias(name) for name in names),
        line_frequency_code=pl.when(is_given & ~is_item).then(pl.lit("annual")).otherwise("line_frequency_code"),
    )
    lines = frames["plan_lines"].join(spent, on="plan_line_id", how="left", maintain_order="left")
    raised = lines.with_columns(
        *(pl.when(is_given).then("spent").otherwise(name).alias(name) for name in PLAN_LINE),
        frequency_code=pl.when(is_given & (pl.col("frequency_code") != "one-off")).then(pl.lit("annual")).otherwise("frequency_code"),
    )
    return frames | {"payments": put.drop("spent"), "plan_lines": raised.drop("spent")}


def two_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A second line of the plan that agrees the item once more."""
    del as_of
    paid = payments_of(frames, given)
    lines = frames["plan_lines"].join(paid.select("plan_line_id").drop_nulls().unique(), on="plan_line_id", how="semi")
    again = lines.with_columns(plan_line_id=new_id("plan_line_id", "again"))
    frames = frames | {"plan_lines": pl.concat([frames["plan_lines"], again])}
    return changed(
        frames, "payments", given, BESIDE, plan_line_id=new_id("plan_line_id", "again"), line_amount_pence=pl.col("amount_pence")
    )


def later_end(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The plan and its line in force past the days of the payments."""
    del as_of
    holders = given.select("holder_id").unique()
    ours = frames["payments"].join(holders, on="holder_id", how="semi")
    paid = payments_of(frames, given)
    payees = ours.join(paid.select("holder_id", "payee_id").unique(), on=["holder_id", "payee_id"], how="semi")
    ended = payees.drop_nulls("plan_line_id").sort("paid_on").unique(["holder_id", "payee_id"], keep="last", maintain_order=True)
    frames = changed(frames, "plan_lines", ended, {"plan_line_id": "plan_line_id"}, ends_on=None)
    frames = changed(frames, "plans", ended, {"plan_version_id": "plan_version_id"}, effective_to_on=None)
    goes_on = paid.select("payment_id", "holder_id", "payee_id").join(
        ended.select("holder_id", "payee_id", line="plan_line_id"), on=["holder_id", "payee_id"]
    )
    put = (
        frames["payments"]
        .join(goes_on.select("payment_id", "line"), on="payment_id", how="left", maintain_order="left")
        .with_columns(
            match_code=pl.when(pl.col("line").is_not_null()).then(pl.lit("fits")).otherwise("match_code"),
            plan_line_id=pl.coalesce("line", "plan_line_id"),
        )
    )
    return frames | {"payments": put.drop("line")}


def journey(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A journey in the plan."""
    del as_of
    return _holder_line(frames, given, "R01", 0)


def cash_agreed(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """Cash in the plan, as much as was drawn in any month."""
    del as_of
    month = pl.col("paid_on").dt.truncate("1mo")
    drawn = frames["payments"].filter(pl.col("kind_code") == "cash").group_by("holder_id", month).agg(pl.col("amount_pence").sum())
    most = drawn["amount_pence"].max()
    return _holder_line(frames, given, "Z01", 12 * most if isinstance(most, int) else 0)


def _holder_line(frames: Frames, given: pl.DataFrame, category: str, annual_pence: int) -> Frames:
    versions = payments_of(frames, given).drop_nulls("plan_version_id").unique("plan_version_id").sort("plan_version_id")
    return added(
        frames,
        "plan_lines",
        versions,
        plan_line_id=new_id("plan_version_id", category),
        plan_version_id=pl.col("plan_version_id"),
        holder_id=pl.col("holder_id"),
        line_ref="new",
        category_code=category,
        annual_pence=annual_pence,
        amount_pence=annual_pence,
        frequency_code="annual",
        is_preapproved=False,
    )


def agreed_before(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The later plan signed off before the purchase."""
    del as_of
    paid = payments_of(frames, given)
    return changed(frames, "plans", paid, {"plan_version_id": "later_plan_version_id"}, approved_on=BEGUN, effective_from_on=BEGUN)


def risk_cleared(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """The risk notes of the plan brought up to date: none speaks against the purchase any longer."""
    del as_of
    return changed(frames, "plan_lines", payments_of(frames, given), {"plan_version_id": "plan_version_id"}, risk_note=None)


def payee_in_plan(frames: Frames, given: pl.DataFrame, as_of: date) -> Frames:
    """A line in the plan that names what is bought from a payee."""
    del as_of
    theirs = given.drop_nulls("payee_id")
    return changed(frames, "payments", theirs, {"holder_id": "holder_id", "payee_id": "payee_id"}, match_code="fits")


MATCH = ("P-02", "P-03", "P-05", "P-06", "P-07", "P-08", "P-14", "P-17", "N-01", "N-02", "N-03", "N-05")
OUTSIDE = (
    "P-02",
    "P-03",
    "P-14",
    "G-15",
    "L-04",
    "L-12",
    "L-13",
    "N-01",
    "N-02",
    "N-03",
    "N-05",
    "A-09",
    "A-16",
    "A-17",
    "A-18",
    "W-02",
    "W-22",
)

FACTS = (
    Fact(
        "plan_line",
        "a line in the plan of that day that names it",
        "lines in the plan of that time that name the {count} purchases",
        "the care co-ordinator",
        OUTSIDE,
        plan_line,
    ),
    Fact(
        "named_line",
        "a line in the plan that agrees this item by name",
        "lines in the plan that agree the {count} items by name",
        "the care co-ordinator",
        (*MATCH, "A-19", "L-12", "L-13"),
        named_line,
    ),
    Fact(
        "exception",
        "an agreed exception that covers it",
        "an agreed exception that covers the {count} payments",
        "the care co-ordinator",
        MATCH,
        exception,
    ),
    Fact(
        "approved_plan",
        "an approved plan for that time",
        "an approved plan for that time",
        "the care co-ordinator",
        ("P-01",),
        approved_plan,
    ),
    Fact(
        "line_amount",
        "a plan line that agrees as much as was spent",
        "a plan line that agrees as much as was spent",
        "the care co-ordinator",
        ("P-05", "P-08"),
        line_amount,
    ),
    Fact(
        "two_agreed",
        "a line in the plan that agrees a second one",
        "lines in the plan that agree them once more",
        "the care co-ordinator",
        ("P-07", "P-05"),
        two_agreed,
    ),
    Fact("later_end", "a plan line with a later end", "a plan line with a later end", "the care co-ordinator", ("P-06", "A-09"), later_end),
    Fact("journey", "a trip in the plan", "a trip in the plan", "the care co-ordinator", ("A-05",), journey),
    Fact("cash_agreed", "a line for cash in the plan", "a line for cash in the plan", "the care co-ordinator", ("A-04",), cash_agreed),
    Fact(
        "agreed_before",
        "proof that the plan agreed it before the day",
        "proof that the plan agreed them before the day",
        "the care co-ordinator",
        ("P-17",),
        agreed_before,
    ),
    Fact(
        "risk_cleared",
        "a new risk note that does not speak against it",
        "new risk notes that do not speak against them",
        "the clinician",
        ("P-10",),
        risk_cleared,
    ),
    Fact(
        "payee_in_plan",
        "a line in the plan that names what is bought there",
        "lines in the plan that name what is bought there",
        "the care co-ordinator",
        ("N-04",),
        payee_in_plan,
    ),
)
