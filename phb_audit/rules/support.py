"""What the rules on papers behind paid help share: assistants and suppliers beside the papers of one kind that somebody has seen.

Silence is a sign only where a list of papers is kept for the holder: without one, nothing is found.
"""

from __future__ import annotations

import polars as pl

from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.spending import Spending, at_once, shared

NAME_LETTERS = 6  # so many letters of a name must agree; banks and cards cut names short
LEGAL_FORM = r"\b(?:LTD|LIMITED|PLC|LLP|CIC|UK|THE)\b"


@shared
def kept_lists(spending: Spending) -> pl.LazyFrame:
    """One row per holder for whom a list of papers is kept: record_codes, the kinds on it."""
    return spending.support_records.group_by("holder_id").agg(pl.col("record_code").unique().sort().str.join("|").alias("record_codes"))


@shared
def assistants(spending: Spending) -> pl.LazyFrame:
    """One row per employed assistant of a holder with a list of papers: first and last day worked, and the last "
    "pay slip with its payment."""
    slips = slips_with_payments(spending).filter(pl.col("hours_kind_code") == "worked")
    return (
        slips.join(kept_lists(spending), on="holder_id")
        .sort("slip_on", "pay_slip_id")
        .group_by("holder_id", "employee_id", maintain_order=True)
        .agg(
            pl.col("pay_slip_id", "payment_id", "payee_shown", "slip_on", "record_codes").last(),
            pl.col("payee_ref", "person_ref").drop_nulls().last(),
            pl.col("period_from_on").min().alias("first_on"),
            pl.col("period_to_on").max().alias("last_on"),
            pl.lit(0, dtype=pl.Int64).alias("at_stake_pence"),
        )
    )


def beside_assistants(spending: Spending, record_code: str) -> pl.LazyFrame:
    """The assistants with the papers of the kind that are theirs: papers_count, the newest day one began (dated_on), the latest day
    one holds (holds_until_on), and whether one has no end (has_no_end).
    """
    papers = spending.support_records.filter(pl.col("record_code") == record_code).with_columns(
        dated_on=pl.coalesce("valid_from_on", "seen_on")
    )
    people = at_once(assistants(spending))
    by = [
        people.select("holder_id", "employee_id", name).drop_nulls().join(papers.drop(other), on=["holder_id", name])
        for name, other in (("payee_ref", ["employee_id", "person_ref"]), ("person_ref", ["employee_id", "payee_ref"]))
    ]
    by.append(people.select("holder_id", "employee_id").join(papers, on=["holder_id", "employee_id"]))
    theirs = (
        pl.concat([rows.select("holder_id", "employee_id", "record_id", "dated_on", "valid_until_on") for rows in by])
        .unique(["holder_id", "employee_id", "record_id"])
        .group_by("holder_id", "employee_id")
        .agg(
            pl.len().cast(pl.Int64).alias("papers_count"),
            pl.col("dated_on").max(),
            pl.col("valid_until_on").max().alias("holds_until_on"),
            pl.col("valid_until_on").is_null().any().alias("has_no_end"),
        )
    )
    return people.join(theirs, on=["holder_id", "employee_id"], how="left").with_columns(
        pl.col("papers_count").fill_null(0), pl.col("has_no_end").fill_null(value=False)
    )


def name_key(name: pl.Expr) -> pl.Expr:
    """A business's name as letters only, so that 'Bright Care Ltd' and 'BRIGHT CARE 0123' can be compared."""
    return name.str.to_uppercase().str.replace_all(LEGAL_FORM, "").str.replace_all(r"[^A-Z]", "")


def same_name(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Is one key (`name_key`) the beginning of the other? Two keys of a few letters say too little."""
    shorter = pl.min_horizontal(one.str.len_chars(), other.str.len_chars())
    return (shorter >= NAME_LETTERS) & (one.str.starts_with(other) | other.str.starts_with(one))


def beside_suppliers(spending: Spending, record_code: str, categories: tuple[str, ...]) -> pl.LazyFrame:
    """One row per payment of the categories by a holder on whose list the kind of paper stands (for anybody): papers_count of this payee,
    and the latest day they hold (holds_until_on, has_no_end). A payee is known by name, as far as banks write it, or by pseudonym.
    """
    papers = spending.support_records.filter(pl.col("record_code") == record_code).select(
        "holder_id",
        "record_id",
        "valid_until_on",
        supplier_ref="payee_ref",
        supplier_key=name_key(pl.col("supplier_name").fill_null("")),
    )
    paid = at_once(
        spending.payments.filter(
            (pl.col("kind_code") == "purchase")
            & (pl.col("amount_pence") > 0)
            & pl.col("category_code").is_in(categories)
            & ~pl.col("is_abstained")
        ).join(papers.select("holder_id").unique(), on="holder_id", how="semi")
    )
    payees = paid.select("holder_id", "payee_id", "payee_ref", payee_key=name_key(pl.col("payee_shown"))).unique()
    is_named = same_name(pl.col("supplier_key"), pl.col("payee_key"))
    is_same = is_named | (pl.col("supplier_ref") == pl.col("payee_ref")).fill_null(value=False)
    theirs = (
        payees.join(papers, on="holder_id")
        .filter(is_same)
        .group_by("holder_id", "payee_id")
        .agg(
            pl.col("record_id").n_unique().cast(pl.Int64).alias("papers_count"),
            pl.col("valid_until_on").max().alias("holds_until_on"),
            pl.col("valid_until_on").is_null().any().alias("has_no_end"),
        )
    )
    return paid.join(theirs, on=["holder_id", "payee_id"], how="left").with_columns(
        pl.col("papers_count").fill_null(0), pl.col("has_no_end").fill_null(value=False)
    )
