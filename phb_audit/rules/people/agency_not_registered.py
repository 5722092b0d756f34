"""Care bought from an agency for which no CQC registration is on the list of papers kept for the budget."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at
from phb_audit.rules.support import beside_suppliers

LAPSED, MISSING, SMALL = "lapsed", "missing", "small"
CARE_OF_AGENCIES = ("C08", "C09")
CARE: dict[str, object] = {"category_code": "C08", "amount_pence": 400_00, "payee_shown": "BRIGHT CARE LTD 0123"}
REGISTERED: dict[str, object] = {"record_code": "cqc_registration", "about_code": "agency", "supplier_name": "Bright Care Limited"}
OTHER: dict[str, object] = {**REGISTERED, "record_id": "D2", "supplier_name": "Meadow Homecare"}

RULE = Rule(
    id="W-20",
    title="Agency without CQC registration",
    family="A5",
    basis="cqc_registration",
    severity=3,
    outcome="query",
    looks_at="payments for care to agencies, of holders on whose list of papers registrations stand",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. The papers kept "
    "for this budget hold "
    "CQC registrations, but none under that name.",
    not_found="A CQC registration of {payee_shown} is on the list.",
    usual="An agency that gives personal care is registered with the Care Quality Commission. Assistants one employs need not be.",
    innocent="The agency may trade under another name, or give help that needs no registration.",
    ask="Look the agency up on the public register first. Then ask the support service under which name it is registered.",
    clears="The registration, or a note that the help needs none.",
    overtaken="A registration was put on the list.",
    same_flag=("holder_id", "payee_id", "variant_code"),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Clinical lead for personalised care",
    next_review=date(2027, 4, 1),
    waits_for=("support_records",),
    variants={
        MISSING: Variant(),
        LAPSED: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. Its CQC "
            "registration on the list "
            "held until {holds_until_on:day}.",
            ask="Look the agency up on the public register first. Nothing to ask the holder yet.",
        ),
        SMALL: Variant(not_found="{amount_pence:pounds} is less than {least_pence:pounds}, or our reading of it is not sure enough."),
    },
    examples=(
        flagged("An agency that is not on the list", payments=(CARE,), support_records=(OTHER,)),
        flagged(
            "A registration that ended in May", payments=(CARE,), support_records=({**REGISTERED, "valid_until_on": date(2026, 5, 31)},)
        ),
        left_alone("On the list, written another way", payments=(CARE,), support_records=(REGISTERED, OTHER)),
        left_alone("No registrations are kept", payments=(CARE,), support_records=({"record_code": "contract"},)),
        at_the_threshold(
            "It ends on the day of the payment", payments=(CARE,), support_records=({**REGISTERED, "valid_until_on": date(2026, 8, 3)},)
        ),
    ),
)


def find(spending: Spending, *, least_pence: int = 50_00, least_share: float = 0.8) -> pl.LazyFrame:
    """One row per payment for agency care of a holder on whose list registrations stand; those to one agency are one question."""
    rows = beside_suppliers(spending, "cqc_registration", CARE_OF_AGENCIES).filter(pl.col("payee_ref").is_null())
    is_small = (pl.col("amount_pence") < least_pence) | (pl.col("probability_share") < least_share)
    is_lapsed = ~pl.col("has_no_end") & (pl.col("holds_until_on") < pl.col("paid_on")).fill_null(value=False)
    variant = (
        pl.when(is_small)
        .then(pl.lit(SMALL))
        .when(pl.col("papers_count") == 0)
        .then(pl.lit(MISSING))
        .when(is_lapsed)
        .then(pl.lit(LAPSED))
        .otherwise(pl.lit(""))
    )
    rows = rows.with_columns(variant_code=variant)
    is_found = pl.col("variant_code").is_in([MISSING, LAPSED])
    rows = first_at(rows, is_found, "payee_id")
    return about_payments(rows, is_found, "case_payment_id", "payee_id", "category_code", "papers_count", "holds_until_on", "variant_code")
