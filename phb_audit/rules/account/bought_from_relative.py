"""A thing bought from a relative or friend, on a paper they wrote: what is it, and is it worth the price?"""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.payees import connected, employed
from phb_audit.rules.rule import Rule, Variant
from phb_audit.rules.spending import Spending, about_payments
from phb_audit.sentences import filled_in

NO_PAPER, SHOP_PAPER, NO_THING, NAMED_ITEM, SMALL = "no_paper", "shop_paper", "no_thing", "named_item", "small"
# Things one owns: equipment, aids, exercise equipment, consoles, furniture.
THINGS = ("E01", "E02", "E04", "E05", "E06", "E07", "E08", "E10", "E11", "E12", "A02", "A03", "H04")
# How the name of a private person reads in what we hold of a receipt.
PRIVATE = r"\bPERSON\b"
SON: tuple[dict[str, object], ...] = ({"payee_ref": "Y1", "role_code": "family", "relationship": "son"},)
SCOOTER: dict[str, object] = {
    "payee_ref": "Y1",
    "payee_shown": "a named person (Y12ab)",
    "amount_pence": 250_00,
    "category_code": "E01",
    "receipt_id": "R1",
}
NOTE: tuple[dict[str, object], ...] = ({"supplier_name": "PERSON", "payment_id": "P1"},)

RULE = Rule(
    id="A-19",
    title="Bought from a relative",
    family="A4",
    basis="private_sale",
    severity=2,
    outcome="query",
    looks_at="payments out of direct payments to people who are, by name, connected with the holder and on no payroll",
    sentence="{amount_pence:pounds} was paid on {paid_on:day} to {payee_shown}, by name the {connection}, for {thing_code:category}. "
    "The paper beside it is from a private person, not from a shop.",
    not_found="Neither the payment nor the paper beside it reads as a thing somebody would own.",
    usual="Things are bought from a shop, or from a private person for a price that is known to be fair.",
    innocent="A relative had a good scooter to spare, or paid in advance for something and wrote down what it cost.",
    ask="Ask the holder what it was, how old it is, and how the price was found.",
    clears="A note or a picture of the thing and its price beside what it costs elsewhere, or the receipt of the shop.",
    overtaken="The paper of a shop was added, or the people on file have changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of internal audit",
    next_review=date(2027, 4, 1),
    waits_for=("people", "receipts", "payroll"),
    variants={
        NO_PAPER: Variant(not_found="No paper stands beside it, which another rule looks at (A-03)."),
        SHOP_PAPER: Variant(not_found="The paper beside it is from a shop: somebody paid first and took the money back."),
        NO_THING: Variant(),
        NAMED_ITEM: Variant(not_found="The plan agrees this very item."),
        SMALL: Variant(not_found="{amount_pence:pounds} is less than the {least_pence:pounds} from which it is asked about."),
    },
    examples=(
        flagged("A scooter from the son, on a note he wrote", payments=(SCOOTER,), people=SON, receipts=NOTE),
        flagged(
            "The payment does not say, but the note lists a scooter",
            payments=({**SCOOTER, "category_code": "Z02"},),
            people=SON,
            receipts=NOTE,
            receipt_lines=({"category_code": "E01", "description": "USED SCOOTER"},),
        ),
        left_alone(
            "The receipt of the shop: he paid first", payments=(SCOOTER,), people=SON, receipts=({"supplier_name": "SCOOTER WORLD"},)
        ),
        left_alone("Mileage of the son", payments=({**SCOOTER, "category_code": "C06"},), people=SON, receipts=NOTE),
        left_alone("The plan agrees this scooter", payments=({**SCOOTER, "is_preapproved": True},), people=SON, receipts=NOTE),
        at_the_threshold(
            "Exactly the least amount asked about", flags=1, payments=({**SCOOTER, "amount_pence": 50_00},), people=SON, receipts=NOTE
        ),
    ),
)


def find(spending: Spending, *, least_pence: int = 50_00, least_share: float = 0.6) -> pl.LazyFrame:
    """One row per payment out of a direct payment to a connected person who is on no payroll."""
    same = ["holder_id", "payee_ref"]
    is_sure = ~pl.col("is_abstained") & (pl.col("probability_share") >= least_share)
    on_paper = (
        spending.receipt_lines.filter(pl.col("category_code").is_in(THINGS) & is_sure)
        .group_by("receipt_id")
        .agg(pl.col("category_code").sort().first().alias("paper_code"))
    )
    papers = spending.receipts.select("receipt_id", is_private=pl.col("supplier_name").fill_null("").str.contains(PRIVATE))
    bought = (
        spending.payments.filter(
            pl.col("payee_ref").is_not_null()
            & pl.col("kind_code").is_in(["purchase", "transfer"])
            & (pl.col("holding_code") == "direct_payment")
            & (pl.col("amount_pence") > 0)
        )
        .join(connected(spending), on=same)
        .join(employed(spending), on=same, how="anti")
        .join(papers.unique("receipt_id"), on="receipt_id", how="left")
        .join(on_paper, on="receipt_id", how="left")
        .with_columns(
            thing_code=pl.coalesce("paper_code", pl.when(pl.col("category_code").is_in(THINGS) & is_sure).then("category_code")),
            connection=pl.when(pl.col("role_code") == "family")
            .then(filled_in("holder\u2019s {}", pl.col("relationship").fill_null("relative")))
            .otherwise("role_code"),
        )
    )
    variant = (
        pl.when(pl.col("receipt_id").is_null())
        .then(pl.lit(NO_PAPER))
        .when(pl.col("thing_code").is_null())
        .then(pl.lit(NO_THING))
        .when(~pl.col("is_private").fill_null(False))
        .then(pl.lit(SHOP_PAPER))
        .when("is_preapproved")
        .then(pl.lit(NAMED_ITEM))
        .when(pl.col("amount_pence") < least_pence)
        .then(pl.lit(SMALL))
        .otherwise(pl.lit(""))
    )
    return about_payments(
        bought.with_columns(variant_code=variant), pl.col("variant_code") == "", "thing_code", "connection", "variant_code"
    )
