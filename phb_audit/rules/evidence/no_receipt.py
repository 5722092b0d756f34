"""No receipt or invoice after the days agreed.

Asked only of direct payments, only for amounts worth asking about, and only once the receipts feed has reached past the due day:
a late file of receipts is the sender's delay, not the holder's. All missing receipts of one holder are one case.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import PRESENT, PRESENTS, employed
from phb_audit.rules.refunds import refunded
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

FEED: tuple[dict[str, object], ...] = ({"feed_code": "receipts"},)
HAS_RECEIPT, FEED_BEHIND, NOT_NEEDED = "has_receipt", "feed_behind", "not_needed"
CANNOT_TELL, ONE_SHORT, ASKED_WITH = "cannot_tell", "one_short", "asked_with_another"
TIE: dict[str, object] = {"amount_pence": 60_00, "receipt_match_code": "open_short", "receipt_group_id": "P1"}
BACK: dict[str, object] = {"back_pence": 60_00, "bought_pence": 60_00}
# Pay, tax and pension have their own papers; bank charges, money given back, cash and transfers have none.
OTHER_PAPERS = ("C01", "C02", "C07", "M02", "M03", "Z01", "Z02")

RULE = Rule(
    id="E-01",
    title="No receipt",
    family="A3",
    basis="receipts",
    severity=2,
    outcome="query",
    looks_at="purchases from direct payments of {least_pence:pounds} or more that need a receipt, leaving aside pay, tax, "
    "pension and bank charges",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. No receipt or invoice has come, and {days} days "
    "have passed.",
    not_found="{waiting_days} days have passed since the payment; receipts are due within {days} days.",
    usual="A receipt comes within {days} days for payments of {least_pence:pounds} or more.",
    innocent="The receipt may be in the post, faded, filed under another date, or have been given to the support service.",
    ask="Ask the holder, once and for all missing receipts together, for a receipt, invoice or a short note of what was bought.",
    clears="A receipt, an invoice, an order confirmation, or a supplier's letter.",
    overtaken="A receipt was added.",
    same_flag=("payment_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    explained_by=("G-03", "G-05"),
    is_on_the_clock=True,
    waits_for=("receipts", "holder_events"),
    variants={
        HAS_RECEIPT: Variant(not_found="A receipt is on file."),
        CANNOT_TELL: Variant(not_found="Receipts for it are on file; which of several payments each belongs to cannot be told."),
        ONE_SHORT: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, and more than once like that. There are fewer "
            "receipts than payments, and which one has none cannot be told.",
            ask="Ask the holder which of these payments each receipt is for, and for the one that is missing.",
        ),
        ASKED_WITH: Variant(not_found="It is asked about together with another payment like it."),
        FEED_BEHIND: Variant(not_found="The receipts we hold do not reach past the day this one is due, so it cannot be called missing."),
        NOT_NEEDED: Variant(
            not_found="The plan asks for no receipt, the payee is on the payroll, all the money came back, or the holder has died."
        ),
    },
    examples=(
        flagged("60 pounds in August, nothing by the end of October", payments=({"amount_pence": 60_00},), feeds=FEED),
        left_alone("The receipt is on file", payments=({"amount_pence": 60_00, "receipt_id": "R1"},), feeds=FEED),
        left_alone("Wages have a pay slip, not a receipt", payments=({"amount_pence": 600_00, "category_code": "C01"},), feeds=FEED),
        left_alone(
            "A bonus to somebody has no receipt: whether it was agreed is another question",
            payments=({"amount_pence": 60_00, "category_code": "Z04", "payee_shown": "Xmas Bonus G Lists"},),
            feeds=FEED,
        ),
        flagged(
            "A donation may have one",
            payments=({"amount_pence": 60_00, "category_code": "Z04", "payee_shown": "Hillside Hospice"},),
            feeds=FEED,
        ),
        left_alone(
            "No receipts at all have come since July: the feed is behind, not the holder",
            payments=({"amount_pence": 60_00},),
            feeds=({"feed_code": "receipts", "last_data_on": date(2026, 7, 31)},),
        ),
        left_alone(
            "Two payments and two receipts alike: nothing is missing",
            payments=({**TIE, "receipt_match_code": "open"}, {**TIE, "receipt_match_code": "open", "payment_id": "P2"}),
            feeds=FEED,
        ),
        left_alone("All of it came back", payments=({"amount_pence": 60_00},), refund_links=(BACK,), feeds=FEED),
        left_alone(
            "All of it came back, or of another like it",
            payments=({"amount_pence": 60_00},),
            refund_links=({**BACK, "link_code": "open"},),
            feeds=FEED,
        ),
        flagged(
            "The same was bought again and kept: the refund of the first is none of the second",
            payments=({"amount_pence": 60_00}, {"payment_id": "P2", "amount_pence": 60_00, "paid_on": date(2026, 8, 20)}),
            refund_links=(BACK,),
            feeds=FEED,
        ),
        at_the_threshold(
            "All but a penny came back",
            flags=1,
            payments=({"amount_pence": 60_00},),
            refund_links=({**BACK, "back_pence": 59_99},),
            feeds=FEED,
        ),
        flagged("Two payments alike and one receipt: one question", payments=(TIE, {**TIE, "payment_id": "P2"}), feeds=FEED),
        at_the_threshold("The 28th day has not passed", payments=({"amount_pence": 60_00, "paid_on": date(2026, 10, 3)},), feeds=FEED),
        at_the_threshold("Exactly 25 pounds", flags=1, payments=({"amount_pence": 25_00},), feeds=FEED),
    ),
)


def find(spending: Spending, *, days: int = 28, least_pence: int = 25_00) -> pl.LazyFrame:
    """One row per direct-payment purchase of the amount or more that a receipt belongs to."""
    reached = spending.feeds.filter(pl.col("feed_code") == "receipts").select(
        reached_on=pl.min_horizontal(pl.col("last_data_on").max(), pl.lit(spending.as_of))
    )
    evidence = spending.plan_lines.select("plan_line_id", "evidence_code").unique("plan_line_id")
    died = spending.events.filter(pl.col("event_code") == "death").select("holder_id", has_died=pl.lit(True)).unique()
    needed = (
        spending.payments.filter(has_receipts() & (pl.col("amount_pence") >= least_pence))
        .join(evidence, on="plan_line_id", how="left")
        .join(died, on="holder_id", how="left")
        .join(refunded(spending), on="payment_id", how="left")
        .join(employed(spending), on=["holder_id", "payee_ref"], how="left")
        .join(reached, how="cross")
        .with_columns(waiting_days=(pl.col("reached_on") - pl.col("paid_on")).dt.total_days())
    )
    is_refunded = (pl.col("refunded_pence") >= pl.col("amount_pence")) | pl.col("may_be_refunded")
    not_needed = pl.col("evidence_code").is_in(["payslip", "none"]) | pl.col("has_died") | is_refunded | pl.col("is_employed")
    has_receipt = pl.col("receipt_id").is_not_null()
    is_short = (pl.col("receipt_match_code") == "open_short").fill_null(value=False)
    needed = needed.sort("paid_on", "payment_id").with_columns(is_first_of_tie=pl.int_range(pl.len()).over("receipt_group_id") == 0)
    is_late = pl.col("waiting_days") > days
    is_behind = pl.col("reached_on").is_null() | (pl.col("reached_on") < spending.as_of) & ~is_late
    variant = (
        pl.when(has_receipt)
        .then(pl.lit(HAS_RECEIPT))
        .when((pl.col("receipt_match_code") == "open").fill_null(value=False))
        .then(pl.lit(CANNOT_TELL))
        .when(not_needed.fill_null(False))
        .then(pl.lit(NOT_NEEDED))
        .when(is_behind)
        .then(pl.lit(FEED_BEHIND))
        .when(is_short & ~pl.col("is_first_of_tie"))
        .then(pl.lit(ASKED_WITH))
        .when(is_short)
        .then(pl.lit(ONE_SHORT))
        .otherwise(pl.lit(""))
    )
    is_asked = pl.col("variant_code").is_in(["", ONE_SHORT])
    return about_payments(needed.with_columns(variant_code=variant), is_late & is_asked, "waiting_days", "variant_code")


def has_receipts() -> pl.Expr:
    """Whether a receipt is what shows such a payment: one of the holder's own, and no pay, tax, fee or present to somebody."""
    is_present = (pl.col("category_code") == PRESENTS) & pl.col("payee_shown").str.contains(PRESENT).fill_null(value=False)
    return (
        (pl.col("kind_code") == "purchase")
        & (pl.col("holding_code") == "direct_payment")
        & pl.col("feed_code").is_in(["bank", "card"])
        & ~pl.col("category_code").is_in(OTHER_PAPERS)
        & ~is_present
    )
