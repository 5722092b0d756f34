"""Landed payments to `validated.payments`: one row per movement of money; positive pence are money out of the budget."""

from __future__ import annotations

import polars as pl

from phb_audit.run import Run
from phb_audit.validated.countries import country_code
from phb_audit.validated.free_text import masked
from phb_audit.validated.payment_kinds import with_kinds
from phb_audit.validated.reading import code, holder, read_columns, read_days, read_pence, read_utc_days, unread
from phb_audit.validated.steps import Part, Step
from phb_audit.warehouse import sql


def typed(landed: pl.DataFrame) -> pl.DataFrame:
    """One row per landed row: money, days and codes read; `holder_id` is the sender's only. Kinds come later."""
    read = with_amounts(masked(landed, "payee_text", "description_text"))
    is_card = pl.col("feed_code") == "card"
    read = read.with_columns(card_day=pl.when(is_card).then("paid_on_text"), other_day=pl.when(~is_card).then("paid_on_text"))
    read = read_utc_days(read_days(read, other_on="other_day", posted_on="posted_on_text"), card_on="card_day")
    read = read_columns(read, country_code, country_code="country_text").with_columns(
        country_code=pl.when(pl.col("country_text").is_null()).then(pl.lit("GB")).otherwise("country_code")
    )
    return read.with_columns(
        payment_id=pl.concat_str(pl.lit("P"), "row_id"),
        paid_on=pl.coalesce("card_on", "other_on"),
        account_id="account_ref",
        holder_id=holder(),
        reference="reference_text",
        description="description_text",
        type_code=pl.col("type_text").str.to_uppercase(),
        mcc_code=pl.col("mcc_text").str.extract(r"^(\d{3,4})(?:\.0)?$").str.zfill(4),
        currency_code=pl.col("currency_text").str.to_uppercase().fill_null("GBP"),
        entry_code=code(pl.col("entry_type_text")),
    ).drop("card_day", "other_day", "card_on", "other_on")


def with_amounts(landed: pl.DataFrame) -> pl.DataFrame:
    """Adds `amount_pence` (from one signed column, or from out and in), `amount_shown` (its text), `balance_pence`, and `is_both_ways`:
    an amount out and another in on one line, of which the amount is the difference."""
    read = read_pence(landed, one_pence="amount_text", out_pence="paid_out_text", in_pence="paid_in_text", balance_pence="balance_text")
    one = pl.when(pl.col("amount_sign_code") == "in").then(-pl.col("one_pence")).otherwise("one_pence")
    is_unread = unread("paid_out_text", "out_pence") | unread("paid_in_text", "in_pence")
    has_two = pl.col("out_pence").is_not_null() | pl.col("in_pence").is_not_null()
    two = pl.when(has_two & ~is_unread).then(pl.col("out_pence").fill_null(0) - pl.col("in_pence").fill_null(0))
    amount = pl.when(pl.col("amount_text").is_not_null()).then(one).otherwise(two)
    is_both_ways = pl.col("amount_text").is_null() & (pl.col("out_pence") != 0) & (pl.col("in_pence") != 0)
    read = read.with_columns(is_both_ways=is_both_ways.fill_null(False))
    return read.with_columns(amount_pence=amount, amount_shown=pl.coalesce("amount_text", "paid_out_text", "paid_in_text")).drop(
        "one_pence", "out_pence", "in_pence"
    )


def with_holders(payments: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Fills `holder_id` from the account's holder where the sender names nobody; adds what the register knows of the account.

    `accounts`: one row per account with `holder_id`, `owners_count` and `first_start_on`.
    """
    theirs = accounts.rename({"holder_id": "account_holder_id"})
    joined = payments.join(theirs, on="account_id", how="left", maintain_order="left")
    named = pl.col("holder_id").is_not_null()
    is_shared = pl.col("owners_count").fill_null(1) > 1
    return joined.with_columns(
        holder_id=pl.when(named).then("holder_id").when(~is_shared).then("account_holder_id"),
        is_account_unclear=is_shared & ~named,
        is_account_anothers=named & ~is_shared & (pl.col("account_holder_id") != pl.col("holder_id")).fill_null(False),
        days_before_start=(pl.col("first_start_on") - pl.col("paid_on")).dt.total_days(),
    ).drop("account_holder_id", "owners_count", "first_start_on")


def candidates(run: Run, landed: pl.DataFrame) -> pl.DataFrame:
    """Typed rows with their holders and kinds."""
    frame = with_holders(typed(landed), run.warehouse.frame(sql(__file__, "accounts")))
    money_in = frame.filter(pl.col("amount_pence") < 0).select("row_id", "holder_id", "amount_pence", "paid_on")
    agreeing = run.warehouse.frame(sql(__file__, "agreeing_instalments"), money_in=money_in)
    return with_kinds(frame, agreeing["row_id"])


def finish(run: Run, candidates: pl.DataFrame) -> pl.DataFrame:
    """Money in from somebody whom the account paid before is a refund, not other money coming in."""
    is_asked = (pl.col("feed_code") == "bank") & (pl.col("kind_code") == "credit")
    accounts = candidates.filter(is_asked)["account_id"].unique()
    theirs = candidates.filter(pl.col("account_id").is_in(accounts.implode())).select(TELLING_REFUNDS)
    refunds = run.warehouse.frame(sql(__file__, "refunds"), {"run_id": run.run_id}, candidate_payments=theirs)["row_id"]
    is_refund = pl.col("row_id").is_in(refunds.implode())
    return candidates.with_columns(
        kind_code=pl.when(is_refund).then(pl.lit("refund")).otherwise("kind_code"), is_spend=pl.col("is_spend") | is_refund
    )


TELLING_REFUNDS = ("row_id", "feed_code", "account_id", "paid_on", "amount_pence", "kind_code", "payee_ref", "payee_text")
AMOUNTS = ("amount_text?", "paid_out_text?", "paid_in_text?")

STEP = Step(
    "landed.payments",
    (Part("validated.payments"),),
    candidates,
    # A repair differs in one thing: the sender's reference with either day or amount tells it, or all that stands around the mended cell.
    same_row=(
        ("feed_code", "account_ref", "reference_text", "paid_on_text", "payee_text?", "entry_type_text?"),
        ("feed_code", "account_ref", "reference_text", *AMOUNTS, "payee_text?", "entry_type_text?"),
        ("feed_code", "reference_text", "paid_on_text", *AMOUNTS, "payee_text?", "entry_type_text?"),
        ("feed_code", "account_ref", "paid_on_text", "payee_text", "description_text?", "reference_text!"),
        ("feed_code", "payee_text", "balance_text", *AMOUNTS, "description_text?", "reference_text!"),
        ("feed_code", "holder_ref", "paid_on_text", "payee_text", *AMOUNTS, "description_text?", "reference_text!"),
    ),
    pence="amount_pence",
    holds_back=True,
    is_row_by_row=True,
    finish=finish,
)
