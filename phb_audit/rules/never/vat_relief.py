"""VAT was paid on goods that a disabled person can often buy without it: told to help the person, not to ask anything of them."""

from __future__ import annotations

from datetime import date

import polars as pl

from phb_audit.rules.example import at_the_threshold, flagged, left_alone
from phb_audit.rules.rule import Rule
from phb_audit.rules.spending import Spending, about_payments

BED: dict[str, object] = {"category_code": "E02", "receipt_id": "R1", "amount_pence": 600_00, "payee_shown": "BED SHOP"}
PAPER: dict[str, object] = {"payment_id": "P1", "total_pence": 600_00, "vat_pence": 100_00}

RULE = Rule(
    id="L-18",
    title="VAT that relief may cover",
    family="A1",
    basis="vat_relief",
    severity=1,
    outcome="information",
    looks_at="purchases of mobility aids, beds, hoists, ramps and the like whose receipt shows VAT",
    sentence="{amount_pence:pounds} was paid to {payee_shown} on {paid_on:day} for {category_code:category}. The receipt shows "
    "{vat_pence:pounds} of VAT, which a disabled person can often be spared on such goods.",
    not_found="The receipt shows {vat_pence:pounds} of VAT on {category_code:category}; told from {least_pence:pounds}.",
    usual="Goods made for disabled people can often be bought without VAT.",
    innocent="The seller may not have asked, the goods may be of general use, or nobody told the person of the relief.",
    ask="Nothing. Check whether the relief covers it, and then tell the holder how to ask the seller for it.",
    clears="Nothing needs clearing.",
    overtaken="The receipt or our reading of the purchase has changed.",
    same_flag=("payment_id",),
    decides="payment",
    owner="Personal health budgets lead",
    reviewer="Head of finance",
    next_review=date(2027, 4, 1),
    waits_for=("receipts",),
    examples=(
        flagged("A profiling bed with VAT", payments=(BED,), receipts=(PAPER,)),
        left_alone("A bed without VAT", payments=(BED,), receipts=({**PAPER, "vat_pence": 0},)),
        left_alone("A laptop, which is of general use", payments=({**BED, "category_code": "E06"},), receipts=(PAPER,)),
        left_alone("A reading that is not sure", payments=({**BED, "probability_share": 0.7},), receipts=(PAPER,)),
        at_the_threshold("Exactly 20 pounds of VAT", flags=1, payments=(BED,), receipts=({**PAPER, "vat_pence": 20_00},)),
    ),
)


def find(
    spending: Spending, *, least_pence: int = 20_00, least_share: float = 0.8, codes: tuple[str, ...] = ("E01", "E02", "E05", "E09")
) -> pl.LazyFrame:
    """One row per purchase of such goods whose receipt gives a VAT amount."""
    taxed = spending.receipts.filter(pl.col("vat_pence").is_not_null() & pl.col("payment_id").is_not_null()).select(
        "payment_id", "vat_pence"
    )
    bought = spending.payments.filter(
        pl.col("category_code").is_in(codes)
        & ~pl.col("is_abstained")
        & (pl.col("probability_share") >= least_share)
        & (pl.col("kind_code") == "purchase")
        & (pl.col("holding_code") == "direct_payment")
    ).join(taxed.group_by("payment_id").agg(pl.col("vat_pence").max()), on="payment_id")
    return about_payments(bought, pl.col("vat_pence") >= least_pence, "category_code", "vat_pence", at_stake="vat_pence")
