"""Pay for care to family or a friend in the same household without the commissioner's written agreement."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import CARE, KIN
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about

AGREED, ELSEWHERE, NOT_KIN = "agreed", "elsewhere", "not_kin"
PAY: dict[str, object] = {"payee_ref": "Y1", "payee_shown": "a named person (Y12ab)", "category_code": "C01", "amount_pence": 300_00}
MOTHER: dict[str, object] = {"payee_ref": "Y1", "role_code": "family", "relationship": "mother", "is_same_household": True}

RULE = Rule(
    id="W-01",
    title="Household pay without agreement",
    family="A5",
    basis="household_pay",
    severity=3,
    outcome="query",
    looks_at="pay for care to a person connected with the holder",
    sentence="{at_stake_pence:pounds} was paid for care on {subject_on:day} to {payee_shown}, by name the holder's "
    "{relationship}, who lives in the same household. No agreement in writing is on file for that day.",
    not_found="{payee_shown} is connected with the holder, but by what is on file does not live in the same household.",
    usual="Family or friends in the household are paid for care only where the commissioner agreed in writing beforehand.",
    innocent="The agreement may have been given and not recorded, or the person may have moved out. Live-in assistants who are "
    "not family are not meant.",
    ask="Ask the continuing healthcare team for the agreement before anyone asks the family. Until it is found, the pay is "
    "pending, not refused.",
    clears="The written agreement, an exceptional approval with a date, or proof of another address.",
    overtaken="An agreement was recorded, or the people on file have changed.",
    same_flag=("subject_id",),
    decides="family_pay",
    owner="Continuing healthcare lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people", "payroll"),
    explained_by=("G-21", "G-02", "G-01", "P-01", "P-09", "G-08", "G-05"),
    variants={
        ELSEWHERE: Variant(),
        AGREED: Variant(not_found="The commissioner agreed on {paid_care_approved_on:day} that {payee_shown} may be paid for care."),
        NOT_KIN: Variant(not_found="{payee_shown} is an employed assistant, not family, by what is on file."),
    },
    examples=(
        flagged("The mother at home is paid, nothing agreed", payments=(PAY,), people=(MOTHER,)),
        left_alone("Agreed in writing beforehand", payments=(PAY,), people=({**MOTHER, "paid_care_approved_on": date(2026, 1, 1)},)),
        left_alone(
            "A live-in assistant who is not family",
            payments=(PAY,),
            people=({**MOTHER, "role_code": "pa", "relationship": "live-in assistant"},),
        ),
        left_alone(
            "A sister who lives elsewhere", payments=(PAY,), people=({**MOTHER, "relationship": "sister", "is_same_household": False},)
        ),
        at_the_threshold(
            "Agreed on the day of the payment", payments=(PAY,), people=({**MOTHER, "paid_care_approved_on": date(2026, 8, 3)},)
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per payment for care, and per pay slip no payment stands for, to a person connected with the holder."""
    known = ["payee_ref", "holder_id"]
    slips = spending.pay_slips.filter(pl.col("payee_ref").is_not_null())
    on_payroll = slips.select(known).unique().with_columns(is_on_payroll=pl.lit(True))
    payments = (
        spending.payments.filter(
            pl.col("payee_ref").is_not_null() & (pl.col("amount_pence") > 0) & pl.col("kind_code").is_in(["purchase", "transfer"])
        )
        .join(on_payroll, on=known, how="left")
        .filter(pl.col("category_code").is_in(CARE) | pl.col("is_on_payroll").fill_null(False))
        .select(
            *known,
            "payment_id",
            "payee_shown",
            paid_on="paid_on",
            at_stake_pence="amount_pence",
            subject_id="payment_id",
            code=pl.lit("payment"),
        )
    )
    # A third party's pay slips have no payments on an account of the holder.
    unseen = slips.join(payments.select(known).unique(), on=known, how="anti").select(
        *known,
        payment_id=pl.lit(None, dtype=pl.String),
        payee_shown=pl.lit("a person on the payroll"),
        paid_on=pl.coalesce("paid_on", "period_to_on"),
        at_stake_pence="net_pence",
        subject_id="pay_slip_id",
        code=pl.lit("pay_slip"),
    )
    paid = pl.concat([payments.select(unseen.collect_schema().names()), unseen]).join(_people(spending), on=known)
    is_agreed = (pl.col("paid_care_approved_on") <= pl.col("paid_on")).fill_null(False)
    variant = (
        pl.when(~pl.col("is_kin"))
        .then(pl.lit(NOT_KIN))
        .when(is_agreed)
        .then(pl.lit(AGREED))
        .when(~pl.col("is_same_household"))
        .then(pl.lit(ELSEWHERE))
        .otherwise(pl.lit(""))
    )
    paid = paid.with_columns(variant_code=variant)
    measured = ("payee_shown", "relationship", "paid_care_approved_on", "variant_code")
    rows = about(paid, "payment", "subject_id", "paid_on", pl.col("variant_code") == "", *measured, code=pl.col("code"))
    return rows.with_columns(subject_code=pl.col("code")).drop("code")


def _people(spending: Spending) -> pl.LazyFrame:
    """One row per holder and name: kin, in the household, agreed. Where two people share a name, the innocent reading holds."""
    is_kin = pl.col("role_code").is_in(["nominee", "representative", "family"]) | pl.col("relationship").fill_null("").str.contains(KIN)
    return (
        spending.people.filter(pl.col("payee_ref").is_not_null() & (pl.col("role_code") != "holder"))
        .sort("connection_id")
        .group_by("payee_ref", "holder_id", maintain_order=True)
        .agg(
            pl.col("is_same_household").fill_null(False).all(),
            is_kin.all().alias("is_kin"),
            pl.col("paid_care_approved_on").min(),
            pl.col("relationship").drop_nulls().first().fill_null("relative"),
        )
    )
