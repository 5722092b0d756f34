"""An agency billed more hours than its visit log has. Three months are taken together, so that an invoice may follow its visits."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import Row, at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import NO_PAYMENT, Spending, about, at_once
from phb_audit.rules.support import name_key, same_name

THIN = "thin"
CARE_OF_AGENCIES = ("C08", "C09")
HOURS = r"(?i)(\d{1,3}(?:\.\d{1,2})?)\s?(?:h|hrs?|hours?)\b"
LAST = date(2026, 10, 30)


def _invoices(hours: float, count: int = 3) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "receipt_id": f"R{place}",
            "payment_id": f"P{place}",
            "dated_on": LAST - timedelta(weeks=4 * place),
            "description": f"CARE INV 22{place} {hours}H",
            "category_code": "C08",
        }
        for place in range(count)
    )


def _payments(count: int = 3) -> tuple[Row, ...]:
    return tuple(
        {"payment_id": f"P{place}", "payee_shown": "BRIGHT CARE 0123", "category_code": "C08", "paid_on": LAST - timedelta(weeks=4 * place)}
        for place in range(count)
    )


def _visits(hours: float, weeks: int = 13) -> tuple[Row, ...]:
    log: dict[str, object] = {"source_code": "visit_log", "employee_id": None, "payee_ref": None, "supplier_name": "Bright Care Ltd"}
    return tuple(
        {**log, "visit_id": f"U{place}", "visited_on": LAST - timedelta(weeks=place), "hours_count": hours} for place in range(weeks)
    )


RULE = Rule(
    id="W-21",
    title="More hours billed than visits logged",
    family="A5",
    basis="billed_hours",
    severity=3,
    outcome="query",
    looks_at="agencies whose invoices say hours and whose visit log reaches over the {weeks} weeks before their newest invoice",
    sentence="{payee_shown} billed {billed_hours} hours on {invoices_count:many invoice} from {first_on:day} to "
    "{last_on:day}. Its visit log has "
    "{logged_hours} hours for those days and the four weeks before.",
    not_found="{payee_shown} billed {billed_hours} hours up to {last_on:day}; the visit log has {logged_hours}.",
    usual="Hours billed are hours logged, give or take {over_share:percent}.",
    innocent="Visits may have been made and not logged, or an invoice may be for weeks further back.",
    ask="Ask the agency which visits the invoices are for. Nothing to ask the holder.",
    clears="A corrected invoice, a credit, or the missing entries of the log.",
    overtaken="The log or an invoice was corrected.",
    same_flag=("holder_id", "payee_id"),
    decides="papers",
    owner="Head of finance",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("visits", "receipts"),
    restricted_with=("E-05", "E-06"),
    variants={THIN: Variant(not_found="The visit log reaches over {logged_weeks} weeks only, or the invoices that say hours are too few.")},
    examples=(
        flagged("120 hours billed, 65 logged", receipt_lines=_invoices(40.0), payments=_payments(), visits=_visits(5.0)),
        left_alone("As many as logged", receipt_lines=_invoices(20.0), payments=_payments(), visits=_visits(5.0)),
        left_alone("No visit log", receipt_lines=_invoices(40.0), payments=_payments()),
        left_alone("A log of five weeks", receipt_lines=_invoices(40.0), payments=_payments(), visits=_visits(5.0, 5)),
        left_alone("One invoice", receipt_lines=_invoices(40.0, 1), payments=_payments(1), visits=_visits(1.0)),
        at_the_threshold("Exactly a tenth more", receipt_lines=_invoices(22.0), payments=_payments(), visits=_visits(60 / 13)),
    ),
)


def find(spending: Spending, *, weeks: int = 13, over_share: float = 0.1, least_hours: int = 5) -> pl.LazyFrame:
    """One row per holder and agency whose invoices say hours and which has a visit log for the holder."""
    billed = at_once(_billed(spending, weeks))
    log = spending.visits.filter((pl.col("source_code") == "visit_log") & pl.col("supplier_name").is_not_null()).select(
        "holder_id", "visited_on", logged="hours_count", supplier_key=name_key(pl.col("supplier_name"))
    )
    names = at_once(
        billed.select("holder_id", "payee_id", "payee_key").unique().join(log.select("holder_id", "supplier_key").unique(), on="holder_id")
    )
    logged = (
        names.filter(same_name(pl.col("supplier_key"), pl.col("payee_key")))
        .select("holder_id", "payee_id", "supplier_key")
        .join(billed.select("holder_id", "payee_id", "last_on"), on=["holder_id", "payee_id"])
        .join(log, on=["holder_id", "supplier_key"])
        .filter(pl.col("visited_on").is_between(pl.col("last_on") - pl.duration(weeks=weeks + 4), pl.col("last_on")))
        .group_by("holder_id", "payee_id")
        .agg(
            pl.col("logged").sum().round(1).alias("logged_hours"),
            pl.col("visited_on").dt.truncate("1w").n_unique().cast(pl.Int64).alias("logged_weeks"),
        )
    )
    rows = billed.join(logged, on=["holder_id", "payee_id"]).with_columns(NO_PAYMENT)
    is_thin = (pl.col("logged_weeks") < weeks - 3) | (pl.col("invoices_count") < 3)
    is_more = (pl.col("billed_hours") > (pl.col("logged_hours") * (1 + over_share)).round(1)) & (
        pl.col("billed_hours") - pl.col("logged_hours") >= least_hours
    )
    measured = ("payee_id", "payee_shown", "billed_hours", "invoices_count", "first_on", "last_on", "logged_hours", "logged_weeks")
    variant = pl.when(is_thin).then(pl.lit(THIN)).otherwise(pl.lit("")).alias("variant_code")
    return about(rows, "holder", "holder_id", "last_on", is_more & ~is_thin, *measured, variant_code=variant)


def _billed(spending: Spending, weeks: int) -> pl.LazyFrame:
    """One row per holder and agency: hours on the invoices of the last weeks before its newest, from lines that say one number of hours."""
    said = pl.col("description").str.extract_all(HOURS)
    lines = (
        spending.receipt_lines.filter(pl.col("category_code").is_in(CARE_OF_AGENCIES) & ~pl.col("is_abstained") & (said.list.len() == 1))
        .select(
            "receipt_id",
            "payment_id",
            on=pl.coalesce("dated_on", "received_on"),
            hours=pl.col("description").str.extract(HOURS).cast(pl.Float64),
        )
        .join(spending.payments.select("payment_id", "holder_id", "payee_id", "payee_shown", "amount_pence"), on="payment_id")
        .with_columns(last_on=pl.col("on").max().over("holder_id", "payee_id"))
        .filter(pl.col("on") > pl.col("last_on") - pl.duration(weeks=weeks))
    )
    return lines.group_by("holder_id", "payee_id").agg(
        pl.col("hours").sum().round(1).alias("billed_hours"),
        pl.col("receipt_id").n_unique().cast(pl.Int64).alias("invoices_count"),
        pl.col("on").min().alias("first_on"),
        pl.col("last_on").first(),
        pl.col("payee_shown").sort().first(),
        name_key(pl.col("payee_shown")).sort().first().alias("payee_key"),
        pl.lit(0, dtype=pl.Int64).alias("at_stake_pence"),
    )
