"""What an assistant was paid, by the bank or by the agent of a managed account, differs from the net pay on the slip."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

AGREES = "agrees"
SLIP: tuple[dict[str, object], ...] = ({"payee_ref": "Y1", "paid_on": date(2026, 8, 28), "net_pence": 500_00},)
PAY: dict[str, object] = {
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "paid_on": date(2026, 8, 28),
    "category_code": "C01",
    "amount_pence": 560_00,
}
MANAGED: dict[str, object] = {"feed_code": "managed", "holding_code": "third_party"}

RULE = Rule(
    id="W-09",
    title="Net pay differs",
    family="A5",
    basis="pay_records",
    severity=3,
    outcome="query",
    looks_at="wages out of direct payments and third-party budgets beside which a pay slip of the same person and days stands",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}; the pay slip says {net_pence:pounds}, "
    "{apart_pence:pounds} different.",
    not_found="{amount_pence:pounds} was paid, and the pay slip says {net_pence:pounds}.",
    usual="The bank, or the agent who manages the account, pays what the slip says, give or take {over_pence:pounds}.",
    innocent="Expenses, an advance or last month's correction may have been paid together with the wages.",
    ask="Ask the payroll agent what the difference is.",
    clears="A corrected slip, or a note of the expenses or advance.",
    overtaken="The slip or the payment was put right.",
    same_flag=("payment_id",),
    decides="payroll",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("payroll",),
    variants={AGREES: Variant(not_found="{amount_pence:pounds} was paid, as the pay slip says.")},
    examples=(
        flagged("60 pounds more than the slip", payments=(PAY,), pay_slips=SLIP),
        flagged("An agent's ledger says 60 pounds more", payments=({**PAY, **MANAGED},), pay_slips=SLIP),
        left_alone("A notional budget: the supplier pays its own staff", payments=({**PAY, "holding_code": "notional"},), pay_slips=SLIP),
        left_alone("The same to the penny", payments=({**PAY, "amount_pence": 500_00},), pay_slips=SLIP),
        left_alone(
            "Expenses paid apart from the wages",
            payments=({**PAY, "amount_pence": 500_00}, {**PAY, "payment_id": "P2", "amount_pence": 30_00}),
            pay_slips=SLIP,
        ),
        at_the_threshold("A pound of rounding", payments=({**PAY, "amount_pence": 501_00},), pay_slips=SLIP),
    ),
)


def find(spending: Spending, *, over_pence: int = 1_00, days: int = 4) -> pl.LazyFrame:
    """One row per wage payment with a pay slip beside it: exactly equal, or the nearest slip that no payment equals."""
    slips = slips_with_payments(spending)
    wages = spending.payments.filter(
        pl.col("payee_ref").is_not_null()
        & (pl.col("category_code") == "C01")
        & (pl.col("amount_pence") > 0)
        & pl.col("holding_code").is_in(["direct_payment", "third_party"])
    )
    equal = slips.filter(pl.col("payment_id").is_not_null()).select("payment_id", equal_pence="net_pence").unique("payment_id")
    unpaid = slips.filter(pl.col("payment_id").is_null() & pl.col("payee_ref").is_not_null()).select(
        "pay_slip_id", "holder_id", "payee_ref", "net_pence", "slip_on"
    )
    near = (
        wages.join(equal, on="payment_id", how="anti")
        .select("payment_id", "holder_id", "payee_ref", "amount_pence", "paid_on")
        .join(unpaid, on=["holder_id", "payee_ref"])
        .with_columns(away=(pl.col("paid_on") - pl.col("slip_on")).dt.total_days().abs())
        .filter((pl.col("away") <= days) & (pl.col("amount_pence") >= pl.col("net_pence") // 2))
        .sort("pay_slip_id", "away", "payment_id")
        .unique("pay_slip_id", keep="first", maintain_order=True)
        .unique("payment_id", keep="first", maintain_order=True)
        .select("payment_id", "net_pence")
    )
    rows = (
        wages.join(equal, on="payment_id", how="left")
        .join(near, on="payment_id", how="left")
        .with_columns(net_pence=pl.coalesce("equal_pence", "net_pence"))
        .filter(pl.col("net_pence").is_not_null())
        .with_columns(apart_pence=(pl.col("amount_pence") - pl.col("net_pence")).abs())
    )
    variant = pl.when(pl.col("apart_pence") == 0).then(pl.lit(AGREES)).otherwise(pl.lit("")).alias("variant_code")
    return about_payments(
        rows, pl.col("apart_pence") > over_pence, "net_pence", "apart_pence", at_stake="apart_pence", variant_code=variant
    )
