"""Tax and National Insurance of assistants paid to HMRC late, or not at all by what is on file.

Small employers may pay by the quarter, so nothing counts as late before the quarter's own day.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

LATE, UNPAID, OPEN = "late", "unpaid", "open"
ONCOST, HMRC = "C02", r"(?i)\bhmrc\b|revenue"
SLIP: dict[str, object] = {"paid_on": date(2026, 4, 24), "tax_pence": 60_00, "employee_ni_pence": 20_00}
OTHER: dict[str, object] = {**SLIP, "pay_slip_id": "W2", "paid_on": date(2026, 9, 25), "hmrc_paid_on": date(2026, 10, 20)}
TO_HMRC: dict[str, object] = {"payee_shown": "HMRC Cumbernauld", "category_code": "C02", "amount_pence": 80_00}

RULE = Rule(
    id="W-11",
    title="HMRC paid late",
    family="A5",
    basis="pay_records",
    severity=2,
    outcome="query",
    looks_at="pay slips with tax or National Insurance",
    sentence="{owed_pence:pounds} of tax and National Insurance from {slips_count:many pay slip} was due by {due_on:day}. HMRC was "
    "paid on {hmrc_paid_on:day}.",
    not_found="HMRC was paid on {hmrc_paid_on:day}; the last day was {due_on:day}.",
    usual="HMRC is paid by the 22nd after the month, or after the quarter where that is agreed. {grace_days} days more "
    "are not asked about.",
    innocent="A refund, the employment allowance or a first payment may explain it, and the payroll agent may have entered another day.",
    ask="Ask the payroll agent whether HMRC is owed anything. Offer the holder support: the holder may not know.",
    clears="HMRC's statement, or the payroll agent's word that nothing is owed.",
    overtaken="A payment to HMRC was recorded.",
    same_flag=("holder_id", "due_on"),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll", "bank"),
    variants={
        LATE: Variant(),
        UNPAID: Variant(
            sentence="{owed_pence:pounds} of tax and National Insurance from {slips_count:many pay slip} was due by {due_on:day}. Neither "
            "the slips nor the account show a payment to HMRC for it by {reach_on:day}.",
        ),
        OPEN: Variant(not_found="The slips do not say when HMRC was paid, and the account or the days passed do not show that it was not."),
    },
    examples=(
        flagged("April's tax, due in July, paid in September", pay_slips=({**SLIP, "hmrc_paid_on": date(2026, 9, 2)},)),
        flagged(
            "April's tax, nothing to HMRC since, later slips are paid",
            pay_slips=(SLIP, OTHER),
            payments=({**TO_HMRC, "paid_on": date(2026, 10, 20)},),
        ),
        left_alone("Paid in July, by the quarter", pay_slips=({**SLIP, "hmrc_paid_on": date(2026, 7, 20)},)),
        left_alone(
            "No day on the slip, but HMRC was paid from the account",
            pay_slips=(SLIP, OTHER),
            payments=({**TO_HMRC, "paid_on": date(2026, 5, 20)},),
        ),
        left_alone("Nothing on file says when HMRC is paid", pay_slips=(SLIP, {**OTHER, "hmrc_paid_on": None})),
        at_the_threshold("On the last of the days", pay_slips=({**SLIP, "hmrc_paid_on": date(2026, 7, 29)},)),
    ),
)


def find(spending: Spending, *, grace_days: int = 7, posted_days: int = 30) -> pl.LazyFrame:
    """One row per pay slip with tax or National Insurance; those due on one day are one question."""
    owed = pl.sum_horizontal("tax_pence", "employee_ni_pence", "employer_ni_pence")
    by_month = pl.col("slip_on").dt.truncate("1mo").dt.offset_by("1mo21d")
    by_quarter = (pl.col("slip_on") - timedelta(days=5)).dt.truncate("1q").dt.offset_by("3mo21d")
    slips = (
        slips_with_payments(spending)
        .with_columns(
            owed_pence=owed, due_on=pl.max_horizontal(by_month, by_quarter), last_slip_on=pl.col("slip_on").max().over("holder_id")
        )
        .filter(pl.col("owed_pence") > 0)
        .with_columns(reach_on=(pl.col("due_on") + pl.duration(days=posted_days)).cast(pl.Date))
    )
    rows = slips.join(_to_hmrc(spending, slips), on="pay_slip_id", how="left").with_columns(
        says_days=pl.col("hmrc_paid_on").is_not_null().any().over("holder_id")
    )
    # Silence is a sign only where HMRC is otherwise seen to be paid, and where later slips have come.
    is_silent = (
        pl.col("hmrc_paid_on").is_null()
        & pl.col("says_days")
        & pl.col("pays_hmrc").fill_null(value=False)
        & ~pl.col("is_paid_since").fill_null(value=False)
        & (pl.col("last_slip_on") > pl.col("reach_on"))
    )
    is_late = (pl.col("hmrc_paid_on") > pl.col("due_on") + pl.duration(days=grace_days)).fill_null(value=False)
    variant = pl.when(pl.col("hmrc_paid_on").is_not_null()).then(pl.lit(LATE)).when(is_silent).then(pl.lit(UNPAID)).otherwise(pl.lit(OPEN))
    rows = rows.with_columns(variant_code=variant, is_found=is_late | is_silent)
    of_day = pl.when("is_found").then("owed_pence").sum().over("holder_id", "due_on", "is_found")
    rows = rows.with_columns(
        owed_pence=of_day.fill_null(pl.col("owed_pence")),
        slips_count=pl.len().cast(pl.Int64).over("holder_id", "due_on", "is_found"),
    ).with_columns(at_stake_pence=pl.col("owed_pence"))
    measured = ("owed_pence", "slips_count", "due_on", "hmrc_paid_on", "reach_on", "variant_code")
    return about(rows, "pay_slip", "pay_slip_id", "slip_on", pl.col("is_found"), *measured)


def _to_hmrc(spending: Spending, slips: pl.LazyFrame) -> pl.LazyFrame:
    """One row per pay slip of a holder whose account pays HMRC: does it between the slip and the day looked up to (is_paid_since)?"""
    days = (
        spending.payments.filter(
            (pl.col("category_code") == ONCOST) & (pl.col("amount_pence") > 0) & pl.col("payee_shown").str.contains(HMRC)
        )
        .select("holder_id", hmrc_on="paid_on")
        .unique()
        .sort("hmrc_on")
    )
    payers = days.select("holder_id").unique()
    return (
        slips.select("pay_slip_id", "holder_id", "slip_on", "reach_on")
        .join(payers, on="holder_id", how="semi")
        .sort("slip_on")
        .join_asof(days, left_on="slip_on", right_on="hmrc_on", by="holder_id", strategy="forward", check_sortedness=False, coalesce=False)
        .select("pay_slip_id", pays_hmrc=pl.lit(value=True), is_paid_since=(pl.col("hmrc_on") <= pl.col("reach_on")).fill_null(value=False))
    )
