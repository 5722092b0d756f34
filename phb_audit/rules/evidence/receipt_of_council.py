"""One receipt is counted by the health body and, beyond its share, by the council too."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.council_share import above_share, shares
from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

PAPER: dict[str, object] = {
    "payment_id": "P1",
    "supplier_name": "Corner Shop",
    "invoice_number": "INV 7",
    "dated_on": date(2026, 8, 3),
    "total_pence": 40_00,
}
CLAIM: dict[str, object] = {"supplier_name": "CORNER SHOP LTD", "invoice_number": "inv7", "claimed_pence": 40_00}
HALF: dict[str, object] = {"amount_pence": 800_00, "health_pence": 400_00, "council_pence": 400_00}
PAID: dict[str, object] = {"receipt_id": "R1", "amount_pence": 40_00}

RULE = Rule(
    id="E-07",
    title="Receipt counted by the council too",
    family="A3",
    basis="one_paper_one_payment",
    severity=3,
    outcome="query",
    looks_at="payments with a receipt of the same day and total as one that the council counts for this person",
    sentence="The council counts {claimed_pence:pounds} of the receipt for {total_pence:pounds} of {dated_on:day}, which we count for the "
    "payment to {payee_shown}. Its share of this budget is {council_share:percent}. So {at_stake_pence:pounds} stand in both books.",
    not_found="The council counts {claimed_pence:pounds} of a receipt of that day and total; its share of this budget is "
    "{council_share:percent}. No more than {least_pence:pounds} stand in both books, or it is another supplier's or number.",
    usual="What a receipt comes to is counted once: by one body, or by both in the shares they agreed.",
    innocent="The holder sent one receipt for one purchase. Each body filed it, or the shares in our ledger are not those agreed.",
    ask="Ask the council's finance team which of us counts it, and in what shares. Nothing to ask the holder until both have answered.",
    clears="The council's word that it counts its share alone, or the shares put right in our ledger.",
    overtaken="The council counts it no longer, or the shares were put right.",
    same_flag=("payment_id", "claim_id"),
    decides="payment",
    owner="Head of finance",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    duty_of="the finance team",
    is_commissioners=True,
    waits_for=("receipts", "instalments"),
    restricted_with=("A-03", "E-05", "E-06", "W-01", "W-07"),
    examples=(
        flagged(
            "A budget that is ours alone; the council counts the whole receipt",
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=(CLAIM,),
        ),
        flagged(
            "A joint budget in equal shares; the council counts all of it",
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=(CLAIM,),
            instalments=(HALF,),
        ),
        flagged(
            "No number on one of the two, but the same supplier",
            payments=(PAID,),
            receipts=({**PAPER, "invoice_number": None},),
            council_claims=({**CLAIM, "supplier_name": "corner shop"},),
        ),
        left_alone(
            "The council counts its half",
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=({**CLAIM, "claimed_pence": 20_00},),
            instalments=(HALF,),
        ),
        left_alone(
            "Another invoice of that day and total",
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=({**CLAIM, "supplier_name": "Corner Shop", "invoice_number": "INV 8"},),
        ),
        left_alone(
            "No number, and another supplier",
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=({**CLAIM, "invoice_number": None, "supplier_name": "Chemist"},),
        ),
        left_alone(
            "A receipt of another day", payments=(PAID,), receipts=({**PAPER, "dated_on": date(2026, 8, 4)},), council_claims=(CLAIM,)
        ),
        left_alone("A receipt with another total", payments=(PAID,), receipts=({**PAPER, "total_pence": 40_01},), council_claims=(CLAIM,)),
        at_the_threshold(
            "An instalment of nothing says no share",
            flags=1,
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=(CLAIM,),
            instalments=({"amount_pence": 0, "health_pence": 0, "council_pence": 0},),
        ),
        at_the_threshold(
            "A pound more than its half",
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=({**CLAIM, "claimed_pence": 21_00},),
            instalments=(HALF,),
        ),
        at_the_threshold(
            "A pound and a penny more than its half",
            flags=1,
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=({**CLAIM, "claimed_pence": 21_01},),
            instalments=(HALF,),
        ),
        at_the_threshold(
            "Parts that do not come to the instalment say no share: counted as ours alone",
            flags=1,
            payments=(PAID,),
            receipts=(PAPER,),
            council_claims=({**CLAIM, "claimed_pence": 20_00},),
            instalments=({**HALF, "council_pence": 399_99},),
        ),
    ),
)


def find(spending: Spending, *, least_pence: int = 1_00) -> pl.LazyFrame:
    """One row per payment and claim of the same holder, day and total. Found where the council counts more than its share and `least_pence`
    above it, and the number is the same or, where one of the two has none, the supplier's name."""
    payments = spending.payments.select("payment_id", "holder_id", "amount_pence", "paid_on", "payee_shown")
    papers = (
        spending.receipts.filter(pl.col("payment_id").is_not_null())
        .select("payment_id", "holder_id", "dated_on", "total_pence", ours="supplier_name", our_number="invoice_number")
        .join(spending.council_claims, on=["holder_id", "dated_on", "total_pence"])
    )
    rows = (
        papers.join(payments.drop("holder_id"), on="payment_id")
        .join(shares(spending.instalments), on="holder_id", how="left")
        .with_columns(over_pence=above_share(), council_share=pl.col("council_share").fill_null(0.0))
    )
    one_number = plain(pl.col("our_number")) == plain(pl.col("invoice_number"))
    one_supplier = plain(pl.col("ours")) == plain(pl.col("supplier_name"))
    is_found = (pl.col("over_pence") > least_pence) & pl.coalesce(one_number, one_supplier, pl.lit(False))
    measured = ("claim_id", "claimed_pence", "council_share", "total_pence", "dated_on")
    return about_payments(rows, is_found, *measured, at_stake="over_pence")


def plain(text: pl.Expr) -> pl.Expr:
    """Letters and figures alone, small; null where nothing is left."""
    left = text.str.to_lowercase().str.replace_all(r"[^a-z0-9]|\b(ltd|limited|plc)\b", "")
    return pl.when(left != "").then(left)
