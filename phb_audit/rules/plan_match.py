"""What P-02 and P-03 share: purchases held against the categories of the plan in force, and why each is or is not outside it."""

from __future__ import annotations

import polars as pl

from phb_audit.rules.spending import Spending, at_once, shared

IN_PLAN, NOT_CLEAR, LISTED, SERVED, BESIDE, OWN_RULE = "in_plan", "not_clear", "listed", "served", "beside", "own_rule"

NEVER = tuple(f"X{place:02d}" for place in range(1, 9))
# Settled by other rules, or part of running any plan.
ELSEWHERE = ("C01", "C02", "C03", "C04", "C05", "C06", "C07", "M01", "M02", "M03", "M04", "Z01", "Z02", "Z03", "Z04", *NEVER)
# Kinds outside the plan that rules of their own ask about: ordinary living costs (L-13), what other bodies supply (L-12).
LIVING, OTHER_BODIES = ("H02", "H03"), ("E01", "E02", "E03", "E09")
UNUSUAL = ("R01", "R02", "E10", "E11", "E12", "E07", "A02", "A03", "A07", "A08", "A12", "A13", "A14")
# What goes with something else: the way to an activity, and a meal on an outing. Not asked about while the plan names such a thing.
GOES_WITH = (
    ("R03", ("A", "T", "R", "C05", "C06", "C10", "C11")),
    ("H02", ("A06", "A07", "A08", "A09", "A10", "R", "C06", "C11")),
    ("C06", ("A", "R", "C01", "C08", "C11")),
)
# Kinds so near to one another that the plan's line for one leaves the other open: a small difference of words, not of purpose.
NEAR = (
    ("C05", "A11"),
    ("C05", "C09"),
    ("C08", "C09"),
    ("C08", "C10"),
    ("C08", "C11"),
    ("C09", "C10"),
    ("C10", "R01"),
    ("C11", "A10"),
    ("T01", "T02"),
    ("T01", "T04"),
    ("T04", "T05"),
    ("T06", "A04"),
    ("E04", "E05"),
    ("E07", "H04"),
    ("E13", "E14"),
    ("A01", "A10"),
    ("A04", "A05"),
    ("A04", "A11"),
    ("A05", "A10"),
    ("A06", "A08"),
    ("A08", "A09"),
    ("A09", "R03"),
    ("H01", "H02"),
)
VERY_SURE = 0.75
NAMED_PERSON = "a named person"
# Words of an outcome wide enough to be served by an unusual purchase.
GENERAL = (
    r"(?i)wellbeing|well-being|mental|emotion|anxi|confiden|social|isolat|lonel|friend|famil|communit|independen|relax|rest\b|break|"
    r"enjoy|quality of life|mood|leisure|interest|hobb|active|fit|mobil|exercise|outdoor|sens|calm|behavio|sleep|routine|skill|"
    r"creat|connect|meet|people|company|get out|go out|leave (the|my|home)|things I"
)


def against_plan(spending: Spending, least_share: float) -> pl.LazyFrame:
    """One row per purchase on a day with a plan: is_outside_plan, and reason_code '' or why P-02 leaves it ('in_plan', ...);
    is_clear (so surely read) and is_free (agreed neither by name nor later).

    Outside the plan: matched found no line, it is read at least so surely, and nothing it may be (of its words, or of its receipt's
    lines) is a category the plan names.
    """
    is_clear = ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    is_unmatched = pl.col("match_code") == "no_match"
    is_free = pl.col("later_plan_line_id").is_null() & ~pl.col("is_preapproved")
    reasons = [
        (pl.col("is_named"), IN_PLAN),
        (~is_unmatched, SERVED),
        (~is_clear, NOT_CLEAR),
        (pl.col("is_listed"), LISTED),
        (pl.col("is_beside"), BESIDE),
        (pl.col("category_code").is_in((*LIVING, *OTHER_BODIES)), OWN_RULE),
    ]
    reason = pl.lit("")
    for holds, code in reversed(reasons):
        reason = pl.when(holds).then(pl.lit(code)).otherwise(reason)
    is_open = ~pl.col("is_named") & (~pl.col("is_beside") | pl.col("is_listed"))
    return _beside_plan(spending).with_columns(
        is_outside_plan=is_unmatched & is_open & is_clear & is_free, reason_code=reason, is_clear=is_clear, is_free=is_free
    )


@shared
def _beside_plan(spending: Spending) -> pl.LazyFrame:
    """One row per purchase on a day with a plan: lines_count of that plan, its general_outcome, and whether the plan names the kind
    (is_named), something it goes with (is_beside), or whether it is a clinician's question (is_listed)."""
    lines = named_kinds(spending)
    counts = lines.group_by("plan_version_id").agg(pl.len().cast(pl.Int64).alias("lines_count"))
    named = lines.with_columns(pl.lit(True).alias("is_named"))
    first, second = (named.rename({"named_code": f"{name}_code", "is_named": f"is_{name}_named"}) for name in ("category", "second"))
    purchases = at_once(_bought(spending))
    is_first = pl.col("is_category_named").fill_null(False)
    may_be_named = pl.col("is_second_named").fill_null(False) | pl.col("is_set_named").fill_null(False)
    is_listed = pl.col("category_code").is_in(UNUSUAL) & pl.col("general_outcome").is_not_null()
    # A clinician is asked about an unusual item even where a faint second reading of it is in the plan; a holder is not.
    is_named = is_first | (may_be_named & ~(is_listed & (pl.col("probability_share") >= VERY_SURE)))
    return (
        purchases.join(counts, on="plan_version_id", how="left")
        .join(first, on=["plan_version_id", "category_code"], how="left")
        .join(second, on=["plan_version_id", "second_code"], how="left")
        .join(_set_named(purchases, lines), on="payment_id", how="left")
        .join(beside_kinds(lines), on=["plan_version_id", "category_code"], how="left")
        .join(_general_outcomes(spending), on="plan_version_id", how="left")
        .with_columns(
            pl.col("lines_count").fill_null(0), is_named=is_named, is_listed=is_listed, is_beside=pl.col("is_beside_named").fill_null(False)
        )
        .drop("is_set_named", "set_codes")
    )


