"""A supplier's invoices to one person are numbered one after another, as if it had no other customer.

Small traders do have one customer, and some number each customer's invoices on their own. So it asks the supplier, not the person.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about, at_once, first_at

SERIES = ["holder_id", "supplier_key", "before_words"]


def _papers(*numbers: str, days: int = 14) -> tuple[dict[str, object], ...]:
    """Invoices of one supplier, so many days apart."""
    return tuple(
        {
            "receipt_id": f"R{place}",
            "payment_id": f"P{place}",
            "supplier_name": "Firth Therapy",
            "invoice_number": number,
            "dated_on": date.fromordinal(date(2026, 6, 1).toordinal() + days * place),
            "total_pence": 48_00,
        }
        for place, number in enumerate(numbers)
    )


def _paid(count: int) -> tuple[dict[str, object], ...]:
    return tuple({"payment_id": f"P{place}", "receipt_id": f"R{place}", "amount_pence": 48_00} for place in range(count))


RULE = Rule(
    id="E-09",
    title="Invoice numbers one after another",
    family="A3",
    basis="invoice_numbers",
    severity=2,
    outcome="query",
    looks_at="invoices with a number and a supplier, beside a payment",
    sentence="Invoice {invoice_number} for {at_stake_pence:pounds} ({payee_shown}, {subject_on:day}) is one of {run_count} from the same "
    "supplier numbered one after another, over {span_days} days.",
    not_found="Invoice {invoice_number} is one of {run_count} numbered one after another, over {span_days} days; asked from {least_count} "
    "over {least_days} days.",
    usual="A supplier with several customers skips numbers between two invoices to one of them.",
    innocent="A sole trader may have no other customer, or number each customer's invoices on their own.",
    ask="Ask the supplier how it numbers its invoices, and whether it is registered for tax. There is nothing to ask the holder yet.",
    clears="The supplier's word on its numbering, with an address or a registration that can be checked.",
    overtaken="The invoices were read or matched anew.",
    same_flag=("receipt_id",),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    restricted_with=("A-03", "A-11", "E-05", "E-06", "W-01"),
    examples=(
        flagged("Invoices 11, 12 and 13 within a month", flags=3, receipts=_papers("011", "012", "013"), payments=_paid(3)),
        left_alone("Numbers with gaps", receipts=_papers("INV-110", "INV-123", "INV-131"), payments=_paid(3)),
        left_alone("Three invoices written in one week", receipts=_papers("011", "012", "013", days=2), payments=_paid(3)),
        left_alone("Each customer has a series", receipts=_papers("C204/1", "C204/2", "C204/3"), payments=_paid(3)),
        at_the_threshold("Two in a row", receipts=_papers("011", "012"), payments=_paid(2)),
        at_the_threshold("Three over exactly 14 days", flags=3, receipts=_papers("011", "012", "013", days=7), payments=_paid(3)),
    ),
)


def find(spending: Spending, *, least_count: int = 3, least_days: int = 14) -> pl.LazyFrame:
    """One row per numbered invoice beside a payment, with the run of numbers it belongs to."""
    number = pl.col("invoice_number").str.extract(r"(\d{1,7})\W*$")
    numbered = (
        spending.receipts.select("receipt_id", "payment_id", "holder_id", "supplier_name", "invoice_number", "dated_on")
        .drop_nulls()
        .with_columns(
            supplier_key=pl.col("supplier_name").str.to_lowercase().str.replace_all(r"[^a-z]", ""),
            before_words=pl.col("invoice_number").str.replace(r"\d+\W*$", ""),
            number=number.cast(pl.Int64),
        )
        # Digits before the number may be the customer's: each customer has a series then.
        .filter(pl.col("number").is_not_null() & (pl.col("supplier_key") != "") & ~pl.col("before_words").str.contains(r"\d"))
        .sort(*SERIES, "number", "dated_on", "receipt_id")
    )
    is_same = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in SERIES).fill_null(False)
    step = pl.when(is_same).then(pl.col("number") - pl.col("number").shift(1))
    # One number twice is one paper; rows of a series stand beside each other, so a run is told by looking one row back.
    papers = numbered.filter(step.is_null() | (step > 0))
    is_next = (step == 1) & (pl.col("dated_on") >= pl.col("dated_on").shift(1))
    runs = at_once(papers.with_columns(run=(~is_next.fill_null(False)).cum_sum()))
    long = (
        runs.group_by("run")
        .agg(
            pl.len().cast(pl.Int64).alias("run_count"),
            span_days=(pl.col("dated_on").max() - pl.col("dated_on").min()).dt.total_days(),
        )
        .filter(pl.col("run_count") > 1)
    )
    paid = spending.payments.filter(pl.col("amount_pence") > 0).select(
        "payment_id", "paid_on", "payee_shown", at_stake_pence="amount_pence"
    )
    rows = (
        runs.join(long, on="run", how="left")
        .join(paid, on="payment_id")
        .with_columns(pl.col("run_count").fill_null(1), pl.col("span_days").fill_null(0))
    )
    is_found = (pl.col("run_count") >= least_count) & (pl.col("span_days") >= least_days)
    rows = first_at(rows, is_found, "run")
    measured = ("case_payment_id", "receipt_id", "invoice_number", "payee_shown", "run_count", "span_days")
    return about(rows, "payment", "payment_id", "paid_on", is_found, *measured)
