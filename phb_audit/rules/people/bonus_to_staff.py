"""A bonus, tip or present to staff out of the budget."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import PRESENT, PRESENTS, employed, slips_with_payments
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

PLANNED, NOT_STAFF, ON_SLIP = "planned", "not_staff", "on_slip"
BONUS: dict[str, object] = {
    "kind_code": "transfer",
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "category_code": "Z04",
    "amount_pence": 80_00,
    "match_code": "no_match",
}
STAFF: tuple[dict[str, object], ...] = ({"payee_ref": "Y1", "role_code": "pa"},)

RULE = Rule(
    id="W-22",
    title="Bonus or present to staff",
    family="A5",
    basis="staff_bonus",
    severity=2,
    outcome="query",
    looks_at="payments out of direct payments whose words are those of gifts, tips or penalties",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. The words of the payment read as a bonus, tip or "
    "present to somebody who is paid to help.",
    not_found="The words read as a gift, a donation or a penalty, but not as something for an assistant.",
    usual="Assistants are paid wages. A bonus or present comes out of the budget only where the local terms or the plan allow it.",
    innocent="It may be a retention payment the commissioner agreed, or the holder meant to use their own money and took the wrong card.",
    ask="Ask the holder what it was for and whether it was agreed.",
    clears="The agreement, or the money returned.",
    overtaken="The plan, or our reading of the payment, has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people", "payroll"),
    variants={
        NOT_STAFF: Variant(),
        ON_SLIP: Variant(not_found="A pay slip has this very amount: it was paid as wages."),
        PLANNED: Variant(not_found="The plan has a line that this payment fits."),
    },
    examples=(
        flagged("A Christmas bonus to an assistant", payments=(BONUS,), people=STAFF),
        flagged(
            "The name was not recognised, the word bonus was",
            payments=({**BONUS, "payee_ref": None, "payee_shown": "Xmas Bonus G Lists"},),
        ),
        left_alone("A gift to a charity", payments=({**BONUS, "payee_ref": None, "payee_shown": "Hillside Hospice"},)),
        left_alone("The plan has a line for it", payments=({**BONUS, "match_code": "fits"},), people=STAFF),
        left_alone(
            "A pay slip has the very amount",
            payments=(BONUS,),
            people=STAFF,
            pay_slips=({"payee_ref": "Y1", "net_pence": 80_00, "paid_on": date(2026, 8, 3)},),
        ),
        at_the_threshold("Exactly the least amount asked about", flags=1, payments=({**BONUS, "amount_pence": 10_00},), people=STAFF),
    ),
)


def find(spending: Spending, *, least_pence: int = 10_00, least_share: float = 0.6) -> pl.LazyFrame:
    """One row per payment out of a direct payment that reads as a gift, tip or penalty."""
    read = spending.payments.filter(
        (pl.col("category_code") == PRESENTS)
        & ~pl.col("is_abstained")
        & (pl.col("probability_share") >= least_share)
        & (pl.col("amount_pence") >= least_pence)
        & pl.col("kind_code").is_in(["purchase", "transfer"])
        & (pl.col("holding_code") == "direct_payment")
    ).join(employed(spending), on=["holder_id", "payee_ref"], how="left")
    on_slip = slips_with_payments(spending).select("payment_id", is_on_slip=pl.lit(True)).drop_nulls().unique()
    read = read.join(on_slip, on="payment_id", how="left")
    is_staff = pl.col("is_employed").fill_null(value=False) | pl.col("payee_shown").str.contains(PRESENT)
    variant = (
        pl.when(pl.col("match_code") == "fits")
        .then(pl.lit(PLANNED))
        .when(~is_staff)
        .then(pl.lit(NOT_STAFF))
        .when(pl.col("is_on_slip").fill_null(value=False))
        .then(pl.lit(ON_SLIP))
        .otherwise(pl.lit(""))
    )
    rows = read.with_columns(variant_code=variant)
    return about_payments(rows, pl.col("variant_code") == "", "variant_code")
