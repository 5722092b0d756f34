"""The same kind of round amount paid to one person again and again, with neither a pay slip nor a paper."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import connected, employed
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

SEEN, FEW, RELATIVE, ON_A_LINE = "seen", "few", "relative", "on_a_line"
SAME = ["holder_id", "payee_ref"]
HUNDRED: dict[str, object] = {
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "amount_pence": 100_00,
    "category_code": "C11",
    "match_code": "unclear",
}
THREE = tuple({**HUNDRED, "payment_id": f"P{month}", "paid_on": date(2026, month, 3)} for month in (6, 7, 8))

RULE = Rule(
    id="A-16",
    title="Round amounts to one person",
    family="A4",
    basis="round_amounts",
    severity=1,
    outcome="query",
    looks_at="payments of {least_pence:pounds} or more, round to {round_pence:pounds}, to a named person who is on no payroll",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}, one of {round_count} round payments to that person within "
    "{within_days} days, {round_total_pence:pounds} together. No invoice, receipt or pay slip stands beside them.",
    not_found="An invoice or receipt stands beside it.",
    usual="Somebody who is paid again and again sends invoices or has pay slips.",
    innocent="A support worker, cleaner or teacher who works for themselves, at a price by the day, may write no invoices.",
    ask="Ask the holder what the person does and for an invoice or a signed note; help with payroll if the person works as an employee.",
    clears="Invoices, signed notes of the hours, or pay slips.",
    overtaken="A paper or a pay slip was added.",
    same_flag=("payment_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts", "payroll", "people"),
    variants={
        SEEN: Variant(),
        FEW: Variant(
            not_found="{round_count:many round payment} to the person without a paper within {within_days} days; asked from {least_count}."
        ),
        RELATIVE: Variant(not_found="The person is, by name, the holder or connected with them, which another rule looks at (A-03)."),
        ON_A_LINE: Variant(not_found="The plan in force has a line it serves."),
    },
    examples=(
        flagged("100 pounds in June, July and August", flags=3, payments=THREE),
        left_alone("Invoices are there", payments=tuple({**row, "receipt_id": f"R{place}"} for place, row in enumerate(THREE))),
        left_alone("The plan has a line for it", payments=tuple({**row, "match_code": "fits"} for row in THREE)),
        left_alone("A sister: another rule (A-03)", payments=THREE, people=({"payee_ref": "Y1", "relationship": "sister"},)),
        left_alone("The person is on the payroll", payments=THREE, pay_slips=({"payee_ref": "Y1"},)),
        at_the_threshold("Two of them", payments=THREE[:2]),
    ),
)


def find(
    spending: Spending, *, least_pence: int = 100_00, round_pence: int = 50_00, least_count: int = 3, within_days: int = 120
) -> pl.LazyFrame:
    """One row per round payment out of a direct payment to a person who is on no payroll."""
    is_open = pl.col("receipt_id").is_null() & (pl.col("match_code") != "fits") & pl.col("role_code").is_null()
    near = (
        spending.payments.filter(
            pl.col("payee_ref").is_not_null()
            & pl.col("kind_code").is_in(["purchase", "transfer"])
            & (pl.col("holding_code") == "direct_payment")
            & (pl.col("amount_pence") >= least_pence)
            & (pl.col("amount_pence") % round_pence == 0)
        )
        .join(employed(spending), on=SAME, how="anti")
        .join(connected(spending).select(*SAME, "role_code"), on=SAME, how="left")
        .sort("paid_on", "payment_id")
        .with_columns(is_open=is_open)
        .with_columns(one=pl.col("is_open").cast(pl.Int64), open_pence=pl.when("is_open").then("amount_pence").otherwise(0))
        .with_columns(
            before_count=pl.col("one").rolling_sum_by("paid_on", window_size=f"{within_days}d").over(SAME),
            before_pence=pl.col("open_pence").rolling_sum_by("paid_on", window_size=f"{within_days}d").over(SAME),
        )
    )
    # All payments of a person whose run was long enough once are asked about together.
    rows = near.with_columns(
        round_count=pl.col("before_count").max().over(SAME),
        round_total_pence=pl.col("before_pence").max().over(SAME),
        variant_code=pl.when(pl.col("receipt_id").is_not_null())
        .then(pl.lit(SEEN))
        .when(pl.col("role_code").is_not_null())
        .then(pl.lit(RELATIVE))
        .when(pl.col("match_code") == "fits")
        .then(pl.lit(ON_A_LINE))
        .when(pl.col("before_count").max().over(SAME) < least_count)
        .then(pl.lit(FEW))
        .otherwise(pl.lit("")),
    )
    return about_payments(rows, pl.col("variant_code") == "", "round_count", "round_total_pence", "variant_code")
