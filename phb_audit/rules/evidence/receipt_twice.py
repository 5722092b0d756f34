"""One paper stands beside two payments of the same person."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.papers import same_papers
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about, at_once

ONCE, PARTS, INVOICE, ALIKE = "once", "parts", "invoice", "alike"
PAPER: dict[str, object] = {"sameness_id": "S1", "total_pence": 40_00, "invoice_number": "77", "received_on": date(2026, 8, 10)}
AGAIN: dict[str, object] = {**PAPER, "receipt_id": "R2", "payment_id": "P2", "received_on": date(2026, 9, 10)}
LEDGER: dict[str, object] = {"feed_code": "managed", "holding_code": "third_party", "reference": "INV 77"}

RULE = Rule(
    id="E-05",
    title="Receipt used twice by one person",
    family="A3",
    basis="one_paper_one_payment",
    severity=3,
    outcome="query",
    looks_at="payments with a receipt that can be told apart from others (by image, or by supplier, number, date and total), "
    "and invoices in ledgers",
    sentence="The receipt beside the payment of {at_stake_pence:pounds} on {subject_on:day} is the same paper as one sent for "
    "another payment (first on {first_paid_on:day}).",
    not_found="The same paper was sent {papers_count:many time}, for one payment.",
    usual="One receipt belongs to one payment. The same receipt sent again for the same payment is left alone.",
    innocent="The wrong paper was attached, one invoice covers two part payments, or two tickets were printed with one number.",
    ask="Ask the holder for the receipt that belongs to this payment.",
    clears="Another receipt, or an invoice that covers both payments.",
    overtaken="Another receipt was added, or the papers were matched anew.",
    same_flag=("receipt_id", "subject_id"),
    decides="payment",
    owner="Head of internal audit",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    restricted_with=("A-03", "W-01", "W-07", "A-13"),
    variants={
        ONCE: Variant(not_found="This paper was sent once."),
        INVOICE: Variant(
            sentence="Invoice {receipt_id} for {at_stake_pence:pounds} was paid to {payee_shown} again on {subject_on:day}; it "
            "was first paid on "
            "{first_paid_on:day}.",
            not_found="Invoice {receipt_id} was paid once.",
            usual="One invoice is paid once.",
            innocent="The second payment may have been returned, or the supplier uses one number for every week.",
            ask="Ask whoever keeps the account, and the supplier, whether the second payment was owed. Nothing to ask the holder.",
            clears="A second invoice, or the amount paid back.",
        ),
        ALIKE: Variant(
            sentence="The picture beside the payment of {at_stake_pence:pounds} on {subject_on:day} looks the same as one sent for "
            "another payment (first on {first_paid_on:day}). Total, day, company and the numbers on it agree.",
            innocent="One receipt was photographed twice, or a till printed two tickets alike.",
            ask="Look at both pictures first. Then ask the holder for the receipt that belongs to this payment.",
            severity=2,
        ),
        PARTS: Variant(not_found="The payments beside this paper are parts that together do not pass its total."),
    },
    examples=(
        flagged(
            "One invoice for payments in August and September",
            receipts=({**PAPER, "payment_id": "P1"}, AGAIN),
            payments=({"amount_pence": 40_00}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 40_00}),
        ),
        flagged(
            "Two photos of one till receipt for payments in August and September",
            receipts=({**PAPER, "payment_id": "P1", "is_alike": True}, {**AGAIN, "is_alike": True}),
            payments=({"amount_pence": 40_00}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 40_00}),
        ),
        left_alone(
            "Two bus tickets of one day and price: the numbers on them differ, so each is a paper of its own",
            receipts=({**PAPER, "payment_id": "P1"}, {**AGAIN, "sameness_id": "S2"}),
            payments=({"amount_pence": 40_00}, {"payment_id": "P2", "amount_pence": 40_00}),
        ),
        flagged(
            "A managed account paid one invoice in August and again in September",
            payments=(LEDGER, {**LEDGER, "payment_id": "P2", "paid_on": date(2026, 9, 3)}),
        ),
        left_alone(
            "The second payment of the invoice came back",
            payments=(
                LEDGER,
                {**LEDGER, "payment_id": "P2", "paid_on": date(2026, 9, 3)},
                {**LEDGER, "payment_id": "P3", "amount_pence": -20_00},
            ),
        ),
        left_alone("The same paper sent twice for one payment", receipts=({**PAPER, "payment_id": "P1"}, {**AGAIN, "payment_id": None})),
        left_alone(
            "One instalment invoice: two part payments that together make its total",
            receipts=({**PAPER, "payment_id": "P1"}, AGAIN),
            payments=({}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 20_00}),
        ),
        at_the_threshold(
            "The two payments come to one penny more than the paper",
            flags=1,
            receipts=({**PAPER, "payment_id": "P1"}, AGAIN),
            payments=({}, {"payment_id": "P2", "paid_on": date(2026, 9, 3), "amount_pence": 20_01}),
        ),
    ),
)


def find(spending: Spending) -> pl.LazyFrame:
    """One row per receipt with a payment; the later of two payments with one paper is found, unless they are parts of its total."""
    papers = same_papers(spending).with_columns(
        is_parts=pl.col("paid_pence") <= pl.col("total_pence"),
        is_second=pl.col("payment_id").is_not_null() & (pl.col("place") > 1),
    )
    is_found = (pl.col("payments_count") > 1) & pl.col("is_second") & ~pl.col("is_parts").fill_null(False)
    variant = (
        pl.when(pl.col("papers_count") == 1)
        .then(pl.lit(ONCE))
        .when((pl.col("payments_count") > 1) & pl.col("is_parts").fill_null(False))
        .then(pl.lit(PARTS))
        .when(is_found & pl.col("is_alike"))
        .then(pl.lit(ALIKE))
        .otherwise(pl.lit(""))
        .alias("variant_code")
    )
    matched = papers.filter(pl.col("payment_id").is_not_null())
    on_receipts = about(
        matched,
        "payment",
        "payment_id",
        "subject_on",
        is_found,
        "receipt_id",
        "papers_count",
        "payments_count",
        "first_paid_on",
        "payee_shown",
        variant_code=variant,
    )
    return pl.concat([on_receipts, _on_ledgers(spending)])


def _on_ledgers(spending: Spending) -> pl.LazyFrame:
    """One row per payment with an invoice number in a ledger: the later of two of one supplier, number and amount is found."""
    same = ["holder_id", "payee_id", "reference", "size_pence"]
    lines = spending.payments.filter(
        pl.col("feed_code").is_in(["managed", "notional"])
        & pl.col("reference").is_not_null()
        & pl.col("kind_code").is_in(["purchase", "refund"])
    ).select(
        "payment_id",
        "paid_on",
        "payee_shown",
        *same[:3],
        receipt_id=pl.col("reference"),
        at_stake_pence=pl.col("amount_pence"),
        size_pence=pl.col("amount_pence").abs(),
        is_back=pl.col("amount_pence") < 0,
    )
    lines = at_once(lines.with_columns(lines_count=pl.len().over(same)))
    one = pl.lit(1, dtype=pl.Int64)
    # Nearly every invoice is there once: only the others are put in order and compared.
    alone = lines.filter((pl.col("lines_count") == 1) & ~pl.col("is_back")).with_columns(
        came_back=pl.lit(False), place=one, papers_count=one, first_paid_on="paid_on"
    )
    several = (
        lines.filter(pl.col("lines_count") > 1)
        .with_columns(came_back=pl.col("is_back").any().over(same))
        .filter(~pl.col("is_back") & (pl.col("at_stake_pence") > 0))
        .sort("paid_on", "payment_id")
        .with_columns(
            place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(same),
            papers_count=pl.len().cast(pl.Int64).over(same),
            first_paid_on=pl.col("paid_on").min().over(same),
        )
    )
    paid = pl.concat([alone.filter(pl.col("at_stake_pence") > 0), several]).with_columns(payments_count="papers_count")
    is_found = (pl.col("place") > 1) & ~pl.col("came_back")
    variant = pl.lit(INVOICE).alias("variant_code")
    measured = ("receipt_id", "papers_count", "payments_count", "first_paid_on", "payee_shown")
    return about(paid, "payment", "payment_id", "paid_on", is_found, *measured, variant_code=variant)
