"""Money moved to the holder's, nominee's or family's own account.

Often somebody paid first and took the money back. With a receipt beside it that is plain, and it is left alone.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import CARE, connected, employed
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments
from phb_audit.sentences import filled_in

HAS_RECEIPT, CARE_PAY, NOT_CONNECTED = "has_receipt", "care_pay", "not_connected"
TO_SON: dict[str, object] = {
    "kind_code": "transfer",
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "amount_pence": 200_00,
    "category_code": "Z02",
}
SON: tuple[dict[str, object], ...] = ({"payee_ref": "Y1", "role_code": "family", "relationship": "son"},)

RULE = Rule(
    id="A-03",
    title="Transfer to own account or family",
    family="A4",
    basis="own_account",
    severity=3,
    outcome="query",
    looks_at="payments to named persons and transfers out of direct payments",
    sentence="{amount_pence:pounds} went to {payee_shown} on {paid_on:day}, who by name is the {connection}. No receipt stands beside it.",
    not_found="{payee_shown} is not, by name, the holder, the nominee, the representative or a listed relative.",
    usual="Money leaves the account for services in the plan. Where somebody paid first, the receipt stands beside the "
    "payment back to them.",
    innocent="They may have paid for something from their own pocket and taken the money back, or moved it to a savings pot "
    "agreed for the budget.",
    ask="Ask the holder or nominee what was paid back, and for the receipts.",
    clears="Receipts that come to the amount, a note of the agreement, or the money returned.",
    overtaken="A receipt was added, or the people on file have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people", "receipts"),
    restricted_with=("E-05", "E-06", "W-01", "W-07"),
    variants={
        HAS_RECEIPT: Variant(not_found="A receipt stands beside it: money paid back to somebody who paid first."),
        CARE_PAY: Variant(not_found="It is pay for care, which another rule looks at (W-01)."),
        NOT_CONNECTED: Variant(),
    },
    examples=(
        flagged("200 pounds to the son, no receipt", payments=(TO_SON,), people=SON),
        left_alone("The son bought something and sent the receipt", payments=({**TO_SON, "receipt_id": "R1"},), people=SON),
        left_alone(
            "Wages to a PA who has the name of a relative",
            payments=({**TO_SON, "category_code": "C01", "kind_code": "purchase"},),
            people=({**SON[0]}, {"connection_id": "C2", "payee_ref": "Y1", "role_code": "pa"}),
        ),
        at_the_threshold("Exactly the least amount asked about", flags=1, payments=({**TO_SON, "amount_pence": 10_00},), people=SON),
    ),
)


def find(spending: Spending, *, least_pence: int = 10_00) -> pl.LazyFrame:
    """One row per payment to a named person, and per transfer, out of a direct payment."""
    to_people = (
        spending.payments.filter(
            pl.col("kind_code").is_in(["purchase", "transfer"])
            & (pl.col("payee_ref").is_not_null() | (pl.col("kind_code") == "transfer"))
            & (pl.col("holding_code") == "direct_payment")
            & (pl.col("amount_pence") >= least_pence)
        )
        .join(connected(spending), on=["holder_id", "payee_ref"], how="left")
        .join(employed(spending), on=["holder_id", "payee_ref"], how="left")
        .with_columns(
            connection=pl.when(pl.col("role_code") == "family")
            .then(filled_in("holder\u2019s {}", pl.col("relationship").fill_null("relative")))
            .otherwise("role_code")
        )
    )
    is_care_pay = pl.col("is_employed").fill_null(False) | pl.col("category_code").is_in(CARE)
    variant = (
        pl.when(pl.col("role_code").is_null())
        .then(pl.lit(NOT_CONNECTED))
        .when(is_care_pay)
        .then(pl.lit(CARE_PAY))
        .when(pl.col("receipt_id").is_not_null())
        .then(pl.lit(HAS_RECEIPT))
        .otherwise(pl.lit(""))
    )
    rows = to_people.with_columns(variant_code=variant)
    return about_payments(rows, pl.col("variant_code") == "", "connection", "variant_code")
