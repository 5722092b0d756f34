"""What kind of movement a payment is, and whether it counts as spend (Q-06: a hold, a refusal and a reversal never do)."""

from __future__ import annotations

import polars as pl

SPEND = ("purchase", "cash", "transfer", "fee", "refund")
NOT_MONEY = ("authorisation", "declined", "reversed")
NOTHING = "nothing"
CASH_MERCHANT_CODES = ("6010", "6011")

# Card entry types as processors write them; money in and cash are told apart below.
CARD_ENTRIES = {
    "second presentment": "purchase",
    "presentment": "purchase",
    "first presentment": "purchase",
    "auth approval": "authorisation",
    "authorisation": "authorisation",
    "auth declined": "declined",
    "declined": "declined",
    "auth reversal": "reversed",
    "reversal": "reversed",
    "chargeback": "refund",
    "refund": "refund",
    "load": "load",
    "unload": "repayment",
    "batch load reversal": "repayment",
    "fee": "fee",
    "fixed fee": "fee",
    "atm fee": "fee",
    "cash": "cash",
}

# Bank transaction types, upper case, by what they say of money out and money in.
BANK_TYPES = {
    **dict.fromkeys(("CPT", "ATM", "CPT/ATM", "CASH", "CSH", "CASHPOINT", "CASH WITHDRAWAL"), "cash"),
    **dict.fromkeys(("TFR", "FT", "XFER", "TRANSFER", *(f"{word} TRANSFER" for word in ("POT", "INTERNAL"))), "transfer"),
    **dict.fromkeys(("INT", "INTEREST"), "interest"),
    **dict.fromkeys(("FEE", "CHG", "CHARGE", "FEES", "BANK CHARGE", "CHARGES"), "fee"),
    **dict.fromkeys(("DEB", "CARD", "CARD PAYMENT", "VIS", "POS", "DEBIT CARD", "CONTACTLESS"), "card"),
}

# A payee that is the commissioner: money given back.
TO_COMMISSIONER = r"\b(ICB|CCG|INTEGRATED CARE BOARD|CLINICAL COMMISSIONING GROUP)\b"
GIVING_BACK = r"\b(RETURN|REFUND|REPAY\w*|SURPLUS|UNSPENT)\b.*\b(DP|PHB|DIRECT PAYMENT|BUDGET)\b"
# Types that banks give a payment to a business as well as one to a person.
TRANSFERS_TO_ANYBODY = ("FUNDS TRANSFER", "ONLINE TRANSFER", "ACCOUNT TRANSFER")
# Where a bank's type says only how money went (FPO, SO, PAYMENT), its words may say that it was moved to a person.
MOVED_TO_PERSON = (
    r"^\s*(?:FPO\s+|FP\s+)?(?:TFR|XFER|(?:(?:POT|INTERNAL|FUNDS|ONLINE|ACCOUNT)\s+)?TRANSFER)\b"
    r"(?:\s+(?:TO|FOR|REF)\b)*\s*[:-]?\s*PERSON\b"
)

MANAGED_HEADS = {"FUNDING": "instalment", "RETURNED FUNDS": "repayment"}


def with_kinds(payments: pl.DataFrame, agreeing: pl.Series) -> pl.DataFrame:
    """Adds `kind_code` and `is_spend`; the kind is null where the sender's entry type is not known.

    `agreeing`: row_ids of money in that agrees with an instalment.
    """
    marked = payments.with_columns(is_agreed=pl.col("row_id").is_in(agreeing.implode()), is_in=pl.col("amount_pence") < 0)
    by_feed = {"card": _card(), "bank": _bank(), "managed": _managed(), "notional": _by_direction("refund")}
    kind = pl.coalesce([pl.when(pl.col("feed_code") == feed).then(expression) for feed, expression in by_feed.items()])
    is_nothing = (pl.col("amount_pence") == 0) & ~kind.is_in(NOT_MONEY)
    kind = pl.when(is_nothing).then(pl.lit(NOTHING)).otherwise(kind)
    return (
        marked.with_columns(kind_code=kind)
        .with_columns(is_spend=pl.col("kind_code").is_in(SPEND).fill_null(False))
        .drop("is_agreed", "is_in")
    )


def _by_direction(money_in: str) -> pl.Expr:
    return pl.when("is_in").then(pl.lit(money_in)).otherwise(pl.lit("purchase"))


def _card() -> pl.Expr:
    entry = pl.col("entry_code").fill_null("presentment").replace_strict(CARD_ENTRIES, default=None, return_dtype=pl.String)
    is_cash = pl.col("mcc_code").is_in(CASH_MERCHANT_CODES).fill_null(False)
    bought = pl.when("is_in").then(pl.lit("refund")).when(is_cash).then(pl.lit("cash")).otherwise(pl.lit("purchase"))
    loaded = pl.when("is_agreed").then(pl.lit("instalment")).otherwise(pl.lit("credit"))
    return pl.when(entry == "purchase").then(bought).when(entry == "load").then(loaded).otherwise(entry)


def _bank() -> pl.Expr:
    by_type = pl.col("type_code").replace_strict(BANK_TYPES, default="other", return_dtype=pl.String).fill_null("other")
    payee = pl.col("payee_text").str.to_uppercase().fill_null("")
    is_moved = (by_type == "other") & (
        payee.str.contains(MOVED_TO_PERSON)
        | pl.col("type_code").is_in(TRANSFERS_TO_ANYBODY).fill_null(False) & payee.str.contains(r"\bPERSON\b")
    )
    told = pl.when(is_moved).then(pl.lit("transfer")).otherwise(by_type)
    gives_back = payee.str.contains(TO_COMMISSIONER) | payee.str.contains(GIVING_BACK)
    money_out = (
        pl.when(gives_back & (told != "card"))
        .then(pl.lit("repayment"))
        .when(told.is_in(("cash", "transfer", "fee")))
        .then(told)
        .when(told == "interest")
        .then(pl.lit("fee"))
        .otherwise(pl.lit("purchase"))
    )
    money_in = (
        pl.when(told == "interest")
        .then(told)
        .when(told.is_in(("card", "fee", "cash")))
        .then(pl.lit("refund"))
        .when("is_agreed")
        .then(pl.lit("instalment"))
        .otherwise(pl.lit("credit"))
    )
    return pl.when("is_in").then(money_in).otherwise(money_out)


def _managed() -> pl.Expr:
    head = pl.col("type_code").replace_strict(MANAGED_HEADS, default=None, return_dtype=pl.String)
    # Funding that leaves and returned funds that come back are corrections of themselves: their kind stays.
    return pl.coalesce(head, _by_direction("refund"))