def lines_outside_plan(spending: Spending, least_share: float, *, but: tuple[str, ...] = ()) -> pl.LazyFrame:
    """One row per purchase with receipt lines that are surely read as kinds its plan does not name, whatever else is on the receipt.

    `outside_count`, `outside_pence`, and of the dearest `item_shown` and `item_code`. Unusual kinds are a clinician's (P-03), not here; nor
    are those in `but`.
    """
    lines = named_kinds(spending)
    is_clear = ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share) & (pl.col("line_total_pence") > 0)
    told = spending.receipt_lines.filter(is_clear & ~pl.col("category_code").is_in((*ELSEWHERE, *UNUSUAL, *but))).drop_nulls("payment_id")
    purchases = _bought(spending).filter(pl.col("later_plan_line_id").is_null() & ~pl.col("is_preapproved"))
    apart = told.join(purchases.select("payment_id", "plan_version_id"), on="payment_id")
    for planned in (lines.rename({"named_code": "category_code"}), beside_kinds(lines)):
        apart = apart.join(planned, on=["plan_version_id", "category_code"], how="anti")
    apart = apart.with_row_index("line_row")
    may_be = apart.select("line_row", "plan_version_id", named_code=pl.col("set_codes").str.split("|")).explode("named_code")
    named = may_be.join(lines, on=["plan_version_id", "named_code"], how="semi").select("line_row").unique()
    return (
        apart.join(named, on="line_row", how="anti")
        .sort("line_total_pence", "description", descending=[True, False])
        .group_by("payment_id", maintain_order=True)
        .agg(
            outside_count=pl.len().cast(pl.Int64),
            outside_pence=pl.col("line_total_pence").sum(),
            item_shown=pl.col("description").first(),
            item_code=pl.col("category_code").first(),
        )
    )


def named_kinds(spending: Spending) -> pl.LazyFrame:
    """One row per plan version and category that one of its lines names: `plan_version_id, named_code`."""
    return spending.plan_lines.select("plan_version_id", named_code="category_code").drop_nulls().unique()


def _set_named(purchases: pl.LazyFrame, lines: pl.LazyFrame) -> pl.LazyFrame:
    """One row per purchase that may be more than one thing, one of which the plan names."""
    several = purchases.filter(pl.col("set_codes").str.contains("|", literal=True))
    each = several.select("payment_id", "plan_version_id", named_code=pl.col("set_codes").str.split("|")).explode("named_code")
    return each.join(lines, on=["plan_version_id", "named_code"], how="semi").select("payment_id", is_set_named=True).unique()


def beside_kinds(lines: pl.LazyFrame) -> pl.LazyFrame:
    """One row per plan version and category that goes with, or is near to, something the plan names."""
    found = [
        lines.filter(pl.any_horizontal(pl.col("named_code").str.starts_with(start) for start in starts)).select(
            "plan_version_id", pl.lit(code).alias("category_code")
        )
        for code, starts in GOES_WITH
    ]
    near = [*NEAR, *((second, first) for first, second in NEAR)]
    found += [
        lines.join(pl.LazyFrame(near, schema=["named_code", "category_code"], orient="row"), on="named_code").select(
            "plan_version_id", "category_code"
        )
    ]
    return pl.concat(found).unique().with_columns(is_beside_named=pl.lit(True))


def _general_outcomes(spending: Spending) -> pl.LazyFrame:
    """One row per plan version with an outcome wide enough for an unusual purchase: the first such outcome."""
    return (
        spending.plan_outcomes.filter(pl.col("outcome_text").str.contains(GENERAL))
        .sort("outcome_id")
        .group_by("plan_version_id", maintain_order=True)
        .agg(pl.col("outcome_text").first().str.strip_chars_end(". ").alias("general_outcome"))
    )


def _bought(spending: Spending) -> pl.LazyFrame:
    """Purchases on a day with a plan that the plan can be held against by their kind."""
    return spending.payments.filter(
        (pl.col("kind_code") == "purchase")
        & (pl.col("amount_pence") > 0)
        & pl.col("holding_code").is_in(["direct_payment", "third_party"])
        & pl.col("plan_version_id").is_not_null()
        # A person's name says nothing of what was bought; payments to people have rules of their own. Where the name is all there is
        # to show, a reader could not judge our reading either.
        & pl.col("payee_ref").is_null()
        & (pl.col("payee_shown") != NAMED_PERSON)
        & ~pl.col("category_code").is_in(ELSEWHERE)
    ).select(
        "payment_id",
        "holder_id",
        "paid_on",
        "amount_pence",
        "payee_shown",
        "payee_id",
        "category_code",
        "second_code",
        "set_codes",
        "probability_share",
        "is_abstained",
        "plan_version_id",
        "later_plan_line_id",
        "match_code",
        "is_preapproved",
    )
