"""What the rules on people share: payments and pay slips beside the person they went to."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from phb_audit.rules.spending import Spending, at_once, shared

CARE = ("C01", "C07", "C10", "C11")
WORKERS = ("pa",)
# Words of a present, where the payee is shown in words.
PRESENT = r"(?i)\b(?:bonus|tips?|gratuity|thank ?you|present|xmas|christmas)\b"
PRESENTS = "Z04"
SAME_PAY = ["holder_id", "payee_ref", "net_pence"]
# Words of a relationship that is kin or friendship, and not employment only.
KIN = (
    r"(?i)mother|father|mum|dad|parent|son\b|daughter|brother|sister|sibling|wife|husband|spouse|partner|cousin|aunt|uncle|niece|nephew|"
    r"grand|in.?law|step|famil|relative|friend|child"
)


@shared
def connected(spending: Spending) -> pl.LazyFrame:
    """One row per holder and payee_ref of a connected person. A name shared with an employed PA is left out."""
    is_kin = pl.col("role_code").is_in(["holder", "nominee", "representative", "family"]) | pl.col("relationship").fill_null(
        ""
    ).str.contains(KIN)
    return (
        spending.people.filter(pl.col("payee_ref").is_not_null() & (pl.col("payee_ref") != ""))
        .with_columns(is_kin=is_kin)
        .filter(pl.col("is_kin").all().over("holder_id", "payee_ref"))
        .sort("connection_id")
        .group_by("holder_id", "payee_ref", maintain_order=True)
        .agg(
            pl.col("role_code").first(),
            pl.col("relationship").first(),
            pl.col("is_same_household").fill_null(False).all(),
            pl.col("paid_care_approved_on").min(),
        )
    )


@shared
def employed(spending: Spending) -> pl.LazyFrame:
    """One row per holder and payee_ref with a pay slip or the role of PA."""
    slips = spending.pay_slips.select("holder_id", "payee_ref")
    workers = spending.people.filter(pl.col("role_code").is_in(WORKERS)).select("holder_id", "payee_ref")
    return pl.concat([slips, workers]).drop_nulls().unique().with_columns(is_employed=pl.lit(True))


@shared
def slips_with_payments(spending: Spending, days: int = 4) -> pl.LazyFrame:
    """One row per pay slip with the payment that paid it (same holder, person and net amount, within some days), or null."""
    paid = spending.payments.filter(pl.col("payee_ref").is_not_null() & (pl.col("amount_pence") > 0)).select(
        "holder_id", "payee_ref", "payment_id", "payee_shown", bank_on="paid_on", net_pence="amount_pence"
    )
    slip_day = pl.coalesce("paid_on", "period_to_on")
    slips = at_once(spending.pay_slips.select("pay_slip_id", *SAME_PAY, slip_on=slip_day).drop_nulls().sort("slip_on"))
    paid = at_once(paid)
    # The nearest payment before and the nearest after: a year of equal wages is never held against a year of equal slips.
    both = [_nearest(slips, paid, days, is_before) for is_before in (True, False)]
    near = (
        pl.concat(both)
        .with_columns(apart=(pl.col("bank_on") - pl.col("slip_on")).dt.total_days().abs())
        .sort("pay_slip_id", "apart", "payment_id")
        .unique("pay_slip_id", keep="first", maintain_order=True)
        .select("pay_slip_id", "payment_id", "payee_shown")
    )
    return spending.pay_slips.join(near, on="pay_slip_id", how="left").with_columns(
        pl.col("payee_shown").fill_null("a personal assistant"), at_stake_pence=pl.col("net_pence"), slip_on=slip_day
    )


def _nearest(slips: pl.LazyFrame, paid: pl.LazyFrame, days: int, is_before: bool) -> pl.LazyFrame:
    """One row per slip with an equal payment on or before (or: on or after) its day: the nearest, of one day the first by its id."""
    return slips.join_asof(
        paid.sort("bank_on", "payment_id", descending=[False, is_before]),
        left_on="slip_on",
        right_on="bank_on",
        by=SAME_PAY,
        strategy="backward" if is_before else "forward",
        tolerance=timedelta(days=days),
        check_sortedness=False,
        coalesce=False,
    ).filter(pl.col("payment_id").is_not_null())
