"""The plan asks for a registered therapist, and no registration of the one paid is on the list of papers."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments, first_at
from phb_audit.rules.support import beside_suppliers

LAPSED, MISSING, NOT_ASKED = "lapsed", "missing", "not_asked"
THERAPY = ("T01", "T02", "T03", "T04", "T06")
WORDS = r"(?i)\bregistered|\bhcpc\b|\bchartered|\bbacp\b|\bqualified"
PAID: dict[str, object] = {
    "category_code": "T01",
    "amount_pence": 45_00,
    "payee_shown": "RIVERSIDE PHYSIO",
    "plan_line_id": "PL1/v1/1",
    "plan_line_words": "Physiotherapy by a registered physiotherapist",
}
REGISTERED: dict[str, object] = {"record_code": "professional_registration", "about_code": "supplier", "supplier_name": "Riverside Physio"}
OTHER: dict[str, object] = {**REGISTERED, "record_id": "D2", "supplier_name": "Hillside Speech Therapy"}

RULE = Rule(
    id="P-12",
    title="Therapist without registration",
    family="A2",
    basis="registered_professionals",
    severity=2,
    outcome="query",
    looks_at="payments for therapy whose plan line asks for a registered professional, of holders on whose list of papers "
    "registrations stand",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. The plan asks "
    "for a registered "
    "professional; the papers kept for this budget hold no registration under that name.",
    not_found="A registration of {payee_shown} is on the list.",
    usual="Where the plan asks for a registered professional, the registration is seen once and noted.",
    innocent="The therapist may be registered under their own name and trade under another.",
    ask="Look the name up on the public register first. Then ask the support service who gives the therapy.",
    clears="The registration, or a changed plan line.",
    overtaken="A registration was put on the list, or the plan has changed.",
    same_flag=("holder_id", "payee_id", "variant_code"),
    decides="payment",
    owner="Clinical lead for personalised care",
    reviewer="Personal health budgets lead",
    next_review=date(2027, 4, 1),
    waits_for=("support_records", "plans", "plan_lines"),
    variants={
        MISSING: Variant(),
        LAPSED: Variant(
            sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. The "
            "registration on the list "
            "held until {holds_until_on:day}.",
        ),
        NOT_ASKED: Variant(not_found="The plan line does not ask for a registered professional."),
    },
    examples=(
        flagged("A physiotherapist who is not on the list", payments=(PAID,), support_records=(OTHER,)),
        flagged(
            "A registration that ended in May", payments=(PAID,), support_records=({**REGISTERED, "valid_until_on": date(2026, 5, 31)},)
        ),
        left_alone("On the list", payments=(PAID,), support_records=(REGISTERED,)),
        left_alone("The plan does not ask for it", payments=({**PAID, "plan_line_words": "Physiotherapy"},), support_records=(OTHER,)),
        left_alone("No registrations are kept", payments=(PAID,), support_records=({"record_code": "contract"},)),
        at_the_threshold(
            "It ends on the day of the payment", payments=(PAID,), support_records=({**REGISTERED, "valid_until_on": date(2026, 8, 3)},)
        ),
    ),
)


def find(spending: Spending, *, least_share: float = 0.7) -> pl.LazyFrame:
    """One row per clear payment for therapy of a holder on whose list registrations stand; those to one payee are one question."""
    rows = beside_suppliers(spending, "professional_registration", THERAPY).filter(pl.col("probability_share") >= least_share)
    is_asked = pl.col("plan_line_words").str.contains(WORDS).fill_null(value=False)
    is_lapsed = ~pl.col("has_no_end") & (pl.col("holds_until_on") < pl.col("paid_on")).fill_null(value=False)
    variant = (
        pl.when(~is_asked)
        .then(pl.lit(NOT_ASKED))
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
