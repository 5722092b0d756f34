"""A payment went through a firm that carries payments for others, and the receipt is that firm's own: it says neither who sold nor what."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.names import CARRIED, CARRIER, named
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments

NO_PAPER, HAS_LINES, SELLER, NAMELESS, CLEAR, ON_A_LINE, SMALL = (
    "no_paper",
    "has_lines",
    "seller",
    "nameless",
    "clear",
    "on_a_line",
    "small",
)
HIDDEN: dict[str, object] = {
    "payee_shown": "PAYPAL *JLN TRADING",
    "amount_pence": 60_00,
    "category_code": "M04",
    "is_abstained": True,
    "match_code": "unclear",
    "receipt_id": "R1",
}
OWN: tuple[dict[str, object], ...] = ({"supplier_name": "PayPal"},)

RULE = Rule(
    id="A-18",
    title="Seller not shown",
    family="A4",
    basis="line_detail",
    severity=1,
    outcome="query",
    looks_at="purchases through firms that carry payments for others, such as PayPal, Amazon or SumUp",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day}. The words do not say what was bought, and the receipt "
    "is of the firm that carried the payment: it names neither the seller nor any item.",
    not_found="The words say well enough what was bought.",
    usual="The receipt or invoice says who sold what.",
    innocent="Small sellers are paid this way, and the first message about an order often shows a total only.",
    ask="Ask the holder for the order or the bill that lists the items, with the other papers.",
    clears="An order confirmation, an invoice, or a short note of what was bought.",
    overtaken="The lines of the receipt came, or the reading of the words has changed.",
    same_flag=("payment_id",),
    decides="papers",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    variants={
        NO_PAPER: Variant(not_found="No receipt has come yet, which another rule looks at (E-01)."),
        HAS_LINES: Variant(not_found="The receipt lists what was bought."),
        SELLER: Variant(not_found="The receipt names who sold it."),
        NAMELESS: Variant(not_found="The receipt shows no name at all: the paper is faint, and not the seller hidden."),
        CLEAR: Variant(),
        ON_A_LINE: Variant(not_found="The plan in force has a line it serves."),
        SMALL: Variant(not_found="{amount_pence:pounds} is less than the {least_pence:pounds} from which it is asked about."),
    },
    examples=(
        flagged("60 pounds through PayPal, and PayPal's own receipt", payments=(HIDDEN,), receipts=OWN),
        left_alone("A receipt too faint to show a name", payments=(HIDDEN,), receipts=({},)),
        left_alone("The receipt names the seller", payments=(HIDDEN,), receipts=({"supplier_name": "J L N Trading"},)),
        left_alone("The receipt lists the items", payments=(HIDDEN,), receipts=OWN, receipt_lines=({},)),
        left_alone("The name says a yoga studio", payments=({**HIDDEN, "category_code": "A01", "is_abstained": False},), receipts=OWN),
        left_alone("No receipt yet: another rule (E-01)", payments=({**HIDDEN, "receipt_id": None},), receipts=OWN),
        left_alone("A shop of its own", payments=({**HIDDEN, "payee_shown": "JLN TRADING"},), receipts=OWN),
        at_the_threshold("Exactly the least amount asked about", flags=1, payments=({**HIDDEN, "amount_pence": 25_00},), receipts=OWN),
    ),
)


def find(spending: Spending, *, least_pence: int = 25_00) -> pl.LazyFrame:
    """One row per purchase through a firm that carries payments for others."""
    papers = spending.receipts.select("receipt_id", is_own=pl.col("supplier_name").str.contains(CARRIER)).unique("receipt_id")
    with_lines = spending.receipt_lines.select("receipt_id", has_lines=pl.lit(True)).unique()
    out = spending.payments.filter(
        (pl.col("kind_code") == "purchase") & (pl.col("amount_pence") > 0) & (pl.col("holding_code") == "direct_payment")
    )
    rows = named(spending, out, CARRIED).join(with_lines, on="receipt_id", how="left").join(papers, on="receipt_id", how="left")
    variant = (
        pl.when(pl.col("receipt_id").is_null())
        .then(pl.lit(NO_PAPER))
        .when("has_lines")
        .then(pl.lit(HAS_LINES))
        .when(pl.col("is_own").is_null())
        .then(pl.lit(NAMELESS))
        .when(~pl.col("is_own"))
        .then(pl.lit(SELLER))
        .when(~pl.col("is_abstained") & (pl.col("category_code") != "M04"))
        .then(pl.lit(CLEAR))
        .when(pl.col("match_code") == "fits")
        .then(pl.lit(ON_A_LINE))
        .when(pl.col("amount_pence") < least_pence)
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(""))
    )
    return about_payments(rows.with_columns(variant_code=variant), pl.col("variant_code") == "", "variant_code")
